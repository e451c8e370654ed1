# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import freeze_time

from .common import JULY, JUNE, ArrearsCase, day

FIRST = day("04-15")
customers = st.integers(0, 2)
#: Until the end of August 2026; postings of each phase may lie in any month, issued or not.
dates = st.integers(0, 120).map(lambda days: FIRST + timedelta(days=days))
cents = st.integers(1, 50000).map(lambda amount: amount / 100)
foreign = st.booleans()

invoice = st.tuples(st.just("invoice"), customers, dates, cents, foreign, st.integers(-40, 60))
refund = st.tuples(st.just("refund"), customers, dates, cents, foreign)
receipt = st.tuples(st.just("receipt"), customers, dates, cents, foreign)
repayment = st.tuples(st.just("repayment"), customers, dates, cents, foreign)
write_off = st.tuples(st.just("write_off"), customers, dates, cents)
deposit = st.tuples(st.just("deposit"), customers, dates, cents)
match = st.tuples(st.just("match"), st.integers(0, 2**16))
unmatch = st.tuples(st.just("unmatch"), st.integers(0, 2**16))
redraft = st.tuples(st.just("redraft"), st.integers(0, 2**16), cents)
steps = st.lists(
    st.one_of(
        invoice, invoice, refund, receipt, receipt, repayment, write_off, deposit, match, match, match, unmatch,
        redraft,
    ),
    min_size=2, max_size=7,
)


class TestStatementProperty(ArrearsCase):
    """Whatever is posted in whatever order, each statement ties to the ledger and continues the one before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = [cls._customer(f"Customer {number}") for number in range(3)]
        cls.bank = cls.company_data["default_journal_bank"]
        cls.company.arrears_advance_account_ids = cls.advance

    @settings(max_examples=25, derandomize=True, deadline=None, database=None,
              suppress_health_check=list(HealthCheck))
    @given(st.lists(steps, min_size=3, max_size=3))
    def test_statements_of_three_months(self, phases):
        """Invariant 1: continuity, tie to the ledger, ageing, equality with a plain-Python oracle; voids included."""
        with self.env.cr.savepoint() as savepoint:
            self.env.invalidate_all()
            self.moves = self.env["account.move"]
            previous = self.env["sales.arrears.statement"]
            for phase, month, now in zip(
                phases, (JUNE, JULY, day("08-01")), ("2026-07-03", "2026-08-03", "2026-09-03"), strict=True,
            ):
                with freeze_time(f"{now} 09:00:00"):
                    for kind, *arguments in phase:
                        getattr(self, f"_step_{kind}")(*arguments)
                    statement = self._statement(month, issue=True)
                    if month == JULY and len(phase) % 2:  # issued too early: void, go on posting, issue again
                        statement.void_reason = "Too early"
                        statement.action_void()
                        for kind, *arguments in phase[:2]:
                            getattr(self, f"_step_{kind}")(*arguments)
                        statement = self._statement(month, issue=True)
                self.assertEqual(statement.previous_id, previous)
                self._assert_sound(statement)
                self._assert_items_add_up(statement)
                previous = statement
            savepoint.rollback()
        self.env.invalidate_all()

    def _step_invoice(self, customer, on, amount, foreign, due):
        self.moves |= self._invoice(
            self.customers[customer], amount, on, due=on + timedelta(days=max(due, 0)),
            currency=self.foreign if foreign else None,
        )

    def _step_refund(self, customer, on, amount, foreign):
        self.moves |= self._refund(self.customers[customer], amount, on, currency=self.foreign if foreign else None)

    def _step_receipt(self, customer, on, amount, foreign, sign=-1):
        extra = ()
        if foreign:
            extra = (self.foreign, sign * amount)
            amount = self.foreign._convert(amount, self.company.currency_id, self.company, on)
        if amount:
            line = (self.receivable, self.customers[customer], sign * amount, *extra)
            self.moves |= self._entry([line], on, journal=self.bank)

    def _step_repayment(self, customer, on, amount, foreign):
        self._step_receipt(customer, on, amount, foreign, sign=1)

    def _step_write_off(self, customer, on, amount):
        self.moves |= self._entry([(self.receivable, self.customers[customer], -amount)], on)

    def _step_deposit(self, customer, on, amount):
        self.moves |= self._entry([(self.advance, self.customers[customer], -amount)], on, journal=self.bank)

    def _step_match(self, seed):
        """Match a debit with a credit, most often of one customer, sometimes across customers or currencies."""
        items = self._open_items(*self.moves).filtered(
            lambda line: not line.reconciled and line.parent_state == "posted",
        )
        debits, credits_ = items.filtered(lambda line: line.balance > 0), items.filtered(lambda line: line.balance < 0)
        if debits and credits_:
            (debits[seed % len(debits)] | credits_[seed // 7 % len(credits_)]).reconcile()

    def _step_unmatch(self, seed):
        matched = self._open_items(*self.moves).filtered(lambda line: line.matched_debit_ids or line.matched_credit_ids)
        if matched:
            matched[seed % len(matched)].remove_move_reconcile()

    def _step_redraft(self, seed, amount):
        invoices = self.moves.filtered(lambda move: move.is_invoice() and move.state == "posted")
        if invoices:
            invoice = invoices[seed % len(invoices)]
            invoice.button_draft()
            if seed % 3:
                self._reprice(invoice, amount)
                invoice.action_post()
