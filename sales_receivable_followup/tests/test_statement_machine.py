# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Random histories of two companies' books; HYPOTHESIS_EXAMPLES=n tries n of them, other ones each time."""

import os
from collections import Counter
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time
from odoo.tools import SQL

from .books import Books
from .common import JUNE, ArrearsCase, day

FIRST = day("04-15")
TABLES = ("sales_arrears_statement_line", "sales_arrears_statement_item", "sales_arrears_statement_account")

sides = st.integers(0, 1)
numbers = st.integers(0, 2**16)
#: Until mid-October; whatever is posted may lie in a month that is issued or in one that is not.
dates = st.integers(0, 180).map(lambda days: FIRST + timedelta(days=days))
cents = st.integers(1, 50000).map(lambda amount: amount / 100)
currencies = st.integers(0, 2)


class StatementMachine(RuleBasedStateMachine):
    """Bookkeepers at work in two companies; after every step each statement is what the ledger says."""

    case = None  # the test case, set by it

    def __init__(self):
        super().__init__()
        self.env = self.case.env
        self.savepoint = self.env.cr.savepoint()
        self.env.invalidate_all()
        self.books = self.case.books
        self.moves = {books.company: self.env["account.move"] for books in self.books}
        self.customers = self.case.customers
        self.frozen = {}  # statement: its rows when it was issued
        self.touched = set()

    def teardown(self):
        self.savepoint.close(rollback=True)
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # Posting
    # ------------------------------------------------------------

    @initialize(invoiced=st.lists(sides, min_size=3, max_size=5), issued=st.sets(sides), amount=cents, on=dates)
    def start(self, invoiced, issued, amount, on):
        """Some invoices, in different currencies; June is issued in one company, in both or in none."""
        for number, side in enumerate(invoiced):
            self.invoice(side, number, amount + number, on - timedelta(days=20 * number), number, 10, False, False)
        for side in issued:
            self.issue(side, 0)

    @rule(side=sides, who=numbers, amount=cents, on=dates, currency=currencies, due=st.integers(0, 70),
          taxed=st.booleans(), credit=st.booleans())
    def invoice(self, side, who, amount, on, currency, due, taxed, credit):
        self._post(side, lambda books: books.invoice(
            self._customer(who), amount, on, currency, due, taxed, "out_refund" if credit else "out_invoice",
        ))

    @rule(side=sides, who=numbers, amount=cents, on=dates, currency=currencies, sign=st.sampled_from([-1, -1, 1]))
    def receipt(self, side, who, amount, on, currency, sign):
        self._post(side, lambda books: books.entry(
            books.receivable, self._customer(who), sign * amount, on, books.bank, currency,
        ))

    @rule(side=sides, who=numbers, amount=cents, on=dates, advance=st.booleans(), nobody=st.booleans())
    def entry_by_hand(self, side, who, amount, on, advance, nobody):
        self._post(side, lambda books: books.entry(
            books.advance if advance else books.receivable, not nobody and self._customer(who), -amount, on, books.misc,
        ))

    @rule(side=sides, which=numbers, share=st.sampled_from([0.3, 1, 1.2]), on=dates, currency=currencies)
    def payment(self, side, which, share, on, currency):
        self._post(side, lambda books: books.pay(self._invoice(books, which), share, on, currency))

    @rule(side=sides, which=numbers, on=dates)
    def reversal(self, side, which, on):
        self._post(side, lambda books: books.reverse(self._invoice(books, which), on))

    # ------------------------------------------------------------
    # Changing what is posted
    # ------------------------------------------------------------

    @rule(side=sides, which=numbers, amount=cents | st.none(), on=dates | st.none())
    def redraft(self, side, which, amount, on):
        self._post(side, lambda books: books.redraft(self._move(books, which), amount, on))

    @rule(side=sides, which=numbers, delete=st.booleans())
    def remove(self, side, which, delete):
        self._post(side, lambda books: books.remove(self._move(books, which), delete))

    @rule(side=sides, seeds=st.lists(numbers, min_size=1, max_size=4))
    def match(self, side, seeds):
        for seed in seeds:
            self._post(side, lambda books, seed=seed: books.match(self.moves[books.company], seed))

    @rule(side=sides, seed=numbers)
    def unmatch(self, side, seed):
        self._post(side, lambda books: books.unmatch(self.moves[books.company], seed))

    @rule(side=sides, until=dates | st.none())
    def lock(self, side, until):
        self._post(side, lambda books: books.lock(until))

    # ------------------------------------------------------------
    # Customers
    # ------------------------------------------------------------

    @rule(change=st.sampled_from(["merge", "merge", "head_office", "new"]), who=numbers, other=numbers)
    def customers_change(self, change, who, other):
        """Two are merged; one becomes an address of another, or stands on his own again; a new one comes."""
        customer, other = self._customer(who), self._customer(other).commercial_partner_id
        if change == "new":
            self.customers |= self.case._customer(f"New customer {who}")
        elif change == "head_office":
            self._attempt(lambda: customer.write({"parent_id": other != customer and other.id}))
        elif customer != other and self._attempt(lambda: self.case._merge(customer, other) or True):
            self.customers -= customer
        self.touched.update(self.books)

    # ------------------------------------------------------------
    # Statements
    # ------------------------------------------------------------

    @rule(side=sides, skipped=st.sampled_from([0, 0, 0, 1]))
    def issue(self, side, skipped):
        books = self.books[side]
        month = self._next_month(books) + relativedelta(months=skipped)
        statement = self._draft(books, month)
        if self._attempt(statement.action_issue):
            self.case.tried["issued"] += 1
            self.frozen[statement] = self._rows(statement)
            self.case._assert_sound(statement)
            self.case._assert_items_add_up(statement)
        self.touched.add(books)

    @rule(side=sides)
    def void(self, side):
        books = self.books[side]
        last = self._last_issued(books)
        if last:
            last.void_reason = "Wrong"
            last.action_void()
        self.touched.add(books)

    @rule(side=sides)
    def issue_again(self, side):
        """Taken back and issued once more, after whatever has happened meanwhile."""
        self.void(side)
        self.issue(side, 0)

    @rule(side=sides)
    def toggle_advance_account(self, side):
        books = self.books[side]
        books.company.arrears_advance_account_ids = books.advance - books.company.arrears_advance_account_ids
        self.touched.add(books)

    # ------------------------------------------------------------
    # What must hold
    # ------------------------------------------------------------

    @invariant()
    def issued_statements_are_what_they_were(self):
        self.env.flush_all()
        for statement, rows in self.frozen.items():
            self.case.assertEqual(self._rows(statement), rows, statement.name)

    @invariant()
    def next_statement_ties_to_the_ledger(self):
        """Continuity, ageing, tie to the ledger per customer, account and currency, equality with plain Python."""
        for books in self.touched:
            draft = self._draft(books, self._next_month(books))
            draft.action_compute()
            self.case.assertEqual(draft.previous_id, self._last_issued(books))
            self.case.assertEqual(draft.line_ids.company_id | books.company, books.company)
            self.case._assert_sound(draft)
        self.touched.clear()

    # ------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------

    def _post(self, side, work):
        """Let a bookkeeper try; what Odoo or its database refuses (locked, nothing left to pay) changes nothing."""
        books = self.books[side]
        made = self._attempt(lambda: work(books))
        if made:
            self.moves[books.company] |= made
        self.moves[books.company] = self.moves[books.company].exists()
        self.touched.add(books)

    def _attempt(self, work):
        tried = self.case.tried
        try:
            with self.env.cr.savepoint():
                result = work()
        except (UserError, IntegrityError):
            tried["refused"] += 1
            return False
        tried["done"] += 1
        return result

    def _customer(self, number):
        return self.customers[number % len(self.customers)]

    def _move(self, books, number):
        return self._any(self.moves[books.company], number)

    def _invoice(self, books, number):
        return self._any(self.moves[books.company].filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted",
        ), number)

    @staticmethod
    def _any(records, number):
        if not records:
            raise UserError("There is none yet.")
        return records[number % len(records)]

    def _last_issued(self, books):
        return self.env["sales.arrears.statement"].search(
            [("company_id", "=", books.company.id), ("state", "=", "issued")], order="month desc", limit=1,
        )

    def _next_month(self, books):
        last = self._last_issued(books)
        return last.month + relativedelta(months=1) if last else JUNE

    def _draft(self, books, month):
        statements = self.env["sales.arrears.statement"]
        scope = {"company_id": books.company.id, "month": month}
        return statements.search([(name, "=", value) for name, value in scope.items()] + [("state", "=", "draft")]) \
            or statements.create(scope)

    def _rows(self, statement):
        """Every byte of an issued statement's rows."""
        return [
            self.env.execute_query(SQL(
                "SELECT to_jsonb(line)::text FROM %s line WHERE statement_id = %s ORDER BY id",
                SQL.identifier(table), statement.id,
            ))
            for table in TABLES
        ]


