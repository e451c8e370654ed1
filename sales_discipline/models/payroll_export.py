# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.payroll_file import csv_file, xlsx_file
from .violation_decision import CLERK

EXPORTED, SUPERSEDED, DEDUCTED = "exported", "superseded", "deducted"
# what still happens to an export: a later one replaces it, or payroll has done what it says
LIVELY = {"state", "deducted_on", "deducted_by_id", "csv_id", "xlsx_id", "csv_sha256", "xlsx_sha256"}
SHOWN = 20  # people named in the difference to the file before
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SalesDisciplinePayrollExport(models.Model):
    """What payroll is asked to deduct for a closed month (SAN-12), as it was handed over: figures, files, their hash.

    Exporting again makes a further revision that says what differs; nothing that was handed over is changed. Entries
    behind it are posted: they are reversed, which books a correction in the open month, and never undone.
    """

    _name = "sales.discipline.payroll.export"
    _description = "Payroll Export"
    _order = "period_id desc, revision desc"
    _check_company_auto = True

    _revision_uniq = models.Constraint(
        "UNIQUE (period_id, revision)", "This month has been exported a moment ago: open that export."
    )

    name = fields.Char(compute="_compute_name", store=True)
    period_id = fields.Many2one(
        "sales.discipline.period", string="Month", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="period_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    revision = fields.Integer(required=True, readonly=True, aggregator=None)
    previous_id = fields.Many2one("sales.discipline.payroll.export", string="Replaces", readonly=True)
    state = fields.Selection(
        [(EXPORTED, "Exported"), (DEDUCTED, "Deducted"), (SUPERSEDED, "Replaced")],
        required=True, readonly=True, default=EXPORTED,
    )
    exported_on = fields.Datetime(required=True, readonly=True)
    exported_by_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    deducted_on = fields.Datetime(readonly=True)
    deducted_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    line_ids = fields.One2many("sales.discipline.payroll.export.line", "export_id", string="Lines", readonly=True)
    line_count = fields.Integer(string="Employees", readonly=True)
    amount_total = fields.Monetary(string="To Deduct", readonly=True)
    difference = fields.Text(readonly=True, help="What differs from the file before.")
    outdated = fields.Boolean(
        compute="_compute_outdated", help="Money was received or paid back since: export the month again."
    )
    csv_id = fields.Many2one("ir.attachment", string="CSV File", readonly=True, ondelete="restrict")
    csv_sha256 = fields.Char(string="SHA-256 of the CSV File", readonly=True)
    xlsx_id = fields.Many2one("ir.attachment", string="Excel File", readonly=True, ondelete="restrict")
    xlsx_sha256 = fields.Char(string="SHA-256 of the Excel File", readonly=True)

    @api.depends("period_id.name", "revision")
    def _compute_name(self):
        for export in self:
            export.name = f"{export.period_id.name or ''}/{export.revision}"

    @api.depends("state", "line_ids.sheet_id.amount_due")
    def _compute_outdated(self):
        for export in self:
            export.outdated = export.state == EXPORTED and any(
                export.currency_id.compare_amounts(line.amount, line.sheet_id.amount_due) for line in export.line_ids)

    # --- guards ---

    def write(self, vals):
        if vals.keys() - LIVELY:
            self._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        self._refuse_change()

    def _refuse_change(self):
        for export in self:
            raise UserError(self.env._(
                "Payroll export %(export)s has been handed over and stays as it is. Export the month again: the next "
                "revision says what differs.",
                export=export.name))

    # --- making one ---

    @api.model
    def _make(self, period):
        """The next revision of a closed month, with its files."""
        previous = self.search([("period_id", "=", period.id)], order="revision desc", limit=1)
        lines = self.env["sales.discipline.payroll.export.line"]
        values = lines._prepare_lines(period.sheet_ids.sorted(lambda sheet: (sheet.employee_id.name or "", sheet.id)),
                                      previous)
        export = self.create({
            "period_id": period.id,
            "revision": previous.revision + 1,
            "previous_id": previous.id,
            "exported_on": fields.Datetime.now(),
            "exported_by_id": self.env.uid,
            "line_count": len(values),
            "amount_total": period.currency_id.round(sum(line["amount"] for line in values)),
            "difference": self._difference_text(period, previous, values),
        })
        lines._insert_lines(export, values)
        previous.filtered(lambda export: export.state == EXPORTED).write({"state": SUPERSEDED})
        export._attach_files()
        return export

    def _difference_text(self, period, previous, values):
        if not previous:
            return False
        changed = [line for line in values if line["changed"]]
        if not changed:
            return self.env._("The same figures as in %(export)s.", export=previous.name)
        money = period.currency_id.format
        named = [
            self.env._("%(employee)s: %(before)s -> %(now)s",
                       employee=line["employee_name"], before=money(line["previous_amount"]), now=money(line["amount"]))
            for line in changed[:SHOWN]
        ]
        return self.env._(
            "%(count)s changed since %(export)s: %(people)s",
            count=len(changed), export=previous.name,
            people="; ".join(named) + ("; ..." if len(changed) > SHOWN else ""))

    def _attach_files(self):
        self.ensure_one()
        columns, rows = self._columns(), self._rows()
        files = {
            "csv": (csv_file(columns, rows), "text/csv"),
            "xlsx": (xlsx_file(self.period_id.name, columns, rows), XLSX),
        }
        attachments = self.env["ir.attachment"].create([
            {
                "name": f"payroll-{self.name.replace('/', '-')}.{kind}", "raw": content, "mimetype": mimetype,
                "res_model": self._name, "res_id": self.id,
            }
            for kind, (content, mimetype) in files.items()
        ])
        for (kind, (content, _mimetype)), attachment in zip(files.items(), attachments, strict=True):
            self.write({f"{kind}_id": attachment.id, f"{kind}_sha256": hashlib.sha256(content).hexdigest()})

    # --- the files; their columns are described in docs/payroll-export.md ---

    def _columns(self):
        """Technical names of the columns, whatever the language of who exports."""
        return [*self.line_ids._columns(), *self.line_ids._extra_columns()]

    def _rows(self):
        return self.line_ids._rows()

    def _export_log_values(self):
        """What a log of exports notes about the files: model, number of records, columns."""
        self.ensure_one()
        return {"model": self.line_ids._name, "record_count": self.line_count, "columns": self._columns()}

    # --- buttons ---

    def action_download_csv(self):
        return self._download(self.sudo().csv_id)

    def action_download_xlsx(self):
        return self._download(self.sudo().xlsx_id)

    def _download(self, attachment):
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/web/content/{attachment.id}?download=true", "target": "download"}

    def action_record_deductions(self):
        """Payroll has deducted what the file says: a receipt for each line.

        :raise UserError: the file is not the latest one, or money was received since
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(CLERK):
            raise AccessError(self.env._("Only the info clerk writes receipts."))
        # sudo: receipts and exports are written by nobody directly; the right was checked above
        export = self.sudo()
        if export.state != EXPORTED:
            raise UserError(self.env._(
                "Payroll export %(export)s has been replaced, or its deductions are recorded: open the latest one.",
                export=export.name))
        if export.outdated:
            raise UserError(self.env._(
                "Money was received or paid back since payroll export %(export)s was made: export the month again, so "
                "that nobody pays twice.",
                export=export.name))
        self.env["sales.discipline.fine.receipt"].sudo().create([
            {
                "sheet_id": line.sheet_id.id,
                "amount": line.amount,
                "method": "payroll",
                "note": self.env._("Payroll export %(export)s", export=export.name),
            }
            for line in export.line_ids if not export.currency_id.is_zero(line.amount)
        ])
        export.write({
            "state": DEDUCTED, "deducted_on": fields.Datetime.now(), "deducted_by_id": self.env.uid,
        })
