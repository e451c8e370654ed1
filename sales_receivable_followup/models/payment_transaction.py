# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .sale_order import BY_PAYMENT


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        """A payment is never refused: it is booked, and an order that needs approval waits for it (GRD-04)."""
        orders = super(
            PaymentTransaction, self.with_context(credit_check_source=BY_PAYMENT),
        )._check_amount_and_confirm_order()
        return orders.filtered(lambda order: order.state == "sale").with_env(self.env)
