# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

DRAFT, ACTIVE, ARCHIVED = "draft", "active", "archived"
#: Example grades (ours; the regulation gives none): code -> what it gives and what it asks.
EXAMPLE = {
    "A": {
        "credit_days": 60, "credit_limit": 500_000, "volume_from": 500_000, "days_late_to": 5, "standing_from": "2",
        "broken_promises_to": 0,
    },
    "B": {
        "credit_days": 30, "credit_limit": 200_000, "volume_from": 200_000, "days_late_to": 15, "standing_from": "3",
        "broken_promises_to": 1,
    },
    "C": {
        "credit_days": 15, "credit_limit": 50_000, "volume_from": 50_000, "days_late_to": 30, "standing_from": "3",
        "broken_promises_to": 2,
    },
    "D": {"settlement": "cash"},
}


class SalesCustomerGradePolicy(models.Model):
    """By which standard a company grades its customers (GRD-01). Its bands live in dated versions."""

    _name = "sales.customer.grade.policy"
    _description = "Grading Policy"
    _inherit = ["mail.thread"]
    _order = "name, id"

    _active_uniq = models.UniqueIndex(
        "(company_id) WHERE state = 'active'",
        "A company grades by one active policy: archive the other one first, or give it a new version.",
    )

    name = fields.Char(required=True, translate=True, tracking=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    state = fields.Selection(
        [(DRAFT, "Draft"), (ACTIVE, "Active"), (ARCHIVED, "Archived")],
        required=True,
        default=DRAFT,
        readonly=True,
        tracking=True,
        help="Draft: being written. Active: customers are graded by it. Archived: no longer used.",
    )
    version_ids = fields.One2many("sales.customer.grade.policy.version", "policy_id", string="Versions", copy=True)
    version_id = fields.Many2one(
        "sales.customer.grade.policy.version", string="Version in Force", compute="_compute_version_id"
    )
    summary = fields.Char(compute="_compute_version_id", help="The version in force, in one sentence.")

    @api.depends("version_ids.valid_from", "version_ids.summary")
    def _compute_version_id(self):
        for policy in self:
            today = policy.company_id._arrears_today() if policy.company_id else fields.Date.context_today(policy)
            policy.version_id = policy._version_on(today) or policy.version_ids.sorted("valid_from")[:1]
            policy.summary = policy.version_id.summary or False

    def _version_on(self, day):
        """The version in force on a day; empty before the first."""
        return self.version_ids.filtered(
            lambda version: version.valid_from and version.valid_from <= day
        ).sorted("valid_from")[-1:]

    def write(self, vals):
        if vals.keys() & {"company_id"}:
            self._check_not_used()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_not_used()

    def _check_not_used(self):
        """:raise UserError: a version of one of these policies has graded customers"""
        for policy in self.sudo():
            if any(policy.version_ids.mapped("judged")):
                raise UserError(self.env._(
                    "Policy '%(policy)s' has graded customers: it stays, with its company. Archive it and make a new "
                    "one.", policy=policy.name))

    def action_activate(self):
        """Let customers be graded by the policy."""
        self.check_access("write")
        for policy in self:
            if not policy.version_ids:
                raise UserError(self.env._(
                    "Policy '%(policy)s' has no version: add one with its date and its grades.", policy=policy.name))
            policy.version_ids._check_complete()
            other = self.search(
                [("company_id", "=", policy.company_id.id), ("state", "=", ACTIVE), ("id", "!=", policy.id)], limit=1,
            )
            if other:
                raise UserError(self.env._(
                    "%(company)s already grades by '%(other)s'. Archive it first, or give it a new version.",
                    company=policy.company_id.name, other=other.name))
        self.write({"state": ACTIVE})

    def action_archive_policy(self):
        self.check_access("write")
        self.write({"state": ARCHIVED})

    def action_draft(self):
        self.check_access("write")
        self.write({"state": DRAFT})

    def action_use_example(self):
        """Write the example grades (ours) into a draft: a new version, or what the newest one leaves empty."""
        self.check_access("write")
        for policy in self:
            if policy.state != DRAFT:
                raise UserError(self.env._("Only a draft is filled with examples. Take the policy back to draft first."))
            version = policy.version_ids.sorted("valid_from")[-1:] or policy.version_ids.create({
                "policy_id": policy.id, "valid_from": policy.company_id._arrears_today(),
            })
            there = {grade.code: grade for grade in version.grade_ids}
            for number, (code, example) in enumerate(EXAMPLE.items()):
                values = {
                    **example, "judge_days_late": "days_late_to" in example,
                    "judge_promises": "broken_promises_to" in example,
                }
                if code not in there:
                    version.grade_ids.create({
                        **values, "version_id": version.id, "code": code, "sequence": 10 * number,
                        "name": self.env._("Grade %(code)s (example)", code=code),
                    })
                elif not any(there[code]._terms()) and there[code].settlement != "cash":
                    there[code].write(values)

    def action_propose(self):
        """Grade every customer of the company by today's figures; what would change is proposed (GRD-01)."""
        self.ensure_one()
        proposals = self.env["sales.customer.grade.proposal"]._propose(self)
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "sales_receivable_followup.sales_customer_grade_proposal_action"),
            "domain": [("id", "in", proposals.ids)] if proposals else [("company_id", "=", self.company_id.id)],
        }
