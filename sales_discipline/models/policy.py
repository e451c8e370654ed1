# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..engine.reading import PENDING
from .violation import OVERTURNED, UNDECIDED, WAIVED, WITHDRAWN

DRAFT, TRIAL, IN_FORCE, SUPERSEDED = "draft", "trial", "in_force", "superseded"
# On trial it binds as well, until a revised version appears (POL-02).
BINDING = (TRIAL, IN_FORCE)
POLICY_STATES = [(DRAFT, "Draft"), (TRIAL, "On trial"), (IN_FORCE, "In force"), (SUPERSEDED, "Superseded")]
ADMINISTRATOR = "sales_discipline.group_discipline_administrator"


class SalesPolicy(models.Model):
    """A regulation in words: whom it binds, who answers for it, who explains it, when it is looked at again (POL).

    Its text is in numbered versions; the rules that judge by it name it. A chapter that only some may read is a policy
    of its own (CON-04).
    """

    _name = "sales.policy"
    _description = "Policy"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.discipline.scope"]
    _order = "sequence, name, id"
    _mail_post_access = "read"
    _check_company_auto = True

    _months_positive = models.Constraint(
        "CHECK (review_months >= 0 AND repeat_months >= 0)", "Months until a review or a new acceptance start at 0."
    )

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Answers for the policy and is reminded of its review.",
    )
    interpreter_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Says what the policy means; his answers are kept with it.",
    )
    general_manager_id = fields.Many2one(related="company_id.discipline_general_manager_id")
    review_months = fields.Integer(
        string="Review Every (Months)",
        default=lambda self: self.env.company.policy_review_months,
        tracking=True,
        help="So many months after a version begins, or after the last review, the owner is asked to review the "
        "policy. 0: never.",
    )
    last_reviewed_on = fields.Date(readonly=True, copy=False)
    next_review_on = fields.Date(compute="_compute_next_review_on", store=True)
    review_asked_for = fields.Date(readonly=True, copy=False, help="The review the owner has been asked for.")
    repeat_months = fields.Integer(
        string="Accept Again After (Months)",
        tracking=True,
        help="So many months after somebody has accepted the policy he is asked to accept it again: 12 for a policy "
        "about secrets. 0: once for each version.",
    )
    version_ids = fields.One2many("sales.policy.version", "policy_id", string="Versions")
    version_id = fields.Many2one(
        "sales.policy.version", string="Version in Force", compute="_compute_version_id",
        help="The text that binds today; before there is one, the next.",
    )
    state = fields.Selection(POLICY_STATES, compute="_compute_state", store=True, index=True)
    question_ids = fields.One2many("sales.policy.question", "policy_id", string="Questions and Answers")
    for_me = fields.Boolean(compute="_compute_for_me", search="_search_for_me")
    can_review = fields.Boolean(compute="_compute_can_review")
    entry_count = fields.Integer(compute="_compute_effect")
    lifted_share = fields.Integer(
        string="Lifted (%)", compute="_compute_effect",
        help="Of the entries of its rules that have been decided, the part that was waived, overturned or withdrawn.",
    )
    pending_count = fields.Integer(string="Not Accepted", compute="_compute_pending_count")

    # --- what is in force ---

    @api.depends("version_ids.state", "version_ids.valid_from", "version_ids.valid_to")
    @api.depends_context("tz")
    def _compute_version_id(self):
        today = fields.Date.context_today(self)
        for policy in self:
            issued = policy.version_ids.filtered(lambda version: version.state in BINDING).sorted("valid_from")
            in_force = issued.filtered(lambda version: version.valid_from <= today)
            policy.version_id = in_force[-1:] or issued[:1]

    @api.depends("version_ids.state")
    def _compute_state(self):
        for policy in self:
            states = policy.version_ids.sorted("number").mapped("state")
            binding = [state for state in states if state in BINDING]
            policy.state = binding[0] if binding else SUPERSEDED if SUPERSEDED in states else DRAFT

    @api.depends("review_months", "last_reviewed_on", "version_ids.state", "version_ids.valid_from")
    def _compute_next_review_on(self):
        for policy in self:
            begun = policy.version_ids.filtered(lambda version: version.state in BINDING).mapped("valid_from")
            since = max(filter(None, [*begun, policy.last_reviewed_on]), default=None) if begun else None
            policy.next_review_on = bool(since and policy.review_months) and (
                since + relativedelta(months=policy.review_months))

    # --- whom it binds (POL-01, CON-04) ---

    @api.depends_context("uid")
    def _compute_for_me(self):
        mine = self.sudo()._for_user(self.env.user)
        for policy in self:
            policy.for_me = policy in mine

    @api.model
    def _search_for_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: record rules ask this question; names and texts stay here
        policies = self.sudo().with_context(active_test=False).search([("company_id", "in", self.env.user.company_ids.ids)])
        return Domain("id", "in", policies._for_user(self.env.user).ids)

    def _for_user(self, user):
        """Those of these policies (sudo) that bind a user, or a sales team he leads."""
        today = fields.Date.context_today(self)
        employees = self.env["hr.employee"].sudo().search([("user_id", "=", user.id)])
        segments = {
            (employees.browse(segment.employee_id).company_id, segment)
            for segment in employees._discipline_segments(today, today)
        }
        return self.filtered(lambda policy: any(
            company == policy.company_id and policy._binds(segment) for company, segment in segments
        ) or (policy.scope == "team" and user in policy.team_ids.user_id))

    def _audience(self):
        """Employees whom the policy binds today (sudo)."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        # sudo: whom a policy binds depends on jobs and departments that not everybody reads
        employees = self.env["hr.employee"].sudo().search([("company_id", "=", self.company_id.id)])
        return employees.browse({
            segment.employee_id for segment in employees._discipline_segments(today, today) if self._binds(segment)
        })

    # --- what came of it (POL-07) ---

    def _compute_effect(self):
        Violation = self.env["sales.discipline.violation"]
        groups = Violation._read_group(
            [("rule_id.policy_id", "in", self.ids), ("revision", "=", 0)], ["rule_id", "state"], ["__count"])
        entries, decided, lifted = {}, {}, {}
        for rule, state, count in groups:
            policy = rule.policy_id
            entries[policy] = entries.get(policy, 0) + count
            if state in (WAIVED, OVERTURNED, WITHDRAWN):
                lifted[policy] = lifted.get(policy, 0) + count
            if state not in UNDECIDED:
                decided[policy] = decided.get(policy, 0) + count
        for policy in self:
            policy.entry_count = entries.get(policy, 0)
            policy.lifted_share = round(100 * lifted.get(policy, 0) / decided[policy]) if decided.get(policy) else 0

    def _compute_pending_count(self):
        counts = dict(self.env["sales.policy.receipt"]._read_group(
            [("policy_id", "in", self.ids), ("state", "=", PENDING)], ["policy_id"], ["__count"]))
        for policy in self:
            policy.pending_count = counts.get(policy, 0)

    def action_view_entries(self):
        """The effect of the policy: entries of its rules, counted by rule and month."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Effect of %(policy)s", policy=self.name),
            "res_model": "sales.discipline.violation",
            "view_mode": "pivot,graph,list,form",
            "domain": [("rule_id.policy_id", "=", self.id)],
        }

    def action_view_receipts(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.policy_receipt_action"),
            "domain": [("policy_id", "=", self.id)],
        }

    # --- review (POL-03, POL-07) ---

    @api.depends_context("uid")
    @api.depends("owner_id", "state")
    def _compute_can_review(self):
        for policy in self:
            policy.can_review = policy.state in BINDING and policy._may_review()

    def _may_review(self):
        return self.owner_id == self.env.user or self.env.user.has_group(ADMINISTRATOR)

    def action_reviewed(self):
        """The owner has looked at the policy and leaves it as it is; a change would be a new version."""
        self.check_access("read")
        for policy in self:
            if not policy._may_review():
                raise AccessError(self.env._(
                    "Policy '%(policy)s' is reviewed by its owner, %(owner)s, or an administrator.",
                    policy=policy.name, owner=policy.owner_id.name))
            if policy.state not in BINDING:
                raise UserError(self.env._(
                    "Policy '%(policy)s' is not in force, so there is nothing to review.", policy=policy.name))
        # the owner need not be one who writes policies
        policies = self.sudo()
        policies.write({"last_reviewed_on": fields.Date.context_today(self)})
        policies.activity_unlink(["sales_discipline.activity_type_policy_review"])
        for policy in policies:
            policy.message_post(body=self.env._("Reviewed by %(user)s: it stays as it is.", user=self.env.user.name))

    # --- versions ---

    def action_new_version(self):
        """A draft of the next version, with the present text to start from."""
        self.ensure_one()
        self.check_access("read")
        self.env["sales.policy.version"].check_access("create")
        draft = self.version_ids.filtered(lambda version: version.state == DRAFT)[:1]
        if not draft:
            newest = self.version_ids.sorted("number")[-1:]
            draft = newest.copy({"policy_id": self.id}) if newest else newest.create({"policy_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": draft.display_name,
            "res_model": draft._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    def action_ask(self):
        """Put a question to the interpreter (POL-09)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Question about %(policy)s", policy=self.name),
            "res_model": "sales.policy.question",
            "view_mode": "form",
            "target": "new",
            "context": {"default_policy_id": self.id},
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        for policy in self:
            if policy.state != DRAFT:
                raise UserError(self.env._(
                    "Policy '%(policy)s' has been issued and is never deleted. Withdraw its version instead.",
                    policy=policy.name))
