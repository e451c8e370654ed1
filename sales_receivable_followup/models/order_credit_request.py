# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.mail import plaintext2html

from ..engine import credit_check
from ..engine.credit_check import APPROVE, DELIVERY, DIRECTOR, INVOICE, LEADER, LIMIT, ORDER, OVERDUE
from .credit_checked import BY_PAYMENT, BY_SCHEDULE, BY_SIGNATURE, BY_USER

REQUESTED, APPROVED, REFUSED, CANCELLED = "requested", "approved", "refused", "cancelled"


class OrderCreditRequest(models.Model):
    """A sale that waits because of its customer's credit, and who let it pass or not, and why (GRD-04).

    It is about an order (to be confirmed, delivered, or to grow) or about an invoice to be posted. The approval is for
    the sale as it was: if it grows, or something else comes up, it is asked for again. Who may
    decide is settled when it is asked; further tiers of approval may be added under Tier Definitions.
    """

    _name = "sales.order.credit.request"
    _description = "Order Credit Request"
    _inherit = ["mail.thread", "mail.activity.mixin", "tier.validation"]
    _order = "id desc"
    _rec_name = "order_id"
    _state_from = [REQUESTED]
    _state_to = [APPROVED]
    _cancel_state = CANCELLED

    _open_uniq = models.UniqueIndex("(order_id) WHERE state = 'requested'", "An order waits only once.")
    _open_move_uniq = models.UniqueIndex("(move_id) WHERE state = 'requested'", "An invoice waits only once.")
    _about_one = models.Constraint(
        "CHECK (num_nonnulls(order_id, move_id) = 1)", "A request is about an order or about an invoice.",
    )

    order_id = fields.Many2one("sale.order", readonly=True, index=True, ondelete="cascade")
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True, index="btree_not_null", ondelete="cascade")
    stage = fields.Selection(
        [(ORDER, "Order"), (DELIVERY, "Delivery"), (INVOICE, "Invoice")], string="Held at", required=True, readonly=True,
        default=ORDER, help="What did not go on: the order, its delivery, or the invoice.",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True, index="btree_not_null")
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True, index="btree_not_null")
    state = fields.Selection(
        [(REQUESTED, "Waiting"), (APPROVED, "Approved"), (REFUSED, "Refused"), (CANCELLED, "Cancelled")],
        default=REQUESTED, required=True, readonly=True, index=True, tracking=True,
    )
    source = fields.Selection(
        [
            (BY_USER, "Salesperson"), (BY_SIGNATURE, "Signed on the portal"), (BY_PAYMENT, "Paid online"),
            (BY_SCHEDULE, "Due to be posted"),
        ],
        string="Asked by", required=True, readonly=True,
    )
    requester_id = fields.Many2one("res.users", readonly=True)
    requested_at = fields.Datetime(string="Asked on", required=True, readonly=True)
    reason = fields.Text(required=True, readonly=True, help="Why it should pass.")
    findings = fields.Text(required=True, readonly=True, help="What stood against it when it was asked.")
    kinds = fields.Char(required=True, readonly=True)
    role = fields.Selection(
        [(LEADER, "Team leader"), (DIRECTOR, "Approver of orders")], string="Decided by", required=True, readonly=True,
    )
    approver_id = fields.Many2one("res.users", readonly=True, index="btree_not_null", help="Who is asked.")
    approver_ids = fields.Many2many(
        "res.users", "sales_order_credit_request_approver_rel", string="Who May Decide", readonly=True,
    )
    currency_id = fields.Many2one("res.currency", string="Document Currency", required=True, readonly=True)
    order_amount = fields.Monetary(string="Total", readonly=True, help="The approval holds up to this amount.")
    exposure = fields.Monetary(
        currency_field="company_currency_id", readonly=True, help="What the customer would owe with it.",
    )
    credit_limit = fields.Monetary(currency_field="company_currency_id", readonly=True)
    excess = fields.Monetary(currency_field="company_currency_id", string="Over the Limit by", readonly=True)
    overdue = fields.Monetary(currency_field="company_currency_id", readonly=True)
    overdue_days = fields.Integer(string="Oldest Overdue (Days)", readonly=True, aggregator="max")
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(string="Decided on", readonly=True)
    decision_reason = fields.Text(readonly=True)
    may_decide = fields.Boolean(compute="_compute_may_decide")

    @api.depends_context("uid")
    @api.depends("state", "approver_ids", "requester_id", "user_id", "review_ids.status")
    def _compute_may_decide(self):
        for request in self:
            asked = request.sudo()._get_deciders()
            request.may_decide = request.state == REQUESTED and self.env.user in asked

    @api.depends("order_id", "move_id")
    def _compute_display_name(self):
        for request in self:
            request.display_name = request.sudo()._document().display_name  # sudo: its name is no secret to who is asked

    def _document(self):
        """The order or the invoice that waits."""
        self.ensure_one()
        return self.order_id or self.move_id

    def _get_deciders(self):
        """Who may decide now: whoever was asked or a further tier asks, never who wants the order to pass.

        The definitions themselves say who reviews: the rows of reviews can be written by every user.
        """
        self.ensure_one()
        pending = self.review_ids.filtered(
            lambda review: review.status == "pending" and review.definition_id.model == self._name)
        reviewers = self.env["res.users"].union(*(review._get_reviewers() for review in pending))
        return (reviewers or self.approver_ids) - self.requester_id - self.user_id

    def _get_kinds(self):
        return set((self.kinds or "").split(","))

    def _get_approver_names(self):
        self.ensure_one()
        return self.approver_id.name or self.env._("nobody yet")

    @api.model
    def _find_approvers(self, document, findings, requester):
        """Who may let it pass, whoever is asked first: never the salesperson or who asks."""
        company = document.company_id
        directors = company._order_check_directors()
        chosen = directors
        if credit_check.approver_role(findings, company.sudo().order_check_leader_amount) == LEADER:
            # sudo: who leads the team is no secret
            chosen = document.sudo().team_id.user_id.filtered("active") | directors
        return chosen - requester - document._credit_user()

    @api.model
    def _submit(self, document, findings, facts, source, reason, stage=None, total=None):
        """Ask. What has grown since it was asked about is asked about again.

        :param total: a total that the document does not have yet
        """
        document.ensure_one()
        total = document.amount_total if total is None else total
        waiting = [finding for finding in findings if finding.mode == APPROVE] or findings
        kinds = ",".join(sorted(finding.kind for finding in waiting))
        former = document.sudo().credit_request_ids.filtered(lambda request: request.state == REQUESTED)
        if former and former.kinds == kinds and not document.currency_id.compare_amounts(former.order_amount, total):
            return former
        former._cancel()
        user, company = document._credit_user(), document.company_id
        requester = self.env.user if source == BY_USER else user
        approvers = self._find_approvers(document, findings, requester)
        by_kind = {finding.kind: finding for finding in findings}
        late = by_kind.get(OVERDUE)
        request = self.create({
            "order_id" if document._name == "sale.order" else "move_id": document.id,
            "stage": stage or document._credit_stage,
            "company_id": company.id,
            "partner_id": document._credit_debtor().id,
            "user_id": user.id,
            "team_id": document.team_id.id,
            "source": source,
            "requester_id": requester.id,
            "requested_at": fields.Datetime.now(),
            "reason": reason,
            "findings": "\n".join(document._credit_sentence(finding, facts) for finding in findings),
            "kinds": kinds,
            "role": credit_check.approver_role(findings, company.order_check_leader_amount),
            "approver_id": approvers[:1].id,
            "approver_ids": [fields.Command.set(approvers.ids)],
            "currency_id": document.currency_id.id,
            "order_amount": total,
            "exposure": facts.exposure,
            "credit_limit": facts.limit or 0,
            "excess": by_kind[LIMIT].excess if LIMIT in by_kind else 0,
            "overdue": late.value if late else 0,
            "overdue_days": late.days if late else 0,
        })
        request.request_validation()
        request._ask_approver()
        return request

    def _ask_approver(self):
        for request in self.filtered("approver_id"):
            request.activity_schedule(
                "mail.mail_activity_data_todo", user_id=request.approver_id.id,
                summary=self.env._("Approve or refuse: %(order)s", order=request.display_name),
                note=plaintext2html(request.findings),
            )

    def write(self, vals):
        self.check_access("write")  # first: tier validation would rather talk about its reviews
        return super().write(vals)

    # ------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------

    def action_approve(self, reason=None):
        """Let it pass. Right: who was asked. Without a reason the form that asks for it is opened."""
        return self._decide(APPROVED, reason)

    def action_refuse(self, reason=None):
        """Do not let it pass. Right: who was asked. Without a reason the form that asks for it is opened."""
        return self._decide(REFUSED, reason)

    def validate_tier(self):
        return self.action_approve()

    def reject_tier(self):
        return self.action_refuse()

    def _decide(self, state, reason):
        self.check_access("read")
        for request in self:
            if request.state != REQUESTED:
                raise UserError(self.env._(
                    "%(order)s: this request is %(state)s and stays so.", order=request.display_name,
                    state=dict(self._fields["state"]._description_selection(self.env))[request.state].lower(),
                ))
            if self.env.user not in request.sudo()._get_deciders():
                raise AccessError(self.env._(
                    "%(order)s is decided by %(user)s, never by who wants it to pass.",
                    order=request.display_name, user=request.sudo()._get_approver_names(),
                ))
        if not (reason or "").strip():
            return self.env["sales.order.credit.reason"]._open(self, state)
        for request in self.sudo():  # sudo: nobody writes requests by hand; who decides was checked above
            request.lock_for_update()
            if state == APPROVED:
                request._approve(reason.strip())
            else:
                request._rejected_tier()
                request._close(REFUSED, reason.strip())
        return True

    def _approve(self, reason):
        self.ensure_one()
        document = self._document()
        if document.currency_id != self.currency_id or self.currency_id.compare_amounts(
            document.amount_total, self.order_amount,
        ) > 0:
            raise UserError(self.env._(
                "%(order)s has grown since it was asked about. Refuse the request, or have it asked again.",
                order=self.display_name,
            ))
        self._validate_tier()
        if self.review_ids and self.validation_status != "validated":
            self.review_ids._update_review_status()
            self.message_post(body=self.env._("%(user)s approves: %(reason)s", user=self.env.user.name, reason=reason))
            return
        self._close(APPROVED, reason)
        if self.source in (BY_SIGNATURE, BY_PAYMENT):
            self._confirm_order()

    def _close(self, state, reason):
        self.with_context(skip_validation_check=True).write({
            "state": state,
            "decided_by_id": self.env.uid,
            "decided_at": fields.Datetime.now(),
            "decision_reason": reason,
        })
        self.activity_feedback(["mail.mail_activity_data_todo"], feedback=reason)
        user = self.env.user.name
        if state == APPROVED:
            body = self.env._("Approved by %(user)s: %(reason)s", user=user, reason=reason)
        else:
            body = self.env._("Refused by %(user)s: %(reason)s", user=user, reason=reason)
        told = (self.requester_id | self.user_id).partner_id - self.env.user.partner_id
        self._document().message_post(body=body, partner_ids=told.ids, subtype_xmlid="mail.mt_note")

    def _cancel(self):
        """End what is asked, or was approved, about what is cancelled or asked about anew."""
        ended = self.filtered(lambda request: request.state in (REQUESTED, APPROVED))
        ended.activity_unlink(["mail.mail_activity_data_todo"])
        ended.with_context(skip_validation_check=True).write({"state": CANCELLED})
        ended.flush_recordset()  # before the next one is inserted: an order waits only once

    def action_open_order(self):
        self.ensure_one()
        return self._document()._get_records_action()
