# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Time to answer: working days on which the person is there (SAN-11)."""

from .worktime import subtract


def last_day(days, worked, absent=()):
    """The day on which a time of so many working days ends; days of leave and holidays do not count.

    A day counts as soon as some of its working time is left: half a day of leave stops nothing. None when there are not
    so many days.

    :param worked: (start, stop) intervals of working time after public holidays
    :param absent: (start, stop) intervals of the person's own approved leave

    >>> from datetime import datetime
    >>> at = lambda day, hour: datetime(2026, 6, day, hour)
    >>> worked = [piece for day in (4, 5, 8, 9, 10) for piece in ((at(day, 8), at(day, 12)), (at(day, 13), at(day, 17)))]
    >>> last_day(3, worked).day, last_day(3, worked, [(at(5, 0), at(8, 23))]).day
    (8, 10)

    A morning of leave, and more leave than there are days:

    >>> last_day(3, worked, [(at(5, 8), at(5, 12))]).day, last_day(3, worked, [(at(4, 8), at(9, 17))])
    (8, None)
    """
    there = sorted({piece[0].date() for piece in worked if subtract([piece], absent)})
    return there[days - 1] if len(there) >= days else None
