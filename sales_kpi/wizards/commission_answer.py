# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class SalesCommissionAnswer(models.TransientModel):
    """Asks for the reason of a dispute, or for the decision about it."""

    _name = "sales.commission.answer"
    _description = "Commission Dispute"

    line_id = fields.Many2one("sales.commission.line", required=True, readonly=True, ondelete="cascade")
    question = fields.Selection([("dispute", "Dispute"), ("decide", "Decide")], required=True, readonly=True)
    # Read with the rights of the user: any line can be named here, also a colleague's.
    line_reason = fields.Char(related="line_id.reason", related_sudo=False, string="Says")
    dispute_reason = fields.Text(
        related="line_id.dispute_reason", related_sudo=False, string="What the Salesperson Says"
    )
    currency_id = fields.Many2one(related="line_id.currency_id")
    reason = fields.Text(required=True)
    amount = fields.Monetary(
        string="Right Commission", compute="_compute_amount", compute_sudo=False, store=True, readonly=False,
        help="What the line should have said. The difference is booked as a line of its own.",
    )

    @api.depends("line_id")
    def _compute_amount(self):
        for answer in self:
            answer.amount = answer.line_id.amount

    def action_dispute(self):
        self.ensure_one()
        self.line_id.dispute(self.reason)

    def action_grant(self):
        self.ensure_one()
        self.line_id.decide(True, self.reason, self.amount)

    def action_reject(self):
        self.ensure_one()
        self.line_id.decide(False, self.reason)
