# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from ..engine.finding import Finding
from ..engine.quota import owed, worked_share
from ..engine.window import window_end, window_start
from .record_evidence import local_day

NUMBERS = ("float", "integer", "monetary")

# Length of a period at most.
DAYS = {"day": 1, "week": 7, "month": 31}


class SalesDisciplineRuleVersion(models.Model):
    """Terms of the kind record_quota."""

    _inherit = "sales.discipline.rule.version"

    _quota_size_positive = models.Constraint("CHECK (quota_size >= 0)", "A quota cannot be negative.")

    quota_bound = fields.Selection(
        [("min", "At least"), ("max", "At most")],
        string="Quota",
        default="min",
        required=True,
        help="At least: days on leave and public holidays lower it pro rata. At most: it stays as it is.",
    )
    quota_size = fields.Float(default=1, help="Of a whole period.")
    value_field = fields.Char(
        string="Sum Of",
        help="A number of the records that is added up; money in the company's currency, at the rate of the record's day. "
        "Empty: records are counted.",
    )

    @api.depends("quota_bound", "quota_size", "value_field")
    def _compute_summary(self):
        return super()._compute_summary()

    def _record_field_terms(self):
        terms = super()._record_field_terms()
        if self.rule_id.kind == "record_quota" and self.value_field:
            terms.append(("value_field", NUMBERS, 1))
        return terms

    def _value_currency_field(self):
        """Name of the field with the currency of what is added up, None where that is no money or has no such field."""
        value = self._record_path(self.value_field)[-1:]
        if not value or value[0].type != "monetary":
            return None
        currency = self.env[self.record_model]._fields.get(value[0].get_currency_field(self.env[self.record_model]) or "")
        return currency.name if currency is not None and currency.store and currency.column_type else None

    def _offence_text_record_quota(self):
        period = {
            "day": self.env._("a working day"), "week": self.env._("a week"), "month": self.env._("a month"),
        }[self.record_period]
        terms = {"size": f"{self.quota_size:g}", "records": self._quota_text(), "period": period}
        if self.quota_bound == "max":
            return self.env._("More than %(size)s %(records)s %(period)s", **terms)
        return self.env._("Fewer than %(size)s %(records)s %(period)s", **terms)

    def _unit_text_record_quota(self):
        return self.env._("too many") if self.quota_bound == "max" else self.env._("missing one")

    def _quota_text(self):
        """What is counted: the records, or the name of the number that is added up."""
        field = self._record_path(self.value_field)[-1:]
        if not field:
            return self._records_text()
        label = field[0]._description_string(self.env)
        return self.env._("%(number)s of %(records)s", number=label, records=self._records_text())


