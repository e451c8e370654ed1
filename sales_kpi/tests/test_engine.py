# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine import geofence
from ..engine.geofence import CANNOT_TELL, OUTSIDE, VERIFIED, Place, distance_between, judge_place

places = st.builds(
    Place, st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 5000)
).filter(lambda place: place.is_known)
radii = st.integers(1, 5000)
# A busy machine is slow, not wrong.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@tagged("post_install", "-at_install")
class TestEngine(BaseCase):
    """Decisions on plain values."""

    def test_examples_of_the_engine_hold(self):
        result = doctest.testmod(geofence)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_distance_is_a_metric_on_the_globe(self):
        @patiently
        @given(places, places, places)
        def check(one, two, three):
            direct = distance_between(one, two)
            self.assertAlmostEqual(direct, distance_between(two, one), delta=1e-3)
            self.assertTrue(0 <= direct <= geofence.HALF_ROUND + 1)
            self.assertLessEqual(direct, distance_between(one, three) + distance_between(three, two) + 1)

        check()

    def test_verdict_against_the_rule_in_words(self):
        """Outside only if the whole circle is; verified only if its middle is inside and it is not too large."""
        @patiently
        @given(places, places, radii)
        def check(fix, target, radius):
            verdict = judge_place(fix, target, radius)
            distance = distance_between(fix, target)
            nearest = max(distance - fix.accuracy, 0)
            if nearest > radius:
                expected = OUTSIDE
            elif distance > radius or fix.accuracy > radius:
                expected = CANNOT_TELL
            else:
                expected = VERIFIED
            self.assertEqual(verdict.result, expected)
            self.assertEqual(verdict.distance, distance)

        check()

    def test_a_worse_fix_never_convicts_and_a_wider_area_never_harms(self):
        @patiently
        @given(places, places, radii, st.floats(0, 5000), radii)
        def check(fix, target, radius, doubt, margin):
            verdict = judge_place(fix, target, radius).result
            vaguer = judge_place(Place(fix.latitude, fix.longitude, fix.accuracy + doubt), target, radius).result
            wider = judge_place(fix, target, radius + margin).result
            self.assertIn(vaguer, (verdict, CANNOT_TELL))
            if verdict == VERIFIED:
                self.assertEqual(wider, VERIFIED)
            if verdict != OUTSIDE:
                self.assertNotEqual(wider, OUTSIDE)

        check()

    def test_without_a_place_nobody_can_tell(self):
        @patiently
        @given(st.none() | st.builds(Place, st.just(0.0), st.just(0.0)), places, radii)
        def check(fix, place, radius):
            self.assertEqual(judge_place(fix, place, radius).result, CANNOT_TELL)
            self.assertEqual(judge_place(place, fix, radius).result, CANNOT_TELL)
            self.assertIsNone(judge_place(fix, place, radius).distance)

        check()
