# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import io
from datetime import datetime
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from ..report import arrears_statement_xlsx
from ..report.arrears_statement_xlsx import LINE_AMOUNTS, StatementWorkbook
from .common import JUNE, ArrearsCase, day

DOCUMENT_LOG = "odoo.addons.sales_receivable_followup.models.arrears_statement_document"


@freeze_time("2026-07-03 09:00:00")
class TestStatementDocument(ArrearsCase):
    """The issued statement as files (peers 1.3 A8): the figures of the screen, and a hash that proves the bytes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.arrears_advance_account_ids = cls.advance
        cls.ann = cls._user("ann")
        cls.fay = cls._user("fay", "sales_receivable_followup.group_arrears_finance")
        cls.acme, cls.formula = cls._customer("Acme", user=cls.ann), cls._customer("=1+1")
        cls._invoice(cls.acme, 1234.56, day("05-10"))
        cls._pay(cls._invoice(cls.acme, 1000, day("06-02")), 400, day("06-20"))
        cls._invoice(cls.formula, 100, day("06-20"), currency=cls.foreign)
        cls._entry([(cls.advance, cls.acme, -70)], day("06-12"), journal=cls.company_data["default_journal_bank"])

    def _make(self, statement):
        cron = self.env.ref("sales_receivable_followup.arrears_statement_document_cron")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        return statement.document_ids.sorted("kind", reverse=True)  # xlsx, pdf

    def _sheets(self, content):
        book = load_workbook(io.BytesIO(content))
        return {sheet.title: [[cell.value for cell in row] for row in sheet] for sheet in book}, book

    def test_workbook_has_every_figure_of_the_frozen_lines(self):
        """Per account a sheet: header, one row a line, totals, ledger balance and difference; numbers, not texts."""
        statement = self._statement(JUNE, issue=True)
        sheets, book = self._sheets(StatementWorkbook(statement).build())
        lines = statement.line_ids

        self.assertEqual(len(sheets), len(statement.account_line_ids) + 1)
        for account in statement.account_line_ids:
            rows = next(rows for title, rows in sheets.items() if title.startswith(account.account_code))
            of_account = lines.filtered(lambda line, account=account: line.account_id == account.account_id)
            twins = ("", "_currency") if len(rows[0]) > 5 + len(LINE_AMOUNTS) else ("",)
            expected = [
                [line.customer_name, line.customer_ref or None, line.user_id.name or None, line.team_id.name or None,
                 line.currency_id.name, *(line[name + twin] for twin in twins for name in LINE_AMOUNTS)]
                for line in of_account
            ]
            self.assertEqual(rows[1:len(expected) + 1], expected)
            total, ledger, difference = rows[len(expected) + 1:]
            for column, name in enumerate(LINE_AMOUNTS, 5):
                self.assertAlmostEqual(total[column], sum(of_account.mapped(name)), 2, name)
            closing = 5 + LINE_AMOUNTS.index("closing")
            self.assertEqual([ledger[closing], difference[closing]], [account.ledger_balance, 0])
            self.assertEqual(total[closing], account.ledger_balance)
        receivable = next(sheet for sheet in book if sheet.title.startswith(self.receivable.code))
        self.assertEqual(receivable.freeze_panes, "B2")
        self.assertEqual([receivable.cell(2, 6).number_format, receivable.cell(2, 1).data_type], ["#,##0.00", "s"])

    def test_workbook_lists_the_frozen_items(self):
        statement = self._statement(JUNE, issue=True)
        sheets, _book = self._sheets(StatementWorkbook(statement).build())

        kinds = dict(statement.item_ids._fields["kind"]._description_selection(self.env))
        codes = {row.account_id: row.account_code for row in statement.account_line_ids}
        self.assertEqual(sheets["Items"][1:], [
            [kinds[item.kind], datetime.combine(item.date, datetime.min.time()),
             datetime.combine(item.date_maturity, datetime.min.time()), item.name, item.customer_name,
             codes[item.account_id], item.currency_id.name, item.balance, item.amount_currency, None,
             item.move_line_id]
            for item in statement.item_ids.search([("statement_id", "=", statement.id)])
        ])

    def test_more_items_than_a_sheet_holds_go_on_in_the_next(self):
        statement = self._statement(JUNE, issue=True)
        with patch.object(arrears_statement_xlsx, "SHEET_ROWS", 2):
            sheets, _book = self._sheets(StatementWorkbook(statement).build())

        rows = [row for title, rows in sheets.items() if title.startswith("Items") for row in rows[1:]]
        self.assertEqual(len(rows), len(statement.item_ids))
        self.assertTrue(all(len(rows) <= 3 for title, rows in sheets.items() if title.startswith("Items")))

    def test_workbook_speaks_the_issuers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["sales_receivable_followup"], ["zh_CN"])
        self.fay.lang = "zh_CN"
        statement = self.env["sales.arrears.statement"].with_user(self.fay).create({"month": JUNE})
        statement.action_issue()

        sheets, _book = self._sheets(self._make(statement)[0].attachment_id.raw)

        self.assertIn("期初", next(iter(sheets.values()))[0][7])

    def test_documents_are_made_after_the_issue_and_hashed(self):
        """The stored SHA-256 is that of the file's bytes; a file changed afterwards is reported."""
        statement = self._statement(JUNE, issue=True)
        self.assertEqual(statement.document_ids.mapped("state"), ["pending"] * 2)
        documents = self._make(statement)

        for document in documents:
            content = document.attachment_id.raw
            self.assertEqual([document.state, document.error, document.is_changed], ["done", False, False])
            self.assertEqual(document.sha256, hashlib.sha256(content).hexdigest())
            self.assertEqual(str(document.made_at), "2026-07-03 09:00:00")
        self.assertFalse(statement.with_context(bin_size=True).has_changed_document, "As the form reads it.")
        self.assertIn("Acme", documents[1].attachment_id.raw.decode())  # tests print HTML

        pdf = documents[1].attachment_id
        pdf.sudo().raw = pdf.raw.replace(b"1,234.56", b"1,234.55")
        self.env.invalidate_all()

        self.assertEqual(documents.mapped("is_changed"), [False, True])
        self.assertTrue(statement.has_changed_document)

    def test_real_pdf_keeps_its_hash(self):
        statement = self._statement(JUNE, issue=True)
        pdf = statement.document_ids.filtered(lambda document: document.kind == "pdf").sudo()
        with self.allow_pdf_render():
            pdf.with_context(force_report_rendering=True)._make()
        self.env.flush_all()
        self.env.invalidate_all()

        content = pdf.attachment_id.raw
        self.assertEqual([content[:4], pdf.sha256, pdf.is_changed], [b"%PDF", hashlib.sha256(content).hexdigest(), False])

    def test_no_printer_stops_neither_issue_nor_workbook(self):
        """Without a PDF printer the statement is issued, the XLSX made, and the PDF says why it is missing."""
        Report = type(self.env["ir.actions.report"])
        with patch.object(Report, "get_wkhtmltopdf_state", lambda report: "install"):
            statement = self._statement(JUNE, issue=True)
            xlsx, pdf = self._make(statement)
        self.assertEqual([statement.state, xlsx.state, pdf.state], ["issued", "done", "failed"])
        self.assertIn("PDF printer", pdf.error)

        pdf.with_user(self.fay).action_make_again()
        self._make(statement)

        self.assertEqual([pdf.state, pdf.error], ["done", False])

    def test_defect_in_one_document_leaves_the_other(self):
        statement = self._statement(JUNE, issue=True)
        with patch.object(StatementWorkbook, "build", side_effect=ValueError("broken")), mute_logger(DOCUMENT_LOG):
            xlsx, pdf = self._make(statement)

        self.assertEqual([xlsx.state, xlsx.error, pdf.state], ["failed", "broken", "done"])

    def test_salesperson_gets_no_document_of_the_whole(self):
        statement = self._statement(JUNE, issue=True)
        xlsx = self._make(statement)[0]

        with self.assertRaises(AccessError):
            xlsx.with_user(self.ann).action_download()
        with self.assertRaises(AccessError):
            xlsx.attachment_id.with_user(self.ann).read(["raw"])
        with self.assertRaises(AccessError):
            xlsx.with_user(self.ann).action_make_again()
        self.assertIn(f"/web/content/{xlsx.attachment_id.id}", xlsx.with_user(self.fay).action_download()["url"])
        with self.assertRaises(AccessError):
            xlsx.attachment_id.with_user(self.fay).write({"raw": b"x"})
        with self.assertRaises(AccessError):
            xlsx.with_user(self.fay).write({"sha256": "0"})

    def test_void_statement_keeps_what_was_made(self):
        statement = self._statement(JUNE, issue=True)
        xlsx, pdf = self._make(statement)
        statement.void_reason = "Wrong"
        statement.action_void()

        self.assertEqual(statement.document_ids, xlsx | pdf)
        self.assertFalse(statement.has_changed_document)
