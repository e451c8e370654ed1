# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    arrears_account_ids = fields.Many2many(related="company_id.arrears_account_ids", readonly=False)
    arrears_advance_account_ids = fields.Many2many(related="company_id.arrears_advance_account_ids", readonly=False)
    arrears_issue_day = fields.Integer(related="company_id.arrears_issue_day", readonly=False)
    arrears_require_lock_date = fields.Boolean(related="company_id.arrears_require_lock_date", readonly=False)
    arrears_auto_issue = fields.Boolean(related="company_id.arrears_auto_issue", readonly=False)
    arrears_send_mail = fields.Boolean(related="company_id.arrears_send_mail", readonly=False)
    arrears_confirmation_days = fields.Integer(related="company_id.arrears_confirmation_days", readonly=False)
    arrears_reminder_days = fields.Integer(related="company_id.arrears_reminder_days", readonly=False)
    arrears_address_months = fields.Integer(related="company_id.arrears_address_months", readonly=False)
