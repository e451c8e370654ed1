# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
import re

import xlsxwriter

from odoo.tools import split_every

LINE_TEXTS = ("customer_name", "customer_ref", "user_id", "team_id", "currency_id")
LINE_AMOUNTS = (
    "previous_closing", "prior_movement", "opening", "sales", "credit_notes", "receipts", "other",
    "exchange_difference", "cash_basis", "closing", "not_due", "due_1_30", "due_31_60", "due_61_90", "due_over_90",
    "overdue", "deposits", "cross_customer",
)  # fmt: skip
ITEM_COLUMNS = (
    "kind", "date", "date_maturity", "name", "customer_name", "account_id", "currency_id", "balance",
    "amount_currency", "explanation", "move_line_id",
)  # fmt: skip
CHUNK = 5000
#: Rows of a sheet below its header; Excel reads no more.
SHEET_ROWS = 1_048_575


class StatementWorkbook:
    """An issued statement as a workbook: a sheet of lines per account with its proof, then the frozen items.

    Rows go to disk as they are written (constant memory), so each sheet is written from top to bottom.
    """

    def __init__(self, statement):
        self.statement = statement
        self.env = statement.env
        self.currency = statement.company_id.currency_id
        self._file = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._file, {"constant_memory": True})
        self._formats = {}

    def build(self):
        """:return: the bytes of the XLSX file"""
        statement = self.statement
        self._book.set_properties({
            "title": statement.display_name, "company": statement.company_id.name, "created": statement.issued_at,
        })
        for account in statement.account_line_ids:
            self._write_account(account)
        self._write_account_changes()
        self._write_items()
        self._book.close()
        return self._file.getvalue()

    # ------------------------------------------------------------
    # Sheets
    # ------------------------------------------------------------

    def _write_account(self, account):
        lines = self.statement.line_ids.search(
            [("statement_id", "=", self.statement.id), ("account_id", "=", account.account_id.id)],
        )
        twins = ("", "_currency") if any(
            line.currency_id != self.currency for chunk in self._chunks(lines) for line in chunk
        ) else ("",)
        amounts = [(name, twin) for twin in twins for name in LINE_AMOUNTS]
        names = [*LINE_TEXTS, *(name + twin for name, twin in amounts)]
        sheet = self._add_sheet(f"{account.account_code or ''} {account.account_name or ''}", lines, names)
        sums = dict.fromkeys(LINE_AMOUNTS, 0.0)
        row = 0
        for chunk in self._chunks(lines):
            for line in chunk:
                row += 1
                for column, name in enumerate(LINE_TEXTS):
                    self._write_text(sheet, row, column, line[name])
                for column, (name, twin) in enumerate(amounts, len(LINE_TEXTS)):
                    currency = line.currency_id if twin else self.currency
                    sheet.write_number(row, column, line[name + twin], self._money(currency))
                for name in LINE_AMOUNTS:
                    sums[name] += line[name]
        self._write_proof(sheet, row + 1, account, sums)

    def _write_proof(self, sheet, row, account, sums):
        """The sums below the lines, then what they are proven against."""
        bold = self._money(self.currency, bold=True)
        sheet.write_string(row, 0, self.env._("Total"), self._format(bold=True))
        for column, name in enumerate(LINE_AMOUNTS, len(LINE_TEXTS)):
            sheet.write_number(row, column, self.currency.round(sums[name]), bold)
        closing = len(LINE_TEXTS) + LINE_AMOUNTS.index("closing")
        for offset, name in enumerate(("ledger_balance", "difference"), 1):
            sheet.write_string(row + offset, 0, self._label(account, name))
            sheet.write_number(row + offset, closing, account[name], self._money(self.currency))

    def _write_account_changes(self):
        """Why the last statement's total is not the one carried on here, if accounts came or went."""
        if self.statement.account_changes:
            sheet = self._book.add_worksheet(self._sheet_name(self.env._("Accounts")))
            for row, sentence in enumerate(self.statement.account_changes.split("\n")):
                sheet.write_string(row, 0, sentence)

    def _write_items(self):
        items = self.statement.item_ids.search([("statement_id", "=", self.statement.id)])
        codes = {row.account_id: row.account_code for row in self.statement.account_line_ids}
        kinds = dict(items._fields["kind"]._description_selection(self.env))
        day = self._format(num_format="yyyy-mm-dd")
        sheet, row = self._add_sheet(self.env._("Items"), items, ITEM_COLUMNS), 0
        for chunk in self._chunks(items):
            for item in chunk:
                if row == SHEET_ROWS:
                    sheet, row = self._add_sheet(self.env._("Items"), items, ITEM_COLUMNS), 0
                row += 1
                self._write_text(sheet, row, 0, kinds[item.kind])
                for column, name in enumerate(("date", "date_maturity"), 1):
                    if item[name]:
                        sheet.write_datetime(row, column, item[name], day)
                self._write_text(sheet, row, 3, item.name)
                self._write_text(sheet, row, 4, item.customer_name)
                self._write_text(sheet, row, 5, codes.get(item.account_id))
                self._write_text(sheet, row, 6, item.currency_id)
                sheet.write_number(row, 7, item.balance, self._money(self.currency))
                sheet.write_number(row, 8, item.amount_currency, self._money(item.currency_id))
                self._write_text(sheet, row, 9, item.explanation)
                sheet.write_number(row, 10, item.move_line_id)

    # ------------------------------------------------------------
    # Cells
    # ------------------------------------------------------------

    def _chunks(self, records):
        """The records a few thousand at a time, each chunk forgotten before the next."""
        for ids in split_every(CHUNK, records.ids):
            chunk = records.browse(ids)
            yield chunk
            chunk.invalidate_recordset(flush=False)

    def _add_sheet(self, title, records, names):
        """A sheet with its header row, which stays in sight."""
        sheet = self._book.add_worksheet(self._sheet_name(title))
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, len(names) - 1, 15)
        for column, field_name in enumerate(names):
            label = self._label(records, field_name)
            if field_name in (*LINE_AMOUNTS, "balance"):
                label = f"{label} ({self.currency.name})"
            sheet.write_string(0, column, label, self._format(bold=True, text_wrap=True))
        self._set_up_print(sheet)
        return sheet

    def _sheet_name(self, title):
        """The title made a name that Excel takes and no other sheet has."""
        title = re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:28] or "-"
        taken = {sheet.get_name().lower() for sheet in self._book.worksheets()}
        number, name = 1, title
        while name.lower() in taken:
            number += 1
            name = f"{title} {number}"
        return name

    @staticmethod
    def _set_up_print(sheet):
        """On paper each page says whose figures stand in which column."""
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.repeat_rows(0)
        sheet.repeat_columns(0)
        sheet.set_footer("&L&A&R&P / &N")

    def _label(self, records, name):
        return records._fields[name]._description_string(self.env)

    @staticmethod
    def _write_text(sheet, row, column, value):
        """A name may begin with = and is text all the same."""
        text = value.display_name if hasattr(value, "display_name") else value
        if text:
            sheet.write_string(row, column, text)

    def _money(self, currency, bold=False):
        digits = currency.decimal_places
        return self._format(num_format=f"#,##0.{'0' * digits}" if digits else "#,##0", bold=bold)

    def _format(self, **properties):
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]
