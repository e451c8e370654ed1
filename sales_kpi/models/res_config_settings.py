# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    visit_radius = fields.Integer(related="company_id.visit_radius", readonly=False)
    visit_retention_days = fields.Integer(related="company_id.visit_retention_days", readonly=False)
    visit_next_step_required = fields.Boolean(related="company_id.visit_next_step_required", readonly=False)
