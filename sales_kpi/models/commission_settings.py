# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    commission_check_days = fields.Integer(
        string="Days to Check Commission",
        default=5,
        help="How many days a salesperson has to dispute lines after a statement was sent; 5 is our proposal. "
        "Silence counts as accepting.",
    )

    _commission_check_days_positive = models.Constraint(
        "CHECK (commission_check_days >= 1)", "Who checks a commission statement needs at least one day."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    commission_check_days = fields.Integer(related="company_id.commission_check_days", readonly=False)
