# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from . import credit_exposure_query
from .credit_checked import BY_PAYMENT, BY_SIGNATURE, BY_USER

#: Where a transaction notes which orders it has checked; a context could be forged by who calls from outside.
CHECKED = "sales_receivable_followup.checked_orders"
#: A confirmed order is to be owed by another customer, or later.
MOVED = "moved"


class SaleOrder(models.Model):
    """Orders are checked on the server when they are confirmed, whoever confirms them and however (GRD-03, GRD-04).

    A person or a program gets an error with figures and approver. A customer who signs or pays is never refused:
    his signature and his money are kept, and the order waits for whoever may approve it.
    """

    _name = "sale.order"
    _inherit = ["sale.order", "sales.credit.checked"]

    credit_request_ids = fields.One2many("sales.order.credit.request", "order_id", string="Credit Requests")

    @api.depends("credit_request_ids.state")
    def _compute_credit_is_waiting(self):
        return super()._compute_credit_is_waiting()

    @api.depends(
        "state", "partner_id", "partner_invoice_id", "company_id", "currency_id", "user_id", "amount_total",
        "payment_term_id", "amount_paid", "credit_request_ids.state",
    )
    def _compute_credit_verdict(self):
        return super()._compute_credit_verdict()

    def _credit_unconfirmed(self):
        return self.filtered(lambda order: order.state in ("draft", "sent") and order.partner_id)

    # ------------------------------------------------------------
    # What is known about an order
    # ------------------------------------------------------------

    def _credit_debtor(self):
        """The customer who will owe the order: whom its invoice is made out to."""
        return (self.partner_invoice_id or self.partner_id).commercial_partner_id._origin

    def _credit_user(self):
        return self.user_id

    def _credit_is_prepaid(self, total=None):
        """Paid in full; or, where the company lets that pass, payable at once."""
        self.ensure_one()
        return self._credit_is_paid(total) or (
            self.company_id.order_check_pass_immediate and self._credit_is_payable_at_once())

    def _credit_is_paid(self, total=None):
        self.ensure_one()
        total = self.amount_total if total is None else total
        return self._credit_is_paid_online(total) or (self.state == "sale" and self._credit_is_collected(total))

    def _credit_is_paid_online(self, total):
        return bool(total) and self.currency_id.compare_amounts(self.amount_paid, total) >= 0

    def _credit_is_collected(self, total):
        """So much of it is invoiced, and all of its invoices are paid."""
        self.ensure_one()
        invoices = self.invoice_ids.filtered(lambda move: move.state == "posted")
        return (
            bool(invoices)
            and self.currency_id.compare_amounts(self.amount_invoiced, total) >= 0
            and not any(move.currency_id.compare_amounts(move.amount_residual, 0) for move in invoices)
        )

    def _credit_is_payable_at_once(self):
        """An order without payment terms says nothing about when it is paid: that is not "at once".

        Nor is one that asks for a payment online which nobody has made: who confirms it by hand waives that.
        """
        self.ensure_one()
        return self._credit_is_paid_online(self.amount_total) or self.payment_term_id._credit_is_immediate()

    def _credit_amounts(self, company, today, totals):
        """A quotation counts with its total; of a confirmed order the ledger has what is invoiced."""
        confirmed = self.filtered(lambda order: order.state == "sale")
        billed = {}
        if confirmed:
            for model in ("sale.order.line", "account.move", "account.move.line"):
                self.env[model].flush_model()
            billed = {
                order_id: float(amount or 0)
                for order_id, amount in self.env.execute_query(credit_exposure_query.invoiced_of_orders(confirmed.ids))
            }
        amounts = {}
        for order in self:
            invoiced = billed.get(order.id, 0.0)
            rest = totals.get(order, order.amount_total) - invoiced - order._credit_paid_by_transactions()
            rest = max(rest, 0) if order in confirmed else rest
            amounts[order] = tuple(
                order.currency_id._convert(amount, company.currency_id, company, today) for amount in (rest, invoiced)
            )
        return amounts

    def _credit_counted_here(self):
        return {"without": self._origin.ids}

    def _credit_is_promised(self):
        return self.state == "sale"

    # ------------------------------------------------------------
    # In words
    # ------------------------------------------------------------

    def _credit_this(self):
        return self.env._("this order")

    def _credit_headline(self, stage):
        names = {"order": self.name, "customer": self._credit_debtor().sudo().name}
        changed = self.env.context.get("credit_check_grown")  # a matter of words only
        if not changed:
            return self.env._("%(order)s for %(customer)s is not confirmed.", **names)
        if changed == MOVED:
            return self.env._("%(order)s is confirmed and may not become a credit to %(customer)s.", **names)
        return self.env._("%(order)s for %(customer)s is confirmed and may not grow so much.", **names)

    def _credit_last_word(self):
        return self.env._(
            "The company does not let such orders pass. Collect what is open, or have the customer pay in advance.",
        )

    def _credit_how_to_ask(self, stage, approver):
        changed = self.env.context.get("credit_check_grown")
        if not changed:
            return self.env._("Press Request Approval on the order: %(user)s decides.", user=approver)
        if changed == MOVED:
            return self.env._(
                "Discard the change. Or cancel the order, set it to quotation, change it there and press Request "
                "Approval: %(user)s decides.", user=approver,
            )
        return self.env._(
            "Discard the change and choose Request Approval of a Larger Total in the order's Actions menu: %(user)s "
            "decides.", user=approver,
        )

    # ------------------------------------------------------------
    # Where orders are confirmed
    # ------------------------------------------------------------

    def _credit_wait(self, findings, facts, source):
        """Keep what the customer did, put the order before the approver, tell the customer that it is looked at."""
        self.ensure_one()
        order = self.sudo()  # sudo: the customer, or nobody at all, is the acting user
        if order.state == "draft":
            order.with_context(tracking_disable=True).action_quotation_sent()
        asked = order.credit_is_waiting
        reason = {
            BY_SIGNATURE: self.env._("Signed by the customer on the portal."),
            BY_PAYMENT: self.env._("Paid online by the customer."),
        }[source]
        self.env["sales.order.credit.request"].sudo()._submit(order, findings, facts, source, reason)
        if not asked:
            order.message_post(
                body=self.with_context(lang=order.partner_id.lang).env._(
                    "Thank you. We have received your order and will confirm it as soon as it has been looked at.",
                ),
                author_id=order.company_id.partner_id.id, message_type="comment", subtype_xmlid="mail.mt_comment",
            )

    def _credit_checked_ids(self):
        """Ids of the orders that this transaction has checked and is confirming."""
        return self.env.cr.cache.setdefault(CHECKED, set())

    def action_confirm(self):
        """Check first. A context may only make an order wait instead of giving an error, never let it pass."""
        source = self.env.context.get("credit_check_source")
        source = source if source in (BY_SIGNATURE, BY_PAYMENT) else BY_USER
        quotations = self.filtered(lambda order: order.state in ("draft", "sent"))
        orders = self - (quotations - quotations._credit_check(source))
        if self and not orders:
            return True  # all of them wait
        checked = self._credit_checked_ids()
        new = set(orders.ids) - checked
        checked |= new
        try:
            return super(SaleOrder, orders).action_confirm()
        finally:
            checked -= new

    def _validate_order(self):
        """The customer signed on the portal."""
        return super(SaleOrder, self.with_context(credit_check_source=BY_SIGNATURE))._validate_order()

    @api.model_create_multi
    def create(self, vals_list):
        with self._credit_create():
            orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sale")._credit_check()
        return orders

    def write(self, vals):
        """No way around the check by writing the state."""
        if vals.get("state") == "sale":
            checked = self._credit_checked_ids()
            self.filtered(lambda order: order.state != "sale" and order.id not in checked)._credit_check()
        return super().write(vals)

    def _action_cancel(self):
        result = super()._action_cancel()
        # sudo: who may cancel the order ends what was asked about it
        self.sudo().credit_request_ids._cancel()
        return result

    def action_request_credit_approval(self, reason=None, total=None):
        """Ask for approval. Without a reason the form that asks for it is opened. Right: who may change the order.

        :param total: the total that a confirmed order is to have
        """
        self.ensure_one()
        self.check_access("write")
        if self.state in ("draft", "sent"):
            return self._credit_ask(reason)
        if self.state != "sale":
            raise UserError(self.env._("%(order)s is cancelled: there is nothing to approve.", order=self.name))
        if not (reason or "").strip():
            return self.env["sales.order.credit.reason"]._open(self, "request")
        if self.currency_id.compare_amounts(total or 0, self.amount_total) <= 0:
            raise UserError(self.env._(
                "%(order)s is confirmed. Say which total above the present one it is to have.", order=self.name,
            ))
        return self.with_context(credit_check_grown=True)._credit_ask(reason, total=total)
