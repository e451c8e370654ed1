# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Quotas (VIS-03): how much somebody owes in a period with leave and holidays in it."""

from datetime import timedelta
from fractions import Fraction
from math import floor


def worked_share(scheduled, away):
    """Part of a day's working time that is not leave.

    :param scheduled: [(start, stop)] of one day, not overlapping
    :param away: [(start, stop)] of leave and holidays, may overlap and reach beyond the day
    :return: Fraction from 0 to 1

    >>> worked_share([(8, 12), (13, 17)], [(0, 12.5)])
    Fraction(1, 2)
    >>> worked_share([(8, 16)], [(8, 12), (10, 14)]), worked_share([(8, 16)], [])
    (Fraction(1, 4), Fraction(1, 1))
    """
    away = [hole for hole in away if any(hole[0] < stop and hole[1] > start for start, stop in scheduled)]
    if not away:
        return Fraction(1)
    total = left = _length(0)
    for start, stop in scheduled:
        total += _length(stop - start)
        counted_to = start
        for away_start, away_stop in sorted(away):
            left += max(_length(min(stop, away_start) - counted_to), 0)
            counted_to = max(counted_to, min(stop, away_stop))
        left += _length(stop - counted_to)
    return left / total


def owed(full, shares):
    """Pieces owed in a period; what does not make a whole piece is not owed.

    :param full: what a period without leave asks for
    :param shares: worked share of each working day of the period, 0 for a day of leave or holiday

    >>> owed(20, [1, 1, 1, 1, 1]), owed(20, [1, 1, 1, 0, 0])
    (20, 12)
    >>> owed(20, [1, 1, 1, 1, 1, 0]), owed(20, [1, Fraction(1, 2), 0, 0, 0])
    (16, 6)
    >>> owed(20, [0, 0, 0, 0, 0]), owed(20, [])
    (0, 0)
    """
    return floor(Fraction(full) * sum(shares) / len(shares)) if shares else 0


def _length(span):
    """Hours or timedelta as an exact number, so that thirds of a day add up."""
    return Fraction(span // timedelta(microseconds=1)) if isinstance(span, timedelta) else Fraction(span)
