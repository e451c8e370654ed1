# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class SaleOrder(models.Model):
    """Orders on credit and the agreement behind them (STL-03, STL-04)."""

    _inherit = "sale.order"

    settlement_warning = fields.Char(compute="_compute_settlement_warning")

    @api.depends("state", "partner_invoice_id", "company_id", "user_id", "payment_term_id", "require_payment")
    def _compute_settlement_warning(self):
        self.settlement_warning = False
        for company, orders in self.filtered("partner_invoice_id").grouped("company_id").items():
            if not company.sudo().settlement_liable_from:
                continue
            today = company._arrears_today()
            agreements = self.env["sales.settlement.agreement"]
            known = agreements._of_customers(company, self.env["res.partner"].union(
                *(order._credit_debtor() for order in orders),
            ))
            for order in orders:
                debtor = order._credit_debtor()
                if order.state in ("draft", "sent") and not order._credit_is_payable_at_once():
                    order.settlement_warning = known.get(debtor.id, agreements)._warning(
                        today, order.user_id, today, partner=debtor,
                    )

    def _action_confirm(self):
        result = super()._action_confirm()
        self._settlement_note_first_order()
        return result

    def _settlement_note_first_order(self):
        """The month of the first order on credit is the month in which its agreement has to be signed."""
        for company, orders in self.grouped("company_id").items():
            credit = orders.filtered(lambda order: not order._credit_is_payable_at_once())
            known = self.env["sales.settlement.agreement"]._of_customers(
                company, self.env["res.partner"].union(*(order._credit_debtor() for order in credit)),
            ) if credit else {}
            for agreement in known.values():
                if not agreement.first_order_on and not agreement.signed_on:
                    agreement.first_order_on = company._arrears_today()
