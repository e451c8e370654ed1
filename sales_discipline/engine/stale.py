# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Records nobody has touched: since when one must have lain still to have done so for too long."""

from datetime import timedelta


def still_since_hours(working, end, hours):
    """Moment after which exactly so many working hours lie before ``end``; None where ``working`` has fewer.

    A record that was last touched before that moment has been still for longer than those hours.

    :param working: sorted (start, stop) intervals of working time, leave taken off
    :param hours: int or float

    >>> from datetime import datetime
    >>> at = lambda day, hour: datetime(2026, 6, day, hour)
    >>> days = [(at(day, 9), at(day, 17)) for day in (1, 2, 3)]
    >>> still_since_hours(days, at(4, 0), 10), still_since_hours(days, at(2, 12), 3)
    (datetime.datetime(2026, 6, 2, 15, 0), datetime.datetime(2026, 6, 2, 9, 0))
    >>> still_since_hours(days, at(4, 0), 25) is None
    True
    """
    left = timedelta(hours=hours)
    for start, stop in reversed(working):
        length = min(stop, end) - start
        if length >= left:
            return start + length - left
        left -= max(length, timedelta())
    return None


def still_since_days(working_days, day, count):
    """First of the last ``count`` working days up to and with ``day``; None where there are fewer.

    A record that was last touched before that day has been still on ``count`` whole working days.

    :param working_days: sorted dates on which some working time is left after leave

    >>> from datetime import date
    >>> days = [date(2026, 6, day) for day in (1, 2, 3, 4, 5, 8, 9)]
    >>> still_since_days(days, days[5], 3), still_since_days(days, days[1], 3)
    (datetime.date(2026, 6, 4), None)
    """
    past = [working_day for working_day in working_days if working_day <= day]
    return past[-count] if len(past) >= count else None
