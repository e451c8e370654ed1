# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest
import io
from datetime import date
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import UserError
from odoo.tests import freeze_time

from ..engine import ageing
from ..report.arrears_statement_xlsx import StatementWorkbook
from .common import JULY, JUNE, ArrearsCase, day


@freeze_time("2026-08-03 09:00:00")
class TestStatement(ArrearsCase):
    """Finance computes what each customer owes at the end of a month, and can prove it."""

    def test_engine_examples(self):
        results = doctest.testmod(ageing)

        self.assertGreater(results.attempted, 5)
        self.assertFalse(results.failed)

    def test_closing_is_opening_plus_sales_less_receipts(self):
        """ARS example 1: opening 50,000, sales 30,000, receipts 45,000: closing 35,000."""
        customer = self._customer()
        old = self._invoice(customer, 50000, day("06-10"))
        self._invoice(customer, 30000, day("07-10"))
        self._pay(old, 45000, day("07-20"))

        statement = self._statement(JULY)

        line = self._line(statement, customer)
        self.assertEqual([line.opening, line.sales, line.receipts, line.closing], [50000, 30000, 45000, 35000])
        self._assert_sound(statement)

    def test_credit_note_reduces_sales(self):
        """ARS example 2: with a credit note of 5,000 sales are net 25,000 and closing 30,000."""
        customer = self._customer()
        old = self._invoice(customer, 50000, day("06-10"))
        self._invoice(customer, 30000, day("07-10"))
        self._pay(old, 45000, day("07-20"))
        self._refund(customer, 5000, day("07-25"))

        statement = self._statement(JULY)

        line = self._line(statement, customer)
        self.assertEqual([line.sales - line.credit_notes, line.closing], [25000, 30000])
        self._assert_sound(statement)

    def test_deposit_before_any_invoice_is_a_credit(self):
        """ARS example 3 and SLG example 2: a deposit without an invoice closes negative, shown as a credit."""
        customer = self._customer()
        other = self._customer("Other")
        for who, amount in ((customer, 10000), (other, 5000)):
            payment = self.env["account.payment"].create({
                "payment_type": "inbound", "partner_type": "customer", "partner_id": who.id,
                "amount": amount, "date": day("07-05"), "payment_method_line_id": self.inbound_payment_method_line.id,
            })
            payment.action_post()

        statement = self._statement(JULY)

        line = self._line(statement, customer)
        self.assertEqual([line.closing, line.deposits, line.overdue, line.receipts], [-10000, -10000, 0, 10000])
        self.assertEqual(self._line(statement, other).closing, -5000)
        self._assert_sound(statement)

    def test_advance_account_is_shown_as_deposit_and_proven_apart(self):
        """SLG-02: what is booked on an advance account is entered too, on a line and a proof of its own."""
        self.company.arrears_advance_account_ids = self.advance
        customer = self._customer()
        self._invoice(customer, 700, day("05-05"))
        self._entry([(self.advance, customer, -300)], day("07-05"), journal=self.company_data["default_journal_bank"])

        statement = self._statement(JULY)

        line = self._line(statement, customer, account=self.advance)
        self.assertTrue(line.is_advance)
        self.assertEqual([line.receipts, line.deposits, line.closing], [300, -300, -300])
        self.assertEqual(self._line(statement, customer).due_61_90, 700)
        proof = {account.account_code: account.ledger_balance for account in statement.account_line_ids}
        self.assertEqual([proof["2203"], proof[self.receivable.code]], [-300, 700])
        self._assert_sound(statement)

    def test_account_taken_in_or_out_is_said(self):
        """SLG-02: the total carried on differs from the last closing by what came and went with accounts."""
        customer = self._customer()
        self._invoice(customer, 700, day("05-05"))
        self._entry([(self.advance, customer, -300)], day("06-05"))
        self.company.arrears_advance_account_ids = self.advance
        june = self._statement(JUNE, issue=True)
        self.assertEqual((june.closing, june.account_changes), (400, False))

        self.company.arrears_advance_account_ids = False
        july = self._statement(JULY)
        self.assertEqual((july.previous_closing, july.accounts_left_out, july.accounts_added), (700, -300, 0))
        self.assertIn("2203 Advances from customers is no longer part of the statement.", july.account_changes)
        self._assert_sound(july)
        july.action_issue()
        sheets = load_workbook(io.BytesIO(StatementWorkbook(july).build()))
        self.assertEqual(sheets["Accounts"]["A1"].value, july.account_changes)

        self.company.arrears_advance_account_ids = self.advance
        august = self._statement(date(2026, 8, 1))
        self.assertEqual((august.previous_closing, august.accounts_left_out, august.accounts_added), (400, 0, -300))
        self.assertIn("is new in the statement", august.account_changes)
        self._assert_sound(august)

    def test_unreconcilable_advance_account_is_open_in_full(self):
        """An account without reconciliation has no residuals in Odoo, yet all of its balance is a deposit."""
        self.advance.reconcile = False
        self.company.arrears_advance_account_ids = self.advance
        customer = self._customer()
        self._entry([(self.advance, customer, -300)], day("07-05"))

        statement = self._statement(JULY)

        self.assertEqual(self._line(statement, customer, account=self.advance).deposits, -300)
        self._assert_sound(statement)

    def test_ageing_is_as_of_month_end_not_of_today(self):
        """ARS-01: paid in August, an invoice is still open at the end of July, in the band of its due date."""
        customer = self._customer()
        invoices = {
            "not_due": self._invoice(customer, 1, day("07-31"), due=day("07-31")),
            "due_1_30": self._invoice(customer, 2, day("07-01"), due=day("07-30")),
            "due_31_60": self._invoice(customer, 4, day("06-01"), due=day("06-30")),
            "due_61_90": self._invoice(customer, 8, day("05-01"), due=day("05-31")),
            "due_over_90": self._invoice(customer, 16, day("04-01"), due=day("05-01")),
        }
        for invoice in invoices.values():
            self._pay(invoice, invoice.amount_total, day("08-02"))

        statement = self._statement(JULY)

        line = self._line(statement, customer)
        self.assertEqual([line[band] for band in invoices], [1, 2, 4, 8, 16])
        self.assertEqual([line.overdue, line.closing], [30, 31])
        self._assert_sound(statement)

    def test_items_without_partner_are_the_line_no_customer(self):
        self._entry([(self.receivable, None, 120)], day("07-05"))

        statement = self._statement(JULY)

        line = self._line(statement, None)
        self.assertEqual([line.customer_name, line.other, line.closing], ["No customer", 120, 120])
        self._assert_sound(statement)

    def test_contact_of_a_customer_counts_for_the_customer(self):
        customer = self._customer(is_company=True)
        contact = self._customer("Contact", parent_id=customer.id)
        self._entry([(self.receivable, contact, 50), (self.receivable, customer, 20)], day("07-05"))

        statement = self._statement(JULY)

        self.assertEqual(self._line(statement, customer).closing, 70)
        self.assertFalse(self._line(statement, contact))

    def test_draft_and_cancelled_entries_and_foreign_accounts_do_not_count(self):
        """Only posted items of trade receivable accounts: neither non-trade nor the point of sale's account."""
        customer = self._customer()
        self._invoice(customer, 100, day("07-05"))
        self._invoice(customer, 10, day("07-05")).button_draft()
        self._invoice(customer, 20, day("07-05")).button_cancel()
        non_trade = self.copy_account(self.receivable, {"non_trade": True})
        pos = self.copy_account(self.receivable)
        self.company.account_default_pos_receivable_account_id = pos
        self._entry([(non_trade, customer, 40), (pos, customer, 80)], day("07-05"))

        statement = self._statement(JULY)

        self.assertEqual(statement.closing, 100)
        self.assertFalse(statement.account_line_ids.account_id & (non_trade | pos))
        self._assert_sound(statement)

    def test_match_with_an_entry_reset_to_draft_does_not_count(self):
        """Odoo keeps the match of an invoice reset to draft; the payment is open as long as nothing is posted."""
        customer = self._customer()
        invoice = self._invoice(customer, 100, day("07-05"))
        self._pay(invoice, 100, day("07-06"))
        invoice.button_draft()

        statement = self._statement(JULY)

        line = self._line(statement, customer)
        self.assertEqual([line.closing, line.deposits, line.cross_customer], [-100, -100, 0])
        self._assert_sound(statement)

    def test_exchange_difference_is_other_and_shown_apart(self):
        """Invoice of 100 at 2.0 (= 50), paid in full at 1.6 (= 62.50): the 12.50 gained is 'other'."""
        customer = self._customer()
        invoice = self._invoice(customer, 100, day("06-20"), currency=self.foreign)
        self._pay(invoice, 100, day("06-26"), currency_id=self.foreign.id)

        statement = self._statement(JUNE)

        line = self._line(statement, customer, currency=self.foreign)
        self.assertEqual([line.sales, line.receipts, line.exchange_difference, line.other], [50, 62.5, 12.5, 12.5])
        self.assertEqual([line.sales_currency, line.receipts_currency, line.closing_currency], [100, 100, 0])
        self._assert_sound(statement)

    def test_invoice_paid_in_another_currency_is_matched_elsewhere(self):
        """The foreign line and the company currency's line offset each other in the column, not in the ageing."""
        customer = self._customer()
        invoice = self._invoice(customer, 100, day("06-20"), currency=self.foreign)
        payment = self._entry(
            [(self.receivable, customer, -50)], day("06-21"), journal=self.company_data["default_journal_bank"],
        )
        self._open_items(invoice, payment).reconcile()

        statement = self._statement(JUNE)

        foreign = self._line(statement, customer, currency=self.foreign)
        local = self._line(statement, customer)
        self.assertEqual([foreign.closing, foreign.cross_customer], [50, 50])
        self.assertEqual([local.closing, local.cross_customer], [-50, -50])
        self._assert_sound(statement)

    def test_another_company_is_not_counted(self):
        other = self.setup_other_company()["company"]
        customer = self._customer()
        self._invoice(customer, 100, day("07-05"))

        statement = self._statement(JULY, company=other)

        self.assertFalse(statement.line_ids)
        self.assertTrue(statement.is_proven)

    def test_statement_that_does_not_add_up_is_not_issued(self):
        """The proof is not decoration: a line lost on the way stops the issue."""
        self._invoice(self._customer(), 100, day("07-05"))
        statement = self._statement(JULY)
        line = statement.line_ids
        self.env.cr.execute("UPDATE sales_arrears_statement_line SET closing = 99 WHERE id = %s", [line.id])
        self.env.invalidate_all()
        statement.account_line_ids.sudo().unlink()

        statement._prove()

        self.assertEqual(statement.account_line_ids.filtered("difference").difference, -1)
        with patch.object(type(statement), "_compute_rows"), self.assertRaisesRegex(UserError, "does not add up"):
            statement.action_issue()
