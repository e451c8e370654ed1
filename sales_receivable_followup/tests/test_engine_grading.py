# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine import grading
from ..engine.grading import ANY, Criterion, class_of, completeness, grade, is_sorted

quick = settings(max_examples=300, deadline=None, derandomize=True, database=None)
NUMBERS = st.integers(0, 20)


@st.composite
def policies(draw):
    """Bands from best to worst: volume falls, days late rise; a band may not ask."""
    size = draw(st.integers(2, 5))

    def bounds(reverse):
        asked = sorted(draw(st.lists(NUMBERS, min_size=0, max_size=size - 1)), reverse=reverse)
        return tuple(asked) + (ANY,) * (size - len(asked))

    return [Criterion("volume", bounds(True)), Criterion("late", bounds(False), more_is_better=False)]


@tagged("at_install")
class TestGrading(BaseCase):
    """GRD-01: half-open bands, the weakest criterion decides, unknown is not zero."""

    def test_doctests(self):
        result = doctest.testmod(grading)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    @quick
    @given(policies(), st.none() | NUMBERS, st.none() | NUMBERS)
    def test_grade_is_the_first_that_every_known_figure_reaches(self, criteria, volume, late):
        """The oracle walks the bands from the best; the last takes whoever reaches no other."""
        self.assertTrue(all(map(is_sorted, criteria)))
        asked = list(zip(*(criterion.bounds for criterion in criteria), strict=True))[:-1]
        reached = [
            index for index, (least, most) in enumerate(asked)
            if (volume is None or least is ANY or volume >= least) and (late is None or most is ANY or late <= most)
        ]
        expected = None if volume is None and late is None else [*reached, len(asked)][0]

        band, findings = grade(criteria, {"volume": volume, "late": late})

        self.assertEqual(band, expected)
        self.assertEqual([finding.band is None for finding in findings], [volume is None, late is None])
        self.assertEqual(any(finding.decides for finding in findings), band is not None)

    def test_key_account_classes(self):
        """KAM example 1: 80/70 star, 80/30 question, 30/70 cash cow, 30/30 the fourth."""
        self.assertEqual(
            [class_of(*scores) for scores in ((80, 70), (80, 30), (30, 70), (30, 30))],
            ["star", "question", "cow", "dog"],
        )

    @quick
    @given(st.lists(st.sampled_from(["", "x"]), min_size=1, max_size=200))
    def test_complete_is_only_what_lacks_nothing(self, values):
        """KAM example 2: one field missing is below 100%, however many there are."""
        self.assertEqual(completeness(values) == 100, all(values))
        self.assertEqual(completeness(values) == 0, values.count("x") * 100 < len(values))
