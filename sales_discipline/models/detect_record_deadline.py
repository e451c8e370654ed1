# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from bisect import bisect_right
from datetime import datetime, timedelta
from itertools import accumulate

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from ..engine.deadline import is_owed, monthly, settle, weekly
from .record_evidence import local_day, moment
from .violation import UNDECIDED

UTC = pytz.utc
WEEKDAYS = [
    ("0", "Monday"), ("1", "Tuesday"), ("2", "Wednesday"), ("3", "Thursday"), ("4", "Friday"), ("5", "Saturday"),
    ("6", "Sunday"),
]
# A deadline on a rest day moves to the next working day, so far at most.
MOVED_AT_MOST = timedelta(days=7)
# Another deadline follows within so many days.
NEXT_AT_MOST = timedelta(days=45)


class SalesDisciplineRuleVersion(models.Model):
    """Terms of the kind record_deadline. The time of day and what ends the count are those of daily logs."""

    _inherit = "sales.discipline.rule.version"

    _deadline_monthday_range = models.Constraint(
        "CHECK (deadline_monthday BETWEEN 1 AND 31)", "The day of the month is between 1 and 31."
    )
    _deadline_early_days_range = models.Constraint(
        "CHECK (deadline_early_days >= 0 AND deadline_early_days <= 6)",
        "A record may count from 0 to 6 days before its deadline.",
    )

    deadline_weekday = fields.Selection(WEEKDAYS, string="Due On", default="0", required=True)
    deadline_monthday = fields.Integer(
        string="Due On Day", default=1, help="Of the month; in a shorter month its last day."
    )
    deadline_early_days = fields.Integer(
        string="Counts From",
        default=3,
        help="A record dated so many days before the deadline, or later, counts for it, up to as many days before the "
        "next one. Any further record fills the nearest earlier gap.",
    )
    filed_field = fields.Char(
        string="Filed When",
        help="The time at which the record was filed, where its date only says for which period it is (a log of "
        "Monday, submitted on Tuesday). Empty: the date says both; a date without a time is never late on its day.",
    )

    @api.depends("deadline_weekday", "deadline_monthday", "log_deadline")
    def _compute_summary(self):
        return super()._compute_summary()

    def _record_field_terms(self):
        terms = super()._record_field_terms()
        if self.rule_id.kind == "record_deadline" and self.filed_field:
            terms.append(("filed_field", ("datetime",), 1))
        return terms

    def _record_source(self):
        """What tells apart the records that terms look at."""
        return self.record_model, self.record_domain, self.owner_field, self.date_field, self.filed_field

    def _offence_text_record_deadline(self):
        records, at = self._records_text(), self._log_deadline_time().strftime("%H:%M")
        if self.record_period == "day":
            return self.env._("%(records)s not filed by %(time)s each working day", records=records, time=at)
        if self.record_period == "month":
            return self.env._(
                "%(records)s not filed by day %(day)s of the month, %(time)s",
                records=records, day=self.deadline_monthday, time=at)
        weekday = dict(self._fields["deadline_weekday"]._description_selection(self.env))[self.deadline_weekday]
        return self.env._(
            "%(records)s not filed by %(weekday)s %(time)s", records=records, weekday=weekday, time=at)

    def _unit_text_record_deadline(self):
        return self._unit_text_daily_log()

    def _deadlines(self, worked, first, last):
        """[(first day whose records count, day of the deadline)] from a date to another.

        :param worked: working days of a calendar
        """
        if self.record_period == "day":
            return [(day, day) for day in sorted(worked) if first <= day <= last]
        if self.record_period == "week":
            days = weekly(int(self.deadline_weekday), first, last)
        else:
            days = monthly(self.deadline_monthday, first, last)
        early = timedelta(days=self.deadline_early_days)
        ways = ((day, day + timedelta(days=offset)) for day in days for offset in range(MOVED_AT_MOST.days + 1))
        moved = {}
        for day, candidate in ways:
            if candidate in worked:
                moved.setdefault(day, candidate)
        return [(day - early, due) for day, due in moved.items()]