class SalesDisciplineRule(models.Model):
    """The kind that counts records, or sums a number of them, in a period."""

    _inherit = "sales.discipline.rule"

    kind = fields.Selection(
        selection_add=[("record_quota", "Number of records in a period")], ondelete={"record_quota": "cascade"}
    )

    def _known_after(self):
        """A period is judged when it is over, also when the month of its last working day is closed by then."""
        if self.kind != "record_quota":
            return super()._known_after()
        return max((DAYS[period] for period in self.version_ids.mapped("record_period")), default=0)

    def _detect_record_quota(self, segments, date_from, date_to):
        """Too few or too many records of a person in a period, when it is over (VIS-03, FRQ-03).

        One finding a period, dated on its last working day, leave or not. The quantity is what is missing or too much.
        A period that began before the rule did is not judged.
        """
        self.ensure_one()
        employees = self.env["hr.employee"].browse({segment.employee_id for segment in segments})
        findings, in_force = [], self._version_reader()
        for version in self.version_ids:
            span = (
                _period_start(version.record_period, date_from), _period_end(version.record_period, date_to),
            )
            bound = self._employed([
                segment for segment in employees._discipline_segments(*span) if self._binds(segment)
            ])
            periods = {
                key: period
                for key, period in self._worked_periods(version, bound, *span).items()
                if date_from <= period[0] <= date_to
                and in_force(period[0]) == version
                and in_force(key[1])
                and self._is_over(version, key[1], period[2])
            }
            made = self._made(version, bound, periods, *span) if periods else {}
            for key, (day, shares, _tz) in periods.items():
                finding = key in made and self._quota_finding(version, key, day, shares, made[key])
                if finding:
                    findings.append(finding)
        return findings

    def _evidence_record_quota(self):
        return self._record_evidence(_first_period)

    def _worked_periods(self, version, segments, date_from, date_to):
        """{(employee id, first day of a period): (its last working day, [worked share of each day], tz name)}

        Days on leave, on holiday, outside the employment or not bound by the rule have a share of 0.
        """
        hours = self._weekly_hours(segments, date_from, date_to)
        excused = self._excused(segments, date_from, date_to)
        days, last = defaultdict(dict), {}
        for segment in segments:
            away = excused(segment)
            for day, scheduled in hours[segment.calendar_id, segment.tz].items():
                key = segment.employee_id, _period_start(version.record_period, day)
                if segment.date_from <= day <= segment.date_to:
                    days[key][day] = worked_share(scheduled, away)
                    last[key] = max((day, segment.tz), last.get(key, (day, segment.tz)))
                else:
                    days[key].setdefault(day, 0)
        return {key: (day, list(days[key].values()), tz) for key, (day, tz) in last.items()}

    def _made(self, version, segments, periods, date_from, date_to):
        """{(employee id, first day of a period): Decimal made} of those who can own any record.

        For "at most" only days bound by the rule count.
        """
        zones = {employee_id: pytz.timezone(tz) for (employee_id, _start), (_day, _shares, tz) in periods.items()}
        bound = defaultdict(list)
        for segment in segments:
            bound[segment.employee_id].append((segment.date_from, segment.date_to))
        # a day more on either side: which local date it is depends on the person
        dates = Domain(version.date_field, ">=", fields.Date.subtract(date_from, days=1)) & Domain(
            version.date_field, "<=", fields.Date.add(date_to, days=2))
        currency_field = version._value_currency_field()
        columns = [name for name in (version.date_field, version.value_field, currency_field) if name]
        in_company_currency = self._currency_converter()
        records = version._read_records(list(zones), dates, columns)
        made = {key: Decimal(0) for key in periods if key[0] in records}
        for employee_id, rows in records.items():
            for dated, *amount in rows:
                day = local_day(dated, zones[employee_id])
                key = employee_id, _period_start(version.record_period, day)
                counts = version.quota_bound == "min" or any(first <= day <= last for first, last in bound[employee_id])
                if counts and key in made:
                    made[key] += in_company_currency(day, *amount) if amount else 1
        return made

    def _currency_converter(self):
        """Function (day, number, id of its currency or None) -> Decimal; in the company's currency, by Odoo's rates.

        One query for each day that has money of another currency.
        """
        company = self.company_id
        own = company.currency_id
        # sudo: rates, which every invoice shows
        currencies = self.env["res.currency"].sudo().search([("active", "in", [True, False])])
        rates = {}

        def convert(day, number, currency_id=None):
            number = Decimal(str(number or 0))
            if currency_id in (None, own.id):
                return number
            if day not in rates:
                rates[day] = currencies._get_rates(company, day)
            converted = number / Decimal(str(rates[day][currency_id])) * Decimal(str(rates[day][own.id]))
            return round(converted, own.decimal_places)

        return convert

    def _is_over(self, version, start, tz_name):
        now = pytz.utc.localize(fields.Datetime.now()).astimezone(pytz.timezone(tz_name))
        return now.date() > _period_end(version.record_period, start)

    def _quota_finding(self, version, key, day, shares, made):
        """The Finding about a period, None when the quota is kept."""
        size = Decimal(str(version.quota_size))
        if version.quota_bound == "max":
            limit, wrong = size, made - size
        else:
            limit = Decimal(owed(Fraction(size), shares))
            wrong = limit - made
        if wrong <= 0:
            return None
        employee_id, start = key
        terms = {
            "period": start if version.record_period != "month" else f"{start:%Y-%m}",
            "made": f"{made.normalize():f}", "limit": f"{limit.normalize():f}", "records": version._quota_text(),
        }
        if version.quota_bound == "max":
            sentence = self.env._("%(period)s: %(made)s %(records)s, at most %(limit)s.", **terms)
        elif version.record_period == "week":
            sentence = self.env._("Week of %(period)s: %(made)s of %(limit)s %(records)s.", **terms)
        else:
            sentence = self.env._("%(period)s: %(made)s of %(limit)s %(records)s.", **terms)
        return Finding(
            employee_id=employee_id,
            day=day,
            quantity=max(int(wrong), 1),
            evidence=f"{start} {made.normalize():f}/{limit.normalize():f}",
            sentence=sentence,
        )


def _first_period(versions, day):
    """A period is judged as a whole, on a day that may lie before that of the record."""
    return min(_period_start(version.record_period, day) for version in versions)


def _period_start(period, day):
    return day if period == "day" else window_start(period, day)


def _period_end(period, day):
    return day if period == "day" else window_end(period, day)
