# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import ADMINISTRATOR, DisciplineCase


@tagged("post_install", "-at_install")
@freeze_time("2026-06-10 02:00:00")
class TestFairness(DisciplineCase):
    """POL-07: the effect of a policy is assessed by the share of its entries that do not stand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for day in range(1, 6):
            cls._punch(cls.ann, f"2026-06-0{day} 08:40")
        cls._punch(cls.bob, "2026-06-01 08:40")
        cls._punch(cls.bob, "2026-06-02 08:40")
        cls._punch(cls.zoe, "2026-06-01 08:40")
        cls._run()

    def setUp(self):
        super().setUp()
        first, second, third, fourth, _undecided = self._entries(self.ann)
        first.with_user(self.sue).decide("waive", "Metro")
        second.with_user(self.sue).decide("overturn", "Wrong clock")
        third.with_user(self.ann.user_id).action_accept()
        fourth.with_user(self.ann.user_id).appeal("Why me")
        fourth.with_user(self.sue).decide("uphold", "I was there")
        mistake, stands = self._entries(self.bob)
        (mistake | stands).with_user(self.bob.user_id).action_accept()
        mistake.with_user(self.olga).decide("reverse", "He was with a customer")
        self._entries(self.zoe).with_user(self.tom).decide("overturn", "Holiday")
        self.env.flush_all()

    def _shares(self, groupby, user=None, measure="dropped_share"):
        user = user or self.olga
        fairness = self.env["sales.discipline.fairness"].with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids)
        rows = fairness._read_group(
            [("rule_id", "=", self.rule.id)], [groupby], [f"{measure}:avg", "__count"])
        return {group: (round(share, 2), count) for group, share, count in rows}

    def test_shares_by_team_rule_decider_and_issuer(self):
        """Sue's team: 4 of Ann's (waived, overturned, 2 stand) and 2 of Bob's (1 reversed): 3 of 6 = 50 %; Zoe 1 of 1.

        The undecided fifth of Ann is left out, the correction that carries Bob's reversal out is no entry.
        """
        self.assertEqual(self._shares("team_id"), {self.sue_team: (50.0, 6), self.tom_team: (100.0, 1)})
        self.assertEqual(self._shares("rule_id"), {self.rule: (57.14, 7)})
        self.assertEqual(self._shares("issuer_id"), {self.ida: (57.14, 7)})
        self.assertEqual(self._shares("decider_id"), {self.sue: (50.0, 6), self.tom: (100.0, 1)})

    def test_overturned_and_appealed(self):
        """Overturned or reversed: 3 of 7; appealed: 1 of 7."""
        self.assertEqual(self._shares("rule_id", measure="overturned_share"), {self.rule: (42.86, 7)})
        self.assertEqual(self._shares("rule_id", measure="appealed_share"), {self.rule: (14.29, 7)})

    def test_who_was_silent_stays_in_the_figures(self):
        """POL-07: Ann appeals against the fifth on 10 June; Sue is silent until Monday the 15th, Olga, asked on the
        16th, until Friday the 19th, and there is nobody above her: the entry lapses as hers, 1 of 1, and she decides
        nothing about it any more."""
        entry = self._entries(self.ann)[-1:]
        self.env.ref(ADMINISTRATOR).sudo().user_ids = self.ida
        entry.with_user(self.ann.user_id).appeal("Why me")
        for moment, state, decider, silent in (
            ("2026-06-15 17:00:00", "appealed", self.olga, self.sue),
            ("2026-06-19 17:00:00", "waived", self.env["res.users"], self.olga),
        ):
            with freeze_time(moment):
                self._tell()
            self.assertEqual((entry.state, entry.decider_id, entry.silent_decider_id), (state, decider, silent))
        self.env.flush_all()

        self.assertEqual(
            self._shares("decider_id"), {self.sue: (50.0, 6), self.tom: (100.0, 1), self.olga: (100.0, 1)})
        for user, error in ((self.sue, AccessError), (self.olga, UserError)):
            with self.assertRaises(error):
                entry.with_user(user).decide("uphold", "Too late")

    def test_a_manager_sees_his_team_and_a_salesperson_nothing(self):
        self.assertEqual(self._shares("team_id", self.tom), {self.tom_team: (100.0, 1)})
        self.assertEqual(self._shares("team_id", self.sue), {self.sue_team: (50.0, 6)})
        with self.assertRaises(AccessError):
            self._shares("team_id", self.ann.user_id)
        stranger = self._user(
            "stranger", "sales_discipline.group_discipline_administrator",
            company=self.env["res.company"].create({"name": "Elsewhere"}))
        self.assertEqual(self._shares("team_id", stranger), {})

    def test_the_pivot_shows_the_average(self):
        """What the pivot asks for over RPC."""
        [row] = self.env["sales.discipline.fairness"].with_user(self.sue).formatted_read_group(
            [("rule_id", "=", self.rule.id)], ["rule_id"], ["dropped_share:avg"])
        self.assertEqual(row["dropped_share:avg"], 50.0)
