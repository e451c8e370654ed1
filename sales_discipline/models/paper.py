# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SalesDisciplinePaper(models.Model):
    """A file that belongs to an entry: what the person hands in with his appeal, or a signed letter.

    A copy of its own, which nobody changes: read by the person and by those who decide, and on paper by the clerk.
    """

    _name = "sales.discipline.paper"
    _description = "Paper of a Discipline Entry"
    _order = "id"

    violation_id = fields.Many2one(
        "sales.discipline.violation", string="Entry", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="violation_id.company_id", store=True, index=True)
    employee_id = fields.Many2one(related="violation_id.employee_id", store=True, index=True)
    user_id = fields.Many2one(related="violation_id.user_id", store=True, index=True)
    kind = fields.Selection(
        [("appeal", "Appeal"), ("signed", "Signed paper")], required=True, readonly=True, default="appeal"
    )
    name = fields.Char(string="File Name", required=True, readonly=True)
    content = fields.Binary(string="File", required=True, readonly=True, attachment=True)
    handed_in_on = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    handed_in_by_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="restrict", default=lambda self: self.env.user
    )
