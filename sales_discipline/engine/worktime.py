# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Working time: when somebody had to be there, and how late he came (ATT-01, ATT-10).

All instants of one call are comparable datetimes: all naive local, or all aware.
"""

from datetime import timedelta

# A fixed on-post time further ahead of the person's own working hours than this belongs to another shift.
MAX_LEAD = timedelta(hours=2)


def subtract(intervals, holes):
    """What is left of half-open ``(start, stop)`` intervals outside the holes, sorted.

    >>> subtract([(8, 12), (13, 17)], [(7, 9), (11, 14)])
    [(9, 11), (14, 17)]
    >>> subtract([(8, 12)], [(0, 24)]), subtract([(8, 12)], [])
    ([], [(8, 12)])
    """
    left = sorted(intervals)
    for hole_start, hole_stop in holes:
        left = [
            piece
            for start, stop in left
            for piece in ((start, min(stop, hole_start)), (max(start, hole_stop), stop))
            if piece[0] < piece[1]
        ]
    return sorted(set(left))


def due_at(scheduled, excused=(), on_post=None):
    """When the person has to be at post on a day, None when nothing is due.

    :param scheduled: (start, stop) intervals of the day's working hours, before leave
    :param excused: (start, stop) intervals of approved leave and public holidays
    :param on_post: the rule's fixed time of that day; None = the start of the person's own hours

    >>> from datetime import datetime
    >>> at = lambda hour, minute=0: datetime(2026, 6, 3, hour, minute)
    >>> day = [(at(8, 30), at(12)), (at(13, 30), at(17, 30))]
    >>> due_at(day).strftime("%H:%M"), due_at(day, on_post=at(8, 25)).strftime("%H:%M")
    ('08:30', '08:25')

    Leave in the morning: due when the afternoon begins. Leave all day, or no working day: never.

    >>> due_at(day, [(at(8), at(12))], on_post=at(8, 25)).strftime("%H:%M")
    '13:30'
    >>> due_at(day, [(at(0), at(23))], on_post=at(8, 25)) is None, due_at([], on_post=at(8, 25)) is None
    (True, True)

    Who works in the afternoon only is not bound by the morning's time:

    >>> due_at([(at(13, 30), at(17, 30))], on_post=at(8, 25)).strftime("%H:%M")
    '13:30'
    """
    if not scheduled:
        return None
    start = min(scheduled)[0]
    due = start if on_post is None or start - on_post > MAX_LEAD else on_post
    left = subtract(scheduled, excused)
    if not left:
        return None
    return due if left[0][0] == start else max(due, left[0][0])


def minutes_late(due, arrival, grace_minutes=0):
    """Started minutes after the due time; 0 when on time. Arriving at the due time exactly is on time.

    >>> from datetime import datetime
    >>> due = datetime(2026, 6, 3, 8, 25)
    >>> [minutes_late(due, due + timedelta(seconds=seconds)) for seconds in (-60, 0, 1, 60, 61)]
    [0, 0, 1, 1, 2]
    >>> [minutes_late(due, due + timedelta(minutes=minutes), grace_minutes=5) for minutes in (5, 6)]
    [0, 6]
    """
    late = arrival - due
    if late <= timedelta(minutes=grace_minutes):
        return 0
    return -(-late // timedelta(minutes=1))
