# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    settlement_min_tons = fields.Float(related="company_id.settlement_min_tons", readonly=False)
    settlement_months = fields.Integer(related="company_id.settlement_months", readonly=False)
    settlement_logic = fields.Selection(related="company_id.settlement_logic", readonly=False)
    settlement_liable_from = fields.Date(related="company_id.settlement_liable_from", readonly=False)
    settlement_collector_id = fields.Many2one(related="company_id.settlement_collector_id", readonly=False)
