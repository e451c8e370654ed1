# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

import pytz

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.date_utils import float_to_time

from ..engine.deadline import days_late, is_owed
from ..engine.finding import Finding
from .daily_log import SUBMITTED
from .daily_log_check import FALSE
from .rule_evidence import Evidence

UTC = pytz.utc


class SalesDisciplineRuleVersion(models.Model):
    """Terms of the kinds about daily logs."""

    _inherit = "sales.discipline.rule.version"

    _log_deadline_range = models.Constraint(
        "CHECK (log_deadline >= 0 AND log_deadline < 24)", "The deadline of the daily log is between 00:00 and 23:59."
    )
    _max_late_days_positive = models.Constraint(
        "CHECK (max_late_days >= 0)", "A report cannot count as late for a negative number of days."
    )

    log_deadline = fields.Float(
        string="Filed By", default=18.0, help="Filing at this time exactly is on time. Employee's time zone."
    )
    max_late_days = fields.Integer(
        string="Days at Most",
        default=30,
        help="Started days late that count; then the entry is final even if nothing was filed. 0: no limit.",
    )
    pause_on_leave = fields.Boolean(
        default=True, help="Days of approved leave and public holidays do not count as late."
    )

    def _offence_text_daily_log(self):
        return self.env._("Daily log filed after %(time)s", time=self._log_deadline_time().strftime("%H:%M"))

    def _unit_text_daily_log(self):
        return self.env._("started day")

    def _offence_text_false_log(self):
        return self.env._("Daily log found false")

    def _log_deadline_time(self):
        return float_to_time(round(self.log_deadline * 60) / 60)


