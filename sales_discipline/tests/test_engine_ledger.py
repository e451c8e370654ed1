# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import dataclasses
import doctest
from collections import Counter
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from odoo.tests import BaseCase, tagged

from ..engine import judge, ladder, ledger, score, window
from ..engine.judge import Fact, Version
from ..engine.ladder import Effect, Ladder, Step
from ..engine.ledger import NOTHING, Action, Row, State, Status

WARNING_THEN_20 = Ladder((Step(1, 1, "warning"), Step(2, None, "fine", Effect(Decimal(20)))))
FREE_THEN_30 = Ladder(
    (Step(1, 2, "fine", Effect(Decimal(30), 5)), Step(3, None, "fine", Effect(Decimal(50), 10))), free=1
)
FIVE_A_DAY = Ladder((Step(1, None, "points", Effect(points=5), per_unit=True),))
# SAN-01: every component, and a case that costs nothing after steps that cost something
GRAVER_AND_GRAVER = Ladder((
    Step(1, 1, "duty", Effect(duty_days=1)),
    Step(2, 2, "pay_share", Effect(pay_percent=Decimal(30))),
    Step(3, 3, "absence", Effect(absence_days=1, volume_off=1)),
    Step(4, None, "dismissal"),
))
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
BASE_PAY = {"ann": Decimal("3333.35"), "bo": None}
VERSIONS = [
    Version("v1", date(2026, 1, 1), WARNING_THEN_20, "month"),
    Version("v2", date(2026, 3, 1), FREE_THEN_30, "month"),
    Version("v3", APRIL, FIVE_A_DAY, "month"),
    Version("v4", MAY, GRAVER_AND_GRAVER, "month", most=Decimal(600)),
]
FINES_FROM = date(2026, 1, 10)
PERSONS = ("ann", "bo")
DAYS = [date(2026, month, day) for month in (1, 2, 3, 4, 5) for day in (3, 9, 12, 20)]


def evidence(day, quantity):
    """What a decision hangs on: the quantity itself, but for the growing facts of April only that they are there."""
    return Decimal(0) if grows(day) else quantity


def grows(day):
    return APRIL <= day < MAY


def state_in_may(person, nth):
    if nth == 1:
        return State("duty", Effect(duty_days=1))
    if nth == 2:  # 30% of 3333.35 is 1000.01, and 600 the most
        return State("pay_share", Effect(Decimal(600 if person == "ann" else 0), pay_percent=Decimal(30)))
    return State("absence", Effect(absence_days=1, volume_off=1)) if nth == 3 else State("dismissal")


def plain_judge(facts, decisions):
    """What should stand, the slow way: count by hand, month by month, straight from the rule's text.

    :param facts: {(person, day): quantity}
    :param decisions: {(person, day, evidence): State that was decided}
    """
    result = {}
    for person in PERSONS:
        count = Counter()
        for (_person, day), quantity in sorted(item for item in facts.items() if item[0][0] == person):
            decided = decisions.get((person, day, evidence(day, quantity)))
            if decided == NOTHING:
                continue
            count[day.month] += 1
            nth = count[day.month]
            if day >= MAY:
                state = state_in_may(person, nth)
            elif day >= APRIL:
                state = State("points", Effect(points=5 * int(quantity)))
            elif day < date(2026, 3, 1):
                money = 20 if day >= FINES_FROM else 0
                state = State("warning") if nth == 1 else State("fine", Effect(Decimal(money)))
            elif nth == 1:
                state = State("none")
            else:
                state = State("fine", Effect(Decimal(30), 5) if nth <= 3 else Effect(Decimal(50), 10))
            result[person, day] = decided or state
    return result


@dataclasses.dataclass
class Booked:
    """A ledger row with its posting month and the run that made it."""

    row: Row
    month: int
    run: int


