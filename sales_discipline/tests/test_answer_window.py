# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import BaseCase, freeze_time, tagged

from ..engine import answer
from ..engine.answer import last_day
from .common import DisciplineCase

FIRST = datetime(2026, 6, 1)
hours = st.integers(0, 30 * 24)


@tagged("post_install", "-at_install")
class TestAnswerEngine(BaseCase):
    """Working days to answer, leave left out (SAN-11)."""

    def test_doctests_of_the_engine(self):
        result = doctest.testmod(answer)
        self.assertFalse(result.failed)
        self.assertTrue(result.attempted)

    @settings(deadline=None, derandomize=True)
    @given(
        days=st.integers(1, 8), worked=st.sets(st.integers(0, 29), max_size=20), absent=st.lists(st.tuples(hours, hours)))
    def test_counted_hour_by_hour(self, days, worked, absent):
        """Oracle: a day counts when one of its hours from 8 to 17 lies outside every leave."""
        leaves = [sorted(pair) for pair in absent]
        there = [
            day for day in sorted(worked)
            if any(not any(start <= day * 24 + hour < stop for start, stop in leaves) for hour in range(8, 17))
        ]
        expected = (FIRST + timedelta(days=there[days - 1])).date() if len(there) >= days else None

        def at(hour):
            return FIRST + timedelta(hours=hour)

        self.assertEqual(expected, last_day(
            days, [(at(day * 24 + 8), at(day * 24 + 17)) for day in worked],
            [(at(start), at(stop)) for start, stop in leaves]))


