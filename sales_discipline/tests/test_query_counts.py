# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo.tests import freeze_time, tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestQueryCounts(DisciplineCase):
    """Work grows with data, not with queries (design 6.6)."""

    def _crowd(self, size, name):
        """A company of that many people, each late twice."""
        company = self._company(name)
        rule = self._rule(f"Late at {name}", "LATE", company_id=company.id)
        employees = self.env["hr.employee"].create([
            {
                "name": f"{name} {number}", "company_id": company.id, "date_version": "2020-01-01",
                "resource_calendar_id": self.calendar.id,
            }
            for number in range(size)
        ])
        arrivals = [self._utc(f"2026-06-{day:02} 08:40") for day in (3, 4)]
        self.env["hr.attendance"].create([
            {"employee_id": employee.id, "check_in": arrival, "check_out": arrival + timedelta(hours=4)}
            for employee in employees for arrival in arrivals
        ])
        self.env.flush_all()
        self.env.invalidate_all()
        return rule

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    @freeze_time("2026-06-05 02:00:00")
    def test_a_run_needs_as_many_queries_for_500_as_for_50(self):
        """Judging, simulating, judging again and telling; a chunk stays within 12 queries of a run's 30."""
        Run = self.env["sales.discipline.run"]
        counts = []
        warm_up, *crowds = [self._crowd(size, f"Crowd {size}") for size in (5, 50, 500)]
        for rule in (warm_up, *crowds):
            span = {"rule_id": rule.id, "date_from": "2026-06-01", "date_to": "2026-06-30"}
            first, simulated, again = Run.create([span] * 3)
            entries = self.env["sales.discipline.violation"]
            counts.append((
                self._count(simulated.action_simulate),
                self._count(first.action_apply),
                self._count(again.action_apply),
                self._count(lambda: entries.search([("rule_id", "=", rule.id)])._tell()),
            ))
            self.assertEqual(first.propose_count, 2 * first.employee_total)
        small, large = counts[1:]
        self.assertEqual(small, large)
        self.assertLessEqual(large[2], 42)
