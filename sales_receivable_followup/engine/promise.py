# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whether a customer kept his promise to pay (DUN-04).

Plain values in, plain values out. Days are the company's own.
"""

from datetime import timedelta
from typing import NamedTuple

OPEN, KEPT, BROKEN = "open", "kept", "broken"
#: A customer's item may be promised for once, or again when the promise before is no longer open.
ONCE, AGAIN = "once", "again"


class Verdict(NamedTuple):
    """What became of a promise, and by which figures."""

    state: str
    received: float
    missing: float


def judge(amount, taken_on, promised_on, receipts, today, rounding=0.01, booking_days=0):
    """Judge a promise by the money that came from the day it was given to the day it was given for, both included.

    :param receipts: iterable of (day, amount); what was paid back is negative
    :param rounding: smallest amount of the currency; less than half of it is never missing
    :param booking_days: how many days later it is judged, for what is booked late; the money's own day counts

    1,000 promised on 1 June for the 20th. Kept as soon as the money is there, open until the end of the 20th:

    >>> from datetime import date
    >>> june = lambda day: date(2026, 6, day)
    >>> promise = (1_000, june(1), june(20))
    >>> judge(*promise, [(june(5), 400), (june(20), 600)], june(20))
    Verdict(state='kept', received=1000, missing=0)
    >>> judge(*promise, [(june(5), 400)], june(20))
    Verdict(state='open', received=400, missing=600)

    Broken the day after; money that comes late, or came before, changes nothing:

    >>> judge(*promise, [(date(2026, 5, 31), 1_000), (june(5), 400), (june(21), 600)], june(21))
    Verdict(state='broken', received=400, missing=600)
    >>> [judge(*promise, [], june(day), booking_days=2).state for day in (21, 22, 23)]
    ['open', 'open', 'broken']
    """
    last = min(today, promised_on)
    received = sum(money for day, money in receipts if taken_on <= day <= last)
    missing = max(amount - received, 0)
    if round(missing / rounding) < 1:
        return Verdict(KEPT, received, 0)
    return Verdict(BROKEN if today > promised_on + timedelta(days=booking_days) else OPEN, received, missing)


def may_promise(policy, states):
    """Whether an item may be promised for, after promises with these states; withdrawn ones are not among them.

    >>> may_promise(ONCE, []), may_promise(ONCE, [KEPT]), may_promise(ONCE, [OPEN])
    (True, False, False)
    >>> may_promise(AGAIN, [BROKEN, KEPT]), may_promise(AGAIN, [BROKEN, OPEN])
    (True, False)
    """
    return not states if policy == ONCE else OPEN not in states
