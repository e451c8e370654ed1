# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine import collection
from ..engine.collection import Month, collect

LIMIT = 30
# months of one person: what each costs, then shares of what an earlier one still costs that are taken back in it
HISTORIES = st.lists(
    st.tuples(st.integers(0, 100), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 100)), max_size=2)), max_size=8
)
quick = settings(max_examples=300, deadline=None, derandomize=True, database=None)


def closings(history):
    """[(months of origin that the closing posts, net of each month afterwards)]"""
    nets = []
    for number, (fines, reversals) in enumerate(history):
        before = list(nets)
        nets.append(fines)
        for origin, percent in reversals:
            if origin < number:
                nets[origin] -= nets[origin] * percent // 100
        months = [Month(old, new, LIMIT) for old, new in zip(before, nets, strict=False) if old != new]
        yield [*months, Month(0, fines, LIMIT)], list(nets)


@tagged("at_install")
class TestCollection(BaseCase):
    """SAN-12: what is collected of the fines of a month."""

    def test_doctests(self):
        result = doctest.testmod(collection)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    @quick
    @given(HISTORIES)
    def test_what_is_carried_is_never_lost(self, history):
        """After every closing: collected so far + carried = what all offences cost now; never more than 30 at once."""
        collected = carried = 0
        for months, nets in closings(history):
            result = collect(months, carried, LIMIT)
            carried, collected = result.carried, collected + result.collected
            self.assertLessEqual(result.collected, LIMIT)
            self.assertEqual(result.dropped, 0)
            self.assertEqual(collected + carried, sum(nets))

    @quick
    @given(HISTORIES)
    def test_what_is_dropped_is_dropped_for_its_month_only(self, history):
        """After every closing: collected so far = the sum of what each month costs now, each at most 30."""
        collected = dropped = 0
        for months, nets in closings(history):
            result = collect(months, 0, LIMIT, drop=True)
            collected, dropped = collected + result.collected, dropped + result.dropped
            self.assertLessEqual(result.collected, LIMIT)
            self.assertEqual(result.carried, 0)
            self.assertEqual(collected, sum(min(net, LIMIT) for net in nets))
            self.assertEqual(collected + dropped, sum(nets))
