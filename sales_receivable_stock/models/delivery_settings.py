# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    """How soon a delivery must stand in the sales ledger (SLG-01)."""

    _inherit = "res.company"

    _delivery_copy_days_positive = models.Constraint(
        "CHECK (delivery_copy_days >= 0)", "The days for the copy of a delivery note must be 0 or more.",
    )

    delivery_copy_days = fields.Integer(
        string="Enter Deliveries Within", required=True, default=1,
        help="Days from the delivery until the copy of the delivery note is with finance and the invoice in the ledger. "
        "1 is our proposal; the regulation names no time.",
    )
    delivery_copy_from = fields.Date(
        string="Deliveries From", default=fields.Date.context_today,
        help="Deliveries before this day are not looked at: they were entered under the old system. Empty: all of them.",
    )
    delivery_copy_mail = fields.Boolean(
        string="Mail Missing Copies", default=True,
        help="Every day finance gets the list of deliveries that are overdue in the ledger, if there are any.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    delivery_copy_days = fields.Integer(related="company_id.delivery_copy_days", readonly=False)
    delivery_copy_from = fields.Date(related="company_id.delivery_copy_from", readonly=False)
    delivery_copy_mail = fields.Boolean(related="company_id.delivery_copy_mail", readonly=False)
