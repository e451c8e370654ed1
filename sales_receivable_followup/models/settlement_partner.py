# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    settlement_kind = fields.Selection(
        [("cash", "Cash"), ("monthly", "Monthly")], string="Settlement", compute="_compute_settlement_kind",
        help="Monthly with a signed agreement; every other customer settles in cash.",
    )

    @api.depends_context("company")
    @api.depends("commercial_partner_id")
    def _compute_settlement_kind(self):
        known = self.env["sales.settlement.agreement"]._of_customers(self.env.company, self.commercial_partner_id)
        for partner in self:
            agreement = known.get(partner.commercial_partner_id.id)
            partner.settlement_kind = "monthly" if agreement and agreement.state == "signed" else "cash"
