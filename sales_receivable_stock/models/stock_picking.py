# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    ledger_copy_at = fields.Datetime(
        string="Copy Received On", readonly=True, copy=False, help="When finance got the copy of the delivery note (SLG-01).",
    )
    ledger_copy_by_id = fields.Many2one("res.users", string="Copy Received By", readonly=True, copy=False, ondelete="restrict")
