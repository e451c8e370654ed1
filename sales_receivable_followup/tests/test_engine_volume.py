# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine import volume
from ..engine.volume import AGREED, DECIDED, ESCALATED, OBJECTED, OPEN, RECHECKED, answer_window, check_state, is_late

#: Zones with and without summer time, half hours, and midnights that summer time has skipped.
ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Beirut", "Pacific/Auckland", "UTC"]
moments = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1))


@tagged("post_install", "-at_install")
class TestEngineVolume(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(volume)
        self.assertFalse(result.failed)
        self.assertTrue(result.attempted)

    @given(sent=moments, zone=st.sampled_from(ZONES), days=st.integers(0, 40))
    @settings(max_examples=300, deadline=None)
    def test_the_window_ends_with_the_local_day(self, sent, zone, days):
        """VOL-02: the last second of the window is still on the last day where the salesperson is, the next is not."""

        def day_there(moment):
            return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()

        window = answer_window(sent, zone, days)

        self.assertEqual(window.last_day, day_there(sent) + timedelta(days=days))
        self.assertEqual(day_there(window.deadline - timedelta(seconds=1)), window.last_day)
        self.assertEqual(day_there(window.deadline), window.last_day + timedelta(days=1))
        self.assertGreater(window.deadline, sent)

    @given(month=st.dates(date(2000, 1, 1), date(2040, 1, 1)), day=st.integers(1, 28), delay=st.integers(0, 400))
    @settings(max_examples=200, deadline=None)
    def test_late_is_after_the_day_of_the_next_month(self, month, day, delay):
        """VOL-01, against counting months."""
        sent = month.replace(day=1) + timedelta(days=delay)
        months = (sent.year - month.year) * 12 + sent.month - month.month
        self.assertEqual(is_late(sent, month, day), (months, sent.day) > (1, day))

    @given(st.lists(st.sampled_from([OPEN, OBJECTED, RECHECKED, AGREED, ESCALATED, DECIDED])))
    @settings(max_examples=200, deadline=None)
    def test_the_state_names_who_acts_next(self, figures):
        """Settled only if something was objected to and nothing of it waits for anybody."""
        state = check_state(figures)
        waiting = [figure for figure in (OBJECTED, RECHECKED, ESCALATED) if figure in figures]
        self.assertEqual(state in ("settled", "sent"), not waiting)
        if waiting:
            self.assertEqual(state, {OBJECTED: "disputed"}.get(waiting[0], waiting[0]))
        self.assertEqual(state == "sent", set(figures) <= {OPEN})
