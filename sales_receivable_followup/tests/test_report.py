# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import JUNE, ArrearsCase, day


@tagged("post_install", "-at_install")
@freeze_time("2026-07-03 08:00:00")
class TestStatementReport(ArrearsCase):
    """The printed statement says what the screen says, to each what he may see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bob = cls._user("ann"), cls._user("bob")
        cls.fay = cls._user("fay", "account.group_account_invoice")
        cls.company.arrears_send_mail = True
        for user, name in ((cls.ann, "Acme"), (cls.bob, "Borealis")):
            customer = cls._customer(name, user=user)
            cls.env["sales.customer.assignment"].search([("partner_id", "=", customer.id)]).date_from = day("01-01")
            cls._invoice(customer, 300, day("05-10"), due=day("06-09"))
            cls._pay(cls._invoice(customer, 1000, day("06-02"), due=day("07-02")), 400, day("06-20"))

    def _print(self, record, user, report="arrears_statement_report"):
        action = self.env.ref(f"sales_receivable_followup.{report}").with_user(user).with_context(lang=user.lang)
        content, _type = action._render_qweb_html(action.report_name, record.ids)
        return html.fromstring(content)

    def _rows(self, page):
        rows = page.cssselect(".o_arrears_table tr")
        return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]

    def test_statement_has_every_customer_sums_and_the_proof(self):
        """ARS-02: per customer opening 300 + sales 1,000 - receipts 400 = closing 900; both together 1,800."""
        statement = self._statement(JUNE, issue=True)

        page = self._print(statement, self.fay)

        rows = self._rows(page)
        acme = next(row for row in rows if row[0] == "Acme")
        self.assertEqual(acme[1:9], ["300.00", "1,000.00", "", "400.00", "", "900.00", "600.00", "300.00"])
        total = rows[-1]
        self.assertEqual((total[0], total[6]), ("Total", "1,800.00"))
        self.assertIn("Proof", page.text_content())
        self.assertIn("Ledger Balance", page.text_content())

    def test_copy_of_a_salesperson_has_his_customers_only(self):
        statement = self._statement(JUNE, issue=True)
        copy = statement.delivery_ids.filtered(lambda delivery: delivery.user_id == self.ann)

        page = self._print(copy, self.ann, "arrears_statement_delivery_report")

        customers = [row[0] for row in self._rows(page)]
        self.assertIn("Acme", customers)
        self.assertNotIn("Borealis", customers)
        self.assertNotIn("Ledger Balance", page.text_content())

    def test_salesperson_prints_neither_the_statement_nor_a_colleagues_copy(self):
        statement = self._statement(JUNE, issue=True)
        copy = statement.delivery_ids.filtered(lambda delivery: delivery.user_id == self.ann)

        with self.assertRaises(AccessError):
            self._print(statement, self.bob)
        with self.assertRaises(AccessError):
            self._print(copy, self.bob, "arrears_statement_delivery_report")

    def test_copy_speaks_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["sales_receivable_followup"], ["zh_CN"])
        self.ann.lang = "zh_CN"
        statement = self._statement(JUNE, issue=True)
        copy = statement.delivery_ids.filtered(lambda delivery: delivery.user_id == self.ann)

        page = self._print(copy, self.ann, "arrears_statement_delivery_report")

        self.assertIn("未付款项明细表", page.text_content())
        self.assertIn("合计", [row[0] for row in self._rows(page)])
