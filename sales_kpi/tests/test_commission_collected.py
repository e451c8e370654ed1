# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .commission_common import CommissionCase


@tagged("post_install", "-at_install")
@freeze_time("2026-09-15 08:00:00")
class TestCommissionCollected(CommissionCase):
    """What counts as collected, and how much of it earns."""

    def test_one_percent_of_june_receipts(self):
        """INC example 1: rate 1 % on received payments, June receipts 300,000: 3,000."""
        first, second = self._invoice(200_000, "2026-05-20"), self._invoice(180_000, "2026-06-02")
        self._pay(first, "2026-06-05")
        self._pay(second, "2026-06-30", 100_000)

        self._run("2026-06-01")

        self.assertEqual(sum(self._amounts()), 3000)
        statement = self._period("2026-06-01").statement_ids
        self.assertEqual((statement.user_id, statement.amount_total), (self.ann, 3000))

    def test_an_empty_rate_is_refused(self):
        """INC-02: refuses to compute with empty rates, by name and with what to do."""
        plan = self._make_plan(rate=0)

        with self.assertRaisesRegex(UserError, "Collected money.*no rate from 2026-01-01.*Enter the rate"):
            self._run("2026-06-01", plan)

    def test_the_line_tells_where_it_comes_from(self):
        invoice = self._invoice(1000, "2026-05-20", tax=self.vat)
        payment = self._pay(invoice, "2026-06-05", 565)

        self._run("2026-06-01")

        line = self._lines(invoice)
        self.assertEqual(
            (line.invoice_name, line.payment_name, line.partner_name, line.user_id, line.fact_date, line.period_id.name),
            (invoice.name, payment.move_id.name, self.partner_a.name, self.ann, date(2026, 6, 5), "2026-06"),
        )
        self.assertEqual((line.receipt_amount, line.net_amount, line.base_amount, line.rate, line.amount),
                         (565, 500, 500, 1, 5))  # fmt: skip
        self.assertIn(invoice.name, line.reason)

    def test_three_instalments_earn_on_the_untaxed_amount(self):
        """113.00 with 13.00 tax, paid 37.67 + 37.67 + 37.66: net 33.34 + 33.34 + 33.32 = 100.00."""
        invoice = self._invoice(100, "2026-06-01", tax=self.vat)
        for day, amount in (("2026-06-02", 37.67), ("2026-06-03", 37.67), ("2026-06-04", 37.66)):
            self._pay(invoice, day, amount)

        self._run("2026-06-01")

        self.assertEqual(self._lines(invoice).mapped("net_amount"), [33.34, 33.34, 33.32])

    def test_two_matches_of_one_payment_are_one_fact(self):
        """A payment term of two halves makes two partials with one payment: one line."""
        invoice = self._invoice(1000, "2026-06-01")
        invoice.button_draft()
        invoice.invoice_payment_term_id = self.env["account.payment.term"].create({
            "name": "Halves", "line_ids": [
                Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                Command.create({"value": "percent", "value_amount": 50, "nb_days": 30}),
            ]})
        invoice.action_post()
        self.assertEqual(len(self._receivable(invoice)), 2)
        self._match(invoice, self._advance(1000, "2026-06-09").move_id)
        self.assertEqual(len(self._receivable(invoice).matched_credit_ids), 2)

        self._run("2026-06-01")

        self.assertEqual(self._amounts(invoice), [10])

    def test_an_advance_earns_when_it_meets_its_invoice(self):
        advance = self._advance(500, "2026-05-10")
        self._run("2026-05-01")
        self.assertFalse(self._lines())
        invoice = self._invoice(500, "2026-06-12")
        self._match(invoice, advance.move_id)

        self._run("2026-05-01")
        self._run("2026-06-01")

        self.assertEqual((self._lines().fact_date, self._amounts()), (date(2026, 6, 12), [5]))

    def test_a_credit_note_is_no_receipt(self):
        """1,000 invoiced, 400 credited, 600 paid: 6.00, not 10.00."""
        invoice = self._invoice(1000, "2026-06-01")
        self._match(invoice, self._invoice(400, "2026-06-02", move_type="out_refund", origin=invoice))
        self._pay(invoice, "2026-06-20")

        self._run("2026-06-01")

        self.assertEqual(self._amounts(), [6])

    def test_an_entry_reset_to_draft_is_no_fact(self):
        """Odoo keeps the matches of a draft: a payment that is not posted earns nothing, nor does an invoice."""
        paid, drafted = self._invoice(1000, "2026-06-01"), self._invoice(500, "2026-06-01")
        payment = self._pay(paid, "2026-06-20")
        self._pay(drafted, "2026-06-20")
        self._run("2026-06-01")
        self.assertEqual((self._amounts(paid), self._amounts(drafted)), ([10], [5]))
        payment.action_draft()
        drafted.button_draft()

        self._run("2026-06-01")

        self.assertEqual((sum(self._amounts(paid)), sum(self._amounts(drafted))), (0, 0))
        payment.action_post()
        self._run("2026-06-01")
        self.assertEqual(sum(self._amounts(paid)), 10)

    def test_a_write_off_is_no_receipt(self):
        """1,000 owed, 990 paid and 10 written off with the payment: 9.90."""
        invoice = self._invoice(1000, "2026-06-01")
        self._pay(invoice, "2026-06-20", 990, payment_difference_handling="reconcile",
                  writeoff_account_id=self.company_data["default_account_expense"].id)
        self.assertEqual(invoice.amount_residual, 0)

        self._run("2026-06-01")

        self.assertEqual(self._amounts(), [9.9])

    def test_a_bad_debt_entry_is_no_receipt(self):
        invoice = self._invoice(1000, "2026-06-01")
        entry = self.env["account.move"].create({"date": "2026-06-20", "line_ids": [
            Command.create({"account_id": self.company_data["default_account_expense"].id, "debit": 1000}),
            Command.create({"account_id": self._receivable(invoice).account_id.id, "credit": 1000,
                            "partner_id": self.partner_a.id}),
        ]})  # fmt: skip
        entry.action_post()
        self._match(invoice, entry)

        self._run("2026-06-01")

        self.assertFalse(self._lines())

    def test_a_bank_statement_line_is_a_receipt(self):
        """Money that is matched straight from the bank, without a payment: 300 of 1,000."""
        invoice = self._invoice(1000, "2026-06-01")
        bank = self.env["account.bank.statement.line"].create({
            "journal_id": self.company_data["default_journal_bank"].id, "date": "2026-06-18", "amount": 300,
            "payment_ref": "transfer", "partner_id": self.partner_a.id,
        })
        suspense = bank.move_id.line_ids.filtered(lambda line: line.account_id == bank.journal_id.suspense_account_id)
        suspense.account_id = self._receivable(invoice).account_id
        self._match(invoice, bank.move_id)

        self._run("2026-06-01")

        self.assertEqual(self._amounts(), [3])

    def test_a_refund_takes_back_pro_rata_at_the_terms_of_the_receipt(self):
        """Paid in June at 1 %, half refunded in August at 2 %: -5.00 in August, naming the June line."""
        self.plan.version_ids.create({"plan_id": self.plan.id, "valid_from": "2026-08-01", "rate": 2})
        invoice = self._invoice(1000, "2026-06-01", tax=self.vat)
        self._pay(invoice, "2026-06-10")
        note = self._invoice(500, "2026-08-02", tax=self.vat, move_type="out_refund", origin=invoice)
        self._pay(note, "2026-08-03")

        self._run("2026-06-01")
        self._run("2026-08-01")

        line, back = self._lines()
        self.assertEqual((line.amount, back.amount, back.kind, back.corrects_id), (10, -5, "refund", line))
        self.assertEqual((back.receipt_amount, back.base_amount, back.period_id.name), (-565, -500, "2026-08"))

    def test_foreign_money_at_the_rate_of_the_invoice_or_of_the_payment(self):
        """100 foreign: worth 50.00 when invoiced (2 to 1), 40.00 when paid (2.5 to 1); 10 %."""
        foreign = self.setup_other_currency("EUR", rates=[("2026-06-01", 2.0), ("2026-07-01", 2.5)])
        at_payment = self._make_plan(rate=10, conversion="payment")
        self.plan.version_ids.rate = 10
        invoice = self._invoice(100, "2026-06-05", currency=foreign)
        self._pay(invoice, "2026-07-05", currency_id=foreign.id)

        self._run("2026-07-01")
        self._run("2026-07-01", at_payment)

        lines = self.env["sales.commission.line"].search([("document_id", "=", invoice.id)], order="plan_id")
        self.assertEqual(lines.filtered(lambda line: line.plan_id == self.plan).mapped("base_amount"), [50])
        self.assertEqual(lines.filtered(lambda line: line.plan_id == at_payment).mapped("base_amount"), [40])
        self.assertEqual(lines.mapped("receipt_amount"), [100, 100])
        self.assertEqual(sum(lines.mapped("amount")), 9)

    def test_a_plan_binds_only_its_salespeople(self):
        self.plan.version_ids.user_ids = self.bo
        self._pay(self._invoice(1000, "2026-06-01"), "2026-06-10")
        self._pay(self._invoice(500, "2026-06-01", user=self.bo), "2026-06-10")

        self._run("2026-06-01")

        self.assertEqual([(line.user_id, line.amount) for line in self._lines()], [(self.bo, 5)])

    def test_receipts_without_a_salesperson_are_counted(self):
        invoice = self._invoice(1000, "2026-06-01")
        invoice.invoice_user_id = False
        self._pay(invoice, "2026-06-10")

        run = self._run("2026-06-01")

        self.assertEqual((run.unassigned_count, run.change_count), (1, 0))
