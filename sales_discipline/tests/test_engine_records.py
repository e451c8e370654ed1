# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest
from datetime import date, datetime, timedelta
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine import ladder, quota, stale
from ..engine.deadline import monthly, settle, weekly
from ..engine.ladder import NO_SANCTION, Ladder, Step
from ..engine.quota import owed, worked_share
from ..engine.stale import still_since_days, still_since_hours

# A busy machine is slow, not wrong.
patiently = settings(deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
spans = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)).filter(lambda span: span[0] < span[1]), max_size=5)
eighths = st.integers(0, 8).map(lambda number: Fraction(number, 8))
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
MIDNIGHT = datetime(2026, 6, 1)


def hour(number):
    return MIDNIGHT + timedelta(hours=number)


@tagged("post_install", "-at_install")
class TestQuotaEngine(BaseCase):
    """What leave and holidays leave of a quota (VIS-03)."""

    def test_examples_of_the_engine_hold(self):
        for module in (quota, stale, ladder):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertFalse(result.failed)

    @patiently
    @given(spans.filter(bool), spans)
    def test_worked_share_equals_counting_hours(self, scheduled, away):
        scheduled = scheduled[:1]
        hours = [number for start, stop in scheduled for number in range(start, stop)]
        worked = [number for number in hours if not any(start <= number < stop for start, stop in away)]
        self.assertEqual(worked_share(scheduled, away), Fraction(len(worked), len(hours)))

    @patiently
    @given(st.integers(0, 50), st.lists(eighths, min_size=1, max_size=7), st.data())
    def test_leave_never_raises_what_is_owed(self, full, shares, data):
        index = data.draw(st.integers(0, len(shares) - 1))
        less = [*shares[:index], shares[index] / 2, *shares[index + 1:]]
        self.assertTrue(0 <= owed(full, less) <= owed(full, shares) <= full)


@tagged("post_install", "-at_install")
class TestSettle(BaseCase):
    """Which record is the report of which period (WRP-01)."""

    @patiently
    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=12))
    def test_against_looking_for_each_record(self, shape):
        """Oracle: period by period; the first record is its own, others go to the nearest earlier gap."""
        periods = [(is_owed, [100 * index + n for n in range(count)]) for index, (is_owed, count) in enumerate(shape)]
        expected = [None] * len(periods)
        for index, (is_owed, moments) in enumerate(periods):
            for moment in moments:
                gaps = [i for i in range(index + 1) if periods[i][0] and expected[i] is None]
                own = is_owed and expected[index] is None
                if gaps:
                    expected[index if own else max(gaps)] = moment
        self.assertEqual(settle(periods), expected)

    @patiently
    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=12), st.integers(0, 12))
    def test_the_past_does_not_matter(self, shape, start):
        """A run over the last days only finds there what a run over all days does."""
        periods = [(is_owed, [100 * index + n for n in range(count)]) for index, (is_owed, count) in enumerate(shape)]
        self.assertEqual(settle(periods)[start:], settle(periods[start:]))

    @patiently
    @given(days, st.integers(0, 70), st.integers(0, 6), st.integers(1, 31))
    def test_dates_of_deadlines(self, first, length, weekday, number):
        last = first + timedelta(days=length)
        span = [first + timedelta(days=offset) for offset in range(length + 1)]
        self.assertEqual(weekly(weekday, first, last), [day for day in span if day.weekday() == weekday])
        self.assertEqual(monthly(number, first, last), [
            day for day in span
            if day.day == number or (day.day < number and (day + timedelta(days=1)).day == 1)
        ])


@tagged("post_install", "-at_install")
class TestStillSince(BaseCase):
    """Working time without a touch."""

    @patiently
    @given(st.sets(st.integers(0, 60)), st.integers(0, 60), st.integers(1, 20))
    def test_hours_against_counting_backwards(self, worked, end, hours):
        """Oracle: working hours one by one; every earlier touch leaves at least as many of them before the end."""
        working = [(hour(number), hour(number + 1)) for number in sorted(worked)]
        since = still_since_hours(working, hour(end), hours)
        past = sorted(number for number in worked if number < end)
        self.assertEqual(since, hour(past[-hours]) if len(past) >= hours else None)

    @patiently
    @given(st.sets(days, max_size=10), days, st.integers(1, 5))
    def test_days_are_whole_working_days_after_the_touch(self, worked, day, count):
        """Oracle: day by day backwards, until so many working days are passed."""
        expected, seen = day, 0
        while seen < count and expected > date(2025, 1, 1):
            seen += expected in worked
            expected -= timedelta(days=1)
        since = still_since_days(sorted(worked), day, count)
        self.assertEqual(since, expected + timedelta(days=1) if seen == count else None)


@tagged("post_install", "-at_install")
class TestLadderEngine(BaseCase):
    """Free allowance and every nth (SAN-02)."""

    @patiently
    @given(st.integers(0, 5), st.integers(1, 4), st.lists(st.integers(1, 3), min_size=1, max_size=4), st.booleans())
    def test_against_climbing_offence_by_offence(self, free, every, lengths, endless):
        """Oracle: after the free ones every nth offence climbs one rung; each step has so many rungs."""
        steps, rungs, first = [], [], 1
        for index, length in enumerate(lengths):
            last = None if endless and index == len(lengths) - 1 else first + length - 1
            steps.append(Step(first, last, f"step {index}"))
            rungs += [f"step {index}"] * length
            first += length
        climbed = 0
        for occurrence in range(1, 40):
            expected = NO_SANCTION
            if occurrence > free and (occurrence - free) % every == 0:
                climbed += 1
                if climbed <= len(rungs):
                    expected = rungs[climbed - 1]
                elif endless:
                    expected = rungs[-1]
            self.assertEqual(Ladder(tuple(steps), free, every).step_at(occurrence).kind, expected)
