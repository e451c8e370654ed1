# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestLadder(DisciplineCase):
    """What follows from the nth offence (ATT-03, SAN-02)."""

    def test_warning_then_twenty_each_time_per_month(self):
        """ATT example 1: late on the 3rd, 9th and 20th of a month: 0, 20, 20, so 40; next month a warning again."""
        # the seed's example, moved to working days of June 2026
        for arrival in ("2026-06-03 08:26", "2026-06-09 08:40", "2026-06-19 08:31", "2026-07-02 08:50"):
            self._punch(self.ann, arrival)
        self._run(date_to="2026-07-31")

        self.assertEqual(self._ledger(self.ann), [
            ("06-03", 0, "proposed", "warning", 0),
            ("06-09", 0, "proposed", "fine", 20),
            ("06-19", 0, "proposed", "fine", 20),
            ("07-02", 0, "proposed", "warning", 0),
        ])

    def test_five_offences(self):
        """SAN example 1: five lateness events cost 0 + 4 x 20 = 80."""
        self._late_on(1, 2, 3, 4, 5)
        self._run()

        self.assertEqual(sum(self._entries(self.ann).mapped("amount")), 80)

    def test_a_waived_first_offence_renumbers_the_others(self):
        """SAN example 2: the 1st of five is waived: the 2nd becomes the warning, the 3rd to 5th cost 20 each: 60."""
        self._late_on(1, 2, 3, 4, 5)
        self._run()
        first = self._entries(self.ann)[0]

        first.with_user(self.sue).decide("waive", "Metro stood still")
        self._run()

        self.assertEqual(self._ledger(self.ann), [
            ("06-01", 0, "waived", "warning", 0),
            ("06-02", 0, "proposed", "warning", 0),
            ("06-03", 0, "proposed", "fine", 20),
            ("06-04", 0, "proposed", "fine", 20),
            ("06-05", 0, "proposed", "fine", 20),
        ])

    def _late_on(self, *days):
        for day in days:
            self._punch(self.ann, f"2026-06-{day:02} 08:40")

    def test_no_money_before_fines_are_switched_on(self):
        """Fines from 4 June: the 2nd offence on the 3rd stays a fine of 0, the one on the 4th costs 20."""
        self.company.discipline_fines_from = "2026-06-04"
        self._late_on(2, 3, 4)
        self._run()

        self.assertEqual(self._entries(self.ann).mapped("amount"), [0, 0, 20])
        self.assertEqual(self._entries(self.ann).mapped("step_kind"), ["warning", "fine", "fine"])

    def test_fines_are_off_by_default(self):
        company = self.env["res.company"].create({"name": "Cautious Ltd"})

        self.assertFalse(company.discipline_fines)
        self.assertIsNone(company._discipline_fines_from())

    def test_points_ladder_within_a_rolling_window(self):
        """5 points a time within 7 days, 10 from the third on: 1, 3, 5 June count together, 15 June starts anew."""
        rule = self._rule(
            "Late, points", "LATE-P", priority=1, reset="rolling", rolling_days=7,
            steps=[(1, 2, "points", 5), (3, 0, "points", 10)],
        )
        self._late_on(1, 3, 5, 15)
        self._run(rule=rule)

        self.assertEqual(self._entries(rule=rule).mapped("points"), [5, 5, 10, 5])

    def test_a_ladder_with_a_gap_is_refused(self):
        with self.assertRaises(ValidationError) as caught:
            self._rule("Gap", "GAP", steps=[(1, 1, "warning", 0), (3, 0, "fine", 20)])
        self.assertIn("occurrence 2", str(caught.exception))
