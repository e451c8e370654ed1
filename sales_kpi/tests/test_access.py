# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import ADMINISTRATOR, KpiCase


@tagged("post_install", "-at_install")
@freeze_time("2026-06-03 02:00:00")
class TestAccess(KpiCase):
    """A salesperson sees himself, a manager his team, an administrator all, nobody another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visits = {employee: cls._visit(employee) for employee in (cls.ann, cls.bob, cls.zoe)}

    def _seen(self, user):
        visits = self.env["sales.visit"].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return visits.search([("id", "in", [visit.id for visit in self.visits.values()])]).employee_id.ids

    def test_salesperson_sees_and_writes_own_visits_only(self):
        self.assertEqual(self._seen(self.ann.user_id), self.ann.ids)
        with self.assertRaises(AccessError):
            self.visits[self.bob].with_user(self.ann.user_id).planned_date = "2026-06-04"
        with self.assertRaises(AccessError):
            self.env["sales.visit"].with_user(self.ann.user_id).create({
                "partner_id": self.shop.id, "employee_id": self.bob.id,
            })

    def test_manager_sees_the_own_team(self):
        """By sales team (Sue leads Ann and Bob), or by the employee's manager (Zoe reports to Sue's employee)."""
        self.assertEqual(set(self._seen(self.sue)), {self.ann.id, self.bob.id})
        self.assertEqual(self._seen(self.tom), self.zoe.ids)
        self.zoe.parent_id = self.sue_employee
        self.env.registry.clear_cache()
        self.assertEqual(set(self._seen(self.sue)), {self.ann.id, self.bob.id, self.zoe.id})

    def test_a_former_leader_sees_nothing_any_more(self):
        """Odoo archives a membership that ends."""
        self.ann.user_id.crm_team_member_ids.active = False
        self.env.flush_all()
        self.assertEqual(self._seen(self.sue), self.bob.ids)

    def test_administrator_sees_all_of_his_company(self):
        boss = self._user("boss", ADMINISTRATOR)
        self.assertEqual(len(self._seen(boss)), 3)
        other = self._company("Other Ltd")
        stranger = self._user("stranger", ADMINISTRATOR, company=other)
        self.assertEqual(self._seen(stranger), [])

    def test_without_a_group_there_are_no_visits_and_no_cards_of_others(self):
        nobody = new_test_user(self.env, "nobody", groups="base.group_portal")
        with self.assertRaises(AccessError):
            self.env["sales.visit"].with_user(nobody).search([])
        with self.assertRaises(AccessError):
            self.env["sales.my.day"].with_user(nobody).get_my_day()

    def test_nobody_checks_in_for_another(self):
        visit = self.visits[self.ann].with_user(self.sue)
        for call in (
            lambda: visit.action_check_in(latitude=1.0, longitude=1.0, accuracy=1.0),
            visit.action_check_out, visit.action_open_check_out, visit.action_cancel,
        ):
            with self.assertRaisesRegex(UserError, "This is the visit of Ann"):
                call()
        with self.assertRaises(AccessError):
            self.visits[self.ann].with_user(self.bob.user_id).action_check_in(error="denied")

    def test_manager_plans_for_the_team(self):
        visit = self.env["sales.visit"].with_user(self.sue).create({
            "partner_id": self.shop.id, "employee_id": self.ann.id,
        })
        self.assertEqual(visit.user_id, self.ann.user_id)
        with self.assertRaises(AccessError):
            self.env["sales.visit"].with_user(self.sue).create({
                "partner_id": self.shop.id, "employee_id": self.zoe.id,
            })
