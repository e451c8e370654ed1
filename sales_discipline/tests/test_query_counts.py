# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import freeze_time, tagged

from .crowds import KINDS, CrowdCase


@tagged("post_install", "-at_install")
@freeze_time("2026-06-05 02:00:00")
class TestQueryCounts(CrowdCase):
    """Work grows with data, not with queries (design 6.6)."""

    def test_a_run_needs_as_many_queries_for_500_people_as_for_50(self):
        """For each kind of rule; a run stays within 60, the month's period opened and caches filled included."""
        self._assert_same_queries(KINDS, most=60)

    def test_findings_are_written_in_batches(self):
        """150 more late people cost a handful of queries more: rows go to the database by the hundred."""
        counts = []
        for name, size in (("Warm-up", 5), ("Few", 50), ("Many", 200)):
            company = self._crowd(name, size, offenders=size).company_id
            counts.append(self._counts(self._rule_of_kind("late", KINDS["late"], company)))
        _warm_up, few, many = counts

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
