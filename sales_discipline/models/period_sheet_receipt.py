# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.receipt import due
from .fine_receipt import METHODS
from .violation_decision import CLERK


class SalesDisciplinePeriodSheet(models.Model):
    """What has been received of what the closing says (SAN-04). The closing itself stays as it is."""

    _inherit = "sales.discipline.period.sheet"

    receipt_ids = fields.One2many("sales.discipline.fine.receipt", "sheet_id", string="Receipts", readonly=True)
    amount_received = fields.Monetary(
        string="Received", compute="_compute_received", store=True,
        help="Sum of the receipts; what was paid back counts negative.",
    )
    amount_due = fields.Monetary(
        string="Balance", compute="_compute_received", store=True,
        help="Still to be collected. Negative: to be paid back.",
    )
    amount_exported = fields.Monetary(
        string="Asked of Payroll", compute="_compute_exported",
        help="What the latest payroll export asks to deduct, while that has not been recorded as done.",
    )
    can_receive = fields.Boolean(compute="_compute_can_receive")

    @api.depends("amount_capped", "receipt_ids.amount")
    def _compute_received(self):
        received = dict(self.env["sales.discipline.fine.receipt"]._read_group(
            [("sheet_id", "in", self.ids)], ["sheet_id"], ["amount:sum"]))
        for sheet in self:
            sheet.amount_received = sheet.currency_id.round(received.get(sheet._origin, 0.0))
            sheet.amount_due = sheet.currency_id.round(due(sheet.amount_capped, sheet.amount_received))

    def _compute_exported(self):
        # sudo: whoever sees the sheet may know what was asked for it
        asked = dict(self.env["sales.discipline.payroll.export.line"].sudo()._read_group(
            [("sheet_id", "in", self.ids), ("export_id.state", "=", "exported")], ["sheet_id"], ["amount:sum"]))
        for sheet in self:
            sheet.amount_exported = asked.get(sheet._origin.sudo(), 0.0)

    @api.depends_context("uid")
    @api.depends("amount_due", "user_id")
    def _compute_can_receive(self):
        clerk = self.env.user.has_group(CLERK)
        for sheet in self:
            sheet.can_receive = clerk and sheet.user_id != self.env.user and not sheet.currency_id.is_zero(
                sheet.amount_due)

    def action_receive(self):
        """Ask for the amount; the receipt itself is written by ``record_receipt``."""
        self._check_may_receive()
        if self.currency_id.is_zero(self.amount_due):
            self._refuse_receipt(self.amount_received, 0)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pay Back") if self.amount_due < 0 else self.env._("Record Receipt"),
            "res_model": "sales.discipline.fine.receipt.record",
            "view_mode": "form",
            "target": "new",
            "context": {"default_sheet_id": self.id},
        }

    def record_receipt(self, amount, method="cash", date=None, note=None):
        """Write down what was handed in, or paid back where the balance is negative.

        :param float amount: what was handed over, above zero whichever way it goes
        :param str method: cash or payroll
        :param str date: local day on which it was handed over, today by default
        :return: id of the receipt
        """
        self._check_may_receive()
        if method not in dict(METHODS):
            raise UserError(self.env._(
                "'%(method)s' is no way to pay a fine. Choose one of: %(known)s.",
                method=method, known=", ".join(dict(METHODS))))
        if method == "cash" and self.amount_due < 0:
            self._check_owes_nothing_else()
        # receipts are written by nobody directly; the right was checked above
        receipt = self.env["sales.discipline.fine.receipt"].sudo().create({
            "sheet_id": self.id,
            "amount": -self._check_positive(amount) if self.amount_due < 0 else self._check_positive(amount),
            "method": method,
            "date": date,
            "note": (note or "").strip() or False,
        })
        return receipt.id

    def action_view_receipts(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receipts"),
            "res_model": "sales.discipline.fine.receipt",
            "view_mode": "list,kanban,form",
            "domain": [("sheet_id", "=", self.id)],
        }

    # --- checks ---

    def _check_may_receive(self):
        """:raise AccessError: not a clerk, or his own sheet"""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(CLERK):
            raise AccessError(self.env._("Only the info clerk receives fines."))
        self.env["sales.discipline.fine.receipt"]._check_someone_else(self.employee_id, self.env.user)

    def _check_owes_nothing_else(self):
        """:raise UserError: money would be paid back that has never been received"""
        other = self.search([
            ("company_id", "=", self.company_id.id), ("employee_id", "=", self.employee_id.id), ("amount_due", ">", 0),
        ], order="period_id", limit=1)
        if other:
            raise UserError(self.env._(
                "%(employee)s still owes %(due)s of %(period)s: write that receipt first, then pay back.",
                employee=self.sudo().employee_id.name, due=self.currency_id.format(other.amount_due),
                period=other.period_id.name))

    def _check_positive(self, amount):
        if self.currency_id.compare_amounts(self._check_receipt_amount(amount), 0) <= 0:
            raise UserError(self.env._("Enter the amount that was handed over: it must be above zero."))
        return amount

    def _check_receipt_amount(self, amount):
        """The amount, in whole units of the currency.

        :raise UserError: no number, or a fraction of the smallest coin
        """
        self.ensure_one()
        if not isinstance(amount, int | float) or self.currency_id.compare_amounts(amount, 0) == 0:
            raise UserError(self.env._("Enter the amount that was handed over: it must be above zero."))
        rounded = self.currency_id.round(amount)
        if abs(rounded - amount) > self.currency_id.rounding / 1000:
            raise UserError(self.env._(
                "%(amount)s is no sum of %(currency)s: the smallest coin is %(rounding)s.",
                amount=amount, currency=self.currency_id.name, rounding=self.currency_id.rounding))
        return rounded

    def _check_receipt_date(self, date):
        today = self.company_id._discipline_today()
        if date > today:
            raise UserError(self.env._(
                "A receipt is written for money that has been handed over: %(date)s is still to come.", date=date))
        if date < self.period_id.date_from:
            raise UserError(self.env._(
                "%(date)s is before %(period)s began: nothing of that month can have been handed over then.",
                date=date, period=self.period_id.name))

    def _refuse_receipt(self, received, amount):
        """:raise UserError: the figures of the sheet, and why the amount does not fit them"""
        money = self.currency_id.format
        raise UserError(self.env._(
            "%(employee)s, %(period)s: to collect %(to_collect)s, received %(received)s, so the balance is %(due)s. "
            "%(amount)s is more than that; no more is received, or paid back, than the closing says.",
            employee=self.sudo().employee_id.name, period=self.period_id.name, to_collect=money(self.amount_capped),
            received=money(received), due=money(due(self.amount_capped, received)), amount=money(abs(amount))))
