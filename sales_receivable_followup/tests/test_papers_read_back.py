# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
import re

from openpyxl import load_workbook
from pypdf import PdfReader

from odoo import Command
from odoo.tests import freeze_time
from odoo.tools import formatLang

from ..report.arrears_statement_xlsx import LINE_AMOUNTS, LINE_TEXTS, StatementWorkbook
from .common import JUNE, ArrearsCase, day

STATEMENT, COPY = "arrears_statement_report", "arrears_statement_delivery_report"
PRINTED = ("opening", "sales", "credit_notes", "receipts", "other", "closing", "not_due", "due_1_30", "due_31_60",
           "due_61_90", "due_over_90", "deposits")  # fmt: skip


@freeze_time("2026-07-03 09:00:00")
class TestPapersReadBack(ArrearsCase):
    """The printed PDF and the workbook, opened and read back in English and Chinese: the figures of the screen.

    Ann and Bob sell, Tom leads Ann's team, Fay is in finance.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"]._load_module_terms(["sales_receivable_followup"], ["zh_CN"])
        cls.ann, cls.bob = cls._user("ann"), cls._user("bob")
        cls.tom = cls._user("tom", "sales_team.group_sale_salesman,sales_receivable_followup.group_arrears_team")
        cls.fay = cls._user("fay", "sales_receivable_followup.group_arrears_finance")
        cls.env["crm.team"].create({
            "name": "North", "user_id": cls.tom.id, "company_id": cls.company.id, "member_ids": [Command.set(cls.ann.ids)],
        })
        cls.company.arrears_send_mail = True
        cls.acme = cls._customer("Acme", user=cls.ann)
        cls.school, cls.borealis = cls._customer("博雅学校", user=cls.ann), cls._customer("Borealis", user=cls.bob)
        cls.env["sales.customer.assignment"].search([
            ("partner_id", "in", (cls.acme | cls.school | cls.borealis).ids),
        ]).date_from = day("01-01")
        cls._invoice(cls.acme, 1234.56, day("05-10"), due=day("06-09"))
        cls._pay(cls._invoice(cls.acme, 1000, day("06-02")), 400, day("06-20"))
        cls._invoice(cls.school, 50000, day("05-12"), due=day("07-31"))
        cls._refund(cls.school, 321.09, day("06-21"))
        cls._invoice(cls.borealis, 100, day("06-20"), currency=cls.foreign)

    def _print(self, report, record, user):
        """Text of the PDF that a person prints, without blanks: the printer's letters stand one by one."""
        action = self.env.ref(f"sales_receivable_followup.{report}").with_user(user)
        action = action.with_context(lang=user.lang, force_report_rendering=True)
        with self.allow_pdf_render():
            content, kind = action._render_qweb_pdf(action.report_name, record.ids)
        self.assertEqual((kind, content[:4]), ("pdf", b"%PDF"))
        reader = PdfReader(io.BytesIO(content))
        return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in reader.pages))

    def _row(self, line):
        """What stands in the row of a line that the reader sees on his screen."""
        name = line.customer_name
        if line.currency_id != line.company_currency_id:
            name += f"({formatLang(line.env, line.closing_currency, currency_obj=line.currency_id)})"
        figures = [formatLang(line.env, line[column], digits=2) for column in PRINTED if line[column]]
        return re.sub(r"\s", "", name + "".join(figures))

    def _check(self, report, record, user, customers):
        for lang, title, total in (("en_US", "ArrearsStatement", "Total"), ("zh_CN", "未付款项明细表", "合计")):
            with self.subTest(user=user.login, lang=lang):
                user.lang = lang
                lines = self.env["sales.arrears.statement.line"].with_user(user).with_context(lang=lang).search(
                    [("statement_id", "=", self.statement.id)])
                self.assertEqual({line.customer_name for line in lines}, set(customers))

                text = self._print(report, record, user)

                self.assertIn(title, text)
                for line in lines:
                    self.assertIn(self._row(line), text)
                sums = "".join(formatLang(lines.env, sum(lines.mapped(column)), digits=2) for column in PRINTED)
                self.assertIn(total + sums, text)
                for absent in {"Acme", "博雅学校", "Borealis"} - set(customers):
                    self.assertNotIn(absent, text)

    def test_pdf_of_finance_leader_and_salesperson(self):
        """ARS-01, ARS-02: the whole, the team's and one's own, each in the reader's language."""
        self.statement = self._statement(JUNE, issue=True)
        copies = {copy.user_id: copy for copy in self.statement.delivery_ids}
        self._check(STATEMENT, self.statement, self.fay, ("Acme", "博雅学校", "Borealis"))
        self._check(COPY, copies[self.tom], self.tom, ("Acme", "博雅学校"))
        self._check(COPY, copies[self.ann], self.ann, ("Acme", "博雅学校"))
        self._check(COPY, copies[self.bob], self.bob, ("Borealis",))

    def test_letter_to_the_customer(self):
        """CFM: 50,000.00 less 321.09 are 49,678.91, in the customer's language."""
        statement = self._statement(JUNE, issue=True)
        statement.action_ask_customers()
        letter = self.env["sales.arrears.confirmation"].search([
            ("statement_id", "=", statement.id), ("partner_id", "=", self.school.id)])
        for lang, words in (
            ("en_US", ("LetterofBalanceConfirmation", "CreditNotes321.09", "Closing49,678.91")),
            ("zh_CN", ("期末", "49,678.91", "321.09")),
        ):
            self.school.lang = lang
            text = self._print("arrears_confirmation_report", letter, self.fay)
            for word in ("博雅学校", *words):
                self.assertIn(word, text)
        self.assertNotRegex(text, "Closing|Opening|Date")

    def test_workbook_in_chinese(self):
        """Labels are Chinese, with the currency where it is not a column; figures are the screen's, as numbers."""
        statement = self._statement(JUNE, issue=True).with_context(lang="zh_CN")
        book = load_workbook(io.BytesIO(StatementWorkbook(statement).build()))
        sheet = next(sheet for sheet in book if sheet.title.startswith(self.receivable.code))
        head, *rows = [[cell.value for cell in row] for row in sheet]
        fields = statement.line_ids._fields
        names = (*LINE_TEXTS, *LINE_AMOUNTS)
        labels = [fields[name]._description_string(statement.env) for name in names]
        currency = self.company.currency_id.name
        self.assertEqual(head[:len(names)], [
            f"{label} ({currency})" if name in LINE_AMOUNTS else label for name, label in zip(names, labels, strict=True)
        ])
        self.assertFalse([label for label in labels if label.isascii()], "Not translated")
        for line in statement.line_ids.filtered(lambda line: line.account_id == self.receivable):
            row = next(row for row in rows if row[0] == line.customer_name)
            self.assertEqual(row[len(LINE_TEXTS):len(names)], [line[name] for name in LINE_AMOUNTS])
        self.assertEqual((sheet.print_title_rows, sheet.page_setup.orientation), ("$1:$1", "landscape"))
