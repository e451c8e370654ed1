# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Monthly settlement: who may ask for it, and until when an agreement has to be signed (STL-02 to STL-04).

Plain values in, plain values out.
"""

from calendar import monthrange
from typing import NamedTuple

ANY, ALL, MIXED = "any", "all", "mixed"
FINE, PENDING, LIABLE = "fine", "pending", "liable"
#: Why a salesperson is liable: nobody had agreed to the order, or nobody signed in time.
UNAPPROVED, LATE = "unapproved", "late"


class Conditions(NamedTuple):
    """What speaks for a customer: monthly tons on average, being well known, a passed factory inspection."""

    tons: float = 0.0
    famous: bool = False
    inspected: bool = False


def may_request(conditions, logic, min_tons):
    """Whether the conditions of STL-02 are met; ``mixed`` is (volume or well known) and inspected.

    55 t may; 45 t without anything else may not; 20 t with a passed inspection may under "any", not under "all":

    >>> [may_request(Conditions(tons, inspected=seen), logic, 50)
    ...  for tons, seen, logic in ((55, False, ANY), (45, False, ANY), (20, True, ANY), (20, True, ALL))]
    [True, False, True, False]
    >>> may_request(Conditions(50, inspected=True), MIXED, 50), may_request(Conditions(50), MIXED, 50)
    (True, False)
    """
    volume = round(conditions.tons, 3) >= min_tons
    if logic == ALL:
        return volume and conditions.famous and conditions.inspected
    if logic == MIXED:
        return (volume or conditions.famous) and conditions.inspected
    return volume or conditions.famous or conditions.inspected


def deadline(order_on):
    """The last day on which the agreement for an order may be signed: the end of its calendar month.

    >>> from datetime import date
    >>> deadline(date(2026, 6, 10)), deadline(date(2028, 2, 29))
    (datetime.date(2026, 6, 30), datetime.date(2028, 2, 29))
    """
    return order_on.replace(day=monthrange(order_on.year, order_on.month)[1])


def judge(order_on, verbal_on, signed_on, today):
    """What follows from a monthly order for the salesperson.

    :param verbal_on: day of the superior's verbal approval, or None
    :param signed_on: day of the signature, or None
    :return: (fine, pending or liable; why)

    Order 10 June after a verbal approval of 9 June, signed 28 June: fine; signed 2 July: liable (STL, example 2):

    >>> from datetime import date
    >>> june = lambda day: date(2026, 6, day)
    >>> judge(june(10), june(9), june(28), june(30))
    ('fine', None)
    >>> judge(june(10), june(9), date(2026, 7, 2), date(2026, 7, 2))
    ('liable', 'late')
    >>> judge(june(10), june(9), None, june(30)), judge(june(10), june(9), None, date(2026, 7, 1))
    (('pending', 'late'), ('liable', 'late'))

    An approval after the order is none; an agreement before it needs none:

    >>> judge(june(10), june(11), june(28), june(30)), judge(june(10), None, june(10), june(10))
    (('liable', 'unapproved'), ('fine', None))
    """
    if signed_on and signed_on <= order_on:
        return FINE, None
    if not verbal_on or verbal_on > order_on:
        return LIABLE, UNAPPROVED
    last = deadline(order_on)
    if signed_on and signed_on <= last:
        return FINE, None
    return (LIABLE if signed_on or today > last else PENDING), LATE
