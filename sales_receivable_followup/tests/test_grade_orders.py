# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .credit_common import CreditCase
from .order_check_common import OrderCheckCase


@tagged("post_install", "-at_install")
@freeze_time("2026-07-31 09:00:00")
class TestGradedOrders(OrderCheckCase):
    """The order check reads the limits that grades and extra limits give (GRD-02)."""

    def setUp(self):
        super().setUp()
        policy = CreditCase._policy.__func__(type(self))
        policy.action_activate()
        self.grades = {grade.code: grade for grade in policy.version_id.grade_ids}

    def _give(self, code):
        self.env["sales.customer.grade.proposal"].create({
            "partner_id": self.buyer.id, "grade_id": self.grades[code].id, "reason": "Asked for",
        }).approve("Agreed")

    def test_graded_b_owes_180_000_and_orders_30_000(self):
        """GRD example 1: 210,000 is 10,000 over B's 200,000: waits; with 10,000 extra it passes."""
        self._give("B")
        self._owes(180_000)
        order = self._order(30_000)
        with self.assertRaises(UserError):
            order.action_confirm()
        self.env["sales.customer.credit.extra"].create({
            "partner_id": self.buyer.id, "amount": 10_000, "date_from": "2026-07-31", "date_to": "2026-08-05",
            "reason": "Fair",
        }).approve("Agreed")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_cash_grade_is_no_credit_at_all(self):
        """Core's limit of 0 means no limit; grade D means cash: 30 days wait, at once passes."""
        self._give("D")
        order = self._order(10)
        with self.assertRaises(UserError):
            order.action_confirm()
        order.payment_term_id = self.cash
        order.action_confirm()
        self.assertEqual(order.state, "sale")
