# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

from odoo.fields import Command
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
        # what is not committed is not counted by itself, and a plan for an empty table can take minutes
        self.env.cr.execute("ANALYZE hr_employee, hr_version, resource_resource, hr_attendance")
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

    def _record_rules(self, crowd, late):
        """A rule of each generic kind for a crowd; the first ``late`` have no log of 4 June but an old draft."""
        employees = self.env["hr.employee"].search([("company_id", "=", crowd.company_id.id)], order="id")
        self.env.cr.execute(SQL(
            "INSERT INTO sales_daily_log (employee_id, company_id, date, state, submitted_on, write_date) "
            "SELECT employee, %s, day::date, state, CASE state WHEN 'submitted' THEN day END, day "
            "FROM unnest(%s, %s, %s) AS log (employee, day, state)",
            crowd.company_id.id, employees.ids,
            [datetime(2026, 6, 2 if number < late else 4, 9) for number in range(len(employees))],
            ["draft" if number < late else "submitted" for number in range(len(employees))],
        ))
        logs = {"record_model": "sales.daily.log", "owner_field": "employee_id", "date_field": "date",
                "valid_from": "2026-06-04", "record_period": "day"}
        return self.env["sales.discipline.rule"].create([
            {
                "name": kind, "code": kind, "kind": kind, "company_id": crowd.company_id.id, "owner_id": self.ida.id,
                "state": "active", "version_ids": [Command.create({
                    **logs, **terms, "step_ids": [Command.create({"first": 1, "kind": "warning"})],
                })],
            }
            for kind, terms in (
                ("record_deadline", {"filed_field": "submitted_on"}),
                ("record_quota", {"quota_size": 1}),
                ("stale_record", {"stale_after": 1, "record_domain": "[('state', '=', 'draft')]"}),
            )
        ])

    def test_a_run_needs_as_many_queries_for_500_people_as_for_50(self):
        """50 people are late in both companies, and 50 are found by a rule of each generic kind; a run stays within
        60 queries, the month's period opened and caches filled included."""
        counts = []
        for name, size, late in (("Warm-up", 5, 5), ("Fifty", 50, 50), ("Five hundred", 500, 50)):
            rule = self._crowd(name, size, late)
            counts.append({rule.kind: self._counts(rule) for rule in (rule | self._record_rules(rule, late))})
            for found in self._entries_by_rule(rule.company_id):
                self.assertEqual(found, late)
        _warm_up, small, large = counts
        self.assertEqual(small, large)
        self.assertEqual(len(large), 4)
        self.assertLessEqual(max(max(kind) for kind in large.values()), 60)

    def _entries_by_rule(self, company):
        entries = self.env["sales.discipline.violation"].search([("company_id", "=", company.id)])
        return [len(of_rule) for of_rule in entries.grouped("rule_id").values()]

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
