# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SalesDisciplineRule(models.Model):
    """Kinds that are checked against attendance records."""

    _inherit = "sales.discipline.rule"

    kind = fields.Selection(selection_add=[("late", "Late arrival")], ondelete={"late": "cascade"})
