# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, freeze_time, tagged

from .order_check_common import OrderCheckCase


@tagged("post_install", "-at_install")
@freeze_time("2026-07-31 09:00:00")
class TestOrderPhone(HttpCase, OrderCheckCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_leader_approves_on_the_phone(self):
        """GRD-04: Tom sees what is over by how much, approves and says why."""
        self._owes(180_000)
        order = self._order(30_000)
        order.action_request_credit_approval("They pay on Monday")
        request = self._request(order)
        self.start_tour("/odoo/orders-waiting", "order_approval", login="order-tom")
        self.assertEqual((request.state, request.decision_reason), ("approved", "Seen the bank slip"))
