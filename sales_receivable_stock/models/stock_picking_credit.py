# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import plaintext2html

from odoo.addons.sales_receivable_followup.engine import credit_check
from odoo.addons.sales_receivable_followup.engine.credit_check import APPROVE, DELIVERY, WARN


class StockPicking(models.Model):
    """Goods of a sales order are checked when they leave for the customer, however the delivery is done (GRD-04).

    The order is judged as a whole: what is invoiced of it stands in the ledger, the rest is counted beside it, each
    once. What the order's approval covers is not asked about again. A delivery without a sales order has no price and
    no terms that could be judged: it is left out, its invoice is checked.
    """

    _inherit = "stock.picking"

    credit_verdict = fields.Selection(
        [("ignore", "Nothing"), ("warn", "Noted"), ("approve", "Approval needed"), ("block", "Refused")],
        compute="_compute_credit_verdict",
    )
    credit_message = fields.Text(string="Credit Check", compute="_compute_credit_verdict")
    credit_is_waiting = fields.Boolean(
        string="Waiting for Credit Approval", related="sale_id.credit_is_waiting", related_sudo=True,
    )

    @api.depends("state", "sale_id.credit_request_ids.state", "sale_id.amount_total")
    def _compute_credit_verdict(self):
        self.credit_verdict, self.credit_message = "ignore", False
        pickings = self._credit_leaving()
        judged = pickings._credit_orders()._credit_findings(DELIVERY)
        for picking in pickings:
            order = picking.sudo().sale_id
            findings, facts = judged.get(order, ([], None))
            verdict = credit_check.verdict(findings)
            if verdict == APPROVE and order._credit_approval(findings):
                verdict = WARN
            picking.credit_verdict = verdict
            picking.credit_message = "\n".join(order._credit_sentence(finding, facts) for finding in findings)

    def _credit_leaving(self):
        """Deliveries, of whatever number of steps or from whomever, that bring goods of an order to its customer."""
        return self.filtered(
            lambda picking: picking.state not in ("done", "cancel") and picking.sale_id
            and picking.location_dest_id.usage == "customer" and picking.location_id.usage != "customer"
        )

    def _credit_orders(self):
        # sudo: who works in the warehouse need not be allowed to read orders; he is told what holds the delivery
        return self.sudo().sale_id.filtered(lambda order: order.state == "sale")

    def _credit_log(self, body):
        for picking in self:
            # sudo: whoever delivers, the note is the check's
            picking.sudo().message_post(body=plaintext2html(body), subtype_xmlid="mail.mt_note")

    def _action_done(self):
        """Check first; all that are done together, or none."""
        pickings = self._credit_leaving()
        if pickings:
            told = pickings.sudo().grouped("sale_id")
            pickings._credit_orders()._credit_check(stage=DELIVERY, told=told)
        return super()._action_done()

    def action_request_credit_approval(self, reason=None):
        """Ask for approval. Without a reason the form that asks for it is opened. Right: who may do the delivery."""
        self.ensure_one()
        self.check_access("write")
        if not self._credit_leaving() or not self._credit_orders():
            raise UserError(self.env._(
                "%(delivery)s is no open delivery of a sales order: there is nothing to approve.", delivery=self.name,
            ))
        if not (reason or "").strip():
            return self.env["sales.order.credit.reason"]._open(self, "request")
        return self._credit_orders()._credit_ask(reason, stage=DELIVERY)
