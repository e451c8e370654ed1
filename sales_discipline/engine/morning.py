# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which days a morning list looks back at (SAN-05). Days are local ones."""

from datetime import timedelta


def since(today, worked, last=None):
    """First day a list looks at; the last one is yesterday.

    It goes on where the list before has ended, so that nothing is left out where a morning had none. Without one
    before, it looks at the working day before, and at the rest days since.

    :param worked: working days of the last weeks
    :param last: day of the list before

    >>> from datetime import date
    >>> week = [date(2026, 6, day) for day in (1, 2, 3, 4, 5, 8)]
    >>> str(since(date(2026, 6, 8), week)), str(since(date(2026, 6, 8), week, date(2026, 6, 4)))
    ('2026-06-05', '2026-06-04')
    >>> str(since(date(2026, 6, 8), []))
    '2026-06-07'
    """
    if last and last < today:
        return last
    return max((day for day in worked if day < today), default=today - timedelta(days=1))
