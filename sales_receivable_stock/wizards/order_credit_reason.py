# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from odoo.addons.sales_receivable_followup.engine.credit_check import DELIVERY


class OrderCreditReason(models.TransientModel):
    _inherit = "sales.order.credit.reason"

    picking_id = fields.Many2one("stock.picking", string="Delivery", readonly=True)

    @api.model
    def _fields_of_records(self):
        return {**super()._fields_of_records(), "stock.picking": "picking_id"}

    @api.depends("picking_id")
    def _compute_findings(self):
        return super()._compute_findings()

    def _document(self):
        return super()._document() or self.picking_id._credit_orders()

    def _stage(self):
        return DELIVERY if self.picking_id else super()._stage()

    def _ask(self):
        if self.picking_id:
            return self.picking_id.action_request_credit_approval(self.reason)
        return super()._ask()
