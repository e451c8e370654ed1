# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import dataclasses
import doctest
from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from odoo.tests import BaseCase, tagged

from ..engine import commission, commission_ledger
from ..engine.commission import Document, Figures, Payment, Terms
from ..engine.commission_ledger import Row

VERSIONS = [
    Terms("v1", date(2026, 1, 1), 10_000),
    Terms("v2", date(2026, 3, 1), 25_000, frozenset({"ann"})),
]
# total, untaxed, untaxed in company currency; the third in a foreign currency
INVOICES = {"A": (11300, 10000, 10000), "B": (70007, 60001, 60001), "C": (5003, 4999, 33333)}
PEOPLE = ("ann", "bo")
DAYS = [date(2026, month, day) for month in (1, 2, 3, 4) for day in (2, 17)]


def cents(value):
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def share(amount, whole, total):
    return cents(Decimal(amount) * whole / total)


def plain_plan(world):
    """{(fact key, person): commission} of the plan on these facts, straight from its text.

    1 % for everybody until February, 2.5 % for Ann alone from March, of what was received net of tax.
    """
    result = {}
    for name, invoice in world.invoices.items():
        total, _untaxed, company = INVOICES[name]
        receipts = sorted((day, key, amount) for key, (of, day, amount) in world.receipts.items() if of == name)
        seen = sum(amount for _day, _key, amount in receipts)
        bases = [share(amount, company, total) for _day, _key, amount in receipts]
        if receipts and seen + invoice["credited"] == total:
            bases[-1] = share(seen, company, total) - sum(bases[:-1])
        earned = 0
        for (day, key, _amount), base in zip(receipts, bases, strict=False):
            rate = world.rate(day, invoice["person"])
            if rate:
                result[key, invoice["person"]] = cents(base * rate)
                earned += cents(base * rate)
        refunds = sorted((day, key, amount) for key, (of, day, amount) in world.refunds.items() if of == name)
        left, taken = seen, 0
        for _day, key, amount in refunds:
            part = min(amount, left)
            left -= part
            if part and seen:
                back = earned - taken if not left else share(part, earned, seen)
                result[key, invoice["person"]] = -back
                taken += back
    return {key: amount for key, amount in result.items() if amount}


@dataclasses.dataclass
class Booked:
    """A ledger row with its posting month and the run that made it."""

    row: Row
    month: int
    run: int


