# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Ledger: what is booked against what should stand -> the rows to write, and nothing else.

Per fact key the rows are revisions 0, 1, 2..; what stands is their sum. A row is open (a proposal that may still be
changed in place), held (under appeal: nobody touches it), settled (confirmed or posted: never altered again) or
void (waived, overturned, withdrawn: counts nothing). A difference to settled rows is booked as a new revision; a
closed period holds settled and void rows only, so it never changes.

A row that carries a *decision* (waived, overturned, undone, or the reversal that carried an overturning out) pins
its fact to what stood right after it, for as long as the evidence keeps the same digest.

How to use: ``pinned = pins(rows)``; ``verdicts = judge(facts, versions, excluded(facts, pinned))``;
``difference(targets(facts, verdicts, pinned), rows)``.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from .ladder import Effect, case_gravity


class Status(Enum):
    OPEN = "open"
    HELD = "held"
    SETTLED = "settled"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class State:
    """What stands for one fact: the kind of sanction and what it costs. ``kind`` None = nothing stands."""

    kind: str | None = None
    effect: Effect = field(default_factory=Effect)


NOTHING = State()


@dataclass(frozen=True, slots=True)
class Row:
    """One revision in the ledger. ``effect`` is the difference that this row books, ``kind`` what stands after it.

    ``quantity`` and ``final`` are those of the fact it was last compared with.
    """

    fact_key: str
    revision: int
    status: Status
    kind: str | None
    effect: Effect = field(default_factory=Effect)
    digest: str = ""
    occurrence: int = 0
    decision: bool = False
    quantity: Decimal = Decimal(0)
    final: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """What should stand for one fact. ``verdict`` is None where a decision pins it or the fact is gone."""

    state: State = NOTHING
    digest: str = ""
    verdict: object = None


