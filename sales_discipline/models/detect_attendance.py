# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.date_utils import float_to_time

from ..engine.finding import Finding
from ..engine.worktime import due_at, minutes_late
from .rule_evidence import Evidence

UTC = pytz.utc


class SalesDisciplineRuleVersion(models.Model):
    """Terms of the kind late."""

    _inherit = "sales.discipline.rule.version"

    _on_post_by_range = models.Constraint(
        "CHECK (on_post_by >= 0 AND on_post_by < 24)", "The on-post time is between 00:00 and 23:59."
    )
    _grace_positive = models.Constraint("CHECK (grace_minutes >= 0)", "The grace time cannot be negative.")

    time_source = fields.Selection(
        [("fixed", "A time of the day"), ("calendar", "Start of the person's own working hours")],
        required=True,
        default="fixed",
        help="When the person has to be at post. Either way only on his working days; leave moves or lifts it.",
    )
    on_post_by = fields.Float(default=8.5, help="Arriving at this time exactly is on time.")
    grace_minutes = fields.Integer(help="Minutes after the time that still count as on time.")

    def _offence_text_late(self):
        if self.time_source == "calendar":
            return self.env._("Late after the start of work")
        return self.env._("Late after %(time)s", time=self._on_post_time().strftime("%H:%M"))

    def _on_post_time(self):
        """The on-post time to the minute: 8.4166 hours are 08:25, not 08:24:59."""
        return float_to_time(round(self.on_post_by * 60) / 60)


