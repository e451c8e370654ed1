# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..engine.reading import ACCEPTED, PENDING, VOID

CLERK = "sales_discipline.group_discipline_clerk"


class SalesPolicyReceipt(models.Model):
    """One person has read one version of a policy, or still has to (POL-06, CON-01). Written by the system only."""

    _name = "sales.policy.receipt"
    _description = "Policy Receipt"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _mail_post_access = "read"
    _order = "state desc, due_on, id"

    _person_uniq = models.Constraint(
        "UNIQUE (version_id, employee_id, round)", "A person accepts a version of a policy once each time."
    )

    version_id = fields.Many2one(
        "sales.policy.version", required=True, readonly=True, index=True, ondelete="restrict")
    policy_id = fields.Many2one(related="version_id.policy_id", store=True, index=True)
    company_id = fields.Many2one(related="version_id.company_id", store=True, index=True)
    employee_id = fields.Many2one("hr.employee", required=True, readonly=True, index=True, ondelete="restrict")
    user_id = fields.Many2one(related="employee_id.user_id", store=True, index=True)
    department_id = fields.Many2one(related="employee_id.department_id", related_sudo=True)
    round = fields.Integer(
        string="Time", required=True, readonly=True, default=1, aggregator=None,
        help="1: the first acceptance of this version; a policy that is accepted every year counts on.",
    )
    state = fields.Selection(
        [(PENDING, "To accept"), (ACCEPTED, "Accepted"), (VOID, "No longer needed")],
        required=True, readonly=True, default=PENDING, index=True,
    )
    sent_on = fields.Datetime(readonly=True)
    due_on = fields.Date(readonly=True, index=True)
    reminded_on = fields.Date(readonly=True)
    accepted_on = fields.Datetime(readonly=True)
    accepted_by_id = fields.Many2one("res.users", string="Recorded By", readonly=True)
    on_paper = fields.Boolean(readonly=True, help="Signed on paper; recorded by the info clerk.")
    body = fields.Html(related="version_id.body", string="Text")
    document = fields.Binary(related="version_id.document")
    document_name = fields.Char(related="version_id.document_name")
    is_late = fields.Boolean(string="Overdue", compute="_compute_is_late", search="_search_is_late")
    can_accept = fields.Boolean(compute="_compute_can_accept")

    @api.depends("version_id.display_name", "employee_id.name")
    def _compute_display_name(self):
        for receipt in self:
            receipt.display_name = f"{receipt.sudo().version_id.display_name}: {receipt.sudo().employee_id.name}"

    @api.depends("state", "due_on")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for receipt in self:
            receipt.is_late = bool(receipt.state == PENDING and receipt.due_on and receipt.due_on < today)

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", PENDING) & Domain("due_on", "<", fields.Date.context_today(self))

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_accept(self):
        for receipt in self:
            receipt.can_accept = receipt.state == PENDING and receipt._may_accept()

    def _may_accept(self):
        """The person himself; for a person without a user, the clerk who keeps the signed paper."""
        self.ensure_one()
        # sudo: only who the user is; an archived user cannot log in any more
        person = self.sudo().employee_id.user_id.filtered("active")
        return person == self.env.user if person else self.env.user.has_group(CLERK)

    def action_accept(self):
        """Read and accepted, now."""
        self.check_access("read")
        for receipt in self:
            if not receipt._may_accept():
                raise AccessError(self.env._(
                    "Everybody accepts a policy himself; for people without a user the info clerk records the signed "
                    "paper."))
            if receipt.state != PENDING:
                raise UserError(self.env._(
                    "'%(receipt)s': there is nothing left to accept.", receipt=receipt.display_name))
        # receipts are written by nobody directly; the right was checked above
        receipts = self.sudo()
        for on_paper, group in receipts.grouped(lambda receipt: receipt.user_id != self.env.user).items():
            group.write({
                "state": ACCEPTED,
                "accepted_on": fields.Datetime.now(),
                "accepted_by_id": self.env.uid,
                "on_paper": on_paper,
            })
        receipts.activity_ids.unlink()

    def _plan_reading(self):
        """One task for each person with a user, in one go, without a mail of its own; on the receipt, which is his."""
        activity_type = self.env.ref("sales_discipline.activity_type_policy_read")
        model_id = self.env["ir.model"]._get_id(self._name)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create([
            {
                "activity_type_id": activity_type.id,
                "res_model_id": model_id,
                "res_id": receipt.id,
                "user_id": receipt.user_id.id,
                "date_deadline": receipt.due_on,
                "summary": receipt.version_id.display_name,
            }
            for receipt in self.filtered("user_id.active")
        ])

    def _void(self):
        self.write({"state": VOID})
        self.activity_ids.unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        for receipt in self:
            raise UserError(self.env._(
                "Receipt '%(receipt)s' is a proof and is never deleted.", receipt=receipt.display_name))
