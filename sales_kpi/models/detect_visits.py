# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import date, datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.sales_discipline.engine.finding import Finding
from odoo.addons.sales_discipline.engine.quota import owed, worked_share
from odoo.addons.sales_discipline.models.rule_evidence import Evidence

WEEK = timedelta(days=7)


class SalesDisciplineRuleVersion(models.Model):
    """Terms of the kind visit_quota."""

    _inherit = "sales.discipline.rule.version"

    _visits_per_week_positive = models.Constraint(
        "CHECK (visits_per_week >= 1)", "A weekly quota asks for at least one visit."
    )

    visits_per_week = fields.Integer(
        default=20,
        required=True,
        help="Verified visits of a week without leave. Days on leave and public holidays lower it pro rata.",
    )

    def _offence_text_visit_quota(self):
        return self.env._("Fewer than %(count)s verified visits a week", count=self.visits_per_week)

    def _unit_text_visit_quota(self):
        return self.env._("missing visit")


class SalesDisciplineRule(models.Model):
    """The kind that is checked against visits."""

    _inherit = "sales.discipline.rule"

    kind = fields.Selection(
        selection_add=[("visit_quota", "Weekly visit quota")], ondelete={"visit_quota": lambda rules: rules._retire()}
    )

    def _known_after(self):
        """A week is judged when it is over, also when the month in which it began is closed by then."""
        return 7 if self.kind == "visit_quota" else super()._known_after()

    def _detect_visit_quota(self, segments, date_from, date_to):
        """Too few verified visits in an ISO week (VIS-03): one finding a week, when the week is over.

        It is dated on the last working day of the week. The quantity is the number of missing visits. A week that
        began before the rule did is not judged.
        """
        self.ensure_one()
        employees = self.env["hr.employee"].browse({segment.employee_id for segment in segments})
        span = _monday(date_from), _monday(date_to) + timedelta(days=6)
        weeks = self._visit_weeks(employees, *span)
        made = self._count_visits(employees, *span)
        findings, in_force = [], self._version_reader()
        for (employee_id, week), (last_day, shares, tz) in weeks.items():
            version = in_force(last_day)
            if not (date_from <= last_day <= date_to and in_force(week) and _is_over(week, tz)):
                continue
            required = owed(version.visits_per_week, shares)
            count = made.get((employee_id, week), 0)
            if count < required:
                findings.append(Finding(
                    employee_id=employee_id,
                    day=last_day,
                    quantity=required - count,
                    evidence=f"{week} {count}/{required}",
                    sentence=self.env._(
                        "Week of %(monday)s: %(count)s of %(required)s visits verified.",
                        monday=week, count=count, required=required),
                ))
        return findings

    def _evidence_visit_quota(self):
        """Visits from the check-in on: a mere plan counts for nothing. A week is judged as a whole."""
        made = Domain("employee_id.company_id", "=", self.company_id.id) & Domain("check_in", "!=", False)
        return [Evidence("sales.visit", "visit_date", made, _monday)]

    def _get_visit_quotas(self, employees, day):
        """{employee id: visits owed in the week of ``day``, leave known by now taken off}

        :param employees: hr.employee records (sudo) of one company; who has no quota is left out
        """
        monday = _monday(day)
        rules = self.search([
            ("company_id", "in", employees.company_id.ids), ("kind", "=", "visit_quota"), ("state", "=", "active"),
        ]).filtered(lambda rule: rule._version_on(day))
        segments = employees._discipline_segments(day, day)
        quotas = {}
        for rule in rules.sorted(lambda rule: rule._rank(day)):  # the one that prevails comes last
            bound = employees.browse(segment.employee_id for segment in segments if rule._binds(segment))
            weeks = rule._visit_weeks(bound, monday, monday + timedelta(days=6)) if bound else {}
            per_week = rule._version_on(day).visits_per_week
            quotas |= {employee.id: 0 for employee in bound}
            quotas |= {employee_id: owed(per_week, shares)
                       for (employee_id, _week), (_last_day, shares, _tz) in weeks.items()}  # fmt: skip
        return quotas

    def _count_visits(self, employees, date_from, date_to):
        """{(employee id, Monday): visits that count}"""
        Visit = self.env["sales.visit"]
        counts = defaultdict(int)
        for employee, day, count in Visit._read_group(
            Visit._counted_domain(employees, date_from, date_to), ["employee_id", "visit_date:day"], ["__count"]
        ):
            counts[employee.id, _monday(day)] += count
        return counts

    def _visit_weeks(self, employees, date_from, date_to):
        """What each employee could work in each ISO week.

        :param date_from: a Monday, ``date_to``: a Sunday
        :return: {(employee id, Monday): (last working day, [worked share of each working day], tz name)}; a working
            day is one of the calendar in force that is no public holiday; all days of the calendar have a share, those
            on leave, on holiday, outside the employment or not bound by the rule one of 0
        """
        segments = [
            segment for segment in employees._discipline_segments(date_from, date_to) if self._binds(segment)
        ]
        hours = self._weekly_hours(segments, date_from, date_to)
        holidays, leaves = self._away(segments, date_from, date_to)
        employed = self._employment(employees)
        days = defaultdict(dict)  # (employee id, Monday) -> {day: share}
        last = {}
        for segment in segments:
            first_day, last_day = employed[segment.employee_id]
            away = leaves.get(segment.resource_id, [])
            for day, scheduled in hours[segment.calendar_id, segment.tz].items():
                key = segment.employee_id, _monday(day)
                bound = max(segment.date_from, first_day) <= day <= min(segment.date_to, last_day)
                if not bound:
                    days[key].setdefault(day, 0)
                    continue
                off = holidays.get(segment.calendar_id, []) + holidays.get(False, [])
                days[key][day] = worked_share(scheduled, off + away)
                if worked_share(scheduled, off):
                    last[key] = max(day, last.get(key, (date.min,))[0]), segment.tz
        return {key: (last_day, list(days[key].values()), tz) for key, (last_day, tz) in last.items()}

    def _away(self, segments, date_from, date_to):
        """Public holidays {calendar id or False: [(start, stop)]} and leaves {resource id: [(start, stop)]}, aware."""
        holidays, leaves = defaultdict(list), defaultdict(list)
        resource_ids = list({segment.resource_id for segment in segments})
        # Leave of others is not readable for everybody; nothing but its dates is used.
        for leave in self.env["resource.calendar.leaves"].sudo().search_fetch(
            [
                ("time_type", "=", "leave"),
                ("resource_id", "in", [False, *resource_ids]),
                ("company_id", "in", [False, self.company_id.id]),
                ("date_from", "<=", datetime.combine(date_to, time.max) + timedelta(days=1)),
                ("date_to", ">=", datetime.combine(date_from, time.min) - timedelta(days=1)),
            ],
            ["resource_id", "calendar_id", "date_from", "date_to"],
        ):
            span = pytz.utc.localize(leave.date_from), pytz.utc.localize(leave.date_to)
            if leave.resource_id:
                leaves[leave.resource_id.id].append(span)
            else:
                holidays[leave.calendar_id.id].append(span)
        return holidays, leaves

    def _employment(self, employees):
        """{employee id: (first day, last day)} in the company.

        The contract says it; without one the first version of the employee and his departure do. Somebody archived
        without a date of departure is taken to have never been there, since nobody knows until when he was.
        """
        # Contract and departure are the HR officer's to read; only the dates are used.
        versions = self.env["hr.version"].sudo().search_fetch(
            [("employee_id", "in", employees.ids)],
            ["employee_id", "date_version", "contract_date_start", "contract_date_end"],
            order="employee_id, date_version, id",
        ).grouped(lambda version: version.employee_id.id)
        result = {}
        for employee in employees.sudo():
            dated = versions.get(employee.id, self.env["hr.version"])
            starts = list(filter(None, dated.mapped("contract_date_start"))) or dated.mapped("date_version")
            left = employee.departure_date or (None if employee.active else date.min)
            ends = [dated[-1:].contract_date_end, left]
            result[employee.id] = min(starts, default=date.min), min(filter(None, ends), default=date.max)
        return result


def _monday(day):
    return day - timedelta(days=day.weekday())


def _is_over(monday, tz_name):
    now = pytz.utc.localize(fields.Datetime.now()).astimezone(pytz.timezone(tz_name))
    return now.date() >= monday + WEEK