class CommissionMachine(RuleBasedStateMachine):
    """Receipts come in parts, are un-reconciled and refunded; invoices change hands; months close. In any order."""

    def __init__(self):
        super().__init__()
        self.invoices = {name: {"person": "ann", "credited": 0} for name in INVOICES}
        self.receipts, self.refunds, self.decided = {}, {}, {}
        self.rows, self.closed_rows = [], []
        self.open_month, self.runs, self.made = 1, 0, 0

    # helpers

    @staticmethod
    def rate(day, person):
        if day < date(2026, 3, 1):
            return Decimal("0.01")
        return Decimal("0.025") if person == "ann" else None

    def residual(self, name):
        received = sum(amount for of, _day, amount in self.receipts.values() if of == name)
        return INVOICES[name][0] - received - self.invoices[name]["credited"]

    def earnings(self):
        result = {}
        for name, invoice in self.invoices.items():
            document = Document(invoice["person"], *INVOICES[name], settled=not self.residual(name))
            receipts, refunds = (
                [Payment(key, day, amount, amount) for key, (of, day, amount) in facts.items() if of == name]
                for facts in (self.receipts, self.refunds)
            )
            earned = commission.receipt_earnings(document, receipts, VERSIONS)
            result |= earned | commission.refund_earnings(receipts, earned, refunds)
        return result

    def changes(self):
        return commission_ledger.difference(self.earnings(), [booked.row for booked in self.rows])

    def booked(self):
        sums = Counter()
        for booked in self.rows:
            if not booked.row.void:
                sums[booked.row.fact_key, booked.row.person] += booked.row.figures.amount
        return {key: amount for key, amount in sums.items() if amount}

    def decide(self, key):
        """Note, apart from the engine, what a decision leaves standing for a fact."""
        standing = {person: amount for (fact, person), amount in self.booked().items() if fact == key}
        self.decided.setdefault(key, {})[repr(self.outcome(key, plain_plan(self)))] = standing

    def outcome(self, key, plan):
        """What the plan, apart from all decisions, says of a fact: in which month, for whom and how much."""
        _of, day, _amount = self.receipts.get(key) or self.refunds.get(key) or (None, None, None)
        return [(day.month, person, amount) for (fact, person), amount in plan.items() if fact == key]

    # what happens

    @rule(name=st.sampled_from(sorted(INVOICES)), day=st.sampled_from(DAYS), data=st.data())
    def receive_a_part(self, name, day, data):
        if self.residual(name):
            amount = data.draw(st.one_of(st.just(self.residual(name)), st.integers(1, self.residual(name))))
            self.made += 1
            self.receipts[f"{name}/p{self.made:03}"] = (name, day, amount)

    @rule(data=st.data())
    def unreconcile(self, data):
        if self.receipts:
            self.receipts.pop(data.draw(st.sampled_from(sorted(self.receipts))))

    @rule(data=st.data())
    def reconcile_with_a_credit_note(self, data):
        name = data.draw(st.sampled_from(sorted(INVOICES)))
        if self.residual(name):
            self.invoices[name]["credited"] += data.draw(st.integers(1, self.residual(name)))

    @rule(name=st.sampled_from(sorted(INVOICES)), day=st.sampled_from(DAYS), amount=st.integers(1, 20000))
    def pay_a_refund(self, name, day, amount):
        self.made += 1
        self.refunds[f"{name}/r{self.made:03}"] = (name, day, amount)

    @rule(name=st.sampled_from(sorted(INVOICES)), person=st.sampled_from(PEOPLE))
    def give_the_invoice_to(self, name, person):
        self.invoices[name]["person"] = person

    @rule(data=st.data(), day=st.sampled_from(DAYS))
    def date_a_receipt_otherwise(self, data, day):
        if self.receipts:
            key = data.draw(st.sampled_from(sorted(self.receipts)))
            name, _day, amount = self.receipts[key]
            self.receipts[key] = (name, day, amount)

    @rule()
    def run(self):
        self.runs += 1
        for change in self.changes():
            row = Row(
                change.fact_key, change.revision, change.person, change.day, change.terms_key, change.figures,
                change.outcome,
            )  # fmt: skip
            self.rows.append(Booked(row, max(change.day.month, self.open_month), self.runs))
        assert not self.changes(), "the second run changes nothing"
        says = plain_plan(self)
        plan = dict(says)
        for key, decisions in self.decided.items():
            standing = decisions.get(repr(self.outcome(key, says)))
            if standing is not None:
                plan = {slot: amount for slot, amount in plan.items() if slot[0] != key}
                plan |= {(key, person): amount for person, amount in standing.items()}
        assert self.booked() == plan, "lines plus corrections equal the plan on the final facts"

    @rule()
    def undo_the_last_run(self):
        mine = [booked for booked in self.rows if booked.run == self.runs]
        if any(booked.month < self.open_month or booked.row.void for booked in mine):
            return
        self.run()
        if mine != [booked for booked in self.rows if booked.run >= self.runs - 1]:
            return  # the facts have changed since: the later run would have to be undone first
        for booked in mine:
            booked.row = dataclasses.replace(booked.row, void=True, decision=True)
        for booked in mine:
            self.decide(booked.row.fact_key)

    @rule(data=st.data(), amount=st.integers(-500, 500))
    def grant_a_dispute(self, data, amount):
        self.run()
        live = [booked.row for booked in self.rows if booked.month >= self.open_month and not booked.row.void]
        if live:
            row = data.draw(st.sampled_from(live))
            last = max((b.row for b in self.rows if b.row.fact_key == row.fact_key), key=lambda row: row.revision)
            granted = dataclasses.replace(
                last, revision=last.revision + 1, figures=Figures(amount=amount), decision=True, void=False
            )
            self.rows.append(Booked(granted, max(last.day.month, self.open_month), 0))
            self.decide(row.fact_key)

    @precondition(lambda self: self.open_month < 4)
    @rule()
    def close_a_month(self):
        self.closed_rows += [(booked, booked.row) for booked in self.rows if booked.month == self.open_month]
        self.open_month += 1

    # what must hold

    @invariant()
    def closed_means_closed(self):
        assert all(booked.row is row and booked.month < self.open_month for booked, row in self.closed_rows)
        assert sum(booked.month < self.open_month for booked in self.rows) == len(self.closed_rows)

    @invariant()
    def revisions_are_unique(self):
        assert max(Counter((b.row.fact_key, b.row.revision) for b in self.rows).values(), default=1) == 1


