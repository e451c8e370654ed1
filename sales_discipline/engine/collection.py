# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How much of the fines of a month may be collected (SAN-12): a sum, a share of the wage, never below a floor.

Amounts are integers in the smallest unit of the currency; None stands for "no limit".
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Month:
    """What one month's offences cost in all: before a closing and after it, and what that month allowed to collect."""

    before: int
    after: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class Collection:
    """What a closing collects (negative: pays back), what it carries to the next one and what it drops."""

    collected: int
    carried: int
    dropped: int


def monthly_limit(sum_=None, wage=None, share=None, floor=None):
    """The least of the limits that are set, None when there is none.

    :param share: highest part of the wage, in percent
    :param floor: what the wage must not be cut below

    >>> monthly_limit(), monthly_limit(sum_=50), monthly_limit(sum_=5000, wage=20000, share=20)
    (None, 50, 4000)
    >>> monthly_limit(wage=20000, share=20, floor=18000), monthly_limit(wage=15000, floor=18000)
    (2000, 0)
    """
    limits = []
    if sum_ is not None:
        limits.append(sum_)
    if share is not None:
        limits.append(int(wage * Decimal(str(share)) // 100))
    if floor is not None:
        limits.append(max(wage - floor, 0))
    return min(limits, default=None)


def collect(months, carried, limit, drop=False):
    """What a closing collects.

    A correction belongs to the month of its offence. Where the rest is dropped, it gives back what was collected
    for that month only: of 100 that a cap cut to 30, taking back 40 gives nothing back, taking back 80 gives 10.

    :param months: Month of each month whose offences this closing posts, its own one with nothing before
    :param carried: what the closing before has carried on
    :param limit: what may be collected now
    :param drop: the rest is dropped, not carried on

    >>> collect([Month(0, 100, 30)], carried=0, limit=30)
    Collection(collected=30, carried=70, dropped=0)
    >>> collect([Month(0, 20, 30)], carried=70, limit=30)
    Collection(collected=30, carried=60, dropped=0)
    >>> collect([Month(0, 100, 30)], carried=0, limit=30, drop=True)
    Collection(collected=30, carried=0, dropped=70)
    >>> collect([Month(100, 60, 30)], carried=0, limit=30, drop=True).collected
    0
    >>> collect([Month(100, 20, 30)], carried=0, limit=30, drop=True).collected
    -10
    """
    booked = carried + sum(month.after - month.before for month in months)
    due = booked
    if drop:
        due = carried + sum(
            _least(month.after, month.limit) - _least(month.before, month.limit) for month in months
        )
    collected = _least(due, limit)
    return Collection(collected, 0, booked - collected) if drop else Collection(collected, booked - collected, 0)


def _least(amount, limit):
    return amount if limit is None else min(amount, limit)
