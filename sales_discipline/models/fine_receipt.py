# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.receipt import fits
from .violation_decision import CLERK

SEQUENCE = "sales.discipline.fine.receipt"
METHODS = [("cash", "Cash"), ("payroll", "Payroll")]
# what is not part of the receipt: the person's user may change
LIVELY = {"user_id"}


class SalesDisciplineFineReceipt(models.Model):
    """What the clerk has received for a closing sheet, or paid back (SAN-04, ATT-06).

    A receipt is never changed or deleted. A wrong one gets a counter-receipt of its own number, with the reason.
    """

    _name = "sales.discipline.fine.receipt"
    _description = "Fine Receipt"
    _order = "date desc, id desc"
    _check_company_auto = True

    _name_uniq = models.UniqueIndex("(company_id, name)", "The fine book already has a receipt of this number.")
    _cancels_uniq = models.UniqueIndex(
        "(cancels_id) WHERE cancels_id IS NOT NULL", "This receipt has been cancelled already."
    )
    _amount_not_zero = models.Constraint("CHECK (amount != 0)", "A receipt needs an amount.")

    name = fields.Char(string="Number", required=True, readonly=True)
    sheet_id = fields.Many2one(
        "sales.discipline.period.sheet", string="Closing Sheet", required=True, readonly=True, index=True,
        ondelete="restrict", check_company=True,
    )
    period_id = fields.Many2one(related="sheet_id.period_id", store=True, index=True)
    company_id = fields.Many2one(related="sheet_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    employee_id = fields.Many2one(related="sheet_id.employee_id", store=True, index=True)
    user_id = fields.Many2one(related="sheet_id.user_id", store=True, index=True)
    date = fields.Date(required=True, readonly=True, index=True, help="Day on which the money was handed over.")
    amount = fields.Monetary(required=True, readonly=True, help="Negative: paid back, or a counter-receipt.")
    method = fields.Selection(METHODS, string="How", required=True, readonly=True)
    collector_id = fields.Many2one(
        "res.users", string="Received By", required=True, readonly=True, ondelete="restrict",
        default=lambda self: self.env.user,
    )
    note = fields.Char(readonly=True)
    cancels_id = fields.Many2one(
        "sales.discipline.fine.receipt", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    cancelled_by_ids = fields.One2many("sales.discipline.fine.receipt", "cancels_id")
    status = fields.Selection(
        [("valid", "Valid"), ("cancelled", "Cancelled"), ("counter", "Counter-receipt")],
        compute="_compute_status", help="A cancelled receipt and its counter-receipt add up to nothing.",
    )
    can_cancel = fields.Boolean(compute="_compute_status")

    @api.depends("cancels_id", "cancelled_by_ids")
    @api.depends_context("uid")
    def _compute_status(self):
        clerk = self.env.user.has_group(CLERK)
        for receipt in self:
            receipt.status = "counter" if receipt.cancels_id else "cancelled" if receipt.cancelled_by_ids else "valid"
            receipt.can_cancel = clerk and receipt.status == "valid" and receipt.user_id != self.env.user

    # --- guards ---

    @api.model_create_multi
    def create(self, vals_list):
        """Number the receipts, once everything about them has been checked.

        :raise UserError: more than the closing sheet says
        """
        vals_list = [dict(vals) for vals in vals_list]
        Sheet = self.env["sales.discipline.period.sheet"]
        sheets = [Sheet.browse(vals["sheet_id"]).with_prefetch([v["sheet_id"] for v in vals_list]) for vals in vals_list]
        received = {sheet: sheet.amount_received for sheet in sheets}
        for sheet, vals in zip(sheets, vals_list, strict=True):
            vals.setdefault("collector_id", self.env.uid)
            self._check_someone_else(sheet.employee_id, self.env["res.users"].browse(vals["collector_id"]))
            vals["amount"] = sheet._check_receipt_amount(vals.get("amount"))
            if not fits(*map(sheet.period_id._units, (sheet.amount_capped, received[sheet], vals["amount"]))):
                sheet._refuse_receipt(received[sheet], vals["amount"])
            received[sheet] += vals["amount"]
            vals["date"] = fields.Date.to_date(vals.get("date")) or sheet.company_id._discipline_today()
            sheet._check_receipt_date(vals["date"])
        self._number([(sheet.company_id, vals) for sheet, vals in zip(sheets, vals_list, strict=True)])
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() - LIVELY:
            self._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_book(self):
        self._refuse_change()

    def _refuse_change(self):
        for receipt in self:
            raise UserError(self.env._(
                "Receipt %(receipt)s is in the fine book and is never changed or deleted. Cancel it: that writes a "
                "counter-receipt with your reason.",
                receipt=receipt.name))

    # --- numbers ---

    @api.model
    def _number(self, receipts):
        """Give each of [(company, values)] the next number of its company's book of that year."""
        books = {}
        for company, vals in receipts:
            books.setdefault((company, vals["date"].year), []).append(vals)
        for (company, _year), book in books.items():
            for vals, name in zip(book, self._next_numbers(company, book[0]["date"], len(book)), strict=True):
                vals["name"] = name

    @api.model
    def _next_numbers(self, company, date, count):
        """The next numbers of a book, drawn together: the first one locks it until the transaction ends."""
        sequence = self._sequence(company)
        first = sequence.next_by_id(sequence_date=date)
        pages = sequence.date_range_ids.filtered(lambda pages: pages.date_from <= date <= pages.date_to)[:1]
        if not pages:  # the administrator numbers without years
            return [first, *(sequence.next_by_id(sequence_date=date) for _number in range(count - 1))]
        following = pages.number_next
        pages.number_next += count - 1
        sequence = sequence.with_context(ir_sequence_date_range=pages.date_from)
        return [first, *map(sequence.get_next_char, range(following, following + count - 1))]

    @api.model
    def _sequence(self, company):
        # sudo: sequences are the administrator's; only the next number of the book is drawn
        return self.env["ir.sequence"].sudo().search(
            [("code", "=", SEQUENCE), ("company_id", "=", company.id)], limit=1
        ) or company._discipline_make_sequences()

    # --- cancelling ---

    def action_cancel(self):
        """Ask for the reason; the counter-receipt itself is written by ``cancel``."""
        self._check_may_cancel()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel Receipt %(receipt)s", receipt=self.name),
            "res_model": "sales.discipline.fine.receipt.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_receipt_id": self.id},
        }

    def cancel(self, reason):
        """Write a counter-receipt.

        :param str reason: why; required
        :return: id of the counter-receipt
        """
        self._check_may_cancel()
        if not (reason or "").strip():
            raise UserError(self.env._(
                "Say why receipt %(receipt)s is cancelled: the reason stays in the book.", receipt=self.name))
        # receipts are written by nobody directly; the right was checked above
        counter = self.sudo().create({
            "sheet_id": self.sheet_id.id,
            "amount": -self.amount,
            "method": self.method,
            "note": reason.strip(),
            "cancels_id": self.id,
        })
        return counter.id

    def _check_may_cancel(self):
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(CLERK):
            raise AccessError(self.env._("Only the info clerk cancels receipts."))
        self._check_someone_else(self.employee_id, self.env.user)
        if self.status != "valid":
            raise UserError(self.env._(
                "Receipt %(receipt)s cannot be cancelled: it is a counter-receipt, or has one already.",
                receipt=self.name))

    @api.model
    def _check_someone_else(self, employee, collector):
        """:raise AccessError: somebody receives his own fine, or cancels his own receipt"""
        # sudo: only whether the person is the collector is read, and the name for the message
        employee = employee.sudo()
        if employee.user_id == collector:
            raise AccessError(self.env._(
                "Nobody collects his own fine: another clerk writes the receipts of %(employee)s, and cancels them.",
                employee=employee.name))
