# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A clock that the story moves: for our code, Odoo's own code and its database cursors."""

import contextlib
from datetime import UTC, datetime, time
from unittest.mock import patch
from zoneinfo import ZoneInfo

import freezegun

from odoo.sql_db import BaseCursor


class Clock:
    """The time of the story, in UTC without a zone as Odoo stores it; never goes back."""

    def __init__(self, frozen, now):
        self._frozen = frozen
        self.now = now

    def move_to(self, moment):
        if moment > self.now:
            self.now = moment
            self._frozen.move_to(moment)


@contextlib.contextmanager
def moved_clock(start):
    """Yield a Clock that stands at ``start`` (naive UTC); the real time is back at the end."""
    with freezegun.freeze_time(start) as frozen:
        clock = Clock(frozen, start)
        # What the database would call now: dates of creation and change, and which scheduled action is due.
        with patch.object(BaseCursor, "now", lambda cursor: clock.now):
            yield clock


def utc(day, clock_time, zone):
    """``utc(date(2026, 6, 3), "08:26", "Asia/Shanghai")`` is that moment in UTC, without a zone."""
    local = datetime.combine(day, time.fromisoformat(clock_time), ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)
