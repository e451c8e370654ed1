# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class DeliveryAsOf(models.TransientModel):
    """Asks for the day as of which deliveries and ledger are compared."""

    _name = "sales.delivery.as.of"
    _description = "Deliveries Against the Ledger As Of"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    day = fields.Date(required=True, default=fields.Date.context_today)

    def action_open(self):
        """Open the list as it stood on the day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_receivable_stock.delivery_reconciliation_action")
        return {
            **action,
            "display_name": self.env._("Deliveries and Ledger on %(day)s", day=fields.Date.to_string(self.day)),
            "target": "main",
            "domain": [("company_id", "=", self.company_id.id)],
            "context": {"ledger_as_of": fields.Date.to_string(self.day)},
        }
