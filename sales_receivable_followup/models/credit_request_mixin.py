# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

PROPOSED, APPROVED, REJECTED, WITHDRAWN = "proposed", "approved", "rejected", "withdrawn"
FINANCE = "sales_receivable_followup.group_arrears_finance"
ADMINISTRATOR = "sales_receivable_followup.group_arrears_administrator"


class SalesCreditRequestMixin(models.AbstractModel):
    """A request about a customer's credit: finance asks, the director decides.

    Where a tier definition exists its reviewers decide, one after the other; otherwise a receivables administrator
    does. A request is never edited: it is decided, or withdrawn and made anew.
    """

    _name = "sales.credit.request.mixin"
    _description = "Credit Request"
    _inherit = ["mail.thread", "tier.validation"]
    _order = "id desc"
    _rec_name = "partner_id"
    _mail_post_access = "read"
    _check_company_auto = True

    _state_from = [PROPOSED]
    _state_to = [APPROVED]
    _cancel_state = WITHDRAWN
    _tier_validation_manual_config = False

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict", check_company=True,
        domain="[('parent_id', '=', False), ('company_id', 'in', (False, company_id))]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    state = fields.Selection(
        [(PROPOSED, "Proposed"), (APPROVED, "Approved"), (REJECTED, "Rejected"), (WITHDRAWN, "Withdrawn")],
        required=True, default=PROPOSED, readonly=True, index=True, tracking=True, group_expand=True,
    )
    reason = fields.Text(help="Why this is asked for.")
    requested_by_id = fields.Many2one("res.users", readonly=True, default=lambda self: self.env.user)
    requested_on = fields.Date(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_on = fields.Datetime(readonly=True)
    decision = fields.Text(string="Reason of the Decision", readonly=True)

    #: What the person who asks may say; everything else follows from it or from the decision.
    _asked = {"partner_id", "company_id", "reason"}

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # what a person sends about state or decider, as value or as default, is not for him to say
            vals_list = [
                {**{name: value for name, value in vals.items() if name in self._asked}, **self._undecided()}
                for vals in vals_list
            ]
        partners = self.env["res.partner"].browse({vals["partner_id"] for vals in vals_list if vals.get("partner_id")})
        commercial = {partner.id: partner.commercial_partner_id.id for partner in partners}
        company_ids = {vals.get("company_id") or self.env.company.id for vals in vals_list}
        today = {company.id: company._arrears_today() for company in self.env["res.company"].browse(company_ids)}
        vals_list = [
            {
                **vals, "requested_on": today[vals.get("company_id") or self.env.company.id],
                "partner_id": commercial.get(vals.get("partner_id")),
            }
            for vals in vals_list
        ]
        return super().create(vals_list)

    @api.model
    def _undecided(self):
        """Values with which every request of a person begins."""
        return {
            "state": PROPOSED, "requested_by_id": self.env.uid, "decided_by_id": False, "decided_on": False,
            "decision": False,
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(request.state == APPROVED for request in self):
            raise UserError(self.env._("What was approved stays: it explains the customer's credit."))

    def approve(self, reason):
        """Approve; the customer's terms and limit follow at once."""
        self._check_may_decide()
        self._decide(APPROVED, reason)

    def reject(self, reason):
        """Reject, saying why."""
        self._check_may_decide()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why you reject it: who asked reads your reason."))
        self._decide(REJECTED, reason)

    def action_withdraw(self):
        """Take back what is not decided yet; who asked or may decide can."""
        self.check_access("read")
        for request in self:
            if request.requested_by_id != self.env.user:
                request._check_may_decide()
        self._decide(WITHDRAWN, "")

    def action_decide(self):
        """Ask for the decision and its reason in a dialog."""
        self._check_may_decide()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide"),
            "res_model": "sales.credit.decision",
            "view_mode": "form",
            "target": "new",
            "context": {self._decision_default: self.ids},
        }

    def _check_may_decide(self):
        """:raise AccessError: neither a receivables administrator nor a reviewer of each of these requests"""
        self.check_access("read")
        if self.env.su or self.env.user.has_group(ADMINISTRATOR):
            return
        for request in self:
            if self.env.user not in request._reviewers():
                raise AccessError(self.env._(
                    "Only receivables administrators, or the reviewers of a tier definition, decide about a customer's "
                    "credit (GRD-02)."))

    def _reviewers(self):
        """Who was asked, by the definitions themselves: the rows of reviews can be written by every user."""
        reviews = self.sudo().review_ids.filtered(lambda review: review.definition_id.model == self._name)
        return self.env["res.users"].union(*(review._get_reviewers() for review in reviews))

    def _decide(self, state, reason):
        """Write a decision; open requests only.

        :raise UserError: decided already
        """
        for request in self:
            if request.state != PROPOSED:
                raise UserError(self.env._(
                    "%(request)s is not open any more. Make a new request.", request=request.display_name))
        if state == APPROVED:
            self.sudo()._check_can_come_into_force()
        # sudo: nobody may edit a request; the right to decide was checked by the caller
        requests = self.sudo().with_context(sales_credit_deciding=True)
        vals = {
            "state": state, "decision": reason or False, "decided_by_id": self.env.uid,
            "decided_on": fields.Datetime.now(),
        }
        if state != APPROVED:
            requests = requests.with_context(skip_validation_check=True)
        requests.write(vals)
        if state == APPROVED:
            requests._put_into_force()

    def _check_can_come_into_force(self):
        """:raise UserError: what would be approved makes no sense any more"""

    def _put_into_force(self):
        """What an approval does."""
        raise NotImplementedError

    # --- tiers: the last reviewer's word is the decision ---

    def _validate_tier(self, tiers=False):
        result = super()._validate_tier(tiers)
        if (
            self.state == PROPOSED and self.validation_status == "validated" and self.review_ids
            and self.env.user in self._reviewers() and not self.env.context.get("sales_credit_deciding")
        ):
            comments = [comment for comment in self.review_ids.mapped("comment") if comment]
            self._decide(APPROVED, "; ".join(comments))
        return result

    def _rejected_tier(self, tiers=False):
        result = super()._rejected_tier(tiers)
        if self.state == PROPOSED and self.validation_status == "rejected" and self.env.user in self._reviewers():
            comments = [comment for comment in self.review_ids.mapped("comment") if comment]
            self._decide(REJECTED, "; ".join(comments))
        return result

    @api.model
    def _silent(self):
        """For many rows at once: no tracking, no followers, no message for each."""
        return self.with_context(tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True)


class TierDefinition(models.Model):
    _inherit = "tier.definition"

    @api.model
    def _get_tier_validation_model_names(self):
        return [
            *super()._get_tier_validation_model_names(), "sales.customer.grade.proposal", "sales.customer.credit.extra",
        ]
