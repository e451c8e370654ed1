# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..engine.settlement import ALL, ANY, MIXED


class ResCompany(models.Model):
    """When a customer may settle monthly (STL-02), and from when salespeople answer for it (STL-04)."""

    _inherit = "res.company"

    _settlement_numbers = models.Constraint(
        "CHECK (settlement_months BETWEEN 1 AND 60 AND settlement_min_tons >= 0)",
        "The average is taken over 1 to 60 months, and the tons cannot be negative.",
    )

    settlement_min_tons = fields.Float(
        string="Tons a Month", default=50, help="Average monthly volume from which a customer may settle monthly.",
    )
    settlement_months = fields.Integer(
        string="Months of the Average", default=3, required=True, help="Full months before the request.",
    )
    settlement_logic = fields.Selection(
        [(ANY, "Any one of the three"), (ALL, "All three"), (MIXED, "Volume or well known, and the inspection")],
        string="Conditions of Monthly Settlement", default=ANY, required=True,
        help="The three: monthly volume; Fortune 500 or nationally known; passed factory inspection.",
    )
    settlement_liable_from = fields.Date(
        string="Salespeople Liable from",
        help="Invoices on credit from this day on whose customer has no agreement in time carry the joint liability of "
        "their salesperson. Empty: none do.",
    )
    settlement_collector_id = fields.Many2one(
        "res.users", string="Fetches Payments", domain=[("share", "=", False)],
        help="Who of finance is told that a customer's payment is ready. Empty: the first one of finance.",
    )

    def _settlement_collector(self):
        self.ensure_one()
        group = self.env.ref("sales_receivable_followup.group_arrears_finance").sudo()
        return self.settlement_collector_id or group.all_user_ids.sorted("id").filtered(
            lambda user: user.active and not user.share and self in user.company_ids,
        )[:1]
