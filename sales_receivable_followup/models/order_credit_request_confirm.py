# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

import psycopg2

from odoo import models
from odoo.exceptions import UserError

from .credit_checked import BY_PAYMENT

_logger = logging.getLogger(__name__)


class OrderCreditRequest(models.Model):
    """What follows an approval that only the customer was waiting for (GRD-04)."""

    _inherit = "sales.order.credit.request"

    def _confirm_order(self):
        """The customer has signed or paid already: his order waited for nothing else."""
        order = self.order_id
        if order.state not in ("draft", "sent"):
            return
        try:
            with self.env.cr.savepoint():
                order.with_context(send_email=True).action_confirm()
        except UserError as error:
            order._credit_log(self.env._(
                "Approved, but not confirmed: %(error)s\nMend it and confirm the order.", error=str(error),
            ))
            return
        if self.source == BY_PAYMENT and order.state == "sale":
            self._invoice_order()

    def _invoice_order(self):
        """What Odoo does on payment, where it is set to, it could not do while the order waited."""
        order = self.order_id
        try:
            with self.env.cr.savepoint():
                order.transaction_ids._invoice_approved_order()
        except psycopg2.OperationalError:
            raise  # two at once: the whole transaction is repeated
        except Exception as error:
            _logger.exception("Order %s is approved and confirmed, but its invoice failed", order.id)
            order._credit_log(self.env._(
                "Confirmed, but not invoiced: %(error)s\nMend it and invoice the order.", error=str(error),
            ))
