# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A customer pays online with Odoo's own demonstration provider; the test databases have `payment_demo` for it."""

from odoo import Command
from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.payment_demo.controllers.main import PaymentDemoController
from odoo.addons.sales_receivable_followup.tests.order_check_common import OrderCheckCase


@tagged("post_install", "-at_install")
@freeze_time("2026-07-31 09:00:00")
class TestOnlinePayment(HttpCase, OrderCheckCase):
    """GRD-04: a payment is never refused. What is over the limit is booked all the same, and the order waits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls._prepare_provider(code="demo")

    def _pay(self, order, amount):
        """As the payment form of the portal does, and then its page of the payment's status."""
        transaction = self._create_transaction(
            "direct", amount=amount, currency_id=order.currency_id.id, partner_id=order.partner_id.id,
            sale_order_ids=[Command.set(order.ids)], reference=order.name,
        )
        self.make_jsonrpc_request(PaymentDemoController._simulation_url, {
            "reference": transaction.reference, "payment_details": "4242", "simulated_state": "done",
        })
        transaction._post_process()
        return transaction

    def test_over_the_limit(self):
        """Limit 200,000, open 180,000, order 50,000, of which 15,000 are paid: 15,000 over, posted, waiting."""
        self._owes(180_000)
        order = self._order(50_000, require_signature=False, require_payment=True, prepayment_percent=0.3)

        payment = self._pay(order, 15_000).payment_id

        self.assertEqual((payment.move_id.state, payment.amount, payment.partner_id), ("posted", 15_000, self.buyer))
        self.assertEqual(
            payment.move_id.line_ids.filtered(lambda line: line.account_id == self.receivable).balance, -15_000,
        )
        self.assertEqual((order.state, order.credit_is_waiting), ("sent", True))
        self.assertEqual((self._request(order).source, self._request(order).excess), ("payment", 15_000))

    def test_within_the_limit(self):
        """Limit 200,000, open 160,000, order 50,000, of which 15,000 are paid: confirmed."""
        self._owes(160_000)
        order = self._order(50_000, require_signature=False, require_payment=True, prepayment_percent=0.3)

        payment = self._pay(order, 15_000).payment_id

        self.assertEqual((payment.move_id.state, order.state, order.credit_is_waiting), ("posted", "sale", False))
