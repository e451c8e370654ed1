# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import freeze_time, tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestScore(DisciplineCase):
    """Points left of a month (PNT-01, PNT-02, PNT-03)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sales.discipline.violation"].flush_model()

    def _propose(self, employee, points, reason, kind="points"):
        action = self.env["sales.discipline.proposal"].with_user(self.sue).create({
            "employee_id": employee.id, "kind": kind, "points": points, "reason": reason, "fact_date": "2026-06-09",
        }).action_propose()
        return self.env["sales.discipline.violation"].browse(action["res_id"])

    def _catalogue(self):
        """PNT-02: a false log 5, two reports one day late 5 each, visit shortfall 10; all accepted."""
        entries = self.env["sales.discipline.violation"]
        for points, reason in ((5, "False log."), (5, "Report 1 late."), (5, "Report 2 late."), (10, "Visits missing.")):
            entries |= self._propose(self.ann, points, reason)
        entries.with_user(self.ann.user_id).action_accept()
        return entries

    def _score(self, user=None, employee=None):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["sales.discipline.score"].with_user(user or self.env.user).search([
            ("employee_id", "=", (employee or self.ann).id)], limit=1)
        return rows.score

    @freeze_time("2026-06-10 02:00")
    def test_a_month_of_deductions(self):
        """PNT example 1: one false log, two reports one day late, visit shortfall: 100 - 5 - 10 - 10 = 75."""
        entries = self._catalogue()
        self.assertEqual(self._score(), 100, "nothing counts before it is confirmed")
        entries.with_user(self.olga).decide("uphold", "Checked")

        self.assertEqual(self._score(), 75)
        self.assertEqual(self._score(employee=self.bob), 100, "who has no entry has full points")
        with freeze_time("2026-07-02 02:00"):
            sheet = self._close("2026-06").sheet_ids
        self.assertRecordValues(sheet, [{"points_total": 25, "points_base": 100, "score": 75, "pay_proposal": 0}])

    @freeze_time("2026-06-10 02:00")
    def test_a_waived_false_log(self):
        """PNT example 2: the false log is waived: 80."""
        entries = self._catalogue()
        entries[0].with_user(self.olga).decide("waive", "He did call")
        entries[1:].with_user(self.olga).decide("uphold", "Checked")

        self.assertEqual(self._score(), 80)

    @freeze_time("2026-06-10 02:00")
    def test_merits_offset_deductions(self):
        """SAN-09: 25 points off and 8 given back: 83; a hundred more off: never below 0 (RPD-02)."""
        entries = self._catalogue()
        entries |= self._propose(self.ann, 8, "Won back a customer", "merit")
        entries.with_user(self.olga).decide("uphold", "Checked")
        self.assertEqual(self._score(), 83)

        more = self._propose(self.ann, 100, "Sold to friends")
        more.with_user(self.ann.user_id).action_accept()
        more.with_user(self.olga).decide("uphold", "Checked")
        self.assertEqual(self._score(), 0)

    @freeze_time("2026-06-10 02:00")
    def test_closing_keeps_its_figures(self):
        """PNT-03: 75 points at 2 each propose 150; a new base and price leave the closed month as it is."""
        self.company.discipline_pay_per_point = 2
        self._catalogue().with_user(self.olga).decide("uphold", "Checked")
        with freeze_time("2026-07-02 02:00"):
            sheet = self._close("2026-06").sheet_ids
            self.company.write({"discipline_points_base": 120, "discipline_pay_per_point": 3})
            self.env.flush_all()
            scores = self.env["sales.discipline.score"].search([("employee_id", "in", (self.ann + self.bob).ids)])
            by_month = {
                (row.employee_id, row.date_from.month): (row.score, row.pay_proposal) for row in scores
            }

        self.assertEqual((sheet.score, sheet.pay_proposal), (75, 150))
        self.assertEqual(by_month, {
            (self.ann, 6): (75, 150), (self.bob, 6): (100, 200), (self.ann, 7): (120, 360), (self.bob, 7): (120, 360),
        })

    @freeze_time("2026-06-10 02:00")
    def test_no_base_no_score(self):
        self.company.discipline_points_base = 0
        self.env.flush_all()

        self.assertFalse(self.env["sales.discipline.score"].search([("company_id", "=", self.company.id)]))

    @freeze_time("2026-06-10 02:00")
    def test_who_sees_whose_score(self):
        """Ann her own, Sue her team's, Tom not Ann's, the clerk all; the entries behind it open from the list."""
        self._catalogue().with_user(self.olga).decide("uphold", "Checked")
        self.env.flush_all()
        Score = self.env["sales.discipline.score"]

        self.assertEqual(Score.with_user(self.ann.user_id).search([]).employee_id, self.ann)
        self.assertTrue(self.ann <= Score.with_user(self.sue).search([]).employee_id)
        self.assertFalse(self.ann & Score.with_user(self.tom).search([]).employee_id)
        self.assertTrue(self.ann + self.zoe <= Score.with_user(self.carl).search([]).employee_id)
        action = Score.with_user(self.ann.user_id).search([]).action_view_violations()
        entries = self.env["sales.discipline.violation"].with_user(self.ann.user_id).search(action["domain"])
        self.assertEqual(sum(entries.mapped("points")), 25)

    @freeze_time("2026-06-10 02:00")
    def test_read_like_any_model(self):
        """Grouped, averaged and opened by id as the web client does it."""
        self._catalogue().with_user(self.olga).decide("uphold", "Checked")
        self.env.flush_all()
        Score = self.env["sales.discipline.score"]
        domain = [("employee_id", "in", (self.ann + self.bob).ids)]

        self.assertEqual(Score._read_group(domain, ["date_from:month"], ["score:avg"])[0][1], 87.5)
        row = Score.search(domain, limit=1)
        self.assertEqual(Score.browse(row.id).read(["score"])[0]["score"], row.score)
