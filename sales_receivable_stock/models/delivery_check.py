# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from odoo.addons.sales_receivable_followup.engine.credit_check import IGNORE
from odoo.addons.sales_receivable_followup.models.res_company_order_check import CONSEQUENCES


class ResCompany(models.Model):
    """What a company does when goods are to leave for a customer who may not be able to pay (GRD-03, GRD-04).

    Nothing, unless it switches that on: who installs this keeps delivering what was ordered.
    """

    _inherit = "res.company"

    delivery_check_limit = fields.Selection(
        CONSEQUENCES, string="Delivery over the Credit Limit", default=IGNORE, required=True,
        help="Open items and confirmed orders not yet invoiced, that of the delivery among them, are more than the "
        "customer's credit limit.",
    )
    delivery_check_overdue = fields.Selection(
        CONSEQUENCES, string="Delivery with Overdue Items", default=IGNORE, required=True,
        help="The customer has items that are late for longer, and are more, than is tolerated.",
    )
    delivery_check_authority = fields.Selection(
        CONSEQUENCES, string="Delivery over the Salesperson's Authority", default=IGNORE, required=True,
        help="Open items of all customers of the salesperson and what is not yet invoiced of the order are more than the "
        "credit authority that the company granted.",
    )
    delivery_check_agreement = fields.Selection(
        CONSEQUENCES, string="Delivery on Credit without Agreement", default=IGNORE, required=True,
        help="The order is not payable at once, and its customer has neither a signed monthly settlement agreement nor "
        "a verbal approval.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    delivery_check_limit = fields.Selection(related="company_id.delivery_check_limit", readonly=False)
    delivery_check_overdue = fields.Selection(related="company_id.delivery_check_overdue", readonly=False)
    delivery_check_authority = fields.Selection(related="company_id.delivery_check_authority", readonly=False)
    delivery_check_agreement = fields.Selection(related="company_id.delivery_check_agreement", readonly=False)
