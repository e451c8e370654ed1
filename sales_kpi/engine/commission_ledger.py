# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Commission ledger: what should stand against what is booked -> the rows to append, and nothing else.

No row is ever changed: a difference is a new revision of its fact. What stands is kept apart by person and month of
the fact, so that an invoice that goes to another salesperson, or a receipt that moves to another month, is taken from
the one and given to the other. Rows that were taken back (void) count nothing.

A row that carries a *decision* (a dispute that was granted, a run that was undone) pins its fact to what stood right
after it, as long as the plan says the same of the fact: every row keeps, as its outcome, what the plan said when it was
written.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from .commission import Figures

NOTHING = ""  # outcome of a fact that earns nothing or is no more


@dataclass(frozen=True, slots=True)
class Row:
    """One revision in the ledger; ``figures`` is what this row books."""

    fact_key: str
    revision: int
    person: object
    day: date
    terms_key: object
    figures: Figures
    outcome: str = NOTHING
    decision: bool = False
    void: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A row to append. ``earning`` is None where it only takes back what is booked."""

    fact_key: str
    revision: int
    person: object
    day: date
    terms_key: object
    figures: Figures
    outcome: str
    earning: object = None


def standing(rows):
    """{(person, first day of the month): Figures} that the revisions of one fact add up to; zeros are left out.

    >>> ten = Row("k", 0, "ann", date(2026, 6, 9), "v1", Figures(1100, 1000, 1000, 10))
    >>> back = Row("k", 1, "ann", date(2026, 6, 9), "v1", Figures(-1100, -1000, -1000, -10))
    >>> standing([ten]), standing([ten, back])
    ({('ann', datetime.date(2026, 6, 1)): Figures(receipt=1100, net=1000, base=1000, amount=10)}, {})
    """
    sums = {}
    for row in rows:
        if not row.void:
            slot = _slot(row)
            sums[slot] = sums.get(slot, Figures()).plus(row.figures)
    return {slot: figures for slot, figures in sums.items() if any(figures)}


def difference(earnings, rows):
    """Rows that make the ledger say what is earned.

    :param earnings: {fact key: Earning}
    :param rows: every Row of these facts, and of facts of the span that may be gone
    :return: list of Change; appending them and asking again gives none
    """
    booked = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.revision):
        booked[row.fact_key].append(row)
    changes = []
    for key in sorted(earnings.keys() | booked.keys()):
        changes += _fact_changes(key, earnings.get(key), booked.get(key, []))
    return changes


def _fact_changes(key, earning, revisions):
    outcome = _outcome(earning)
    wanted = {_slot(earning): earning.figures} if earning and any(earning.figures) else {}
    if not revisions:
        return [_change(key, 0, earning, earning.figures)] if wanted else []
    for index, row in enumerate(revisions):
        if row.decision and row.outcome == outcome:
            wanted = standing(revisions[: index + 1])
    now = standing(revisions)
    differences = []
    for slot in wanted.keys() | now.keys():
        figures = wanted.get(slot, Figures()).minus(now.get(slot, Figures()))
        if any(figures):
            differences.append((figures.amount, slot, figures))
    if not differences and outcome != revisions[-1].outcome and any(row.decision for row in revisions):
        # the money agrees by chance: the next decision must still be compared with what the plan says now
        differences = [(0, _slot(revisions[-1]), Figures())]
    last = {_slot(row): row for row in revisions}
    changes = []
    for revision, (_amount, slot, figures) in enumerate(sorted(differences, key=str), revisions[-1].revision + 1):
        if earning and earning.terms and slot == _slot(earning):
            changes.append(_change(key, revision, earning, figures))
        else:
            row = last[slot]
            changes.append(Change(key, revision, row.person, row.day, row.terms_key, figures, outcome))
    return changes


def _change(key, revision, earning, figures):
    terms_key = earning.terms.key
    return Change(key, revision, earning.person, earning.day, terms_key, figures, _outcome(earning), earning)


def _outcome(earning):
    """What the plan says of a fact, as text: who earns how much in which month."""
    if not earning or not earning.figures.amount:
        return NOTHING
    return f"{earning.day:%Y-%m}|{earning.person}|{earning.figures.amount}"


def _slot(fact):
    return fact.person, fact.day.replace(day=1)
