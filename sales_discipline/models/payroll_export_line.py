# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

# column of the files: field of the line
TEXTS = {"employee_number": "employee_number", "employee_name": "employee_name"}
COUNTS = {"points": "points_total", "warnings": "warning_count", "fines": "fine_count"}
AMOUNTS = {
    "fines_amount": "amount_total",
    "carried_in": "amount_carried_in",
    "to_collect": "amount_capped",
    "collected_cash": "amount_cash",
    "collected_payroll": "amount_payroll",
    "to_deduct": "amount",
    "carried_on": "amount_carried",
    "dropped": "amount_dropped",
    "to_deduct_before": "previous_amount",
}
# what else the sheet says, kept in ``extra``
EXTRAS = {
    "duty_days": "duty_days_total",
    "absence_days": "absence_days_total",
    "volume_not_counted": "volume_off",
    "cases": "case_count",
    "score": "score",
    "performance_pay": "pay_proposal",
}
COUNTED = ("warning", "fine")  # kinds of sanction that have a column of their own already


class SalesDisciplinePayrollExportLine(models.Model):
    """One employee of a payroll export, as the sheet was then: plain columns that nothing changes any more."""

    _name = "sales.discipline.payroll.export.line"
    _description = "Payroll Export Line"
    _inherit = "sales.plain.row.mixin"
    _order = "id"
    _rec_name = "employee_name"

    export_id = fields.Many2one(
        "sales.discipline.payroll.export", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="export_id.currency_id")
    sheet_id = fields.Many2one(
        "sales.discipline.period.sheet", required=True, readonly=True, index=True, ondelete="restrict"
    )
    employee_id = fields.Many2one("hr.employee", required=True, readonly=True, index=True, ondelete="restrict")
    employee_number = fields.Char(string="Number", readonly=True, help="Badge of the employee, else his identification.")
    employee_name = fields.Char(string="Name", readonly=True)
    points_total = fields.Integer(string="Points", readonly=True)
    warning_count = fields.Integer(string="Warnings", readonly=True)
    fine_count = fields.Integer(string="Number of Fines", readonly=True)
    amount_total = fields.Monetary(string="Fines", readonly=True)
    amount_carried_in = fields.Monetary(string="Carried From Before", readonly=True)
    amount_capped = fields.Monetary(string="To Collect", readonly=True)
    amount_cash = fields.Monetary(string="Received in Cash", readonly=True)
    amount_payroll = fields.Monetary(string="Deducted Before", readonly=True)
    amount = fields.Monetary(string="To Deduct", readonly=True, help="To collect, less what has been received.")
    amount_carried = fields.Monetary(string="Carried On", readonly=True)
    amount_dropped = fields.Monetary(string="Dropped", readonly=True)
    previous_amount = fields.Monetary(string="In the File Before", readonly=True)
    changed = fields.Boolean(readonly=True, help="Differs from the file before.")
    extra = fields.Json(readonly=True, help="Further columns of the files.")

    # --- guards ---

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        self._refuse_change()

    def _refuse_change(self):
        self.export_id._refuse_change()
        raise UserError(self.env._("A payroll export has been handed over and stays as it is."))

    # --- making them ---

    @api.model
    def _prepare_lines(self, sheets, previous):
        """Values of a line for each sheet; as many queries for many sheets as for few."""
        received = self.env["sales.discipline.fine.receipt"]._read_group(
            [("sheet_id", "in", sheets.ids)], ["sheet_id", "method"], ["amount:sum"])
        received = {(sheet.id, method): amount for sheet, method, amount in received}
        before = {line.sheet_id.id: line.amount for line in previous.line_ids}
        numbers, extra = self._numbers(sheets.employee_id), self._extra_values(sheets)
        copied = [*COUNTS.values(), "amount_total", "amount_carried_in", "amount_capped", "amount_carried",
                  "amount_dropped"]
        round_ = sheets.currency_id.round
        return [
            {
                "sheet_id": sheet.id,
                "employee_id": sheet.employee_id.id,
                "employee_number": numbers[sheet.employee_id],
                "employee_name": sheet.employee_id.name,
                **{name: sheet[name] for name in copied},
                "amount_cash": round_(received.get((sheet.id, "cash"), 0)),
                "amount_payroll": round_(received.get((sheet.id, "payroll"), 0)),
                "amount": sheet.amount_due,
                "previous_amount": before.get(sheet.id, 0),
                "changed": bool(previous) and bool(
                    sheet.currency_id.compare_amounts(before.get(sheet.id, 0), sheet.amount_due)),
                "extra": extra[sheet.id],
            }
            for sheet in sheets
        ]

    @api.model
    def _numbers(self, employees):
        """{employee: his badge, else his identification}, which only HR may read elsewhere."""
        # sudo: payroll knows people by these numbers, and nothing else of them is read
        return {
            employee: person.barcode or person.identification_id or False
            for employee, person in zip(employees, employees.sudo(), strict=True)
        }

    @api.model
    def _extra_columns(self):
        """Columns after the sums: what else the sheet says, and how often each further kind of sanction was posted."""
        kinds = self.env["sales.discipline.violation"]._fields["step_kind"].get_values(self.env)
        return [*EXTRAS] + [f"count_{kind}" for kind in kinds if kind not in (*COUNTED, "none")]

    @api.model
    def _extra_values(self, sheets):
        """{sheet id: {column: value}}"""
        counted = {
            (sheet.id, f"count_{kind}"): count
            for sheet, kind, count in self.env["sales.discipline.violation"]._read_group(
                [("sheet_id", "in", sheets.ids), ("corrects_id", "=", False)], ["sheet_id", "step_kind"], ["__count"])
        }
        return {
            sheet.id: {
                name: float(sheet[EXTRAS[name]]) if name in EXTRAS else counted.get((sheet.id, name), 0)
                for name in self._extra_columns()
            }
            for sheet in sheets
        }

    @api.model
    def _insert_lines(self, export, values):
        if values:
            names = [*values[0], "export_id"]
            self._insert_rows(names, [(*line.values(), export.id) for line in values])

    # --- their cells ---

    @api.model
    def _columns(self):
        return ["company", "period", "revision", "employee_id", *TEXTS, "currency", *COUNTS, *AMOUNTS]

    def _rows(self):
        """Cells in the order of the columns; money quantized to its currency."""
        extra = self._extra_columns()
        rows = []
        for line in self:
            export, currency = line.export_id, line.currency_id
            unit = Decimal(1).scaleb(-currency.decimal_places)
            rows.append([
                export.company_id.name, export.period_id.name, export.revision, line.employee_id.id,
                *(line[name] or None for name in TEXTS.values()), currency.name,
                *(line[name] for name in COUNTS.values()),
                *(Decimal(str(line[name])).quantize(unit) for name in AMOUNTS.values()),
                *(line._extra_cell(name, unit) for name in extra),
            ])
        return rows

    def _extra_cell(self, name, unit):
        value = (self.extra or {}).get(name, 0)
        return Decimal(str(value)).quantize(unit) if name == "performance_pay" else int(value)
