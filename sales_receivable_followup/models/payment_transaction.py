# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.fields import Command
from odoo.tools import str2bool

from .account_move_credit import PAID
from .credit_checked import BY_PAYMENT


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        """A payment is never refused: it is booked, and an order that needs approval waits for it (GRD-04)."""
        orders = super(
            PaymentTransaction, self.with_context(credit_check_source=BY_PAYMENT),
        )._check_amount_and_confirm_order()
        return orders.filtered(lambda order: order.state == "sale").with_env(self.env)

    def _post_process(self):
        """Nor is the invoice of what was paid for: what stands against it is noted."""
        return super(PaymentTransaction, self.with_context(credit_check_move=PAID))._post_process()

    def _invoice_approved_order(self):
        """Invoice the order that waited when its customer paid, as Odoo would have done on payment (GRD-04).

        By then the payments are booked: each is matched with the invoice here.
        """
        paid = self.filtered(lambda tx: tx.state == "done" and tx.operation != "validation").sorted("id")
        parameters = self.env["ir.config_parameter"].sudo()
        if not paid or not str2bool(parameters.get_param("sale.automatic_invoice")):
            return
        paid = paid.with_context(credit_check_move=PAID)
        last = paid[-1]  # one invoice: Odoo makes a down payment of all that was paid for the order
        last._invoice_sale_orders()
        invoices = last.invoice_ids
        paid.invoice_ids = [Command.link(invoice.id) for invoice in invoices]
        invoices.filtered(lambda move: move.state == "draft").action_post()
        for payment in paid.payment_id:
            lines = (payment.move_id.line_ids + invoices.line_ids).filtered_domain([
                ("account_id", "=", payment.destination_account_id.id), ("reconciled", "=", False),
                ("parent_state", "=", "posted"),
            ])
            lines.reconcile()
        cron = self.env.ref("sale.send_invoice_cron", raise_if_not_found=False)
        if cron and str2bool(parameters.get_param("sale.async_emails")):
            cron._trigger()
        else:
            last._send_invoice()