class LedgerMachine(RuleBasedStateMachine):
    """Facts come, change and go; people decide; months close; runs repeat. In any order."""

    def __init__(self):
        super().__init__()
        self.facts, self.decisions, self.rows = {}, {}, []
        self.open_month, self.runs, self.closed_rows = 1, 0, []

    # helpers

    @staticmethod
    def key(person, day):
        return f"{person}/{day}"

    def of(self, fact_key):
        return [booked for booked in self.rows if booked.row.fact_key == fact_key]

    def pick(self, data, *statuses):
        choices = [booked for booked in self.rows if booked.row.status in statuses]
        return data.draw(st.sampled_from(choices)) if choices else None

    def remember(self, booked):
        """Note, apart from the engine, what a decision on this row leaves standing."""
        person, day = booked.row.fact_key.split("/")
        kind, costs = None, [0] * 6
        for other in self.of(booked.row.fact_key):
            if other.row.revision <= booked.row.revision and other.row.status is not Status.VOID:
                kind = other.row.kind
                effect = other.row.effect
                costs = [
                    before + more for before, more in zip(costs, (
                        effect.amount, effect.points, effect.duty_days, effect.pay_percent, effect.absence_days,
                        effect.volume_off), strict=True)
                ]
        decided_on = Decimal(booked.row.digest)
        self.decisions[person, date.fromisoformat(day), decided_on] = State(kind, Effect(*costs))

    def run_once(self):
        facts = [
            Fact(
                self.key(person, day), person, day, quantity, str(evidence(day, quantity)),
                final=not grows(day) or quantity == 3, base_pay=BASE_PAY[person],
            )
            for (person, day), quantity in self.facts.items()
        ]  # fmt: skip
        rows = [booked.row for booked in self.rows]
        pinned = ledger.pins(rows)
        verdicts = judge.judge(facts, VERSIONS, ledger.excluded(facts, pinned), FINES_FROM)
        return ledger.difference(ledger.targets(facts, verdicts, pinned), rows)

    def apply(self, changes):
        self.runs += 1
        for change in changes:
            verdict = change.target.verdict
            seen = {"occurrence": verdict.occurrence, "quantity": verdict.fact.quantity, "final": verdict.fact.final} \
                if verdict else {}
            if change.action is Action.CORRECT:
                self.costs_nobody_more(change)
            if change.action in (Action.PROPOSE, Action.CORRECT):
                status = Status.OPEN if change.action is Action.PROPOSE else Status.SETTLED
                digest = change.target.digest or self.of(change.fact_key)[-1].row.digest
                row = Row(change.fact_key, change.revision, status, change.kind, change.effect, digest, **seen)
                month = int(change.fact_key.split("/")[1][5:7])
                self.rows.append(Booked(row, max(month, self.open_month), self.runs))
                continue
            booked = next(booked for booked in self.rows if booked.row is change.row)
            if change.action is Action.UPDATE:
                booked.row = dataclasses.replace(
                    booked.row, kind=change.kind, effect=change.effect, digest=change.target.digest,
                    decision=False, **seen,
                )  # fmt: skip
            elif change.action is Action.WITHDRAW:
                booked.row = dataclasses.replace(booked.row, status=Status.VOID)

    def costs_nobody_more(self, change):
        """What is valid at once never costs more, in no component, and opens no case that nobody has decided."""
        effect = change.effect
        assert max(
            effect.amount, effect.points, effect.duty_days, effect.pay_percent, effect.absence_days, effect.volume_off
        ) <= 0
        stood = ledger.standing([booked.row for booked in self.of(change.fact_key)])
        assert change.kind != "dismissal" or stood.kind == "dismissal"

    # what happens

    @rule(person=st.sampled_from(PERSONS), day=st.sampled_from(DAYS), minutes=st.integers(1, 3))
    def a_fact_arrives_or_changes(self, person, day, minutes):
        self.facts[person, day] = Decimal(minutes)

    @rule(person=st.sampled_from(PERSONS), day=st.sampled_from(DAYS))
    def a_fact_goes(self, person, day):
        self.facts.pop((person, day), None)

    @rule()
    def run(self):
        self.apply(self.run_once())
        assert all(change.action is Action.HOLD for change in self.run_once()), "the second run changes nothing"

    @rule(data=st.data())
    def confirm(self, data):
        if booked := self.pick(data, Status.OPEN):
            booked.row = dataclasses.replace(booked.row, status=Status.SETTLED)

    @rule(data=st.data())
    def appeal(self, data):
        if booked := self.pick(data, Status.OPEN):
            booked.row = dataclasses.replace(booked.row, status=Status.HELD)

    @rule(data=st.data())
    def uphold(self, data):
        if booked := self.pick(data, Status.HELD):
            booked.row = dataclasses.replace(booked.row, status=Status.SETTLED)

    @rule(data=st.data())
    def waive(self, data):
        if booked := self.pick(data, Status.OPEN, Status.HELD):
            booked.row = dataclasses.replace(booked.row, status=Status.VOID, decision=True)
            self.remember(booked)

    @rule(data=st.data())
    def overturn_what_is_settled(self, data):
        booked = self.pick(data, Status.SETTLED)
        if not booked:
            return
        revisions = [other.row for other in self.of(booked.row.fact_key)]
        if any(row.status in (Status.OPEN, Status.HELD) for row in revisions):
            return
        if ledger.standing(revisions) == NOTHING:
            return
        change = ledger.reversal(revisions)
        row = Row(
            change.fact_key, change.revision, Status.SETTLED, None, change.effect, change.target.digest, decision=True
        )
        self.rows.append(Booked(row, self.open_month, self.runs))
        self.remember(self.rows[-1])

    @rule()
    def undo_the_last_run(self):
        for booked in self.rows:
            if booked.run == self.runs and booked.row.status is Status.OPEN:
                booked.row = dataclasses.replace(booked.row, status=Status.VOID, decision=True)
                self.remember(booked)

    @precondition(lambda self: self.open_month < 5)
    @rule()
    def close_a_month(self):
        for booked in self.rows:
            if booked.month == self.open_month and booked.row.status in (Status.OPEN, Status.HELD):
                booked.month += 1
        self.closed_rows += [
            (booked, booked.row) for booked in self.rows if booked.month == self.open_month
        ]  # fmt: skip
        self.open_month += 1

    # what must hold

    @invariant()
    def closed_means_closed(self):
        assert all(booked.row is row and booked.month < self.open_month for booked, row in self.closed_rows)

    @invariant()
    def revisions_are_unique(self):
        assert max(Counter((b.row.fact_key, b.row.revision) for b in self.rows).values(), default=1) == 1

    def teardown(self):
        for booked in self.rows:
            if booked.row.status is Status.HELD:
                booked.row = dataclasses.replace(booked.row, status=Status.SETTLED)
        self.apply(self.run_once())
        expected = {
            self.key(*fact): state
            for fact, state in plain_judge(self.facts, self.decisions).items()
            if state != NOTHING
        }
        stands = {
            key: state
            for key, revisions in ledger.by_fact([booked.row for booked in self.rows]).items()
            if (state := ledger.standing(revisions)) != NOTHING
        }
        assert stands == expected
        self.closed_means_closed()


