# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
@freeze_time("2026-06-03 02:00:00")
class TestAuthority(DisciplineCase):
    """How far the power of each role goes (AUT): Gina is the general manager, Olga the sales administration."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gina = cls._user("gina")
        cls.company.discipline_general_manager_id = cls.gina
        cls.deputy = cls.env["hr.job"].create({
            "name": "Deputy department manager", "company_id": cls.company.id, "discipline_general_manager": True})
        cls.bob.job_id = cls.deputy

    def _late(self, *employees):
        for employee in employees:
            self._punch(employee, "2026-06-02 08:40")
            self._punch(employee, "2026-06-03 08:40")
        self._run()
        return {employee: self._entries(employee)[-1] for employee in employees}

    def test_fine_for_a_deputy_department_manager(self):
        """AUT example 1, AUT-01, AUT-02 below=deputy department manager: not the director, routed to the GM."""
        entries = self._late(self.ann, self.bob)
        fine = entries[self.bob]
        self.assertEqual((fine.step_kind, fine.amount), ("fine", 20))
        self.assertEqual((fine.decider_id, fine.decider_role), (self.gina, "general_manager"))
        self.assertEqual((entries[self.ann].decider_id, entries[self.ann].decider_role), (self.sue, "supervisor"))

        fine.with_user(self.bob.user_id).appeal("I was at the customer's")
        for user in (self.olga, self.sue):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                fine.with_user(user).decide("uphold", "No")
        fine.with_user(self.gina).decide("waive", "He was")
        self.assertEqual((fine.state, fine.decided_by_id), ("waived", self.gina))

    def test_managers_of_departments_are_the_general_managers(self):
        self.env["hr.department"].create({
            "name": "Showroom", "company_id": self.company.id, "manager_id": self.ann.id})
        self.assertEqual(self._late(self.ann)[self.ann].decider_id, self.gina)

    def test_silence_of_the_general_manager_lapses(self):
        """AUT-02: nobody above him; nobody below decides in his place."""
        entry = self._late(self.bob)[self.bob]
        entry.with_user(self.bob.user_id).appeal("Why me")
        with freeze_time("2026-06-30 02:00:00"):
            self._tell()
        self.assertEqual((entry.state, entry.decider_id), ("waived", self.gina))

    def test_nobody_judges_himself(self):
        """The general manager's own entry goes the way of the rule."""
        self.company.discipline_general_manager_id = self.bob.user_id
        self.assertEqual(self._late(self.bob)[self.bob].decider_id, self.sue)

    def test_without_a_general_manager_the_rule_decides(self):
        self.company.discipline_general_manager_id = False
        self.assertEqual(self._late(self.bob)[self.bob].decider_id, self.sue)

    def test_as_many_queries_for_many(self):
        """Design 6.6: the routing of 20 entries costs as many queries as that of 1."""
        entries = self._late(self.ann, self.bob, self.zoe)
        entries = self.env["sales.discipline.violation"].union(*entries.values()) | self._entries()

        def queries(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._reserved_entries()
            return self.env.cr.sql_log_count - before

        self.assertEqual(queries(self._entries(self.bob)[0]), queries(entries))

    def test_span_of_control(self):
        """AUT-05 max_direct_reports=10: ten report to Sue: fine; an eleventh: warning, in the form and in the list."""
        officer = new_test_user(
            self.env, "hanna", groups="hr.group_hr_user", company_id=self.company.id, company_ids=self.company.ids)
        sue = self.sue_employee.with_user(officer)
        for number in range(10):
            self._employee(f"Report {number}", parent_id=self.sue_employee.id)
        self.assertEqual((sue.discipline_report_count, sue.discipline_over_span), (10, False))
        self._employee("One more", parent_id=self.sue_employee.id)
        self.env.invalidate_all()
        self.assertEqual((sue.discipline_report_count, sue.discipline_over_span), (11, True))
        self.assertEqual(sue.search([("discipline_over_span", "=", True)]), sue)
        self.assertNotIn(sue, sue.search([("discipline_over_span", "=", False)]))
        self.company.discipline_max_direct_reports = 0
        self.assertFalse(sue.search([("discipline_over_span", "=", True)]))

