# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine.receipt import due, fits

AMOUNTS = st.integers(-5000, 5000)
quick = settings(
    max_examples=300, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)


@tagged("post_install", "-at_install")
class TestEngineReceipt(BaseCase):
    @quick
    @given(to_collect=AMOUNTS, wanted=st.lists(st.tuples(AMOUNTS, st.booleans()), max_size=12))
    def test_never_more_than_the_closing_says_whatever_is_cancelled(self, to_collect, wanted):
        """SAN-04: received and balance have the sign of the sheet, and any receipt can always be cancelled."""
        valid = []
        for amount, cancel in wanted:
            if cancel and valid:
                gone = valid.pop(abs(amount) % len(valid))
                self.assertTrue(fits(to_collect, sum(valid) + gone, -gone))
            elif amount * to_collect > 0 and fits(to_collect, sum(valid), amount):
                valid.append(amount)
            received = sum(valid)
            self.assertLessEqual(abs(received), abs(to_collect))
            self.assertLessEqual(abs(due(to_collect, received)), abs(to_collect))
            self.assertEqual(received + due(to_collect, received), to_collect)

    @quick
    @given(to_collect=AMOUNTS, received=AMOUNTS, amount=AMOUNTS)
    def test_what_fits_is_what_a_drawer_can_hold(self, to_collect, received, amount):
        """Oracle: the sum stands on the way from nothing to what is to be collected."""
        way = range(to_collect + 1) if to_collect >= 0 else range(to_collect, 1)
        self.assertEqual(fits(to_collect, received, amount), received + amount in way)
