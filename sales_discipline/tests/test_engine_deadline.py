# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine import deadline
from ..engine.deadline import days_late

DUE = datetime(2026, 7, 6, 10)
seconds = st.integers(0, 40 * 86400)


@tagged("post_install", "-at_install")
class TestDeadline(BaseCase):
    """Started days late (RPD-01)."""

    def test_doctests_of_the_engine(self):
        result = doctest.testmod(deadline)
        self.assertFalse(result.failed)
        self.assertTrue(result.attempted)

    def test_points_of_the_rulebook(self):
        """RPD example 1: due Monday 10:00; Monday 15:00 costs 5, Wednesday 09:59 10, Wednesday 10:01 15 points."""
        filed = [datetime(2026, 7, 6, 15), datetime(2026, 7, 8, 9, 59), datetime(2026, 7, 8, 10, 1)]
        self.assertEqual([5 * days_late(DUE, moment) for moment in filed], [5, 10, 15])

    @settings(deadline=None, derandomize=True)
    @given(filed=seconds, more=seconds, pause=st.tuples(seconds, seconds))
    def test_later_never_costs_less_and_leave_never_costs_more(self, filed, more, pause):
        moment, later = DUE + timedelta(seconds=filed), DUE + timedelta(seconds=filed + more)
        leave = [(DUE + timedelta(seconds=min(pause)), DUE + timedelta(seconds=max(pause)))]
        self.assertLessEqual(days_late(DUE, moment), days_late(DUE, later))
        self.assertLessEqual(days_late(DUE, moment, leave), days_late(DUE, moment))
        self.assertEqual(days_late(DUE, moment, leave) > 0, moment > DUE, "late is late, whatever was paused")
        self.assertLessEqual(days_late(DUE, moment, leave, max_days=3), 3)
