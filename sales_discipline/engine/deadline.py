# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Deadlines of reports: when one is due, whether it is late, and by how many started days (RPD-01, LOG-02)."""

import calendar
from datetime import timedelta

from .worktime import subtract

DAY = timedelta(days=1)


def is_owed(scheduled, excused, due):
    """Whether a report is owed for a day: some working time is left of it, and nobody excused the deadline itself.

    :param scheduled: (start, stop) intervals of the day's working hours, before leave
    :param excused: (start, stop) intervals of approved leave and public holidays
    :param due: the last moment that is still on time

    >>> from datetime import datetime
    >>> at = lambda day, hour: datetime(2026, 6, day, hour)
    >>> work = [(at(3, 9), at(3, 12)), (at(3, 13), at(3, 18))]
    >>> is_owed(work, [], at(3, 18)), is_owed(work, [(at(3, 9), at(3, 12))], at(3, 18))
    (True, True)

    A rest day, a day of leave, and an afternoon of leave that lasts beyond the deadline:

    >>> is_owed([], [], at(3, 18)), is_owed(work, [(at(3, 8), at(3, 18))], at(3, 18))
    (False, False)
    >>> is_owed(work, [(at(3, 13), at(5, 18))], at(3, 18))
    False
    """
    return bool(subtract(scheduled, excused)) and not any(start <= due < stop for start, stop in excused)


def days_late(due, until, paused=(), max_days=None):
    """Started days between a deadline and a moment, at least 1 once it has passed; 0 when on time (RPD-01).

    A day of delay is 24 hours, working day or not; time of leave does not count.

    :param due: the last moment that is still on time
    :param until: when the report was filed, or now while it is missing
    :param paused: (start, stop) intervals that stop the count
    :param max_days: where the count ends; None = never

    >>> from datetime import datetime
    >>> due = datetime(2026, 7, 6, 10)
    >>> days_late(due, due), days_late(due, due + timedelta(seconds=1))
    (0, 1)
    >>> [days_late(due, datetime(2026, 7, day, hour, minute)) for day, hour, minute in
    ...  ((6, 15, 0), (8, 9, 59), (8, 10, 0), (8, 10, 1))]
    [1, 2, 2, 3]
    >>> days_late(due, datetime(2026, 8, 30), max_days=30)
    30

    Two days of leave in between; and filed from home, with leave since the deadline:

    >>> leave = [(datetime(2026, 7, 7), datetime(2026, 7, 9))]
    >>> days_late(due, datetime(2026, 7, 9, 9), leave), days_late(due, datetime(2026, 7, 8), [(due, leave[0][1])])
    (1, 1)
    """
    if until <= due:
        return 0
    counted = sum((stop - start for start, stop in subtract([(due, until)], paused)), timedelta())
    late = max(1, -(-counted // DAY))
    return late if max_days is None else min(late, max_days)


def weekly(weekday, first, last):
    """Dates of a weekday (Monday is 0) from ``first`` to ``last``.

    >>> from datetime import date
    >>> [day.day for day in weekly(4, date(2026, 6, 1), date(2026, 6, 19))]
    [5, 12, 19]
    """
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    return [day + timedelta(days=offset) for offset in range(0, (last - day).days + 1, 7)]


def monthly(number, first, last):
    """Dates of a day of the month from ``first`` to ``last``; the last day where a month is shorter.

    >>> from datetime import date
    >>> [str(day) for day in monthly(31, date(2026, 1, 31), date(2026, 3, 31))]
    ['2026-01-31', '2026-02-28', '2026-03-31']
    """
    days, month = [], first.replace(day=1)
    while month <= last:
        length = calendar.monthrange(month.year, month.month)[1]
        days.append(month.replace(day=min(number, length)))
        month += timedelta(days=length)
    return [day for day in days if first <= day <= last]


def settle(periods):
    """When the report of each period was filed, None where it is missing.

    The first record of a period is its report; each further one is that of the nearest earlier period whose report is
    still missing. So the fate of a period depends on itself and on later ones only.

    :param periods: by time, [(whether a report is owed, sorted moments of the records that lie in it)]

    >>> settle([(True, [1]), (True, []), (True, [3, 4])])
    [1, 4, 3]
    >>> settle([(True, []), (False, [2]), (True, [])])
    [2, None, None]
    """
    filed, missing = [None] * len(periods), []
    for index, (is_owed_then, moments) in enumerate(periods):
        spare = list(moments)
        if is_owed_then and spare:
            filed[index] = spare.pop(0)
        elif is_owed_then:
            missing.append(index)
        for moment in spare[:len(missing)]:
            filed[missing.pop()] = moment
    return filed
