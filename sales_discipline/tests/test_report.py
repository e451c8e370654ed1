# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from lxml import html

from odoo.tests import freeze_time, tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestReport(DisciplineCase):
    """What is printed says the same as the ledger, in the language of the person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env.ref("base.module_sales_discipline")._update_translations(["zh_CN"])
        cls.company.external_report_layout_id = cls.env.ref("web.external_layout_standard")
        cls.old_chen = cls._employee("Chen Guoqiang", lang="zh_CN")
        for day in ("2026-06-03", "2026-06-09", "2026-06-22"):
            cls._punch(cls.ann, f"{day} 08:40")
        cls._punch(cls.old_chen, "2026-06-03 08:40")

    def _text(self, report, records, user=None):
        content, _type = self.env["ir.actions.report"].with_user(user or self.carl)._render_qweb_html(
            f"sales_discipline.{report}", records.ids)
        return " ".join(html.fromstring(content).text_content().split())

    @freeze_time("2026-06-30 02:00:00")
    def test_notice_letter_of_a_person_without_a_user(self):
        """SAN-11: the letter states facts, sanction and the days to answer, in the employee's language and time zone."""
        self._run()
        self._tell()
        entry = self._entries(self.old_chen)
        self.assertTrue(entry.to_print)
        text = self._text("report_violation", entry)
        self.assertIn("Chen Guoqiang", text)
        self.assertIn(" ".join(entry.reason.split()), text)
        self.assertIn("08:40:00", text)
        self.assertIn("Ida", text)
        self.assertIn("3", text)
        self.assertIn("申诉", text)
        self.assertNotIn("I appeal", text)

    @freeze_time("2026-07-10 02:00:00")
    def test_closing_sheet_and_fine_book(self):
        """ATT-03 in print: warning, 20, 20 is 40; the cap of 30 leaves 30 to collect, in sheet and book."""
        self.company.discipline_fine_cap = 30
        self._run()
        self._entries().with_user(self.env.user)._answer("accepted", "confirmed")
        period = self._close("2026-06")
        sheet = period.sheet_ids.filtered(lambda sheet: sheet.employee_id == self.ann)
        text = self._text("report_period_sheet", sheet)
        for entry in sheet.violation_ids:
            self.assertIn(" ".join(entry.reason.split()), text)
        self.assertIn("40.00", text)
        self.assertIn("Fines to collect", text)
        self.assertIn("30.00", text)
        book = self._text("report_fine_book", period)
        self.assertIn("Ann", book)
        self.assertIn("Chen Guoqiang", book)
        self.assertIn("30.00", book)

    @freeze_time("2026-07-10 02:00:00")
    def test_salesperson_prints_his_own_sheet(self):
        """The sheet needs no right but to be one's own."""
        self._run()
        self._entries()._answer("accepted", "confirmed")
        sheet = self._close("2026-06").sheet_ids.filtered(lambda sheet: sheet.employee_id == self.ann)
        self.assertIn("Ann", self._text("report_period_sheet", sheet, self.ann.user_id))
