# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from lxml import html

from odoo.tests import freeze_time, tagged

from .handover_common import HandoverCase


@tagged("post_install", "-at_install")
@freeze_time("2026-07-06 02:00:00")
class TestHandoverPrint(HandoverCase):
    """What the clerk and the person hold in hand says what the book says."""

    def setUp(self):
        super().setUp()
        self.company.external_report_layout_id = self.env.ref("web.external_layout_standard")
        self.sheet = self._sheets()[self.ann]

    def _text(self, report, records, user):
        content, _type = self.env["ir.actions.report"].with_user(user)._render_qweb_html(
            f"sales_discipline.{report}", records.ids)
        return " ".join(html.fromstring(content).text_content().split())

    def test_receipt(self):
        """SAN-04: number, person, month, amount, collector, balance; Ann prints her own."""
        receipt = self._receive(self.sheet, 15, note="Morning meeting")
        text = self._text("report_fine_receipt", receipt, self.ann.user_id)
        for word in ("Receipt FR/2026/0001", "Ann", "2026-06", "15.00", "Cash", "Carl", "Morning meeting", "40.00", "25.00"):
            self.assertIn(word, text)

    def test_receipt_in_the_language_of_the_employee(self):
        """Labels follow the person, not the clerk who prints."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.ann.user_id.lang = "zh_CN"
        field = self.env["ir.model.fields"]._get("sales.discipline.fine.receipt", "method")
        field.selection_ids.filtered(lambda kind: kind.value == "cash").with_context(lang="zh_CN").name = "现金"
        text = self._text("report_fine_receipt", self._receive(self.sheet, 15), self.carl)
        self.assertIn("现金", text)
        self.assertNotIn("Cash", text)

    def test_counter_receipt(self):
        wrong = self._receive(self.sheet, 20)
        counter = wrong.browse(wrong.with_user(self.carl).cancel("Mistyped"))
        text = self._text("report_fine_receipt", counter, self.carl)
        for word in ("Counter-receipt FR/2026/0002", "Cancels FR/2026/0001", "-20.00", "Mistyped"):
            self.assertIn(word, text.replace("- ", "-").replace("-\u00a0", "-").replace("$", "").replace("  ", " ")
                          .replace("-\ufeff", "-").replace("\u00a0", ""))
        self.assertIn("Cancelled by FR/2026/0002", self._text("report_fine_receipt", wrong, self.carl))

    def test_sheet_and_fine_book_show_receipts_and_balance(self):
        """ATT-06: of 40 Ann has handed in 15; 25 are open, in her sheet and in the book."""
        self._receive(self.sheet, 15)
        text = self._text("report_period_sheet", self.sheet, self.ann.user_id)
        for word in ("Receipts", "FR/2026/0001", "15.00", "Still to collect", "25.00"):
            self.assertIn(word, text)
        self._receive(self.sheet, 25)
        self.assertIn("Nothing is open.", self._text("report_period_sheet", self.sheet, self.ann.user_id))
        book = self._text("report_fine_book", self.sheet.period_id, self.carl)
        row = book[book.index("Ann"):book.index("Bob")]
        self.assertEqual(row.count("40.00"), 3)  # fines, to collect, received
        self.assertEqual(row.count(" 0.00"), 1)
