# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime, split_every

from ..engine.answer import last_day
from .violation import NOTIFIED
from .violation_notice import BATCH

_logger = logging.getLogger(__name__)

# How far ahead leave is looked at; of a longer one the rest is found when this time is over.
FAR = timedelta(days=366)


class SalesDisciplineViolation(models.Model):
    """Until when somebody may answer or decide: working days, and to answer only those on which he is there (SAN-11).

    The decider's leave stops nothing: his deputies act while he is away (AUT-06).
    """

    _inherit = "sales.discipline.violation"

    def _calendar(self):
        """Working hours by which the deadlines of the person are counted."""
        return self.employee_id.resource_calendar_id or self.company_id.resource_calendar_id

    def _by_deadline(self, days_field):
        """{end of the nth working day after today: entries}; working days by calendar, holidays left out."""
        now = fields.Datetime.now()
        windows = self.grouped(lambda entry: (entry._calendar(), entry.version_id[days_field]))
        deadlines = {}
        for (calendar, days), entries in windows.items():
            deadline = self._working_days_later(calendar, days, self._local_day(calendar, now))
            deadlines[deadline] = deadlines.get(deadline, self.browse()) | entries
        return deadlines

    def _by_answer_deadline(self):
        """{end of the person's time to answer: entries}, counted from when he was told, or now; his leave left out."""
        absences = self._absences()
        absent = self.filtered(lambda entry: entry.employee_id.resource_id.id in absences)
        deadlines = (self - absent)._by_deadline("answer_days")
        for deadline, entries in absent._by_deadline_of_the_absent(absences).items():
            deadlines[deadline] = deadlines.get(deadline, self.browse()) | entries
        return deadlines

    def _by_deadline_of_the_absent(self, absences):
        """The same for people who have leave; as many queries for each calendar, however many they are."""
        now = fields.Datetime.now()
        deadlines = {}
        for calendar, entries in self.grouped(lambda entry: entry._calendar()).items():
            windows = entries.grouped(lambda entry: (
                entry.version_id.answer_days, self._local_day(entry._calendar(), entry.notified_on or now),
                absences[entry.employee_id.resource_id.id],
            ))
            first = min(told for _days, told, _own in windows)
            latest = max(stop for _days, _told, own in windows for _start, stop in own).replace(tzinfo=None)
            far = self._local_day(calendar, max(now, min(latest, now + FAR)))
            end = self._working_days_later(calendar, max(days for days, _told, _own in windows), far)
            worked = self._worked(calendar, first, self._local_day(calendar, end))
            for (days, told, own), alike in windows.items():
                day = last_day(days, [piece for piece in worked if piece[0].date() > told], own)
                deadline = self._end_of_day(calendar, day) if day else end
                deadlines[deadline] = deadlines.get(deadline, self.browse()) | alike
        return deadlines

    def _absences(self):
        """{resource id: (start, stop) of the approved leave since the first of these people was told}."""
        now = fields.Datetime.now()
        # sudo: only that and when somebody is away, never why
        leaves = self.env["resource.calendar.leaves"].sudo().search_fetch(
            [
                ("time_type", "=", "leave"),
                ("resource_id", "in", self.employee_id.resource_id.ids),
                ("date_to", ">=", min((entry.notified_on or now for entry in self), default=now)),
            ],
            ["resource_id", "date_from", "date_to"], order="date_from, id",
        )
        return {
            resource.id: tuple((pytz.utc.localize(leave.date_from), pytz.utc.localize(leave.date_to)) for leave in own)
            for resource, own in leaves.grouped("resource_id").items()
        }

    # --- days of a calendar ---

    @api.model
    def _local_day(self, calendar, moment):
        return pytz.utc.localize(moment).astimezone(pytz.timezone(calendar.tz or "UTC")).date()

    @api.model
    def _end_of_day(self, calendar, day):
        tz = pytz.timezone(calendar.tz or "UTC")
        return tz.localize(datetime.combine(day, time(23, 59, 59))).astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _working_days_later(self, calendar, days, day):
        """End of the nth working day after a local day."""
        tz, tomorrow = pytz.timezone(calendar.tz or "UTC"), day + timedelta(days=1)
        worked = calendar and calendar.plan_days(
            days, tz.localize(datetime.combine(tomorrow, time.min)), compute_leaves=True
        )
        # plan_days ends with a part of the last day; people have the whole of it
        last = worked.astimezone(tz).date() if worked else tomorrow + timedelta(days=days - 1)
        return self._end_of_day(calendar, last)

    @api.model
    def _worked(self, calendar, first, last):
        """Aware (start, stop) of the working time after a day until another, holidays left out."""
        tz = pytz.timezone(calendar.tz or "UTC")
        start, stop = (tz.localize(datetime.combine(day + timedelta(days=1), time.min)) for day in (first, last))
        worked = calendar and [(begin, end) for begin, end, _meta in calendar._work_intervals_batch(start, stop)[False]]
        # without working hours every day counts, and its middle stands for it
        return worked or [
            tuple(tz.localize(datetime.combine(first + timedelta(days=offset), time(hour))) for hour in (11, 13))
            for offset in range(1, (last - first).days + 1)
        ]

    # --- leave that was approved after somebody was told ---

    @api.model
    def _cron_notices_and_deadlines(self):
        """First show the right deadline to people who have got leave meanwhile."""
        for ids in split_every(BATCH, self.search(self._told_and_absent_domain(), order="id").ids):
            try:
                self.browse(ids)._extend_answer_window()
                self.env.flush_all()
            except Exception:
                self.env.cr.rollback()
                self.env.invalidate_all()
                # nobody loses by it: silence is looked at once more when the old deadline is over
                _logger.exception("Discipline entries %s: the time to answer could not be extended", ids)
            self.env["ir.cron"]._commit_progress(len(ids))
        return super()._cron_notices_and_deadlines()

    @api.model
    def _told_and_absent_domain(self):
        """Entries that wait for the answer of somebody with leave since the first of them was told."""
        told = Domain("state", "=", NOTIFIED)
        [[first]] = self._read_group(told, [], ["notified_on:min"])
        if not first:
            return Domain.FALSE
        # sudo: only that somebody is away, never why
        leaves = self.env["resource.calendar.leaves"].sudo()._read_group(
            [("time_type", "=", "leave"), ("resource_id", "!=", False), ("date_to", ">=", first)], ["resource_id"])
        return told & Domain("employee_id.resource_id", "in", [resource.id for [resource] in leaves])

    def _extend_answer_window(self):
        """Days of leave since the person was told do not count; nobody's time gets shorter than he was told."""
        absences = self._absences()
        told = self.filtered(lambda entry: entry.state == NOTIFIED and entry.employee_id.resource_id.id in absences)
        answer = self.env.ref("sales_discipline.activity_type_answer")
        for deadline, entries in told._by_deadline_of_the_absent(absences).items():
            later = entries.filtered_domain([("answer_deadline", "<", deadline)])
            later.with_context(tracking_disable=True).write({"answer_deadline": deadline})
            for calendar, alike in later.grouped(lambda entry: entry._calendar()).items():
                alike.activity_ids.filtered(lambda activity: activity.activity_type_id == answer).write(
                    {"date_deadline": self._local_day(calendar, deadline)})
                alike._message_log_batch(bodies=dict.fromkeys(alike.ids, self.env._(
                    "The person is on approved leave: time to answer until %(deadline)s.",
                    deadline=format_datetime(self.env, deadline, tz=calendar.tz or "UTC", dt_format="short"))))

    def _accept_silence(self):
        """Of those who have got leave meanwhile nobody is silent yet."""
        self._extend_answer_window()
        now = fields.Datetime.now()
        silent = self.filtered(lambda entry: not entry.answer_deadline or entry.answer_deadline < now)
        return super(SalesDisciplineViolation, silent)._accept_silence() if silent else None

    def _check_may_answer(self):
        """Who has got leave meanwhile is not too late, though no scheduled action has said so yet."""
        self.check_access("read")
        now = fields.Datetime.now()
        late = self.sudo().filtered(
            lambda entry: entry.state == NOTIFIED and entry.answer_deadline and entry.answer_deadline < now)
        if late:
            # entries are written by nobody directly; only leave that is approved is read
            late._extend_answer_window()
        return super()._check_may_answer()
