# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    discipline_currency_id = fields.Many2one(related="company_id.currency_id", string="Discipline Currency")
    discipline_fines = fields.Boolean(related="company_id.discipline_fines", readonly=False)
    discipline_fines_from = fields.Date(related="company_id.discipline_fines_from", readonly=False)
    discipline_fine_cap = fields.Monetary(
        related="company_id.discipline_fine_cap", readonly=False, currency_field="discipline_currency_id"
    )
    discipline_fine_share = fields.Float(related="company_id.discipline_fine_share", readonly=False)
    discipline_wage_floor = fields.Monetary(
        related="company_id.discipline_wage_floor", readonly=False, currency_field="discipline_currency_id"
    )
    discipline_fine_rest = fields.Selection(related="company_id.discipline_fine_rest", readonly=False)
    discipline_points_base = fields.Integer(related="company_id.discipline_points_base", readonly=False)
    discipline_pay_per_point = fields.Monetary(
        related="company_id.discipline_pay_per_point", readonly=False, currency_field="discipline_currency_id"
    )
    discipline_answer_days = fields.Integer(related="company_id.discipline_answer_days", readonly=False)
    discipline_decision_days = fields.Integer(related="company_id.discipline_decision_days", readonly=False)
    discipline_notice_age = fields.Integer(related="company_id.discipline_notice_age", readonly=False)
    discipline_run_hour = fields.Float(related="company_id.discipline_run_hour", readonly=False)
    discipline_officer_id = fields.Many2one(related="company_id.discipline_officer_id", readonly=False)