@tagged("post_install", "-at_install")
class TestLedgerAlgebra(BaseCase):
    """Entries plus corrections equal what a plain judge says of the final facts and decisions (design invariant 2, 3)."""

    def test_entries_and_corrections_equal_a_plain_judge_in_any_order(self):
        run_state_machine_as_test(
            LedgerMachine,
            settings=settings(
                max_examples=150,
                stateful_step_count=40,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )

    def test_a_growing_entry_is_one_row_until_it_is_final(self):
        """RPD-01: a report missing for 1, 2, 3 days and then filed is one entry of 5, 10, 15 points, changed in place."""
        rows = []
        for quantity, final in ((1, False), (2, False), (3, False), (3, True)):
            fact = Fact("ann/20", "ann", date(2026, 4, 20), Decimal(quantity), "due", final)
            (change,) = ledger.difference(ledger.targets([fact], judge.judge([fact], VERSIONS), {}), rows)
            self.assertEqual((change.revision, change.effect.points), (0, 5 * quantity))
            rows = [Row(fact.key, 0, Status.OPEN, "points", change.effect, "due", 1, False, fact.quantity, fact.final)]
        self.assertEqual(change.action, Action.UPDATE)
        self.assertFalse(change.raises, "becoming final costs no more")

    def test_doctests_of_the_engine(self):
        for module in (window, ladder, judge, ledger, score):
            result = doctest.testmod(module)
            self.assertFalse(result.failed, module.__name__)
            self.assertTrue(result.attempted, module.__name__)

    def test_raising_a_confirmed_warning_is_a_new_proposal(self):
        """SAN-02: an earlier offence found later makes the confirmed warning a fine of 20: proposed, not altered."""
        facts = [Fact(f"ann/{day}", "ann", date(2026, 2, day), digest="1") for day in (3, 9)]
        rows = [Row("ann/9", 0, Status.SETTLED, "warning", digest="1", occurrence=1)]

        verdicts = judge.judge(facts, VERSIONS, fines_from=FINES_FROM)
        changes = ledger.difference(ledger.targets(facts, verdicts, {}), rows)

        self.assertEqual(
            [(change.fact_key, change.action, change.revision, change.effect.amount) for change in changes],
            [("ann/3", Action.PROPOSE, 0, 0), ("ann/9", Action.PROPOSE, 1, 20)],
        )

    def test_a_case_is_never_booked_by_itself(self):
        """SAN-03: a confirmed fine of 20 becomes a dismissal case, which costs nothing: a proposal, not a correction;
        an open one is told, and answered, anew."""
        rule = [Version("v", MAY, Ladder((Step(1, 1, "fine", Effect(Decimal(20))), Step(2, None, "dismissal"))), "month")]
        facts = [Fact(f"ann/{day}", "ann", date(2026, 5, day), digest="1") for day in (3, 9)]
        wanted = ledger.targets(facts, judge.judge(facts, rule, fines_from=FINES_FROM), {})
        for status, action in ((Status.SETTLED, Action.PROPOSE), (Status.OPEN, Action.UPDATE)):
            rows = [
                Row("ann/3", 0, Status.SETTLED, "fine", Effect(Decimal(20)), "1", 1),
                Row("ann/9", 0, status, "fine", Effect(Decimal(20)), "1", 1),
            ]
            (change,) = ledger.difference(wanted, rows)
            self.assertEqual((change.action, change.kind, change.raises), (action, "dismissal", True))

    def test_severer_step_without_money_is_still_a_proposal(self):
        """With fines off a fine costs 0; it is nevertheless more than the warning that was confirmed."""
        facts = [Fact(f"ann/{day}", "ann", date(2026, 2, day), digest="1") for day in (3, 9)]
        rows = [
            Row("ann/3", 0, Status.SETTLED, "warning", digest="1", occurrence=1),
            Row("ann/9", 0, Status.SETTLED, "warning", digest="1", occurrence=1),
        ]

        changes = ledger.difference(ledger.targets(facts, judge.judge(facts, VERSIONS), {}), rows)

        self.assertEqual([(change.fact_key, change.action) for change in changes], [("ann/9", Action.PROPOSE)])

    def test_lowering_a_confirmed_fine_is_booked_at_once(self):
        """SAN-02: the first of two falls away, the confirmed fine becomes the warning: correction of -20."""
        fact = Fact("ann/12", "ann", date(2026, 2, 12), digest="1")
        rows = [Row("ann/12", 0, Status.SETTLED, "fine", Effect(Decimal(20)), "1", 2)]

        verdicts = judge.judge([fact], VERSIONS, fines_from=FINES_FROM)
        (change,) = ledger.difference(ledger.targets([fact], verdicts, {}), rows)

        self.assertEqual((change.action, change.kind, change.effect.amount), (Action.CORRECT, "warning", -20))

    def test_nothing_is_written_for_an_entry_under_appeal(self):
        rows = [Row("ann/12", 0, Status.HELD, "fine", Effect(Decimal(20)), "1", 2)]

        (change,) = ledger.difference({}, rows)

        self.assertEqual(change.action, Action.HOLD)

    def test_two_facts_with_one_key_are_refused(self):
        with self.assertRaisesRegex(ValueError, "share the key"):
            judge.judge([Fact("k", "ann", date(2026, 1, 1)), Fact("k", "bo", date(2026, 1, 1))], VERSIONS)

    def test_a_broken_ledger_is_refused(self):
        rows = [Row("k", 0, Status.OPEN, "fine"), Row("k", 1, Status.SETTLED, "fine")]
        with self.assertRaisesRegex(ValueError, "not its last one"):
            ledger.difference({}, rows)
