# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..engine.finding import Finding
from ..engine.stale import still_since_days, still_since_hours
from ..engine.worktime import subtract
from .record_evidence import midnight

UTC = pytz.utc
NAMED = 3  # records that the evidence names
# How far back working time is looked for: whoever was away for longer is not judged.
AWAY_AT_MOST = timedelta(days=92)


class SalesDisciplineRuleVersion(models.Model):
    """Terms of the kind stale_record."""

    _inherit = "sales.discipline.rule.version"

    _stale_after_positive = models.Constraint(
        "CHECK (stale_after >= 1 AND stale_after <= 1000)", "Records are left lying after 1 to 1000 days or hours."
    )
    _stale_allowed_positive = models.Constraint(
        "CHECK (stale_allowed >= 0)", "The number of records that may lie cannot be negative."
    )

    stale_after = fields.Integer(
        string="Left Lying For",
        default=3,
        help="Whole working days after the day of the date, or working hours after it, by the person's own calendar "
        "and time zone; leave and public holidays do not count.",
    )
    stale_unit = fields.Selection(
        [("days", "working days"), ("hours", "working hours")], string="Unit", default="days", required=True
    )
    stale_allowed = fields.Integer(
        string="Allowed at Once", help="So many records may lie at the end of a day; one more is an offence."
    )

    @api.depends("stale_after", "stale_unit", "stale_allowed")
    def _compute_summary(self):
        return super()._compute_summary()

    def _check_record_model(self):
        result = super()._check_record_model()
        if self.rule_id.kind == "stale_record" and not self.env[self.record_model]._log_access:
            raise ValidationError(self.env._(
                "Rule '%(rule)s': nothing tells when %(records)s were last changed. Choose other records.",
                rule=self.rule_id.name, records=self._records_text()))
        return result

    def _offence_text_stale_record(self):
        terms = {"records": self._records_text(), "number": self.stale_after, "allowed": self.stale_allowed}
        if self.stale_unit == "hours":
            return self.env._("More than %(allowed)s %(records)s for %(number)s working hours", **terms)
        return self.env._("More than %(allowed)s %(records)s for %(number)s working days", **terms)

    def _unit_text_stale_record(self):
        return self.env._("record too many")

    def _still_records(self, limits):
        """{employee id: [(last touch, record id, last change)]}, oldest first, of records that may be too old."""
        if not limits:
            return {}
        zones = {segment.employee_id: pytz.timezone(segment.tz) for segment, *_day in limits}
        latest = max(since for *_day, since in limits)
        records = self._read_records(
            list(zones), Domain(self.date_field, "<=", latest), ["id", self.date_field, "write_date"])
        return {
            employee_id: sorted(
                (_last_touch(touched, zones[employee_id]), record_id, changed) for record_id, touched, changed in rows
            )
            for employee_id, rows in records.items()
        }


