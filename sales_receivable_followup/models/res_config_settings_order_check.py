# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    order_check_currency_id = fields.Many2one(related="company_id.currency_id", string="Order Check Currency")
    order_check_limit = fields.Selection(related="company_id.order_check_limit", readonly=False)
    order_check_overdue = fields.Selection(related="company_id.order_check_overdue", readonly=False)
    order_check_authority = fields.Selection(related="company_id.order_check_authority", readonly=False)
    order_check_agreement = fields.Selection(related="company_id.order_check_agreement", readonly=False)
    order_check_tolerance_days = fields.Integer(related="company_id.order_check_tolerance_days", readonly=False)
    order_check_tolerance_amount = fields.Monetary(
        related="company_id.order_check_tolerance_amount", readonly=False, currency_field="order_check_currency_id",
    )
    order_check_leader_amount = fields.Monetary(
        related="company_id.order_check_leader_amount", readonly=False, currency_field="order_check_currency_id",
    )
    order_check_approver_ids = fields.Many2many(related="company_id.order_check_approver_ids", readonly=False)
    order_check_pass_immediate = fields.Boolean(related="company_id.order_check_pass_immediate", readonly=False)
    invoice_check_limit = fields.Selection(related="company_id.invoice_check_limit", readonly=False)
    invoice_check_overdue = fields.Selection(related="company_id.invoice_check_overdue", readonly=False)
    invoice_check_authority = fields.Selection(related="company_id.invoice_check_authority", readonly=False)
    invoice_check_agreement = fields.Selection(related="company_id.invoice_check_agreement", readonly=False)
    invoice_check_pass_delivered = fields.Boolean(related="company_id.invoice_check_pass_delivered", readonly=False)
