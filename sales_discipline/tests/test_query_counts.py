# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common import DisciplineCase


@tagged("post_install", "-at_install")
@freeze_time("2026-06-05 02:00:00")
class TestQueryCounts(DisciplineCase):
    """Work grows with data, not with queries (design 6.6)."""

    def setUp(self):
        super().setUp()
        # drawing 500 avatars takes minutes
        self.patch(self.registry["hr.employee"], "_avatar_generate_svg", lambda employee: False)

    def _crowd(self, name, size, late):
        """A company of that many people at work on 3 June, the first ``late`` of them late."""
        company = self._company(name)
        rule = self._rule(f"Late at {name}", "LATE", company_id=company.id)
        employees = self.env["hr.employee"].create([
            {
                "name": f"{name} {number}", "company_id": company.id, "date_version": "2020-01-01",
                "resource_calendar_id": self.calendar.id,
            }
            for number in range(size)
        ])
        self.env.flush_all()
        arrival = {True: self._utc("2026-06-03 08:40"), False: self._utc("2026-06-03 08:20")}
        # punches as they lie in the table: creating them by the ORM computes extra hours for minutes
        self.env.cr.execute(SQL(
            "INSERT INTO hr_attendance (employee_id, check_in, check_out, date, in_mode, write_date) "
            "SELECT employee, arrival, arrival + interval '4 hours', '2026-06-03', 'kiosk', arrival "
            "FROM unnest(%s, %s) AS punch (employee, arrival)",
            employees.ids, [arrival[number < late] for number in range(size)],
        ))
        return rule

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _counts(self, rule):
        """Queries to simulate, to judge, to judge again and to tell."""
        span = {"rule_id": rule.id, "date_from": "2026-06-01", "date_to": "2026-06-30"}
        simulated, first, again = self.env["sales.discipline.run"].create([span] * 3)
        entries = self.env["sales.discipline.violation"]
        return (
            self._count(simulated.action_simulate),
            self._count(first.action_apply),
            self._count(again.action_apply),
            self._count(lambda: entries.search([("rule_id", "=", rule.id)])._tell()),
        )

    def test_a_run_needs_as_many_queries_for_500_people_as_for_50(self):
        """50 people are late in both companies; a run stays within 50 queries, the month's period opened and
        caches filled included."""
        self._counts(self._crowd("Warm-up", 5, late=5))
        small = self._counts(self._crowd("Fifty", 50, late=50))
        large = self._counts(self._crowd("Five hundred", 500, late=50))

        self.assertEqual(small, large)
        self.assertLessEqual(max(small), 50)

    def test_findings_are_written_in_batches(self):
        """150 more late people cost a handful of queries more: rows go to the database by the hundred."""
        self._counts(self._crowd("Warm-up", 5, late=5))
        few = self._counts(self._crowd("Few", 50, late=50))
        many = self._counts(self._crowd("Many", 200, late=200))

        self.assertLessEqual(sum(many) - sum(few), 10)

    def test_notices_to_users_are_planned_in_one_go(self):
        """Telling 12 people instead of 2: Odoo makes each user a follower, 5 queries each; ours are constant."""
        counts = []
        for number, size in enumerate((2, 2, 12)):
            team = self._team(f"Team {number}", self.sue)
            people = [self._salesperson(f"rep{number}x{index}", team) for index in range(size)]
            for person in people:
                self._punch(person, "2026-06-03 08:40")
            self._run()
            entries = self.env["sales.discipline.violation"].search([
                ("employee_id", "in", [person.id for person in people]), ("state", "=", "proposed"),
            ])
            self.assertEqual(len(entries), size)
            counts.append(self._count(entries._tell))
        _warm_up, small, large = counts
        self.assertLessEqual(large - small, 5 * (12 - 2))
