# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How open items are aged: one table of bands, and what was open on a past date.

Plain values in, plain values out. The statement's SQL is written from the same
:data:`BUCKETS`, so that a band exists once; the test oracle uses these functions.
"""

from typing import NamedTuple


class Bucket(NamedTuple):
    """Half-open band of days overdue: ``start <= days < end``; None means no limit."""

    name: str
    start: int | None
    end: int | None


#: Sorted and without gaps: each band starts where the one before it ends.
BUCKETS = (
    Bucket("not_due", None, 1),
    Bucket("due_1_30", 1, 31),
    Bucket("due_31_60", 31, 61),
    Bucket("due_61_90", 61, 91),
    Bucket("due_over_90", 91, None),
)
#: The bands that are late.
OVERDUE = tuple(bucket.name for bucket in BUCKETS if bucket.start is not None)
#: Open credits are not aged: a deposit of yesterday must not hide a debt of last year.
DEPOSITS = "deposits"


def bucket_of(days_overdue):
    """Name of the band of an item that many days (int) after its due date.

    >>> [bucket_of(days) for days in (-5, 0, 1, 30, 31, 60, 61, 90, 91)]
    ['not_due', 'not_due', 'due_1_30', 'due_1_30', 'due_31_60', 'due_31_60', 'due_61_90', 'due_61_90', 'due_over_90']
    """
    for bucket in BUCKETS:
        if bucket.end is None or days_overdue < bucket.end:
            return bucket.name
    raise AssertionError("The last band has no end.")


def residual_as_of(residual_today, sign, matched, day):
    """What was open on ``day``: today's residual plus what was matched after it.

    :param residual_today: signed residual (debit positive), any number type
    :param sign: 1 for an item on the debit side of its matches, -1 for the credit side
    :param matched: iterable of (date of the match, amount > 0)

    An invoice of 100, 60 paid in June and 40 in July, is 0 today and was 40 on 30 June:

    >>> from datetime import date
    >>> paid = [(date(2026, 6, 10), 60), (date(2026, 7, 2), 40)]
    >>> residual_as_of(0, 1, paid, date(2026, 6, 30))
    40
    >>> residual_as_of(0, -1, [(date(2026, 7, 2), 40)], date(2026, 6, 30))
    -40
    """
    return residual_today + sign * sum(amount for matched_on, amount in matched if matched_on > day)


def age(open_items, day):
    """Spread open items over the bands and the deposits.

    :param open_items: iterable of (due date, signed residual on ``day``)
    :return: dict of every band and ``deposits`` to its total

    >>> from datetime import date
    >>> aged = age([(date(2026, 6, 30), 50), (date(2026, 5, 31), 7), (date(2026, 5, 1), -10)], date(2026, 6, 30))
    >>> {name: amount for name, amount in aged.items() if amount}
    {'not_due': 50, 'due_1_30': 7, 'deposits': -10}
    """
    aged = dict.fromkeys([bucket.name for bucket in BUCKETS] + [DEPOSITS], 0)
    for due, residual in open_items:
        aged[DEPOSITS if residual < 0 else bucket_of((day - due).days)] += residual
    return aged


def closing_of(opening, sales, credit_notes, receipts, other):
    """The statement's arithmetic (ARS-02); credit notes and receipts are positive when they reduce the debt.

    >>> closing_of(50_000, 30_000, 0, 45_000, 0)
    35000
    >>> closing_of(50_000, 30_000, 5_000, 45_000, 0)
    30000
    >>> closing_of(0, 0, 0, 10_000, 0)
    -10000
    """
    return opening + sales - credit_notes - receipts + other
