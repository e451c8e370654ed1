# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest

from odoo.tests import BaseCase, tagged

from ..engine import worktime
from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestLateness(DisciplineCase):
    """What counts as a late arrival (ATT-01, ATT-10, ATT-12)."""

    def _late_minutes(self, employee=None, **dates):
        self._run(**dates)
        return [(entry.fact_date.strftime("%m-%d"), entry.quantity) for entry in self._entries(employee)]

    def test_the_deadline_is_inclusive_to_the_second(self):
        """ATT example 2: 08:25:00 no event, 08:25:01 event."""
        self._punch(self.ann, "2026-06-03 08:25:00")
        self._punch(self.bob, "2026-06-03 08:25:01")

        self.assertEqual(self._late_minutes(self.ann), [])
        self.assertEqual(self._late_minutes(self.bob), [("06-03", 1)])

    def test_only_the_first_check_in_of_a_day_counts(self):
        """ATT-02, one offence a day: back from lunch at 13:50 is no event, two late check-ins are one."""
        self._punch(self.ann, "2026-06-03 08:20", "12:00")
        self._punch(self.ann, "2026-06-03 13:50")
        self._punch(self.bob, "2026-06-03 08:27", "08:30")
        self._punch(self.bob, "2026-06-03 08:33")

        self.assertEqual(self._late_minutes(), [("06-03", 2)])
        self.assertEqual(self._entries().employee_id, self.bob)

    def test_technical_check_ins_are_no_evidence(self):
        """Absence detection writes technical attendances of no length: one at 09:00 is no late arrival."""
        self._punch(self.ann, "2026-06-03 09:00", in_mode="technical")
        self._punch(self.ann, "2026-06-04 08:20")

        self.assertEqual(self._late_minutes(self.ann), [])

    def test_automatic_check_out_does_not_matter(self):
        self._punch(self.ann, "2026-06-03 08:30", "23:00", out_mode="auto_check_out")

        self.assertEqual(self._late_minutes(self.ann), [("06-03", 5)])

    def test_grace_minutes(self):
        """grace_min=5: 08:30:00 is on time, 08:31 is 6 minutes late."""
        self.rule.version_ids.grace_minutes = 5
        self._punch(self.ann, "2026-06-03 08:30:00")
        self._punch(self.bob, "2026-06-03 08:31:00")

        self.assertEqual(self._late_minutes(), [("06-03", 6)])

    def test_rest_days_and_public_holidays_are_excused(self):
        """ATT-10, ATT-15: Saturday 6 June, and Friday 19 June as a public holiday."""
        self.env["resource.calendar.leaves"].create({
            "name": "Dragon Boat Festival",
            "company_id": self.company.id,
            "calendar_id": False,
            "date_from": self._utc("2026-06-19 00:00"),
            "date_to": self._utc("2026-06-19 23:59:59"),
        })
        self._punch(self.ann, "2026-06-06 10:00")
        self._punch(self.ann, "2026-06-19 10:00")

        self.assertEqual(self._late_minutes(self.ann), [])

    def test_approved_leave_moves_or_lifts_the_deadline(self):
        """ATT-10: leave until 12:00 makes 13:30 the time; leave all day lifts it; a refused one does neither."""
        self._leave(self.ann, "2026-06-03", 8.5, 12)
        self._punch(self.ann, "2026-06-03 13:30")
        self._leave(self.bob, "2026-06-03", 8.5, 12)
        self._punch(self.bob, "2026-06-03 13:40")
        self._leave(self.zoe, "2026-06-03")
        self._punch(self.zoe, "2026-06-03 15:00")

        self._run()

        self.assertEqual([(entry.employee_id.name, entry.quantity) for entry in self._entries()], [("Bob", 10)])

    def _leave(self, employee, day, hour_from=None, hour_to=None):
        leave_type = self.env["hr.leave.type"].create({
            "name": "Unpaid", "requires_allocation": False, "leave_validation_type": "no_validation",
            "request_unit": "hour", "company_id": self.company.id,
        })
        hours = {"request_unit_hours": True, "request_hour_from": hour_from, "request_hour_to": hour_to}
        return self.env["hr.leave"].create({
            "employee_id": employee.id,
            "holiday_status_id": leave_type.id,
            "request_date_from": day,
            "request_date_to": day,
            **(hours if hour_to else {}),
        })

    def test_leave_that_waits_for_approval_excuses_nothing(self):
        leave = self._leave(self.ann, "2026-06-03")
        leave.action_refuse()
        self._punch(self.ann, "2026-06-03 08:40")

        self.assertEqual(self._late_minutes(self.ann), [("06-03", 15)])

    def test_flexible_hours_are_never_late(self):
        flexible = self._calendar("Flexible", self.tz, flexible_hours=True)
        self.ann.resource_calendar_id = flexible
        self._punch(self.ann, "2026-06-03 11:00")

        self.assertEqual(self._late_minutes(self.ann), [])

    def test_start_of_the_own_calendar_as_deadline(self):
        """Without a fixed time the scheduled start counts: 08:30 is on time, 08:31 a minute late."""
        self.rule.version_ids.time_source = "calendar"
        self._punch(self.ann, "2026-06-03 08:30")
        self._punch(self.bob, "2026-06-03 08:31")

        self.assertEqual(self._late_minutes(), [("06-03", 1)])

    def test_calendar_in_force_on_the_day(self):
        """Ann starts at 10:00 from 15 June on: 09:00 is late on the 12th and early on the 16th."""
        self.rule.version_ids.time_source = "calendar"
        late_shift = self._calendar("Late shift", self.tz)
        late_shift.attendance_ids.filtered(lambda line: line.day_period == "morning").hour_from = 10.0
        self.ann.create_version({"date_version": "2026-06-15", "resource_calendar_id": late_shift.id})
        self._punch(self.ann, "2026-06-12 09:00")
        self._punch(self.ann, "2026-06-16 09:00")

        self.assertEqual(self._late_minutes(self.ann), [("06-12", 30)])

    def test_each_in_his_own_time_zone(self):
        """08:26 in Shanghai and 08:26 in Los Angeles are both 1 minute late, on their own local dates."""
        west = self._calendar("West", "America/Los_Angeles")
        sam = self._employee("Sam", calendar=west)
        self._punch(self.ann, "2026-06-03 08:26")
        self._punch(sam, "2026-06-02 08:26", tz=west.tz)
        self._punch(sam, "2026-06-03 08:25", tz=west.tz)

        self.assertEqual(self._late_minutes(), [("06-02", 1), ("06-03", 1)])

    def test_summer_time(self):
        """Berlin, 08:26 on the Friday before and the Monday after the clocks change (29 March 2026): 1 minute each."""
        berlin = self._calendar("Berlin", "Europe/Berlin")
        eva = self._employee("Eva", calendar=berlin)
        for day in ("2026-03-27", "2026-03-30"):
            self._punch(eva, f"{day} 08:26", tz=berlin.tz)
        self._punch(eva, "2026-03-31 08:25", tz=berlin.tz)

        late = self._late_minutes(eva, date_from="2026-03-01", date_to="2026-03-31")

        self.assertEqual(late, [("03-27", 1), ("03-30", 1)])

    def test_the_entry_tells_its_reason(self):
        punch = self._punch(self.ann, "2026-06-03 08:40")
        self._run()

        entry = self._entries(self.ann)
        self.assertEqual(
            entry.reason,
            "Arrived at 08:40:00, expected by 08:25: 15 min late. Offence no. 1 per month: warning.",
        )
        self.assertEqual((entry.evidence_model, entry.evidence_id), ("hr.attendance", punch.id))
        self.assertEqual((entry.due_at, entry.actual_at), (self._utc("2026-06-03 08:25"), punch.check_in))
        self.assertEqual(entry.version_id, self.rule.version_ids)

    def test_the_rule_says_itself_in_a_sentence(self):
        self.assertEqual(self.rule.summary, "Late after 08:25: warning, then 20 each time, per month")


@tagged("post_install", "-at_install")
class TestWorktime(BaseCase):
    """The examples of the engine hold."""

    def test_doctests_of_the_engine(self):
        result = doctest.testmod(worktime)
        self.assertGreater(result.attempted, 5)
        self.assertFalse(result.failed)
