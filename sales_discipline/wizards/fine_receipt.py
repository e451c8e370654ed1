# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ..models.fine_receipt import METHODS


class SalesDisciplineFineReceiptRecord(models.TransientModel):
    """Asks how much was handed in; the sheet checks who may receive how much."""

    _name = "sales.discipline.fine.receipt.record"
    _description = "Record a Fine Receipt"

    sheet_id = fields.Many2one("sales.discipline.period.sheet", string="Closing Sheet", required=True, readonly=True)
    period_id = fields.Many2one(related="sheet_id.period_id")
    employee_id = fields.Many2one(related="sheet_id.employee_id")
    currency_id = fields.Many2one(related="sheet_id.currency_id")
    amount_capped = fields.Monetary(related="sheet_id.amount_capped")
    amount_received = fields.Monetary(related="sheet_id.amount_received")
    amount_due = fields.Monetary(related="sheet_id.amount_due")
    amount_exported = fields.Monetary(
        related="sheet_id.amount_exported", help="Payroll has been asked to deduct this."
    )
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False,
        help="What is handed over now: the whole balance, or a part of it.",
    )
    method = fields.Selection(METHODS, string="How", required=True, default="cash")
    date = fields.Date(
        compute="_compute_amount", store=True, readonly=False,
        help="Day on which the money was handed over.",
    )
    note = fields.Char()

    @api.depends("sheet_id")
    def _compute_amount(self):
        for dialog in self:
            dialog.amount = abs(dialog.sheet_id.amount_due)
            dialog.date = dialog.sheet_id.company_id._discipline_today() if dialog.sheet_id else False

    def action_record(self):
        """Write the receipt and show it, ready to be printed."""
        self.ensure_one()
        receipt_id = self.sheet_id.record_receipt(self.amount, self.method, self.date, self.note)
        return {
            "type": "ir.actions.act_window",
            "res_model": "sales.discipline.fine.receipt",
            "view_mode": "form",
            "res_id": receipt_id,
        }


class SalesDisciplineFineReceiptCancel(models.TransientModel):
    """Asks why a receipt is cancelled."""

    _name = "sales.discipline.fine.receipt.cancel"
    _description = "Cancel a Fine Receipt"

    receipt_id = fields.Many2one("sales.discipline.fine.receipt", required=True, readonly=True)
    reason = fields.Char(required=True)

    def action_cancel(self):
        """Write the counter-receipt and show it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sales.discipline.fine.receipt",
            "view_mode": "form",
            "res_id": self.receipt_id.cancel(self.reason),
        }