class SalesDisciplineRule(models.Model):
    """The kind that looks for records nobody has moved on."""

    _inherit = "sales.discipline.rule"

    kind = fields.Selection(
        selection_add=[("stale_record", "Record left lying")], ondelete={"stale_record": "cascade"}
    )

    def _detect_stale_record(self, segments, date_from, date_to):
        """More records than allowed that lay still for too long at the end of a working day (LED-01, FRQ-03).

        One finding a person and day; the quantity is the number above the allowance. A day is judged when it is over.
        What records looked like then is known only where nobody has changed them since, so earlier days find less
        than was true, never more; what a run has seen in time stays proven by its entry.
        """
        self.ensure_one()
        segments = self._employed(segments)
        first = date_from - AWAY_AT_MOST
        hours = self._weekly_hours(segments, first, date_to)
        excused = self._excused(segments, first, date_to)
        seen = self._seen_stale(segments, date_from, date_to)
        findings, lying = [], []
        for version in self.version_ids:
            limits = self._stale_limits(version, segments, hours, excused, date_from, date_to)
            records = version._still_records(limits)
            for segment, day, end, since in limits:
                entry = seen.get((segment.employee_id, day))
                stale = [
                    record_id
                    for touched, record_id, changed in records.get(segment.employee_id, ())
                    if touched < since and changed < end
                ]
                if entry and entry.version_id == version:
                    findings.append(self._finding_on_record(entry))
                elif len(stale) > version.stale_allowed:
                    lying.append((version, segment, day, stale))
        return findings + self._stale_findings(lying)

    def _evidence_stale_record(self):
        """None: a change of a record cannot add to what is known of days that are over, it only takes the proof away.

        What runs have seen in time stays in any case. So days are judged by the nightly run alone, as they end; leave
        and decisions are looked at between two nights as for every kind.
        """
        return []

    def _stale_limits(self, version, segments, hours, excused, date_from, date_to):
        """[(segment, working day that is over, its end, since)] of the days that a version judges.

        Times are naive UTC. Records last touched before ``since`` were still for too long at the end of the day.
        """
        now, limits, cache, in_force = fields.Datetime.now(), [], {}, self._version_reader()
        for segment in segments:
            tz = pytz.timezone(segment.tz)
            away = tuple(excused(segment))
            key = segment.calendar_id, segment.tz, away
            if key not in cache:
                scheduled = [interval for day in hours[key[:2]].values() for interval in day]
                working = subtract(scheduled, away)
                cache[key] = working, sorted({start.astimezone(tz).date() for start, _stop in working}), {}
            working, days, known = cache[key]
            for day in days:
                if not max(date_from, segment.date_from) <= day <= min(date_to, segment.date_to):
                    continue
                if day not in known:
                    end = midnight(day + timedelta(days=1), tz)
                    if version.stale_unit == "hours":
                        since = still_since_hours(working, end, version.stale_after)
                    else:
                        since = still_since_days(days, day, version.stale_after)
                        since = since and midnight(since, tz)
                    known[day] = _naive(end), since and _naive(since)
                end, since = known[day]
                if since and end <= now and in_force(day) == version:
                    limits.append((segment, day, end, since))
        return limits

    def _seen_stale(self, segments, date_from, date_to):
        """{(employee id, day): latest entry} of days that earlier runs have judged in time."""
        entries = self.env["sales.discipline.violation"].search([
            ("rule_id", "=", self.id),
            ("employee_id", "in", list({segment.employee_id for segment in segments})),
            ("fact_date", ">=", date_from),
            ("fact_date", "<=", date_to),
        ], order="revision, id")
        return {(entry.employee_id.id, entry.fact_date): entry for entry in entries}

    def _finding_on_record(self, entry):
        return Finding(
            employee_id=entry.employee_id.id,
            day=entry.fact_date,
            quantity=entry.quantity,
            evidence=str(entry.fact_date),
            sentence=entry.evidence_note,
            evidence_model=entry.evidence_model,
            evidence_id=entry.evidence_id,
        )

    def _stale_findings(self, lying):
        """Findings of [(version, segment, day, record ids)]; the names of the records are read in one go."""
        examples = {}
        for version, _segment, _day, stale in lying:
            examples.setdefault(version.record_model, set()).update(stale[:NAMED])
        names = {
            # sudo: the judge names the evidence to the person who owns it, by its display name only
            model: {record.id: record.display_name for record in self.env[model].sudo().browse(sorted(ids))}
            for model, ids in examples.items()
        }
        findings = []
        for version, segment, day, stale in lying:
            named = ", ".join(names[version.record_model][record_id] for record_id in stale[:NAMED])
            if len(stale) > NAMED:
                named = self.env._("%(names)s and %(count)s more", names=named, count=len(stale) - NAMED)
            findings.append(Finding(
                employee_id=segment.employee_id,
                day=day,
                quantity=len(stale) - version.stale_allowed,
                # a decision holds for the day, however many of the records can still be told later
                evidence=str(day),
                sentence=self.env._(
                    "%(count)s %(records)s at the end of %(day)s, allowed are %(allowed)s: %(names)s.",
                    count=len(stale), records=version._records_text(), day=day, allowed=version.stale_allowed,
                    names=named),
                evidence_model=version.record_model,
                evidence_id=stale[0],
            ))
        return findings


def _naive(at):
    return at.astimezone(UTC).replace(tzinfo=None)


def _last_touch(value, tz):
    """Naive UTC; a date without a time may have been touched until its end."""
    if isinstance(value, datetime):
        return value
    return _naive(midnight(value + timedelta(days=1), tz) - timedelta(seconds=1))
