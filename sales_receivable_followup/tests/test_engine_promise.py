# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine import promise
from ..engine.promise import AGAIN, BROKEN, KEPT, ONCE, OPEN, judge, may_promise

quick = settings(max_examples=300, deadline=None, derandomize=True, database=None)
START = date(2026, 6, 1)
DAYS = st.integers(0, 40).map(lambda number: START + timedelta(days=number - 10))
RECEIPTS = st.lists(st.tuples(DAYS, st.integers(-50, 200)), max_size=6)


@tagged("at_install")
class TestPromise(BaseCase):
    """DUN-04: kept as soon as the money is there, broken the day after, late money changes nothing."""

    def test_doctests(self):
        result = doctest.testmod(promise)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    @quick
    @given(st.integers(1, 300), st.integers(0, 20), RECEIPTS, st.integers(0, 30))
    def test_the_figures_decide(self, amount, length, receipts, passed):
        """The oracle walks the days from the first to the last and counts the money of each."""
        promised_on, today = START + timedelta(days=length), START + timedelta(days=passed)
        received, day = 0, START
        while day <= min(today, promised_on):
            received += sum(money for on, money in receipts if on == day)
            day += timedelta(days=1)

        verdict = judge(amount, START, promised_on, receipts, today)

        expected = KEPT if received >= amount else BROKEN if today > promised_on else OPEN
        self.assertEqual((verdict.state, verdict.received), (expected, received))
        self.assertEqual(verdict.missing, max(amount - received, 0))

    @quick
    @given(st.integers(1, 300), st.integers(0, 20), RECEIPTS, RECEIPTS, st.integers(1, 20))
    def test_what_comes_after_the_day_changes_nothing(self, amount, length, receipts, more, days):
        promised_on = START + timedelta(days=length)
        late = [(promised_on + timedelta(days=number), money) for number, (_day, money) in enumerate(more, 1)]
        today = promised_on + timedelta(days=days)
        self.assertEqual(
            judge(amount, START, promised_on, receipts, today),
            judge(amount, START, promised_on, [*receipts, *late], today + timedelta(days=30)))

    def test_less_than_half_of_the_smallest_amount_is_not_missing(self):
        for received, rounding, state in ((99.996, 0.01, KEPT), (99.99, 0.01, OPEN), (99.6, 1, KEPT), (99, 1, OPEN)):
            with self.subTest(received=received, rounding=rounding):
                self.assertEqual(judge(100, START, START, [(START, received)], START, rounding).state, state)

    @quick
    @given(st.lists(st.sampled_from([OPEN, KEPT, BROKEN])))
    def test_how_often_an_item_may_be_promised(self, states):
        self.assertEqual(may_promise(ONCE, states), len(states) == 0)
        self.assertEqual(may_promise(AGAIN, states), states.count(OPEN) == 0)