class SalesDisciplineRule(models.Model):
    """Kinds that are checked against attendance records."""

    _inherit = "sales.discipline.rule"

    kind = fields.Selection(selection_add=[("late", "Late arrival")], ondelete={"late": "cascade"})

    def _detect_late(self, segments, date_from, date_to):
        """The first check-in of a working day after the time to be at post (ATT-01, ATT-10, ATT-12).

        One finding a day at most, however many check-ins are late (ATT-02).
        """
        self.ensure_one()
        hours = self._working_hours(segments, date_from, date_to)
        due = self._base_due(hours)
        arrivals = self._late_arrivals(segments, due, date_from, date_to)
        excused = self._excused_intervals(arrivals)
        in_force = self._version_reader()
        findings = []
        for segment, day, attendance_id, check_in in arrivals:
            key = segment.calendar_id, segment.tz, day
            time_due, grace_minutes = due[key]
            if (segment.resource_id, day) in excused:
                on_post = self._on_post(in_force(day), segment.tz, day)
                time_due = due_at(hours[key], excused[segment.resource_id, day], on_post)
            minutes = time_due and minutes_late(time_due, check_in, grace_minutes)
            if minutes:
                findings.append(self._late_finding(segment, day, attendance_id, check_in, time_due, minutes))
        return findings

    def _evidence_late(self):
        return [Evidence("hr.attendance", "date", Domain("employee_id.company_id", "=", self.company_id.id))]

    def _working_hours(self, segments, date_from, date_to):
        """{(calendar id, tz name, local date): [(start, stop)]}, aware; flexible calendars have no fixed hours."""
        hours = defaultdict(list)
        for calendar_id, tz_name in {(segment.calendar_id, segment.tz) for segment in segments}:
            calendar = self.env["resource.calendar"].browse(calendar_id)
            if not calendar or calendar.flexible_hours or calendar.duration_based:
                continue
            tz = pytz.timezone(tz_name)
            start = tz.localize(datetime.combine(date_from, time.min))
            stop = tz.localize(datetime.combine(date_to, time.max))
            for begin, end, _attendance in calendar._attendance_intervals_batch(start, stop, tz=tz)[False]:
                hours[calendar_id, tz_name, begin.astimezone(tz).date()].append((begin, end))
        return hours

    def _weekly_hours(self, segments, date_from, date_to):
        """{(calendar id, tz name): {local date: [(start, stop)]}}; without fixed hours Monday to Friday are worked."""
        fixed = self._working_hours(segments, date_from, date_to)
        hours = {(segment.calendar_id, segment.tz): {} for segment in segments}
        for (calendar_id, tz_name, day), intervals in fixed.items():
            hours[calendar_id, tz_name][day] = intervals
        for (_calendar, tz_name), by_day in hours.items():
            if not by_day:
                tz = pytz.timezone(tz_name)
                for offset in range((date_to - date_from).days + 1):
                    day = date_from + timedelta(days=offset)
                    if day.weekday() < 5:
                        by_day[day] = [(
                            tz.localize(datetime.combine(day, time(9))), tz.localize(datetime.combine(day, time(17)))
                        )]
        return hours

    def _base_due(self, hours):
        """{(calendar id, tz name, local date): (time to be at post, aware, minutes of grace)}, before leave is looked at.

        Leave can only move it later, so nobody who arrived by then needs a closer look.
        """
        due, in_force = {}, self._version_reader()
        for (calendar_id, tz_name, day), scheduled in hours.items():
            version = in_force(day)
            if version:
                time_due = due_at(scheduled, on_post=self._on_post(version, tz_name, day))
                due[calendar_id, tz_name, day] = time_due, version.grace_minutes
        return due

    def _on_post(self, version, tz_name, day):
        if version.time_source == "calendar":
            return None
        return pytz.timezone(tz_name).localize(datetime.combine(day, version._on_post_time()))

    def _late_arrivals(self, segments, due, date_from, date_to):
        """[(segment, local date, attendance id, check-in)]: first check-ins of a day that are after ``due``."""
        if not due:
            return []
        self.env["hr.attendance"].flush_model(["employee_id", "check_in", "in_mode"])
        by_position = list(segments)
        rows = self.env.execute_query(SQL(
            """
            WITH arrival AS MATERIALIZED (  -- the day of each punch once, before it meets the days of the calendar
                SELECT segment.position, segment.calendar_id, segment.tz, punch.id, punch.check_in,
                       (punch.check_in AT TIME ZONE 'UTC' AT TIME ZONE segment.tz)::date AS day,
                       segment.date_from, segment.date_to
                  FROM unnest(%(positions)s, %(employees)s, %(calendars)s, %(zones)s, %(starts)s, %(ends)s)
                       AS segment (position, employee_id, calendar_id, tz, date_from, date_to)
                  JOIN hr_attendance AS punch ON punch.employee_id = segment.employee_id
                 WHERE punch.check_in >= %(first)s AND punch.check_in < %(last)s
                   AND punch.in_mode IS DISTINCT FROM 'technical'
            ), first_arrival AS (
                SELECT DISTINCT ON (arrival.position, arrival.day) arrival.position, arrival.day, arrival.id,
                       arrival.check_in, arrival.check_in > due.at AS late
                  FROM arrival
                  JOIN unnest(%(due_calendars)s, %(due_zones)s, %(due_days)s, %(due_at)s)
                       AS due (calendar_id, tz, day, at)
                    ON due.calendar_id = arrival.calendar_id AND due.tz = arrival.tz AND due.day = arrival.day
                 WHERE arrival.day BETWEEN arrival.date_from AND arrival.date_to
              ORDER BY arrival.position, arrival.day, arrival.check_in, arrival.id
            )
            SELECT position, day, id, check_in FROM first_arrival WHERE late
            """,
            positions=list(range(len(by_position))),
            employees=[segment.employee_id for segment in by_position],
            calendars=[segment.calendar_id for segment in by_position],
            zones=[segment.tz for segment in by_position],
            starts=[segment.date_from for segment in by_position],
            ends=[segment.date_to for segment in by_position],
            first=datetime.combine(date_from, time.min) - timedelta(days=1),
            last=datetime.combine(date_to, time.min) + timedelta(days=2),
            due_calendars=[key[0] for key in due],
            due_zones=[key[1] for key in due],
            due_days=[key[2] for key in due],
            due_at=[
                (at + timedelta(minutes=grace)).astimezone(UTC).replace(tzinfo=None) for at, grace in due.values()
            ],
        ))
        return [
            (by_position[position], day, attendance_id, UTC.localize(check_in))
            for position, day, attendance_id, check_in in rows
        ]

    def _excused_intervals(self, arrivals):
        """{(resource id, local date): [(start, stop)]} of leave and public holidays, aware (ATT-10, ATT-15)."""
        excused = defaultdict(list)
        if not arrivals:
            return excused
        moments = [check_in for _segment, _day, _attendance, check_in in arrivals]
        resource_ids = list({segment.resource_id for segment, _day, _attendance, _check_in in arrivals})
        # sudo: only that and when somebody is excused, never why
        leaves = self.env["resource.calendar.leaves"].sudo().search_fetch(
            [
                ("time_type", "=", "leave"),
                ("resource_id", "in", [False, *resource_ids]),
                ("company_id", "in", [False, self.company_id.id]),
                ("date_from", "<=", max(moments).replace(tzinfo=None) + timedelta(days=1)),
                ("date_to", ">=", min(moments).replace(tzinfo=None) - timedelta(days=1)),
            ],
            ["resource_id", "calendar_id", "date_from", "date_to"],
        )
        by_resource = leaves.grouped(lambda leave: leave.resource_id.id)
        for segment, day, _attendance, _check_in in arrivals:
            for leave in (*by_resource.get(segment.resource_id, ()), *by_resource.get(False, ())):
                if leave.calendar_id.id in (False, segment.calendar_id) or leave.resource_id:
                    excused[segment.resource_id, day].append(
                        (UTC.localize(leave.date_from), UTC.localize(leave.date_to))
                    )
        return excused

    def _late_finding(self, segment, day, attendance_id, check_in, time_due, minutes):
        tz = pytz.timezone(segment.tz)
        arrived, expected = _clock(check_in.astimezone(tz)), _clock(time_due.astimezone(tz))
        return Finding(
            employee_id=segment.employee_id,
            day=day,
            quantity=minutes,
            evidence=f"{expected} {arrived}",
            due_at=time_due.astimezone(UTC).replace(tzinfo=None),
            actual_at=check_in.astimezone(UTC).replace(tzinfo=None),
            evidence_model="hr.attendance",
            evidence_id=attendance_id,
            sentence=self.env._(
                "Arrived at %(arrived)s, expected by %(expected)s: %(minutes)s min late.",
                arrived=arrived[11:], expected=expected[11:16], minutes=minutes,
            ),
        )


def _clock(at):
    """Local date and time to the second, as 2026-06-03 08:25:00; strftime would take four times as long."""
    return at.isoformat(" ", "seconds")[:19]
