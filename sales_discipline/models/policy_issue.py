# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, is_html_empty

from ..engine.reading import PENDING
from .policy import ADMINISTRATOR, BINDING, DRAFT, IN_FORCE, SUPERSEDED, TRIAL


class SalesPolicyVersion(models.Model):
    """The way of a draft: proposed, approved by the general manager, issued, superseded (POL-02, POL-08, AUT-03, AUT-07).

    The approval is kept here and not with the tier validation that the add-on depends on: there, whoever has a login
    can write the review itself.
    """

    _inherit = "sales.policy.version"

    can_approve = fields.Boolean(compute="_compute_can_approve")
    needs_approval = fields.Boolean(compute="_compute_can_approve")

    @api.depends("state", "submitted_on", "approved_on", "policy_id.company_id.discipline_general_manager_id")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        for version in self:
            version.needs_approval = bool(
                version.state == DRAFT and version._general_manager() and not version.approved_on)
            version.can_approve = (
                version.needs_approval and version.submitted_on and version._general_manager() == self.env.user)

    def _general_manager(self):
        # sudo: who the general manager is, no more
        return self.sudo().company_id.discipline_general_manager_id.filtered("active")

    # --- proposal ---

    def action_submit(self):
        """Put a draft before the general manager."""
        self.check_access("write")
        self._check_draft()
        for version in self:
            version._check_has_text()
            if not version._general_manager():
                raise UserError(self.env._(
                    "Company %(company)s has no general manager in Settings, Discipline: a draft needs no approval and can "
                    "be issued.", company=version.company_id.name))
            if version.submitted_on:
                raise UserError(self.env._("'%(version)s' was submitted already.", version=version.display_name))
        for version in self.sudo():
            version.write({"submitted_on": fields.Datetime.now()})
            version.activity_schedule(
                "sales_discipline.activity_type_policy_approve",
                user_id=version._general_manager().id, summary=version.display_name)

    def action_approve(self):
        """The general manager agrees with the draft; issuing it remains the administrator's."""
        self._check_may_approve()
        drafts = self.sudo()
        drafts.write({"approved_on": fields.Datetime.now(), "approved_by_id": self.env.uid})
        drafts._answer_proposal(self.env._("Approved by %(user)s.", user=self.env.user.name))

    def action_return(self):
        """The general manager sends the draft back; what is to change he writes below."""
        self._check_may_approve()
        drafts = self.sudo()
        drafts._take_back()
        drafts._answer_proposal(self.env._("Sent back by %(user)s.", user=self.env.user.name))

    def _answer_proposal(self, body):
        self.activity_unlink(["sales_discipline.activity_type_policy_approve"])
        for version in self:
            version.message_post(body=body, partner_ids=version.proposer_id.partner_id.ids)

    def _check_may_approve(self):
        self.check_access("read")
        for version in self:
            if version._general_manager() != self.env.user:
                raise AccessError(self.env._(
                    "'%(version)s' is approved by the general manager.", version=version.display_name))
            if version.state != DRAFT or not version.submitted_on or version.approved_on:
                raise UserError(self.env._(
                    "'%(version)s' does not wait for an approval.", version=version.display_name))

    # --- issue ---

    def action_issue(self):
        """In force from its day; the version before gives way and is kept."""
        self._issue(IN_FORCE)

    def action_issue_trial(self):
        """On trial, and binding all the same until a revised version appears (POL-02)."""
        self._issue(TRIAL)

    def _issue(self, state):
        self._check_may_issue()
        for version in self.sudo():
            day = version.valid_from or fields.Date.context_today(self)
            older = version._check_day(day)
            version.write({
                "valid_from": day,
                "issued_on": fields.Datetime.now(),
                "issued_by_id": self.env.uid,
            })
            version.state = state
            older.filtered(lambda before: not before.valid_to).write({"valid_to": day - timedelta(days=1)})
            older._supersede_ended()
            version._sync_receipts()
            version._announce()

    def _check_may_issue(self):
        self.check_access("read")
        if not self.env.user.has_group(ADMINISTRATOR):
            raise AccessError(self.env._("Policies are issued by the administrator of the discipline rules."))
        self._check_draft()
        for version in self:
            version._check_has_text()
            if version.needs_approval:
                raise UserError(self.env._(
                    "'%(version)s' needs the approval of the general manager, %(user)s. Submit it first.",
                    version=version.display_name, user=version._general_manager().name))

    def _check_has_text(self):
        if is_html_empty(self.body) and not self.document:
            raise UserError(self.env._(
                "'%(version)s' has neither a text nor a document: add one of them.", version=self.display_name))

    def _check_day(self, day):
        """Versions of the policy in force so far.

        :raise UserError: a later version must not bind back in time, nor begin before the one it follows
        """
        older = self.policy_id.version_ids.filtered(lambda version: version.state in BINDING)
        newest = max(older.mapped("valid_from"), default=None)
        if newest and day <= newest:
            raise UserError(self.env._(
                "'%(version)s' must begin after %(day)s, the first day of the version before it.",
                version=self.display_name, day=format_date(self.env, newest)))
        if newest and day < fields.Date.context_today(self):
            raise UserError(self.env._(
                "'%(version)s' cannot replace the version before it back in time. Choose today or a later day.",
                version=self.display_name))
        return older

    def action_withdraw(self):
        """No longer in force from tomorrow on, without a version that follows; kept for whoever looks back."""
        self.check_access("read")
        if not self.env.user.has_group(ADMINISTRATOR):
            raise AccessError(self.env._("Policies are withdrawn by the administrator of the discipline rules."))
        for version in self:
            if version.state not in BINDING:
                raise UserError(self.env._("'%(version)s' is not in force.", version=version.display_name))
        withdrawn = self.sudo()
        withdrawn.write({"valid_to": fields.Date.context_today(self)})
        withdrawn._supersede()

    def _supersede_ended(self):
        today = fields.Date.context_today(self)
        self.filtered(lambda version: version.state in BINDING and version.valid_to and version.valid_to < today)._supersede()

    def _supersede(self):
        """Close these versions; what was not read yet need not be read any more."""
        self.write({"state": SUPERSEDED})
        self.receipt_ids.filtered(lambda receipt: receipt.state == PENDING)._void()
        self.activity_ids.unlink()

    def _announce(self):
        """Tell who answers for the policy, who explains it and the general manager (AUT-07)."""
        policy = self.policy_id
        told = policy.owner_id | policy.interpreter_id | self._general_manager()
        policy.message_subscribe(partner_ids=told.partner_id.ids)
        policy.message_post(
            body=self.env._(
                "%(version)s was issued and binds from %(day)s on.",
                version=self.display_name, day=format_date(self.env, self.valid_from)),
            partner_ids=told.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