@freeze_time("2026-11-03 09:00:00")
class TestStatementMachine(ArrearsCase):
    """Whatever bookkeepers do, in whatever order: invariant 1 of the design, in two companies and three currencies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a currency of three decimals: its amounts are not cents
        cls.dinar = cls.setup_other_currency("KWD", rates=[("2026-01-01", 0.31), ("2026-07-10", 0.287)])
        other = cls.setup_other_company(name="Overseas", currency_id=cls.foreign.id)
        cls.env.user.company_ids |= other["company"]
        cls.env = cls.env(context={
            **cls.env.context, "allowed_company_ids": [cls.company.id, other["company"].id], "tracking_disable": True,
        })
        cls.env["res.currency.rate"].create([
            {"currency_id": currency.id, "company_id": other["company"].id, "name": on, "rate": rate}
            for currency, on, rate in (
                (cls.company.currency_id, "2026-01-01", 0.5), (cls.company.currency_id, "2026-06-25", 0.62),
                (cls.dinar, "2026-01-01", 0.17), (cls.dinar, "2026-08-05", 0.21),
            )
        ])
        other["company"].arrears_send_mail = False
        currencies = cls.company.currency_id | cls.foreign | cls.dinar
        cls.books = [
            Books(cls.env, cls.company_data, cls.advance, currencies),
            Books(cls.env, other, cls.env["account.account"].with_company(other["company"]).create({
                "name": "Advances", "code": "2203", "account_type": "liability_current", "reconcile": True,
                "company_ids": [Command.set(other["company"].ids)],
            }), currencies),
        ]
        cls.customers = cls.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(3)])

    def test_statements_hold_in_every_history(self):
        """Continuity, tie to the ledger, ageing, frozen means frozen, companies apart, equality with an oracle."""
        many = int(os.environ.get("HYPOTHESIS_EXAMPLES", "0"))
        self.tried = Counter()
        run_state_machine_as_test(
            type("Machine", (StatementMachine,), {"case": self}),
            settings=settings(
                max_examples=many or 5, stateful_step_count=40 if many else 20, derandomize=not many, deadline=None,
                database=None, suppress_health_check=list(HealthCheck),
                # shrinking takes hours here; a history is reported as it was found, and is short enough to read
                phases=[Phase.generate], report_multiple_bugs=False,
            ),
        )
        self.assertGreater(self.tried["done"], 2 * self.tried["refused"], "What is refused proves little.")
        self.assertGreater(self.tried["issued"], 0)
