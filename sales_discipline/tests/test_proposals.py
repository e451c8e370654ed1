# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
@freeze_time("2026-06-10 02:00")
class TestProposals(DisciplineCase):
    """A manager proposes rewards and penalties for his team at any time; the role above decides (SAN-09)."""

    def _propose(self, user, employee, kind="merit", reason="Won back a lost customer", **figures):
        wizard = self.env["sales.discipline.proposal"].with_user(user).create({
            "employee_id": employee.id, "kind": kind, "reason": reason, "fact_date": "2026-06-09", **figures,
        })
        action = wizard.action_propose()
        return self.env["sales.discipline.violation"].browse(action["res_id"])

    def test_a_merit_is_decided_by_the_role_above(self):
        """Sue gives Ann 5 points; Olga decides, not Sue and not Ann. Confirmed, it counts -5, and Ann is told."""
        entry = self._propose(self.sue, self.ann, points=5)

        self.assertRecordValues(entry, [{
            "state": "to_decide", "step_kind": "merit", "points": -5, "issuer_id": self.sue.id,
            "decider_id": self.olga.id, "decider_role": "officer", "fact_date": entry.fact_date,
        }])
        self.assertEqual(entry.reason, "Won back a lost customer Proposed by Sue: merit 5 points given.")
        self.assertEqual(entry.activity_ids.user_id, self.olga)
        for user in (self.sue, self.ann.user_id):
            with self.assertRaises(AccessError):
                entry.with_user(user).decide("uphold", "Well deserved")
        entry.with_user(self.olga).decide("uphold", "Well deserved")
        self.assertEqual(entry.state, "confirmed")
        self.assertIn(self.ann.user_id.partner_id, entry.message_ids.partner_ids)

    def test_a_penalty_is_answered_first(self):
        """10 points for a policy that was not executed: told, accepted, then decided by Olga (SAN-06, SAN-11)."""
        entry = self._propose(self.sue, self.ann, "points", "Did not execute the price policy", points=10)
        self.assertEqual((entry.state, entry.points), ("proposed", 10))
        self._tell()
        self.assertEqual((entry.state, entry.activity_ids.user_id), ("notified", self.ann.user_id))

        entry.with_user(self.ann.user_id).action_accept()
        self.assertEqual((entry.state, entry.activity_ids.user_id), ("to_decide", self.olga))
        entry.with_user(self.olga).decide("uphold", "As she says herself")
        self.assertEqual(entry.state, "confirmed")

    def test_the_sales_administration_does_not_decide_its_own_proposals(self):
        entry = self._propose(self.olga, self.ann, points=5)

        self.assertNotEqual(entry.decider_id, self.olga)
        with self.assertRaises(AccessError):
            entry.with_user(self.olga).decide("uphold", "I like it")

    def test_only_for_the_own_team_and_never_for_oneself(self):
        """Tom leads Zoe, not Ann; Sue is not her own manager; Ann and the clerk propose nothing."""
        for user, employee in ((self.tom, self.ann), (self.sue, self.sue_employee), (self.olga, self._employee(
                "Olga", self.olga))):
            with self.assertRaises(AccessError):
                self._propose(user, employee, points=5)
        for user in (self.ann.user_id, self.carl):
            with self.assertRaises(AccessError):
                self._propose(user, self.bob, points=5)
            with self.assertRaises(AccessError):
                self.env["sales.discipline.violation"].with_user(user)._check_may_propose(self.bob)

    def test_the_form_offers_the_own_team(self):
        with Form(self.env["sales.discipline.proposal"].with_user(self.sue)) as form:
            self.assertEqual(set(form.allowed_employee_ids.ids), set((self.ann + self.bob).ids))
            form.employee_id = self.env["hr.employee.public"].browse(self.ann.id)
            form.reason = "Helped the new ones"

    def test_bad_input_changes_nothing(self):
        """Each error says what is wrong; nothing is written."""
        for message, figures in (
            ("needs a figure above 0 in 'Points'", {"points": 0}),
            ("needs a figure above 0 in 'Extra Duty Days'", {"kind": "duty"}),
            ("is not over yet", {"points": 5, "fact_date": "2026-06-11"}),
            ("No base pay of Ann is known", {"kind": "pay_share", "pay_percent": 10}),
            ("at most 100 percent", {"kind": "pay_share", "pay_percent": 110}),
            ("Say in 'Reason'", {"points": 5, "reason": "  "}),
        ):
            with self.assertRaisesRegex(UserError, message):
                self._propose(self.sue, self.ann, **figures)
        self.company.discipline_fines = False
        with self.assertRaisesRegex(UserError, "Fines of Showroom Ltd are switched off"):
            self._propose(self.sue, self.ann, "fine", amount=50)
        self.assertFalse(self.env["sales.discipline.violation"].search([("rule_id.kind", "=", "manual")]))

    def test_the_same_proposal_twice_is_refused(self):
        entry = self._propose(self.sue, self.ann, points=5)
        with self.assertRaisesRegex(UserError, "proposed for Ann"):
            self._propose(self.sue, self.ann, points=5)
        another = self._propose(self.sue, self.ann, points=5, reason="Stayed for the inventory")

        self.assertNotEqual(entry.fact_key, another.fact_key)
        self.assertEqual(entry.rule_id, another.rule_id)

    def test_a_share_of_pay_by_hand(self):
        """10% of a base pay of 4000 is 400; it is money like a fine."""
        self.ann.version_ids.wage = 4000
        entry = self._propose(self.sue, self.ann, "pay_share", "Damaged a show car", pay_percent=10)

        self.assertEqual((entry.amount, entry.pay_percent), (400, 10))

    def test_no_run_touches_proposals(self):
        """The rule behind proposals is active but judged by no run: they stay as they are."""
        entry = self._propose(self.sue, self.ann, "points", "Left the stand", points=10)
        rule = entry.rule_id
        self.assertFalse(rule._next_run())
        self._run(rule=rule)

        self.assertEqual((entry.state, entry.points), ("proposed", 10))
        self.assertFalse(entry.run_id)

    def test_an_archived_rule_stops_proposals(self):
        self._propose(self.sue, self.ann, points=5).rule_id.with_user(self.ida).action_archive_rule()
        with self.assertRaisesRegex(UserError, "is not active"):
            self._propose(self.sue, self.ann, points=5, reason="Another one")

    def test_papers_go_to_the_entry(self):
        papers = self.env["ir.attachment"].with_user(self.sue).create({"name": "photo.png", "raw": b"x"})
        entry = self._propose(self.sue, self.ann, points=5, attachment_ids=[(4, papers.id)])

        self.assertEqual((papers.res_model, papers.res_id), (entry._name, entry.id))
        self.assertEqual(papers.with_user(self.olga).raw, b"x")
        foreign = self.env["ir.attachment"].with_user(self.ida).create({"name": "secret.txt", "raw": b"y"})
        with self.assertRaises(AccessError):
            self._propose(self.sue, self.ann, points=5, reason="Other", attachment_ids=[(4, foreign.id)])

    def test_nothing_is_read_out_before_it_is_decided(self):
        """SAN-05: a proposal is not on the next morning's list until it is confirmed."""
        entry = self._propose(self.sue, self.ann, "points", "Left the stand", points=10)
        Morning = self.env["sales.discipline.morning"]
        self.assertNotIn(entry, Morning._of_today(self.company).announce_ids)

        entry.with_user(self.ann.user_id).action_accept()
        entry.with_user(self.olga).decide("uphold", "As she says herself")
        self.assertIn(entry, Morning._of_today(self.company).announce_ids)
        self.assertEqual(entry._sanction_label(), "Points 10 points")

    def test_a_merit_is_reversed_like_any_entry(self):
        entry = self._propose(self.sue, self.ann, points=5)
        entry.with_user(self.olga).decide("uphold", "Well deserved")
        self._close_june()
        entry.with_user(self.olga).decide("reverse", "It was Bob")

        rows = self.env["sales.discipline.violation"].search([("fact_key", "=", entry.fact_key)])
        self.assertEqual((len(rows), sum(rows.mapped("points"))), (2, 0))

    def _close_june(self):
        with freeze_time("2026-07-02 02:00"):
            self._close("2026-06")
