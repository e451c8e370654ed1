# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SalesCommissionRunLine(models.Model):
    """One row that a simulation would append to the ledger."""

    _name = "sales.commission.run.line"
    _description = "Commission Simulation Line"
    _inherit = ["sales.commission.entry.mixin"]
    _order = "user_id, fact_date, id"

    run_id = fields.Many2one("sales.commission.run", required=True, readonly=True, index=True, ondelete="cascade")
