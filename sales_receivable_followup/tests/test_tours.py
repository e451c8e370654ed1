# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ArrearsCase


@tagged("post_install", "-at_install")
class TestStatementTour(ArrearsCase, HttpCase):
    """Finance issues last month's statement on the desktop and opens the PDF."""

    browser_size = "1366x768"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls._user("ann")
        cls.ann.name = "Ann"
        cls.fay = cls._user("fay", "account.group_account_invoice")
        first = fields.Date.today().replace(day=1) - relativedelta(months=1)
        cls.acme = cls._customer("Acme", user=cls.ann)
        cls.env["sales.customer.assignment"].search([("partner_id", "=", cls.acme.id)]).date_from = first
        invoice = cls._invoice(cls.acme, 1000, first)
        cls._pay(invoice, 250, first + timedelta(days=5))

    def test_finance_issues_the_statement(self):
        """ARS-01, ARS-02: sales 1,000 less receipts 250 = closing 750, proven and issued by buttons."""
        self.start_tour("/odoo/arrears-statements", "arrears_statement_issue", login="fay")

        statement = self.env["sales.arrears.statement"].search([("company_id", "=", self.company.id)])
        self.assertEqual((statement.state, statement.closing, statement.is_proven), ("issued", 750, True))
        self.assertEqual(statement.line_ids.user_id, self.ann)

        page = self.url_open(f"/report/html/sales_receivable_followup.report_arrears_statement/{statement.id}")
        self.assertEqual(page.status_code, 200)
        for figure in ("Acme", "1,000.00", "250.00", "750.00", statement.name):
            self.assertIn(figure, page.text)