class SalesDisciplineRule(models.Model):
    """Kinds that are checked against daily logs."""

    _inherit = "sales.discipline.rule"

    kind = fields.Selection(
        selection_add=[("daily_log", "Daily log late or missing"), ("false_log", "Daily log found false")],
        ondelete={"daily_log": "cascade", "false_log": "cascade"},
    )

    def _detect_daily_log(self, segments, date_from, date_to):
        """Logs of working days that were filed after the deadline or not at all (LOG-02, RPD-01, RPD-02).

        The quantity is the number of started days late. It grows until the log is filed or the limit is reached.
        """
        self.ensure_one()
        segments = self._employed(segments)
        hours = self._working_hours(segments, date_from, date_to)
        now = fields.Datetime.now()
        excused = self._excused(segments, date_from, max(date_to, now.date()))
        in_force, report = self._version_reader(), self.env._("Daily log")
        findings = []
        for segment, day, due, log_id, filed in self._late_logs(segments, self._log_due(hours), now):
            intervals = excused(segment)
            if not is_owed(hours[segment.calendar_id, segment.tz, day], intervals, due):
                continue
            findings.append(self._late_report(
                in_force(day), segment, day, due, filed, intervals, report, "sales.daily.log", log_id))
        return findings

    def _evidence_daily_log(self):
        """Logs once they are filed: a draft is as missing as none."""
        return self._log_evidence(Domain("state", "=", SUBMITTED))

    def _evidence_false_log(self):
        """Logs with the result of a spot check, whichever: an earlier one may have been another."""
        return self._log_evidence(Domain("check_result", "!=", False))

    def _log_evidence(self, domain):
        return [Evidence("sales.daily.log", "date", domain & Domain("company_id", "=", self.company_id.id))]

    def _get_log_deadline(self, employee, day):
        """When ``employee`` (sudo) has to file the log of a day, aware; None when no rule asks for one.

        Among several rules the one that judges him counts; leave known by now is taken off.
        """
        segments = self._employed(employee._discipline_segments(day, day))
        rules = self.search([
            ("company_id", "=", employee.company_id.id), ("kind", "=", "daily_log"), ("state", "=", "active"),
        ]).filtered(lambda rule: rule._version_on(day) and any(rule._binds(segment) for segment in segments))
        if not rules:
            return None
        rule = max(rules, key=lambda rule: rule._rank(day))
        hours = rule._working_hours(segments, day, day)
        excused = rule._excused(segments, day, day)
        due = rule._log_due(hours)
        for segment in segments:
            key = segment.calendar_id, segment.tz, day
            if key in due and is_owed(hours[key], excused(segment), due[key]):
                return due[key]
        return None

    def _log_due(self, hours):
        """{(calendar id, tz name, local date): last moment to file on time, aware}."""
        due = {}
        for calendar_id, tz_name, day in hours:
            version = self._version_on(day)
            if version:
                local = datetime.combine(day, version._log_deadline_time())
                due[calendar_id, tz_name, day] = pytz.timezone(tz_name).localize(local)
        return due

    def _late_logs(self, segments, due, now):
        """[(segment, local date, deadline, log id or None, filed or None)] of logs that were not filed in time."""
        if not due or not segments:
            return []
        self.env["sales.daily.log"].flush_model(["employee_id", "date", "submitted_on"])
        rows = self.env.execute_query(SQL(
            """
            SELECT segment.position, due.day, log.id, log.submitted_on
              FROM unnest(%(positions)s, %(employees)s, %(calendars)s, %(zones)s, %(starts)s, %(ends)s)
                   AS segment (position, employee_id, calendar_id, tz, date_from, date_to)
              JOIN unnest(%(due_calendars)s, %(due_zones)s, %(due_days)s, %(due_at)s)
                   AS due (calendar_id, tz, day, at)
                ON due.calendar_id = segment.calendar_id AND due.tz = segment.tz
               AND due.day BETWEEN segment.date_from AND segment.date_to
         LEFT JOIN sales_daily_log AS log ON log.employee_id = segment.employee_id AND log.date = due.day
             WHERE due.at < %(now)s AND (log.submitted_on IS NULL OR log.submitted_on > due.at)
          ORDER BY segment.position, due.day
            """,
            positions=list(range(len(segments))),
            employees=[segment.employee_id for segment in segments],
            calendars=[segment.calendar_id for segment in segments],
            zones=[segment.tz for segment in segments],
            starts=[segment.date_from for segment in segments],
            ends=[segment.date_to for segment in segments],
            due_calendars=[key[0] for key in due],
            due_zones=[key[1] for key in due],
            due_days=[key[2] for key in due],
            due_at=[at.astimezone(UTC).replace(tzinfo=None) for at in due.values()],
            now=now,
        ))
        late = []
        for position, day, log_id, filed in rows:
            segment = segments[position]
            late.append((segment, day, due[segment.calendar_id, segment.tz, day], log_id, filed))
        return late

    def _late_report(self, version, segment, day, due, filed, excused, report, evidence_model=None, evidence_id=None):
        """Finding about a report that was filed after its deadline or is missing; it grows until filed (RPD-01).

        :param version: terms in force on the day
        :param due: aware; ``filed``: naive UTC, None while it is missing
        :param excused: (start, stop) intervals of leave, which do not count as late where the terms say so
        :param report: what it is called in the sentence
        """
        ended = UTC.localize(filed or fields.Datetime.now())
        days = days_late(due, ended, excused if version.pause_on_leave else (), version.max_late_days or None)
        tz = pytz.timezone(segment.tz)
        expected, until = f"{due.astimezone(tz):%Y-%m-%d %H:%M}", ended.astimezone(tz)
        if filed:
            sentence = self.env._(
                "%(report)s due %(due)s was filed %(filed)s: %(days)s started days late.",
                report=report, due=expected, filed=f"{until:%Y-%m-%d %H:%M}", days=days)
        else:
            sentence = self.env._(
                "%(report)s due %(due)s is missing: %(days)s started days late.",
                report=report, due=expected, days=days)
        return Finding(
            employee_id=segment.employee_id,
            day=day,
            quantity=days,
            # a decision holds for the report that was owed, on whatever day it is filed
            evidence=expected,
            sentence=sentence,
            due_at=due.astimezone(UTC).replace(tzinfo=None),
            actual_at=filed,
            evidence_model=evidence_model if evidence_id else None,
            evidence_id=evidence_id,
            growing=not filed and days != version.max_late_days,
            grown_on=until.date(),
        )

    def _detect_false_log(self, segments, date_from, date_to):
        """Logs that a spot check found false; one that could not be verified never counts (FLS-01, FLS-04)."""
        self.ensure_one()
        spans = {}
        for segment in segments:
            spans.setdefault(segment.employee_id, []).append((segment.date_from, segment.date_to))
        logs = self.env["sales.daily.log"].search_fetch(
            [
                ("employee_id", "in", list(spans)),
                ("date", ">=", date_from),
                ("date", "<=", date_to),
                ("check_result", "=", FALSE),
            ],
            ["employee_id", "date", "check_note", "submitted_on"],
        )
        return [
            Finding(
                employee_id=log.employee_id.id,
                day=log.date,
                quantity=1,
                evidence=f"{log.date} {FALSE}",
                sentence=self.env._(
                    "Daily log of %(date)s was found false: %(note)s", date=log.date, note=log.check_note or ""),
                actual_at=log.submitted_on,
                evidence_model="sales.daily.log",
                evidence_id=log.id,
            )
            for log in logs
            if any(first <= log.date <= last for first, last in spans[log.employee_id.id])
        ]
