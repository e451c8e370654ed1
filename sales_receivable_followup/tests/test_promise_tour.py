# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields
from odoo.tests import HttpCase, tagged

from .promise_common import PromiseCase


@tagged("post_install", "-at_install")
class TestPromisePhone(PromiseCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_salesperson_takes_a_promise_on_the_phone(self):
        """DUN-04: Ann, without a right to the books, ticks the open item; amount, reason and day are kept."""
        today = fields.Date.today()
        self._pay(self._invoice(self.buyer, 1_000, today), 400, today)
        self._invoice(self._customer("Not hers", self.bob), 77, today)
        self.start_tour("/odoo/payment-promises", "payment_promise_taken", login="ann")
        promise = self.env["sales.payment.promise"].search([("partner_id", "=", self.buyer.id)])
        self.assertEqual(
            (promise.amount, promise.reason, str(promise.promised_on), promise.item_ids.amount, promise.taken_by_id),
            (600, "Waits for a payment of his own", "2099-12-31", 600, self.ann))
