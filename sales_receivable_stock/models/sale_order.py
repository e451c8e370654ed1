# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.sales_receivable_followup.engine.credit_check import DELIVERY


class SaleOrder(models.Model):
    """What is said about an order whose goods may not leave (GRD-04)."""

    _inherit = "sale.order"

    def _credit_headline(self, stage):
        if stage != DELIVERY:
            return super()._credit_headline(stage)
        return self.env._(
            "Goods of %(order)s for %(customer)s do not leave.", order=self.name,
            customer=self._credit_debtor().sudo().name,
        )

    def _credit_how_to_ask(self, stage, approver):
        if stage != DELIVERY:
            return super()._credit_how_to_ask(stage, approver)
        return self.env._("Press Request Approval on the delivery: %(user)s decides.", user=approver)
