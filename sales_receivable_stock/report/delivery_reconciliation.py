# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from . import delivery_query as query

NOT_ENTERED, NOT_DELIVERED = "not_entered", "not_delivered"


class DeliveryReconciliation(models.Model):
    """Order lines whose deliveries and ledger entries differ (SLG-03), today or as of ``ledger_as_of`` in the context."""

    _name = "sales.delivery.reconciliation"
    _description = "Deliveries Against the Sales Ledger"
    _auto = False
    _order = "kind, delivered_on, entered_on, id"
    _rec_name = "order_id"

    order_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    delivered = fields.Float(digits="Product Unit", readonly=True, aggregator=None, help="Less what came back.")
    entered = fields.Float(
        digits="Product Unit", readonly=True, aggregator=None, help="On posted invoices, less credit notes.",
    )
    difference = fields.Float(digits="Product Unit", readonly=True, aggregator=None)
    amount = fields.Monetary(readonly=True, aggregator=None, help="The difference at the order's price, untaxed.")
    delivered_on = fields.Date(string="Last Delivery", readonly=True)
    entered_on = fields.Date(string="Last Entry", readonly=True)
    kind = fields.Selection(
        [(NOT_ENTERED, "Delivered, not entered"), (NOT_DELIVERED, "Entered, not delivered")], readonly=True,
    )

    @property
    def _table_query(self):
        Note = self.env["sales.delivery.note"]
        Note._flush_ledger()
        return query.differences(Note._ledger_day())
