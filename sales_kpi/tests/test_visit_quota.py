# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import KpiCase


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 02:00:00")  # Monday 10:00 in Shanghai; 8 to 14 June is over
class TestVisitQuota(KpiCase):
    """VIS-03: at least 20 verified visits in an ISO week; each missing week is a warning here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quota = cls._quota_rule(scope="employee", employee_ids=cls.ann.ids)

    def _found(self, employee=None, date_from="2026-06-01", date_to="2026-06-30"):
        self._run(date_from, date_to, rule=self.quota)
        return [
            (entry.fact_date.strftime("%m-%d"), entry.quantity)
            for entry in self._entries(employee, self.quota) if entry.state != "withdrawn"
        ]

    def _leave(self, date_from, date_to, employee=None):
        """Approved leave, or a public holiday without an employee, in local time."""
        # Odoo moves public holidays from the zone of the user who enters them to that of the calendar.
        self.env["resource.calendar.leaves"].with_user(self.ida).sudo().create({
            "name": "Off",
            "company_id": self.company.id,
            "calendar_id": self.calendar.id,
            "resource_id": employee and employee.resource_id.id,
            "date_from": self._utc(date_from),
            "date_to": self._utc(date_to),
        })

    def test_nineteen_visits_are_one_too_few(self):
        """VIS-03: 20 visits a week. Week of 1 June 20 visits: met. Week of 8 June 19: one missing, on Friday."""
        self._made(self.ann, "2026-06-03", 20)
        self._made(self.ann, "2026-06-10", 18)
        self._made(self.ann, "2026-06-14")  # Sunday counts

        self.assertEqual(self._found(), [("06-12", 1)])
        entry = self._entries(self.ann, self.quota)
        self.assertIn("19 of 20", entry.reason)
        self.assertEqual(entry.step_kind, "warning")

    def test_only_verified_visits_recorded_the_same_day_count(self):
        """VIS-03, VIS-05: 17 good ones, one outside, one that nobody can tell, one recorded late: 3 missing."""
        self._made(self.ann, "2026-06-01", 20)
        self._made(self.ann, "2026-06-10", 17)
        self._made(self.ann, "2026-06-10", result="outside", result_reason="beyond")
        self._made(self.ann, "2026-06-10", result="cannot_tell", result_reason="denied")
        self._made(self.ann, "2026-06-10", check_out_forgotten=True)
        self.assertEqual(self._found(), [("06-12", 3)])

    def test_a_week_is_judged_when_it_is_over(self):
        """On Sunday 14 June 23:59 local time the week runs, a minute later it is over."""
        self._made(self.ann, "2026-06-01", 20)
        with freeze_time("2026-06-14 15:59:00"):
            self.assertEqual(self._found(), [])
        with freeze_time("2026-06-14 16:00:00"):
            self.assertEqual(self._found(), [("06-12", 20)])

    def test_leave_lowers_the_quota_pro_rata(self):
        """VIS-03: Thursday and Friday on leave: 12 of 3 days. Friday afternoon, 4 of 7.5 hours: 17 of 4.47 days."""
        self._leave("2026-06-04 08:00", "2026-06-05 18:00", self.ann)
        self._leave("2026-06-12 13:00", "2026-06-12 18:00", self.ann)
        self._made(self.ann, "2026-06-02", 12)
        self._made(self.ann, "2026-06-10", 16)
        self.assertEqual(self._found(), [("06-12", 1)])

    def test_public_holiday_lowers_it_and_moves_the_day(self):
        """Friday 12 June is a holiday: 16 of 4 days, found on Thursday."""
        self._leave("2026-06-12 00:00", "2026-06-12 23:59")
        self._made(self.ann, "2026-06-01", 20)
        self._made(self.ann, "2026-06-10", 15)
        self.assertEqual(self._found(), [("06-11", 1)])

    def test_a_week_of_leave_asks_for_nothing(self):
        self._leave("2026-06-08 08:00", "2026-06-12 18:00", self.ann)
        self._made(self.ann, "2026-06-01", 20)
        self.assertEqual(self._found(), [])

    def test_leave_approved_later_takes_the_entry_back(self):
        """Found on Friday 12 June with 8 missing; leave on Thursday and Friday makes 12 enough."""
        self._made(self.ann, "2026-06-01", 20)
        self._made(self.ann, "2026-06-08", 12)
        self.assertEqual(self._found(), [("06-12", 8)])

        self._leave("2026-06-11 08:00", "2026-06-12 18:00", self.ann)

        self.assertEqual(self._found(), [])
        self.assertEqual(self._entries(self.ann, self.quota).state, "withdrawn")

    def test_weeks_before_the_rule_or_the_employment_are_not_judged(self):
        """The rule starts Wednesday 3 June, Bob on Thursday 11 June: Ann owes from 8 June on, Bob 8 of two days."""
        self.quota.version_ids.valid_from = "2026-06-03"
        self.bob.version_id.contract_date_start = "2026-06-11"
        self.quota.employee_ids = [Command.link(self.bob.id)]
        self.assertEqual(self._found(self.ann), [("06-12", 20)])
        self.assertEqual(self._found(self.bob), [("06-12", 8)])

    def test_who_left_is_not_judged(self):
        self.ann.action_archive()
        self.assertEqual(self._found(), [])

    def test_run_that_starts_within_the_week_sees_all_of_it(self):
        """A run from Thursday on counts the visits of Monday."""
        self._made(self.ann, "2026-06-08", 20)
        self.assertEqual(self._found(date_from="2026-06-11"), [])

    def test_the_same_run_twice_writes_nothing_new(self):
        self._made(self.ann, "2026-06-01", 20)
        self.assertEqual(self._found(), [("06-12", 20)])
        self.assertEqual(self._found(), [("06-12", 20)])
        self.assertEqual(len(self._entries(self.ann, self.quota)), 1)

    def test_calendar_without_fixed_hours_works_monday_to_friday(self):
        self.calendar.write({"flexible_hours": True, "hours_per_day": 8})
        self._made(self.ann, "2026-06-01", 20)
        self._made(self.ann, "2026-06-10", 19)
        self.assertEqual(self._found(), [("06-12", 1)])

    def test_rule_says_itself_in_one_sentence(self):
        self.assertEqual(self.quota.summary, "Fewer than 20 verified visits a week: warning, per month")

    def test_queries_do_not_grow_with_people(self):
        """30 more people with visits: the same number of queries."""
        self.quota.scope = "company"

        def queries():
            self.env.invalidate_all()
            employees = self.env["hr.employee"].search([("company_id", "=", self.company.id)])
            before = self.env.cr.sql_log_count
            self.quota._detect(employees, self.quota._local_now().date().replace(day=1), self.quota._local_now().date())
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for index in range(30):
            self._made(self._employee(f"Extra {index}"), "2026-06-10", 2)
        self.assertEqual(queries(), few)

    def test_month_closed_before_its_last_week_is_over(self):
        """May closed on 1 June, before the week of 25 to 31 May was judged: booked in June, on the 29th."""
        def judge():
            with self._cron():
                self.env["sales.discipline.run"]._cron_judge()

        self.quota.version_ids.valid_from = "2026-05-18"
        self._made(self.ann, "2026-05-20", 20)
        with freeze_time("2026-05-30 20:00:00"):
            judge()
        with freeze_time("2026-06-01 00:30:00"):
            self._close("2026-05")
        with freeze_time("2026-06-01 20:00:00"):
            judge()

        entry = self._entries(self.ann, self.quota)
        self.assertEqual(
            [(str(entry.fact_date), entry.quantity, str(entry.period_id.date_from))], [("2026-05-29", 20, "2026-06-01")]
        )

    def test_a_visit_changed_after_the_night_is_judged_before_the_next(self):
        """20 made, that of Sunday without a place: one missing at night, dated Friday. Verified at 11:00: taken back.

        Plans are no reason to judge; nothing written, nothing judged.
        """
        self.env["sales.discipline.rule"].search([("id", "!=", self.quota.id)]).write({"state": "archived"})
        self._made(self.ann, "2026-06-01", 20)
        self._made(self.ann, "2026-06-10", 19)
        visit = self._made(self.ann, "2026-06-14", result="cannot_tell", result_reason="denied")

        def judge():
            with self._cron():
                self.env["sales.discipline.run"]._cron_judge()
            self.env.flush_all()
            for table in ("sales_visit", "sales_discipline_violation"):
                self.env.cr.execute(f"UPDATE {table} SET write_date = write_date - INTERVAL '2 days'")
            self.env.invalidate_all()

        self.quota.version_ids.valid_from = "2026-06-01"
        judge()
        entry = self._entries(self.ann, self.quota)
        self.assertEqual((str(entry.fact_date), entry.quantity, entry.state), ("2026-06-12", 1, "proposed"))
        self.assertFalse(self.quota._next_run())
        self._visit(self.ann, planned="2026-06-10")
        self.assertFalse(self.quota._next_run())

        visit.write({"result": "verified", "result_reason": "within"})
        judge()
        self.assertEqual(entry.state, "withdrawn")
        run = self.env["sales.discipline.run"].search([("rule_id", "=", self.quota.id)], limit=1)
        self.assertEqual((str(run.date_from), run.full), ("2026-06-08", False))
        self.assertFalse(self.quota._next_run())

    def test_uninstalling_keeps_the_ledger(self):
        """What uninstalling does to the kind: rules with entries are archived, so that no run fails over them."""
        judged, unused = self.quota, self._quota_rule(code="UNUSED", offence_group="unused")
        self._found()
        entries = self._entries(rule=judged)
        self.assertTrue(entries)

        judged._fields["kind"].ondelete["visit_quota"](judged | unused)

        self.assertFalse(unused.exists())
        self.assertEqual((judged.state, self._entries(rule=judged)), ("archived", entries))