class SalesDisciplineRule(models.Model):
    """The kind that asks for one record a period."""

    _inherit = "sales.discipline.rule"

    kind = fields.Selection(
        selection_add=[("record_deadline", "Record due by a time")], ondelete={"record_deadline": "cascade"}
    )

    def _detect_record_deadline(self, segments, date_from, date_to):
        """Reports of any model that came after their deadline or not at all (WRP-01, RPD-01, LED-01).

        The quantity is the number of started days late; it grows until the record is there or the limit is reached.
        Leave and public holidays at the deadline, or all its day, lift it.
        """
        self.ensure_one()
        segments = sorted(self._employed(segments), key=lambda segment: (segment.employee_id, segment.date_from))
        # records that come later still tell how late a report was
        first, last = date_from - MOVED_AT_MOST, max(date_to, fields.Date.today()) + MOVED_AT_MOST
        hours = self._weekly_hours(segments, first, last)
        excused = self._excused(segments, first, last)
        now, findings = UTC.localize(fields.Datetime.now()), []

        def owes(segment, day, at):
            return is_owed(hours[segment.calendar_id, segment.tz][day], excused(segment), at)

        for versions in self.version_ids.grouped(lambda version: version._record_source()).values():
            # where the record itself says for which period it is, none fills another's gap
            says_period = bool(versions[0].filed_field)
            reports = {version: version._records_text() for version in versions}
            until = min(last, date_to + NEXT_AT_MOST) if says_period else last
            due = self._record_deadlines(versions, segments, hours, first, until)
            filed = self._filed_records(versions, due, first)
            for employee_id, moments in filed.items():
                deadlines = due[employee_id]
                if says_period:
                    came = [min(times, default=None) for times in moments]
                else:
                    came = settle([
                        (owes(segment, day, at), times)
                        for (segment, _start, day, at, _version), times in zip(deadlines, moments, strict=True)
                    ])
                for (segment, _start, day, at, version), at_last in zip(deadlines, came, strict=True):
                    judged = max(segment.date_from, date_from) <= day <= min(segment.date_to, date_to)
                    is_late = at < now and (not at_last or UTC.localize(at_last) > at)
                    if judged and is_late and owes(segment, day, at):
                        findings.append(self._late_report(
                            version, segment, day, at, at_last, excused(segment), reports[version]))
        return findings

    def _evidence_record_deadline(self):
        return self._record_evidence(self._first_deadline)

    def _first_deadline(self, versions, day):
        """Earliest deadline that a record of a day may count for.

        A late one counts until records of the next deadline do; any further one fills an earlier gap, however old, and
        each gap is an entry that grows. One moved away from a gap that it had filled is found by the nightly run.
        """
        first = day - (NEXT_AT_MOST if "month" in versions.mapped("record_period") else 2 * MOVED_AT_MOST)
        if versions[0].filed_field:
            return first
        gap = self.env["sales.discipline.violation"].search([
            ("rule_id", "=", self.id), ("state", "in", UNDECIDED), ("final_on", "=", False), ("fact_date", "<", first),
        ], order="fact_date", limit=1)
        return gap.fact_date or first

    def _record_deadlines(self, versions, segments, hours, first, last):
        """{employee id: [(segment, first day whose records count, day, deadline aware, version)]} by time.

        :param versions: terms that look at the same records: those of the newer do not fill the gaps of the older
        """
        by_calendar = {
            (calendar_id, tz_name): [
                (start, day, pytz.timezone(tz_name).localize(datetime.combine(day, version._log_deadline_time())), version)
                for version in versions.sorted("valid_from")
                for start, day in version._deadlines(worked, first, last)
                if self._version_on(day) == version
            ]
            for (calendar_id, tz_name), worked in hours.items()
        }
        due = {}
        for index, segment in enumerate(segments):
            final = index + 1 == len(segments) or segments[index + 1].employee_id != segment.employee_id
            until = last if final else segment.date_to
            own = [
                (segment, *deadline)
                for deadline in by_calendar[segment.calendar_id, segment.tz]
                if segment.date_from <= deadline[1] <= until
            ]
            if own:
                due.setdefault(segment.employee_id, []).extend(own)
        return due

    def _filed_records(self, versions, due, first):
        """{employee id: [sorted moments, naive UTC, of the records of each deadline]} of those who can own any."""
        if not due:
            return {}
        version = versions[0]
        since = first - timedelta(days=max(versions.mapped("deadline_early_days")) + 1)
        columns = [version.date_field, version.filed_field or version.date_field]
        records = version._read_records(list(due), Domain(version.date_field, ">=", since), columns)
        filed = {}
        for employee_id, rows in records.items():
            periods = filed[employee_id] = [[] for _deadline in due[employee_id]]
            # new terms may let records count from before the last deadline of the old ones
            starts = list(accumulate((start for _segment, start, *_deadline in due[employee_id]), max))
            tz = pytz.timezone(due[employee_id][0][0].tz)
            for dated, submitted in rows:
                index = bisect_right(starts, local_day(dated, tz)) - 1
                if submitted and index >= 0:
                    periods[index].append(moment(submitted, tz))
            for moments in periods:
                moments.sort()
        return filed

