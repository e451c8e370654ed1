# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Counting windows: since when earlier offences of the same person and rule count (SAN-07)."""

import calendar
from datetime import date, timedelta

WEEK, MONTH, QUARTER, YEAR, ROLLING, NEVER = "week", "month", "quarter", "year", "rolling", "never"
RESETS = (WEEK, MONTH, QUARTER, YEAR, ROLLING, NEVER)


def window_start(reset, day, rolling_days=0):
    """First local date that counts together with ``day``.

    :param reset: one of RESETS
    :param rolling_days: length of a rolling window, ``day`` included
    :raise ValueError: unknown reset, or a rolling window without a length

    >>> window_start(MONTH, date(2026, 6, 20))
    datetime.date(2026, 6, 1)
    >>> window_start(WEEK, date(2026, 6, 20))
    datetime.date(2026, 6, 15)
    >>> window_start(QUARTER, date(2026, 6, 20)), window_start(YEAR, date(2026, 6, 20))
    (datetime.date(2026, 4, 1), datetime.date(2026, 1, 1))
    >>> window_start(ROLLING, date(2026, 6, 20), rolling_days=30)
    datetime.date(2026, 5, 22)
    >>> window_start(NEVER, date(2026, 6, 20)) == date.min
    True
    """
    if reset == WEEK:
        return day - timedelta(days=day.weekday())
    if reset == MONTH:
        return day.replace(day=1)
    if reset == QUARTER:
        return date(day.year, day.month - (day.month - 1) % 3, 1)
    if reset == YEAR:
        return date(day.year, 1, 1)
    if reset == ROLLING:
        if rolling_days < 1:
            raise ValueError("A rolling window needs a length of at least 1 day.")
        return day - timedelta(days=rolling_days - 1)
    if reset == NEVER:
        return date.min
    raise ValueError(f"Unknown reset window: {reset!r}")


def window_end(reset, day, rolling_days=0):
    """Last local date whose count can still be changed by a fact of ``day``.

    >>> window_end(MONTH, date(2028, 2, 10)), window_end(WEEK, date(2026, 6, 20))
    (datetime.date(2028, 2, 29), datetime.date(2026, 6, 21))
    >>> window_end(QUARTER, date(2026, 5, 1)), window_end(ROLLING, date(2026, 6, 1), rolling_days=30)
    (datetime.date(2026, 6, 30), datetime.date(2026, 6, 30))
    """
    start = window_start(reset, day, rolling_days)
    if reset == WEEK:
        return start + timedelta(days=6)
    if reset in (MONTH, QUARTER):
        month = start.month + (2 if reset == QUARTER else 0)
        return date(start.year, month, calendar.monthrange(start.year, month)[1])
    if reset == YEAR:
        return date(day.year, 12, 31)
    if reset == ROLLING:
        return day + timedelta(days=rolling_days - 1)
    return date.max
