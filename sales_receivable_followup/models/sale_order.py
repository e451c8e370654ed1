# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
from collections import defaultdict

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import plaintext2html

from ..engine import credit_check
from ..engine.credit_check import APPROVE, BLOCK, LIMIT, WARN

_logger = logging.getLogger(__name__)

#: Where a transaction notes which orders it has checked; a context could be forged by who calls from outside.
CHECKED = "sales_receivable_followup.checked_orders"
BY_USER, BY_SIGNATURE, BY_PAYMENT = "user", "signature", "payment"


class SaleOrder(models.Model):
    """Orders are checked on the server when they are confirmed, whoever confirms them and however (GRD-03, GRD-04).

    A person or a program gets an error with figures and approver. A customer who signs or pays is never refused:
    his signature and his money are kept, and the order waits for whoever may approve it.
    """

    _inherit = "sale.order"

    credit_request_ids = fields.One2many("sales.order.credit.request", "order_id", string="Credit Requests")
    credit_is_waiting = fields.Boolean(
        string="Waiting for Credit Approval", compute="_compute_credit_is_waiting", compute_sudo=True,
    )
    credit_verdict = fields.Selection(
        [("ignore", "Nothing"), (WARN, "Noted"), (APPROVE, "Approval needed"), (BLOCK, "Refused")],
        compute="_compute_credit_verdict",
        help="What would happen if the quotation were confirmed now.",
    )
    credit_message = fields.Text(string="Credit Check", compute="_compute_credit_verdict")

    @api.depends("credit_request_ids.state")
    def _compute_credit_is_waiting(self):
        for order in self:
            order.credit_is_waiting = "requested" in order.credit_request_ids.mapped("state")

    @api.depends(
        "state", "partner_id", "partner_invoice_id", "company_id", "currency_id", "user_id", "amount_total",
        "payment_term_id", "require_payment", "prepayment_percent", "credit_request_ids.state",
    )
    def _compute_credit_verdict(self):
        """Shown before it happens. What Odoo's own banner says about the limit is not said twice."""
        self.credit_verdict, self.credit_message = "ignore", False
        quotations = self.filtered(lambda order: order.state in ("draft", "sent") and order.partner_id)
        for order, (findings, facts) in quotations._credit_findings().items():
            order.credit_verdict = credit_check.verdict(findings)
            if order.credit_verdict == APPROVE and order.sudo()._credit_approval(findings):
                order.credit_verdict = WARN
            order.credit_message = "\n".join(
                order._credit_sentence(finding, facts) for finding in findings
                if finding.kind != LIMIT or not order.partner_credit_warning
            )

    # ------------------------------------------------------------
    # The check
    # ------------------------------------------------------------

    def _credit_findings(self, lock=False):
        """``{order: (findings, facts)}``; each order counts those before it in ``self``.

        A check that breaks down must not stop an order: it is written to the log and to the order, which passes.
        """
        try:
            with self.env.cr.savepoint():
                facts = self._credit_facts(lock=lock)
        except psycopg2.OperationalError:
            raise  # two at once: the whole transaction is repeated
        except Exception:
            _logger.exception("Credit check of orders %s failed; they pass unchecked", self.ids)
            if lock:
                self._credit_log(self.env._("The credit check failed and was left out; the server's log says why."))
            return {}
        result, earlier = {}, defaultdict(float)
        for order in self:
            debtor, user = order._credit_debtor(), order.user_id
            known = facts[order]._replace(
                orders=facts[order].orders + earlier[debtor],
                authority_used=facts[order].authority_used + earlier[order.company_id, user],
            )
            company = order.company_id.sudo()
            result[order] = credit_check.check(known, company._order_check_policy(), company._arrears_today()), known
            earlier[debtor] += known.order
            earlier[order.company_id, user] += known.order
        return result

    def _credit_check(self, source=BY_USER):
        """Return the orders that may be confirmed now; the others wait, or there is an error.

        :param source: how they are confirmed; only a user gets an error, a customer's order waits
        """
        waiting = self.browse()
        for order, (findings, facts) in self._credit_findings(lock=True).items():
            verdict = credit_check.verdict(findings)
            approval = order.sudo()._credit_approval(findings) if verdict == APPROVE else None
            if approval:
                order._credit_log(self.env._(
                    "Confirmed with the approval of %(user)s: %(reason)s",
                    user=approval.decided_by_id.name, reason=approval.decision_reason,
                ))
            elif verdict in (APPROVE, BLOCK):
                if source == BY_USER:
                    raise UserError(order._credit_refusal(findings, facts, verdict))
                order._credit_wait(findings, facts, source)
                waiting |= order
            elif findings:
                order._credit_log("\n".join(order._credit_sentence(finding, facts) for finding in findings))
        return self - waiting

    def _credit_approval(self, findings):
        """The approval that covers these findings of the order as it is now, if any."""
        self.ensure_one()
        for request in self.credit_request_ids.filtered(lambda request: request.state == "approved"):
            if request.currency_id == self.currency_id and request.partner_id == self._credit_debtor() and (
                credit_check.covered(
                    request._get_kinds(), request.order_amount, findings, self.amount_total,
                    self.currency_id.decimal_places,
                )
            ):
                return request
        return self.env["sales.order.credit.request"]

    def _credit_refusal(self, findings, facts, verdict):
        """The error: what stands against the order, and what to do about it."""
        self.ensure_one()
        told = "\n".join(f"- {self._credit_sentence(finding, facts)}" for finding in findings)
        if verdict == BLOCK:
            advice = self.env._(
                "The company does not let such orders pass. Collect what is open, or have the customer pay in advance.",
            )
        elif self.sudo().credit_is_waiting:
            request = self.sudo().credit_request_ids.filtered(lambda request: request.state == "requested")[:1]
            advice = self.env._("%(user)s has been asked to approve it.", user=request._get_approver_names())
        else:
            approvers = self.env["sales.order.credit.request"]._find_approvers(self, findings, self.env.user)
            advice = self.env._(
                "Press Request Approval on the order: %(user)s decides.",
                user=approvers[:1].name or self.env._("nobody, until approvers are named in the settings of Receivables,"),
            )
        return self.env._(
            "%(order)s for %(customer)s is not confirmed.\n%(findings)s\n\n%(advice)s",
            order=self.name, customer=self._credit_debtor().sudo().name, findings=told, advice=advice,
        )

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

    def _credit_log(self, body):
        for order in self:
            # sudo: whoever confirms, the note is the check's
            order.sudo().message_post(body=plaintext2html(body), subtype_xmlid="mail.mt_note")

    # ------------------------------------------------------------
    # Where orders are confirmed
    # ------------------------------------------------------------

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

    def action_request_credit_approval(self, reason=None):
        """Ask for approval. Without a reason the form that asks for it is opened. Right: who may change the order."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "sent"):
            raise UserError(self.env._("%(order)s is not a quotation: there is nothing to approve.", order=self.name))
        findings, facts = self._credit_findings().get(self, ([], None))
        if credit_check.verdict(findings) == BLOCK:
            raise UserError(self._credit_refusal(findings, facts, BLOCK))
        if credit_check.verdict(findings) != APPROVE or self.sudo()._credit_approval(findings):
            raise UserError(self.env._("%(order)s needs no approval: confirm it.", order=self.name))
        Request = self.env["sales.order.credit.request"]
        if not (reason or "").strip():
            return self.env["sales.order.credit.reason"]._open(self, "request")
        if not Request._find_approvers(self, findings, self.env.user):
            raise UserError(self.env._(
                "There is nobody who may approve %(order)s besides you. Have approvers of orders named in the settings "
                "of Receivables.", order=self.name,
            ))
        # sudo: requests are made by this method alone, never by hand
        Request.sudo()._submit(self, findings, facts, BY_USER, reason.strip())
        return True
