# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import plaintext2html

from ..engine.credit_check import APPROVE, INVOICE, verdict
from .credit_checked import BY_SCHEDULE, BY_USER


class _Mark(str):
    """A value of a context that nobody can send from outside: it is recognised by what it is, not by what it says."""


#: Invoices are posted by the scheduled action, or because the customer has paid online.
SCHEDULED, PAID = _Mark("schedule"), _Mark("payment")


class AccountMove(models.Model):
    """Customer invoices are checked on the server when they are posted, however they are (GRD-03, GRD-04).

    An order counts what it promises; its invoice replaces that and is counted once. What the order's approval covers
    is not asked about again. Goods that have left are invoiced: what stands against it is noted.
    """

    _name = "account.move"
    _inherit = ["account.move", "sales.credit.checked"]
    _credit_stage = INVOICE

    credit_request_ids = fields.One2many("sales.order.credit.request", "move_id", string="Credit Requests")

    @api.depends("credit_request_ids.state")
    def _compute_credit_is_waiting(self):
        return super()._compute_credit_is_waiting()

    @api.depends(
        "state", "move_type", "partner_id", "company_id", "currency_id", "invoice_user_id", "amount_total",
        "invoice_payment_term_id", "credit_request_ids.state",
    )
    def _compute_credit_verdict(self):
        return super()._compute_credit_verdict()

    def _credit_unconfirmed(self):
        """Draft invoices of customers. What a shop sold over the counter has left it; credit notes lower the debt."""
        return self.filtered(
            lambda move: move.state == "draft" and move.move_type == "out_invoice" and move.commercial_partner_id
            and not ("pos_order_ids" in move._fields and move.sudo()["pos_order_ids"])
        )

    # ------------------------------------------------------------
    # What is known about an invoice
    # ------------------------------------------------------------

    def _credit_debtor(self):
        return self.commercial_partner_id._origin

    def _credit_user(self):
        return self.invoice_user_id

    def _credit_lines(self):
        """What it sells, read together with the lines of the invoices beside it."""
        lines = self.invoice_line_ids
        return lines.filtered(lambda line: line.display_type == "product").with_prefetch(lines._prefetch_ids)

    def _credit_orders(self):
        """The orders that it invoices, if it invoices nothing else and not more than they are worth."""
        self.ensure_one()
        lines = self._credit_lines()
        orders = lines.sale_line_ids.order_id
        if (
            not all(line.sale_line_ids for line in lines) or orders.currency_id != self.currency_id
            or self.currency_id.compare_amounts(
                sum(order.amount_invoiced for order in orders) + self.amount_total, sum(orders.mapped("amount_total")),
            ) > 0
        ):
            return orders.browse()
        return orders

    def _credit_is_prepaid(self, total=None):
        """Paid in full, or itself what is paid in advance; or, where the company lets that pass, payable at once."""
        self.ensure_one()
        if self._is_downpayment():
            return True
        if self.amount_total and self.currency_id.compare_amounts(self.amount_paid, self.amount_total) >= 0:
            return True
        if self.company_id.order_check_pass_immediate and self._credit_is_payable_at_once():
            return True
        orders = self._credit_orders()
        return bool(orders) and all(order._credit_is_paid() for order in orders)

    def _credit_is_payable_at_once(self):
        return self.invoice_payment_term_id._credit_is_immediate()

    def _credit_is_only_noted(self):
        """What it invoices has been delivered, all of it."""
        move = self.sudo()  # sudo: who posts invoices need not be allowed to read orders
        if not move.company_id.invoice_check_pass_delivered:
            return False
        lines = move._credit_lines()
        return bool(lines) and all(
            line.sale_line_ids and all(
                sold.is_downpayment or sold.product_uom_id.compare(sold.qty_delivered, sold.qty_invoiced) >= 0
                for sold in line.sale_line_ids
            ) for line in lines
        )

    def _credit_amounts(self, company, today, totals):
        return {
            move: (
                move.currency_id._convert(
                    move.amount_total - move._credit_paid_by_transactions(), company.currency_id, company,
                    move.invoice_date or today,
                ), 0.0,
            ) for move in self
        }

    def _credit_counted_here(self):
        return {"counting": self._origin.ids}

    def _credit_is_promised(self):
        return bool(self.sudo()._credit_orders())  # sudo: who posts invoices need not be allowed to read orders

    def _credit_approval(self, findings, total=None):
        """Its own; or that of its orders, which were approved with what they will be invoiced for."""
        approval = super()._credit_approval(findings, total)
        if approval:
            return approval
        approvals = [order._credit_approval(findings) for order in self._credit_orders()]
        return approvals[0] if approvals and all(approvals) else self.env["sales.order.credit.request"]

    # ------------------------------------------------------------
    # In words
    # ------------------------------------------------------------

    def _credit_this(self):
        return self.env._("this invoice")

    def _credit_headline(self, stage):
        return self.env._(
            "%(invoice)s for %(customer)s is not posted.", invoice=self.display_name,
            customer=self._credit_debtor().sudo().name,
        )

    def _credit_last_word(self):
        return self.env._(
            "The company does not let such invoices pass. Collect what is open, or have the customer pay in advance.",
        )

    def _credit_how_to_ask(self, stage, approver):
        return self.env._("Press Request Approval on the invoice: %(user)s decides.", user=approver)

    def _credit_wait(self, findings, facts, source):
        """The scheduled action goes on: the invoice stays a draft, whoever may approve it is asked."""
        self.ensure_one()
        move = self.sudo()  # sudo: nobody acts
        told = "\n".join(move._credit_sentence(finding, facts) for finding in findings)
        if verdict(findings) == APPROVE:
            asked = move.credit_is_waiting
            self.env["sales.order.credit.request"].sudo()._submit(
                move, findings, facts, source, self.env._("Due to be posted automatically."))
        else:
            summary = self.env._("Not posted automatically")
            asked = move.activity_ids.filtered(lambda activity: activity.summary == summary)
            if not asked:
                move.activity_schedule(
                    "mail.mail_activity_data_todo", user_id=move.invoice_user_id.id or self.env.uid,
                    summary=summary, note=plaintext2html(told),
                )
        if not asked:
            move._credit_log(self.env._("Not posted automatically; it stays a draft.\n%(findings)s", findings=told))

    # ------------------------------------------------------------
    # Where invoices are posted
    # ------------------------------------------------------------

    def _post(self, soft=True):
        """Check first; who may not post at all is told so by Odoo. Future entries are checked on their day."""
        if not self.env.su and not self.env.user.has_group("account.group_account_invoice"):
            return super()._post(soft)
        today = fields.Date.context_today(self)
        mark = self.env.context.get("credit_check_move")
        invoices = self._credit_unconfirmed().filtered(lambda move: not soft or move.date <= today)
        held = invoices - invoices._credit_check(
            BY_SCHEDULE if mark is SCHEDULED else BY_USER, only_note=mark is PAID,
        ) if invoices else invoices
        return super(AccountMove, self - held)._post(soft)

    def _autopost_draft_entries(self, batch_size=100):
        return super(AccountMove, self.with_context(credit_check_move=SCHEDULED))._autopost_draft_entries(batch_size)

    def button_cancel(self):
        result = super().button_cancel()
        # sudo: who may cancel the invoice ends what was asked about it
        self.sudo().credit_request_ids._cancel()
        return result

    def action_request_credit_approval(self, reason=None):
        """Ask for approval. Without a reason the form that asks for it is opened. Right: who may change the invoice."""
        self.ensure_one()
        self.check_access("write")
        if not self._credit_unconfirmed():
            raise UserError(self.env._("%(invoice)s is not a draft: there is nothing to approve.", invoice=self.display_name))
        return self._credit_ask(reason)
