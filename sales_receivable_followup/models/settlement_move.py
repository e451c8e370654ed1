# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AccountMove(models.Model):
    """Invoices show what their salesperson answers for, or will (STL-04, STL-06)."""

    _inherit = "account.move"

    settlement_liability_ids = fields.One2many("sales.settlement.liability", "move_id", string="Joint Liability")
    settlement_warning = fields.Char(compute="_compute_settlement_warning")

    @api.depends("state", "partner_id", "invoice_date", "invoice_date_due", "invoice_user_id")
    def _compute_settlement_warning(self):
        self.settlement_warning = False
        agreements = self.env["sales.settlement.agreement"]
        sales = self.filtered(lambda move: move.move_type == "out_invoice" and move.state != "cancel")
        for company, moves in sales.grouped("company_id").items():
            since = company.sudo().settlement_liable_from
            if not since:
                continue
            today = company._arrears_today()
            known = agreements._of_customers(company, moves.commercial_partner_id)
            signed = agreements._signed_with(company, moves.commercial_partner_id)
            for move in moves.filtered(lambda move: not move.settlement_liability_ids):
                on = move.invoice_date or today
                customer = move.commercial_partner_id
                if on < since or not move.invoice_date_due or move.invoice_date_due <= on:
                    continue
                if not any(agreement.partner_id == customer and agreement._covers(on) for agreement in signed):
                    move.settlement_warning = known.get(customer.id, agreements)._warning(
                        on, move.invoice_user_id, today, partner=customer,
                    )