@tagged("at_install")
class TestCommissionEngine(BaseCase):
    """The arithmetic of commission, without a database."""

    def test_doctests(self):
        for module in (commission, commission_ledger):
            with self.subTest(module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)

    def test_lines_plus_corrections_equal_the_plan_whatever_the_order(self):
        """INC-02: oracle over orders of partial payments, refunds, un-reconciliations and closings, to the cent."""
        run_state_machine_as_test(CommissionMachine, settings=settings(
            max_examples=400, stateful_step_count=30, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        ))  # fmt: skip

    def test_three_instalments_earn_on_exactly_the_untaxed_amount(self):
        """113.00 with 13.00 tax in three parts: 33.34, 33.34 and, the rounding with it, 33.32 = 100.00."""
        invoice = Document("ann", 11300, 10000, 10000, settled=True)
        receipts = [Payment(str(n), date(2026, 1, n), amount, amount) for n, amount in ((3, 3766), (1, 3767), (2, 3767))]

        earned = commission.receipt_earnings(invoice, receipts, VERSIONS)

        self.assertEqual([earned[key].figures.net for key in "123"], [3334, 3334, 3332])

    def test_base_at_the_rate_of_the_invoice_or_of_the_payment(self):
        """100.00 foreign, untaxed, worth 700.00 when invoiced and 720.00 when paid."""
        invoice = Document("ann", 10000, 10000, 70000, settled=True)
        receipts = [Payment("p", date(2026, 1, 5), 10000, 72000)]
        at_payment = [dataclasses.replace(VERSIONS[0], at_payment_rate=True)]

        self.assertEqual(commission.receipt_earnings(invoice, receipts, VERSIONS)["p"].figures.base, 70000)
        self.assertEqual(commission.receipt_earnings(invoice, receipts, at_payment)["p"].figures.base, 72000)

    def test_a_refund_takes_back_at_the_terms_of_the_receipt(self):
        """Received in February at 1 %, half of it refunded in March at 2.5 %: takes back half of what was earned."""
        receipts = [Payment("p", date(2026, 2, 5), 11300, 11300)]
        earned = commission.receipt_earnings(Document("ann", 11300, 10000, 10000, True), receipts, VERSIONS)

        back = commission.refund_earnings(receipts, earned, [Payment("r", date(2026, 3, 9), 5650, 5650)])["r"]

        self.assertEqual((back.figures, back.corrects, back.terms.key), (Figures(-5650, -5000, -5000, -50), "p", "v1"))

    def test_a_refund_of_money_that_earned_nothing_takes_nothing_back(self):
        receipts = [Payment("p", date(2025, 12, 31), 11300, 11300)]
        earned = commission.receipt_earnings(Document("ann", 11300, 10000, 10000, True), receipts, VERSIONS)

        taken = commission.refund_earnings(receipts, earned, [Payment("r", date(2026, 3, 9), 5650, 5650)])

        self.assertFalse(any(taken["r"].figures))

    def test_a_credit_note_without_an_invoice_takes_back_at_todays_terms(self):
        note = Document("ann", 11300, 10000, 10000, settled=True)

        back = commission.loose_refund_earnings(note, [Payment("r", date(2026, 3, 9), 11300, 11300)], VERSIONS)

        self.assertEqual(back["r"].figures, Figures(-11300, -10000, -10000, -250))
