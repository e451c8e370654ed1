# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The salesperson's check of volume and collections (VOL): until when, and where a check stands. Plain Python."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

# a figure's way: unanswered, objected to, looked at again, then agreed or handed up and decided
OPEN, OBJECTED, RECHECKED, AGREED, ESCALATED, DECIDED = (
    "open", "objected", "rechecked", "agreed", "escalated", "decided",
)
# a check's way; the last three are locked
SENT, DISPUTED, SETTLED, ACCEPTED, VOID = "sent", "disputed", "settled", "accepted", "void"
LOCKED = (SETTLED, ACCEPTED, VOID)


class Window(NamedTuple):
    """The last local day for an answer, and the moment in UTC at which that day is over."""

    last_day: date
    deadline: datetime


def answer_window(sent_at, timezone, days=0):
    """VOL-02: until 24:00 of the day of sending, where the salesperson is; ``days`` gives him more.

    :param sent_at: UTC, naive
    >>> window = answer_window(datetime(2026, 7, 5, 2, 0), "Asia/Shanghai")  # 5 July, 10:00 there
    >>> window.last_day.isoformat(), window.deadline.isoformat()
    ('2026-07-05', '2026-07-05T16:00:00')
    >>> answer_window(datetime(2026, 7, 5, 17, 0), "Asia/Shanghai").last_day.isoformat()  # already the 6th there
    '2026-07-06'
    >>> answer_window(datetime(2026, 7, 5, 2, 0), "Asia/Shanghai", days=1).deadline.isoformat()
    '2026-07-06T16:00:00'
    """
    zone = ZoneInfo(timezone)
    last_day = sent_at.replace(tzinfo=UTC).astimezone(zone).date() + timedelta(days=days)
    midnight = datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=zone)
    return Window(last_day, midnight.astimezone(UTC).replace(tzinfo=None))


def is_late(sent_on, month, statement_day):
    """VOL-01: whether the figures of ``month`` went out after the day of the following month.

    >>> is_late(date(2026, 7, 5), date(2026, 6, 1), 5), is_late(date(2026, 7, 6), date(2026, 6, 1), 5)
    (False, True)
    >>> is_late(date(2027, 1, 4), date(2026, 12, 1), 5), is_late(date(2026, 8, 1), date(2026, 6, 1), 5)
    (False, True)
    """
    following = (month.replace(day=1) + timedelta(days=31)).replace(day=1)
    return sent_on > following + timedelta(days=statement_day - 1)


def check_state(figures):
    """Where a check stands once somebody has objected, from the states of its figures.

    Who has to act next comes first: finance, then the salesperson, then his manager.

    >>> check_state([OPEN, RECHECKED, OBJECTED]), check_state([RECHECKED, ESCALATED]), check_state([ESCALATED, OPEN])
    ('disputed', 'rechecked', 'escalated')
    >>> check_state([AGREED, DECIDED, OPEN]), check_state([OPEN, OPEN])
    ('settled', 'sent')
    """
    figures = set(figures)
    if OBJECTED in figures:
        return DISPUTED
    for state in (RECHECKED, ESCALATED):
        if state in figures:
            return state
    return SETTLED if figures & {AGREED, DECIDED} else SENT
