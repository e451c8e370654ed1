# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    discipline_general_manager_id = fields.Many2one(related="company_id.discipline_general_manager_id", readonly=False)
    policy_read_days = fields.Integer(related="company_id.policy_read_days", readonly=False)
    policy_review_months = fields.Integer(related="company_id.policy_review_months", readonly=False)
    discipline_max_direct_reports = fields.Integer(related="company_id.discipline_max_direct_reports", readonly=False)
    discipline_export_alert = fields.Integer(related="company_id.discipline_export_alert", readonly=False)
    discipline_export_months = fields.Integer(related="company_id.discipline_export_months", readonly=False)
