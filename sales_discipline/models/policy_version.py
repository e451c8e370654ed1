# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..engine.reading import ACCEPTED, PENDING, VOID
from .policy import DRAFT, POLICY_STATES

# What its author writes, until it is issued; a change takes an approval back.
CONTENT = {"policy_id", "body", "document", "document_name", "valid_from", "change_note"}
FREE = {"step"}
LIVELY = ("message_", "activity_", "my_activity_", "rating_", "website_message_")


class SalesPolicyVersion(models.Model):
    """The text of a policy from a day until its next version (POL-05, POL-08).

    Goal, research, draft, test; then it is issued and never changes again: what comes later is the next version.
    """

    _name = "sales.policy.version"
    _description = "Policy Version"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "policy_id, number desc"
    _mail_post_access = "read"

    _number_uniq = models.Constraint("UNIQUE (policy_id, number)", "A policy has one version of each number.")

    policy_id = fields.Many2one("sales.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    policy_name = fields.Char(related="policy_id.name")
    number = fields.Integer(readonly=True, copy=False, aggregator=None)
    body = fields.Html(string="Text", translate=True, help="The policy in words, one text for each language.")
    document = fields.Binary(attachment=True, help="The signed policy as PDF, beside or instead of the text.")
    document_name = fields.Char()
    change_note = fields.Text(string="What Changes", copy=False, help="For those who know the version before.")
    state = fields.Selection(POLICY_STATES, required=True, readonly=True, default=DRAFT, tracking=True, index=True)
    step = fields.Selection(
        [("goal", "Goal and scope"), ("research", "Research"), ("draft", "Draft"), ("test", "Test and assess")],
        required=True,
        default="goal",
        copy=False,
        tracking=True,
        help="Where the work on the draft stands.",
    )
    proposer_id = fields.Many2one("res.users", readonly=True, copy=False, default=lambda self: self.env.user)
    submitted_on = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    issued_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    issued_on = fields.Datetime(readonly=True, copy=False)
    valid_from = fields.Date(copy=False, help="Empty: the day of issue. Later: people can read it before it binds.")
    valid_to = fields.Date(readonly=True, copy=False, help="Last day on which it binds.")
    receipt_ids = fields.One2many("sales.policy.receipt", "version_id", string="Read Receipts")
    receipt_count = fields.Integer(compute="_compute_receipt_counts")
    accepted_count = fields.Integer(compute="_compute_receipt_counts")
    my_receipt_id = fields.Many2one("sales.policy.receipt", compute="_compute_my_receipt_id")
    my_state = fields.Selection(
        [(PENDING, "To accept"), (ACCEPTED, "Accepted"), (VOID, "No longer needed")],
        string="My Acceptance", compute="_compute_my_receipt_id",
    )
    my_due_on = fields.Date(string="Accept By", compute="_compute_my_receipt_id")
    my_accepted_on = fields.Datetime(string="Accepted On", compute="_compute_my_receipt_id")
    to_accept = fields.Boolean(compute="_compute_my_receipt_id", search="_search_to_accept")

    @api.depends("policy_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(policy)s, version %(number)s", policy=version.policy_id.name or "", number=version.number or 1)

    def _compute_receipt_counts(self):
        counts = {}
        for version, state, count in self.env["sales.policy.receipt"]._read_group(
            [("version_id", "in", self.ids)], ["version_id", "state"], ["__count"]
        ):
            counts[version.id, state] = count
        for version in self:
            version.accepted_count = counts.get((version.id, ACCEPTED), 0)
            version.receipt_count = version.accepted_count + counts.get((version.id, PENDING), 0)

    @api.depends("receipt_ids.state", "receipt_ids.due_on")
    @api.depends_context("uid")
    def _compute_my_receipt_id(self):
        mine = self.env["sales.policy.receipt"].search(
            [("version_id", "in", self.ids), ("user_id", "=", self.env.uid)], order="round")
        latest = {receipt.version_id: receipt for receipt in mine}
        for version in self:
            receipt = version.my_receipt_id = latest.get(version, mine.browse())
            version.my_state = receipt.state
            version.my_due_on = receipt.due_on
            version.my_accepted_on = receipt.accepted_on
            version.to_accept = receipt.state == PENDING

    @api.model
    def _search_to_accept(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("receipt_ids", "any", [("user_id", "=", self.env.uid), ("state", "=", PENDING)])

    # --- guards ---

    @api.constrains("document")
    def _check_document_is_pdf(self):
        for version in self.with_context(bin_size=False):
            try:
                content = base64.b64decode(version.document or b"")
            except (binascii.Error, ValueError):
                content = b"?"
            if content and not content.startswith(b"%PDF-"):
                raise ValidationError(self.env._(
                    "'%(name)s' is no PDF file. Save it as PDF and choose it again.",
                    name=version.document_name or version.display_name))

    @api.model_create_multi
    def create(self, vals_list):
        latest = dict(self._read_group(
            [("policy_id", "in", [vals.get("policy_id") for vals in vals_list])], ["policy_id"], ["number:max"]))
        numbers = {policy.id: number for policy, number in latest.items()}
        for vals in vals_list:
            self._check_given(vals)
            policy_id = vals.get("policy_id")
            numbers[policy_id] = vals["number"] = numbers.get(policy_id, 0) + 1
            if not self.env.su:
                vals.update(state=DRAFT, proposer_id=self.env.uid)
        return super().create(vals_list)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if not self.env.su:
            # the context, and the defaults that people save, come from outside too
            for name in values.keys() - CONTENT - FREE:
                values[name] = {"state": DRAFT, "proposer_id": self.env.uid}.get(name, False)
        return values

    def write(self, vals):
        self._check_given(vals)
        if vals.keys() & (CONTENT | FREE):
            self._check_draft()
        if vals.keys() & CONTENT and not self.env.su:
            # who approved has approved another text
            self.sudo().filtered("submitted_on")._take_back()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        self._check_draft()

    def _check_given(self, vals):
        """:raise AccessError: a user sets what only the server sets, such as the state or who has approved"""
        given = {name for name in vals.keys() - CONTENT - FREE if not name.startswith(LIVELY)}
        if given and not self.env.su:
            raise AccessError(self.env._(
                "These fields of a policy version are set by the system: %(fields)s.", fields=", ".join(sorted(given))))

    def _check_draft(self):
        """:raise UserError: one of these versions was issued; not even the superuser changes its text"""
        for version in self.filtered(lambda version: version.state != DRAFT):
            raise UserError(self.env._(
                "'%(version)s' was issued and stays as it is. Make a new version.", version=version.display_name))

    def _take_back(self):
        self.write({"submitted_on": False, "approved_on": False, "approved_by_id": False})
        self.activity_unlink(["sales_discipline.activity_type_policy_approve"])

    def copy_data(self, default=None):
        texts = super().copy_data(default)
        return [
            {name: value for name, value in vals.items() if name in CONTENT} for vals in texts
        ]

    # --- reading ---

    def action_accept(self):
        """The user has read these versions and accepts them (POL-06, CON-01)."""
        self.check_access("read")
        receipts = self.my_receipt_id
        for version in self - receipts.version_id:
            raise UserError(self.env._(
                "'%(version)s' does not bind you, so there is nothing to accept.", version=version.display_name))
        receipts.action_accept()

    def action_ask(self):
        return self.policy_id.action_ask()

    def action_view_receipts(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.policy_receipt_action"),
            "domain": [("version_id", "=", self.id)],
        }