@tagged("post_install", "-at_install")
@freeze_time("2026-06-03 02:00:00")  # Wednesday, 10:00 in Shanghai
class TestAnswerWindow(DisciplineCase):
    """SAN-11: three working days to answer; those on which the person is on approved leave are none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.days, cls.approved, cls.hours = cls.env["hr.leave.type"].create([
            {
                "name": name, "requires_allocation": False, "company_id": cls.company.id,
                "leave_validation_type": validation, "request_unit": unit,
            }
            for name, validation, unit in (
                ("Unpaid", "no_validation", "day"), ("Asked for", "hr", "day"), ("Hours", "no_validation", "hour"))
        ])
        for employee in (cls.ann, cls.bob):
            cls._punch(employee, "2026-06-02 08:40")
        cls._run()
        cls.entry, cls.other = cls._entries(cls.ann), cls._entries(cls.bob)

    def _leave(self, first, last, employee=None, kind=None, **vals):
        leave = self.env["hr.leave"].create({
            "employee_id": (employee or self.ann).id, "holiday_status_id": (kind or self.days).id,
            "request_date_from": first, "request_date_to": last, **vals,
        })
        self.env.invalidate_all()
        return leave

    def _at(self, moment):
        """The scheduled action at a local moment."""
        with freeze_time(self._utc(moment)):
            self.env.invalidate_all()
            self._tell()

    def test_told_while_on_leave(self):
        """SAN-11: on leave from 3 to 19 June, told on the 3rd: 22, 23 and 24 June are her three days; Bob, who is
        there, has until the 8th."""
        self._leave("2026-06-03", "2026-06-19")
        self._tell()
        self.assertEqual(self.entry.answer_deadline, self._utc("2026-06-24 23:59:59"))
        self.assertEqual(str(self.entry.activity_ids.date_deadline), "2026-06-24")
        self.assertEqual(self.other.answer_deadline, self._utc("2026-06-08 23:59:59"))

        self._at("2026-06-24 23:59")
        self.assertEqual((self.entry.state, self.other.state), ("notified", "confirmed"))
        self._at("2026-06-25 00:00")
        self.assertEqual((self.entry.state, self.entry.answer), ("confirmed", "silent"))

    def test_leave_and_a_public_holiday(self):
        """SAN-11: leave on 4 June, a public holiday on the 5th: the 8th, 9th and 10th count."""
        self._leave("2026-06-04", "2026-06-04")
        self.env["resource.calendar.leaves"].create({
            "name": "Festival", "company_id": self.company.id, "calendar_id": False,
            "date_from": self._utc("2026-06-05 00:00"), "date_to": self._utc("2026-06-05 23:59"),
        })
        self._tell()
        self.assertEqual(self.entry.answer_deadline, self._utc("2026-06-10 23:59:59"))

    def test_what_is_no_leave_of_hers(self):
        """SAN-11: a morning of leave, leave that is asked for only, and leave of another stop nothing: the 8th."""
        self._leave("2026-06-04", "2026-06-04", kind=self.hours, request_unit_hours=True,
                    request_hour_from=8.5, request_hour_to=12)
        self.assertEqual(self._leave("2026-06-05", "2026-06-12", kind=self.approved).state, "confirm")
        self._leave("2026-06-03", "2026-06-19", employee=self.bob)
        self._tell()
        self.assertEqual(self.entry.answer_deadline, self._utc("2026-06-08 23:59:59"))
        self.assertEqual(self.other.answer_deadline, self._utc("2026-06-24 23:59:59"))

    def test_leave_approved_after_she_was_told(self):
        """SAN-11: told on the 3rd for the 8th; leave from the 5th to the 12th is approved on the 4th: the next action
        says 16 June (4, 15, 16) to her and in the activity, says it once, and takes silence on the 17th only."""
        self._tell()
        self.assertEqual(self.entry.answer_deadline, self._utc("2026-06-08 23:59:59"))
        self._leave("2026-06-05", "2026-06-12")
        self._at("2026-06-04 10:00")
        self.assertEqual(self.entry.answer_deadline, self._utc("2026-06-16 23:59:59"))
        self.assertEqual(str(self.entry.activity_ids.date_deadline), "2026-06-16")
        said = len(self.entry.message_ids)
        self._at("2026-06-16 23:59")
        self.assertEqual((self.entry.state, len(self.entry.message_ids)), ("notified", said))
        self._at("2026-06-17 00:00")
        self.assertEqual((self.entry.state, self.entry.answer), ("confirmed", "silent"))

    def test_no_silence_inside_leave_that_nobody_has_looked_at(self):
        """SAN-11: approved at the last minute, the first action after the old deadline deems nothing; who answers before
        that action is in time; what was deemed already stays."""
        self._tell()
        self._leave("2026-06-08", "2026-06-09")
        with freeze_time(self._utc("2026-06-09 00:10")):
            savepoint = self.env.cr.savepoint()
            self.entry.with_user(self.ann.user_id).appeal("The metro stood still")
            self.assertEqual(self.entry.state, "appealed")
            savepoint.rollback()
            self.env.invalidate_all()
            savepoint.close()
            with self.assertRaisesRegex(UserError, "time to answer .* is over"):
                self.other.with_user(self.bob.user_id).appeal("The metro stood still")
            self.entry._accept_silence()
        self.assertEqual((self.entry.state, self.entry.answer_deadline), ("notified", self._utc("2026-06-10 23:59:59")))

        self._at("2026-06-09 10:00")
        self.assertEqual((self.entry.state, self.other.state), ("notified", "confirmed"))
        self._leave("2026-06-04", "2026-06-12", employee=self.bob)
        self._at("2026-06-09 11:00")
        self.assertEqual((self.other.state, self.other.answer), ("confirmed", "silent"))

    def test_nobody_gets_less_than_he_was_told(self):
        """SAN-11: told until 24 June because of leave, which is then refused: it stays the 24th."""
        leave = self._leave("2026-06-03", "2026-06-19")
        self._leave("2026-06-22", "2026-06-22")
        self._tell()
        self.assertEqual(self.entry.answer_deadline, self._utc("2026-06-25 23:59:59"))
        leave.sudo().action_refuse()
        self._at("2026-06-04 10:00")
        self.assertEqual(self.entry.answer_deadline, self._utc("2026-06-25 23:59:59"))

    def test_leave_of_two_years_is_looked_at_again(self):
        """SAN-11: leave is looked at for a year ahead; when that is over the rest of it counts."""
        self._leave("2026-06-03", "2028-06-02")
        self._tell()
        first = self.entry.answer_deadline
        self.assertEqual(first, self._utc("2027-06-09 23:59:59"))
        self._at("2027-06-10 00:00")
        self.assertEqual((self.entry.state, self.entry.answer_deadline), ("notified", self._utc("2028-06-07 23:59:59")))

    def test_without_working_hours_every_day_counts(self):
        """SAN-11: no working hours anywhere, leave on the 4th and 5th: 6, 7 and 8 June."""
        self.company.resource_calendar_id = self.ann.resource_calendar_id = False
        self.env["resource.calendar.leaves"].create({
            "name": "Away", "resource_id": self.ann.resource_id.id, "calendar_id": False,
            "date_from": "2026-06-04 00:00:00", "date_to": "2026-06-05 23:59:59",
        })
        self._tell()
        self.assertEqual(str(self.entry.answer_deadline), "2026-06-08 23:59:59")

    def test_as_many_queries_for_60_people_as_for_6(self):
        """Telling and extending, half of them on leave of their own: the leave costs no query for a person more."""
        # drawing avatars takes long and asks for nothing
        self.patch(self.registry["hr.employee"], "_avatar_generate_svg", lambda employee: False)
        told, extended = [], []
        for number, size in enumerate((4, 6, 60)):
            people = self.env["hr.employee"].create([
                {
                    "name": f"{number}-{index}", "company_id": self.company.id, "tz": self.tz,
                    "resource_calendar_id": self.calendar.id,
                }
                for index in range(size)
            ])
            period = self.env["sales.discipline.period"]._posting_periods(self.company, {self.entry.fact_date})
            entries = self.env["sales.discipline.violation"].with_context(tracking_disable=True).create([
                {
                    "company_id": self.company.id, "rule_id": self.rule.id, "version_id": self.rule.version_ids.id,
                    "employee_id": person.id, "fact_key": f"{number}/{person.id}", "revision": 0,
                    "fact_date": self.entry.fact_date, "issuer_id": self.ida.id, "period_id": next(iter(period.values())).id,
                }
                for person in people
            ])
            self._away(people[::2], "2026-06-04", "2026-06-05")
            told.append(self._queries(entries._start_answer_window))
            self.assertEqual(
                {str(entry.answer_deadline)[:10] for entry in entries[::2]}, {"2026-06-10"}, "8, 9 and 10 June")
            self.assertEqual({str(entry.answer_deadline)[:10] for entry in entries[1::2]}, {"2026-06-08"})
            self._away(people[::2], "2026-06-08", "2026-06-09")
            extended.append(self._queries(entries._extend_answer_window))
            self.assertEqual({str(entry.answer_deadline)[:10] for entry in entries[::2]}, {"2026-06-12"})
        self.assertEqual(told[1], told[2])
        self.assertEqual(extended[1], extended[2])

    def _away(self, people, first, last):
        self.env["resource.calendar.leaves"].create([
            {
                "name": "Away", "resource_id": person.resource_id.id, "calendar_id": self.calendar.id,
                "company_id": self.company.id, "date_from": self._utc(f"{first} 00:00"),
                "date_to": self._utc(f"{last} 23:59"),
            }
            for person in people
        ])

    def _queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