class Action(Enum):
    PROPOSE = "propose"  # new revision that the person may answer
    CORRECT = "correct"  # new revision that lowers what is settled: valid at once
    UPDATE = "update"  # the open row changes in place
    WITHDRAW = "withdraw"  # the open row is void
    HOLD = "hold"  # under appeal: looked at again after the decision


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do. ``row``: the row concerned (None for a new one); ``effect``: what the row books afterwards.

    ``raises``: the person is worse off than the row said before, so the time to answer starts anew.
    """

    action: Action
    fact_key: str
    revision: int
    kind: str | None = None
    effect: Effect = field(default_factory=Effect)
    target: Target = field(default_factory=Target)
    row: Row | None = None
    raises: bool = False


def standing(rows):
    """What the revisions of one fact add up to.

    >>> from decimal import Decimal
    >>> fine = Row("k", 0, Status.SETTLED, "fine", Effect(Decimal(20)))
    >>> standing([fine, Row("k", 1, Status.SETTLED, "warning", Effect(Decimal(-20)))]) == State("warning")
    True
    >>> standing([Row("k", 0, Status.VOID, "fine", Effect(Decimal(20)))]) == NOTHING
    True
    """
    state = NOTHING
    for row in sorted(rows, key=lambda row: row.revision):
        if row.status is not Status.VOID:
            state = State(row.kind, state.effect + row.effect)
    return state


def by_fact(rows):
    """{fact key: rows by revision}."""
    grouped = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.revision):
        grouped[row.fact_key].append(row)
    return dict(grouped)


def pins(rows):
    """{(fact key, digest): State} that decisions have fixed; the latest decision on the same evidence wins."""
    pinned = {}
    for key, revisions in by_fact(rows).items():
        for index, row in enumerate(revisions):
            if row.decision:
                pinned[key, row.digest] = standing(revisions[: index + 1])
    return pinned


def excluded(facts, pinned):
    """Keys of the facts that a decision has taken out: they cost nothing and do not count for later ones."""
    return {fact.key for fact in facts if pinned.get((fact.key, fact.digest), fact) == NOTHING}


def targets(facts, verdicts, pinned):
    """{fact key: Target}: a decision's state where one holds, else the judge's verdict."""
    result = {}
    for fact in facts:
        verdict = verdicts.get(fact.key)
        pin = pinned.get((fact.key, fact.digest))
        if pin is not None:
            result[fact.key] = Target(pin, fact.digest)
        elif verdict is not None:
            result[fact.key] = Target(State(verdict.step.kind, verdict.effect), fact.digest, verdict)
    return result


def difference(wanted, rows):
    """Changes that make the ledger say what is wanted.

    :param wanted: {fact key: Target} of a span of dates; a key that has rows and no target is a fact that is gone
    :param rows: every Row of that span
    :return: list of Change, at most two per fact (an open raise withdrawn before a correction)
    :raise ValueError: an open or held row that is not the last revision of its fact: the ledger is broken

    Applying the changes and asking again gives none, but for HOLD.
    """
    booked = by_fact(rows)
    changes = []
    for key in sorted(wanted.keys() | booked.keys()):
        changes += _fact_changes(key, wanted.get(key, Target()), booked.get(key, []))
    return changes


def reversal(revisions):
    """Change that takes back all that stands for one fact, for entries that can no longer be changed themselves.

    :raise ValueError: an undecided row is left; decide it first

    >>> from decimal import Decimal
    >>> posted = Row("k", 0, Status.SETTLED, "fine", Effect(Decimal(20)), digest="d")
    >>> change = reversal([posted])
    >>> change.action.value, change.revision, change.kind, change.effect.amount, change.target.digest
    ('correct', 1, None, Decimal('-20'), 'd')
    """
    last = max(revisions, key=lambda row: row.revision)
    if any(row.status in (Status.OPEN, Status.HELD) for row in revisions):
        raise ValueError(f"Fact {last.fact_key!r} has an undecided row: decide it first.")
    effect = NOTHING.effect - standing(revisions).effect
    return Change(Action.CORRECT, last.fact_key, last.revision + 1, None, effect, Target(digest=last.digest))


def _fact_changes(key, target, revisions):
    pending = [row for row in revisions if row.status in (Status.OPEN, Status.HELD)]
    if len(pending) > 1 or (pending and pending[0] is not revisions[-1]):
        raise ValueError(f"Fact {key!r} has an undecided row that is not its last one.")
    row = pending[0] if pending else None
    if row and row.status is Status.HELD:
        held = standing(revisions)
        return [] if held == target.state else [Change(Action.HOLD, key, row.revision, row=row, target=target)]

    settled = standing(revisions[:-1] if row else revisions)
    effect = target.state.effect - settled.effect
    following = revisions[-1].revision + 1 if revisions else 0
    lowers = settled.kind is not None and effect.is_no_raise and not _is_severer(target, settled, revisions)

    if settled == target.state:
        return [Change(Action.WITHDRAW, key, row.revision, row=row, target=target)] if row else []
    if row and not lowers:
        if _says_the_same(row, target, effect):
            return []
        graver = case_gravity(target.state.kind) > case_gravity(row.kind)
        raises = graver or not (effect - row.effect).is_no_raise
        return [Change(Action.UPDATE, key, row.revision, target.state.kind, effect, target, row, raises)]
    changes = [Change(Action.WITHDRAW, key, row.revision, row=row, target=target)] if row else []
    action = Action.CORRECT if lowers else Action.PROPOSE
    changes.append(Change(action, key, following, target.state.kind, effect, target, raises=not lowers))
    return changes


def _is_severer(target, settled, revisions):
    """A graver case, whatever it costs, or a later step of the ladder that costs as much as the earlier one (a fine
    while fines are switched off)."""
    if case_gravity(target.state.kind) > case_gravity(settled.kind):
        return True
    if target.verdict is None or target.state.effect != settled.effect:
        return False
    booked = max(row.occurrence for row in revisions if row.status is Status.SETTLED)
    return target.state.kind != settled.kind and target.verdict.occurrence > booked


def _says_the_same(row, target, effect):
    if (row.kind, row.effect, row.digest) != (target.state.kind, effect, target.digest):
        return False
    if target.verdict is None:
        return True
    fact = target.verdict.fact
    return (row.occurrence, row.quantity, row.final) == (target.verdict.occurrence, fact.quantity, fact.final)
