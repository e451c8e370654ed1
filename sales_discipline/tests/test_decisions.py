# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestDecisions(DisciplineCase):
    """A diary: told, answered or silent, decided or handed up (SAN-06, SAN-11)."""

    @freeze_time("2026-06-03 02:00:00")  # Wednesday, 10:00 in Shanghai
    def setUp(self):
        super().setUp()
        self._punch(self.ann, "2026-06-03 08:40")
        self._run()
        self.entry = self._entries(self.ann)

    def _as(self, user):
        return self.entry.with_user(user)

    def _activities(self, user):
        return self.env["mail.activity"].search([
            ("res_model", "=", self.entry._name), ("res_id", "in", self._entries().ids), ("user_id", "=", user.id),
        ])

    @freeze_time("2026-06-03 02:00:00")
    def test_notice_starts_three_working_days(self):
        """Told on Wednesday: Thursday, Friday and, over the weekend, the whole of Monday, local time."""
        self._tell()

        self.assertEqual(self.entry.state, "notified")
        self.assertEqual(self.entry.answer_deadline, self._utc("2026-06-08 23:59:59"))
        self.assertEqual(len(self._activities(self.ann.user_id)), 1)

    def test_silence_of_the_person_is_acceptance(self):
        """Monday 23:59 still waits, on Tuesday the entry is confirmed."""
        with freeze_time("2026-06-03 02:00:00"):
            self._tell()
        with freeze_time("2026-06-08 15:59:00"):
            self._tell()
            self.assertEqual(self.entry.state, "notified")
        with freeze_time("2026-06-08 16:00:00"):
            self._tell()

        self.assertEqual((self.entry.state, self.entry.answer), ("confirmed", "silent"))
        self.assertFalse(self._activities(self.ann.user_id))

    def test_acceptance_confirms_at_once(self):
        with freeze_time("2026-06-03 02:00:00"):
            self._tell()
            self._as(self.ann.user_id).action_accept()

        self.assertEqual((self.entry.state, self.entry.answer), ("confirmed", "accepted"))
        self.assertEqual(self.entry.answered_by_id, self.ann.user_id)

    @freeze_time("2026-06-03 02:00:00")
    def test_appeal_freezes_and_asks_the_team_leader(self):
        self._tell()
        self._as(self.ann.user_id).appeal("The metro stood still")

        self.assertEqual((self.entry.state, self.entry.decider_id), ("appealed", self.sue))
        self.assertEqual(self.entry.answer_note, "The metro stood still")
        self.assertEqual(len(self._activities(self.sue)), 1)

        self.env["hr.attendance"].search([("employee_id", "=", self.ann.id)]).unlink()
        run = self._run()
        self.assertEqual((self.entry.state, run.hold_count), ("appealed", 1))

    @freeze_time("2026-06-03 02:00:00")
    def test_uphold_waive_overturn(self):
        for decision, state in (("uphold", "confirmed"), ("waive", "waived"), ("overturn", "overturned")):
            with self.subTest(decision=decision):
                savepoint = self.env.cr.savepoint()
                self._as(self.ann.user_id).appeal("Why me")
                self._as(self.sue).decide(decision, "I was there")
                self.assertEqual((self.entry.state, self.entry.decided_by_id), (state, self.sue))
                self.assertEqual(self.entry.decision_note, "I was there")
                savepoint.rollback()
                self.env.invalidate_all()
                savepoint.close()

    @freeze_time("2026-06-03 02:00:00")
    def test_every_decision_needs_a_reason(self):
        with self.assertRaises(UserError):
            self._as(self.ann.user_id).appeal(" ")
        with self.assertRaises(UserError):
            self._as(self.sue).decide("waive", "")
        with self.assertRaises(UserError):
            self._as(self.sue).decide("fire", "He is bald")

    @freeze_time("2026-06-03 02:00:00")
    def test_the_question_window_hands_over_to_the_entry(self):
        action = self._as(self.ann.user_id).action_appeal()
        wizard = self.env["sales.discipline.decision"].with_user(self.ann.user_id).with_context(
            **action["context"]).create({"note": "The metro stood still"})
        wizard.action_apply()

        self.assertEqual(self.entry.state, "appealed")

    def test_silence_of_the_decider_goes_up_and_then_lapses(self):
        """Appeal on Wednesday: the team leader has until Monday, the administration until Friday, then the
        administrator; when he too is silent the entry is dropped."""
        with freeze_time("2026-06-03 02:00:00"):
            self._as(self.ann.user_id).appeal("Why me")
            self.assertEqual(self.entry.decision_deadline, self._utc("2026-06-08 23:59:59"))
        with freeze_time("2026-06-08 17:00:00"):
            self._tell()
            self.assertEqual((self.entry.decider_id, self.entry.decider_role), (self.olga, "officer"))
            self.assertEqual(self.entry.decision_deadline, self._utc("2026-06-12 23:59:59"))
        boss = self._user("boss", "sales_discipline.group_discipline_administrator")
        with freeze_time("2026-06-12 17:00:00"):
            self._tell()
            self.assertEqual((self.entry.decider_id, self.entry.decider_role), (boss, "administrator"))
        with freeze_time("2026-06-17 17:00:00"):
            self._tell()

        self.assertEqual(self.entry.state, "waived")
        self.assertIn("Lapsed", self.entry.decision_note)
        self.assertTrue(self.entry.pinned)

    def test_a_supervisor_never_decides_about_himself(self):
        """Sue leads her own team: her lateness goes to the sales administration."""
        self.env["crm.team.member"].create({"user_id": self.sue.id, "crm_team_id": self.sue_team.id})
        self._punch(self.sue_employee, "2026-06-03 08:40")
        self._run()

        self.assertEqual(self._entries(self.sue_employee).decider_id, self.olga)

    def test_the_issuer_never_decides(self):
        """The team leader owns the rule: the sales administration decides."""
        self.rule.owner_id = self.sue
        self._punch(self.bob, "2026-06-03 08:40")
        self._run()

        self.assertEqual(self._entries(self.bob).issuer_id, self.sue)
        self.assertEqual(self._entries(self.bob).decider_id, self.olga)

    @freeze_time("2026-06-03 02:00:00")
    def test_people_without_a_user_get_a_printed_notice(self):
        """Their time to answer starts when the clerk hands it over; the clerk writes down what they say."""
        wang = self._employee("Wang")
        self._punch(wang, "2026-06-03 08:40")
        self._run()
        self._tell()
        entry = self._entries(wang)
        self.assertEqual((entry.state, entry.to_print, entry.answer_deadline), ("proposed", True, False))

        entry.with_user(self.carl).action_mark_printed()
        self.assertEqual((entry.state, entry.to_print), ("notified", False))
        self.assertEqual(entry.answer_deadline, self._utc("2026-06-08 23:59:59"))

        entry.with_user(self.carl).appeal("He says the bus was late")
        self.assertEqual((entry.state, entry.answered_by_id), ("appealed", self.carl))

    @freeze_time("2026-06-03 02:00:00")
    def test_only_a_printed_notice_is_handed_over(self):
        """Who is told in Odoo is not told by the clerk instead: his time would run without a word to him."""
        with self.assertRaisesRegex(UserError, "no notice"):
            self.entry.with_user(self.carl).action_mark_printed()
        self.assertEqual((self.entry.state, self.entry.answer_deadline), ("proposed", False))

    @freeze_time("2026-06-03 02:00:00")
    def test_the_clerk_answers_for_who_cannot_log_in_any_more(self):
        self.ann.user_id.active = False
        self._tell()
        self.assertTrue(self.entry.to_print)
        self.entry.with_user(self.carl).action_mark_printed()
        self.entry.with_user(self.carl).appeal("She says the bus was late")

        self.assertEqual(self.entry.state, "appealed")

    @freeze_time("2026-06-04 02:00:00")
    def test_the_activity_names_the_local_day_of_the_deadline(self):
        """The end of 8 June in New York is 9 June in UTC."""
        self.ann.resource_calendar_id = self._calendar("Overseas", "America/New_York")
        self._tell()

        self.assertEqual(str(self.entry.answer_deadline), "2026-06-09 03:59:59")
        self.assertEqual(str(self.entry.activity_ids.date_deadline), "2026-06-08")

    def test_old_facts_send_no_notice(self):
        """Notices for the last 14 days: on 17 June the 3rd still is told, on the 18th it is not."""
        self.company.discipline_notice_age = 14
        with freeze_time("2026-06-18 02:00:00"):
            self._tell()
            self.assertEqual(self.entry.state, "proposed")
        with freeze_time("2026-06-17 02:00:00"):
            self._tell()
            self.assertEqual(self.entry.state, "notified")

    def test_raising_a_confirmed_entry_is_a_new_proposal(self):
        """The warning of the 3rd is confirmed; then the 2nd comes in: the 3rd costs 20 more, as a new proposal that Ann
        may answer; the confirmed entry is as it was."""
        self._as(self.ann.user_id).action_accept()
        confirmed = self.entry.read()
        self._punch(self.ann, "2026-06-02 08:40")
        self._run()

        self.assertEqual(self._ledger(self.ann), [
            ("06-02", 0, "proposed", "warning", 0),
            ("06-03", 0, "confirmed", "warning", 0),
            ("06-03", 1, "proposed", "fine", 20),
        ])
        self.assertEqual(
            {name: value for name, value in self.entry.read()[0].items() if name != "correction_ids"},
            {name: value for name, value in confirmed[0].items() if name != "correction_ids"},
        )

    def test_lowering_a_confirmed_entry_is_a_correction(self):
        """Fines of the 3rd confirmed as the 2nd offence; the 1st is overturned: -20 at once, said on the entry."""
        self._punch(self.ann, "2026-06-02 08:40")
        self._run()
        first, second = self._entries(self.ann)
        second.with_user(self.ann.user_id).action_accept()
        self.assertEqual(second.amount, 20)

        first.with_user(self.sue).decide("overturn", "The clock was wrong")
        self._run()

        correction = self._entries(self.ann) - first - second
        self.assertEqual((correction.state, correction.amount, correction.revision), ("confirmed", -20, 1))
        self.assertEqual((correction.corrects_id, correction.step_kind), (second, "warning"))
        self.assertEqual((second.state, second.amount), ("confirmed", 20))
        self.assertIn("Corrected by a run", " ".join(second.message_ids.mapped("body")))

    def test_a_confirmed_entry_can_be_reversed(self):
        """Reversed by the administration: the opposite is booked, later runs respect it."""
        self._punch(self.ann, "2026-06-04 08:40")
        self._run()
        fine = self._entries(self.ann)[1]
        fine.with_user(self.ann.user_id).action_accept()

        fine.with_user(self.olga).decide("reverse", "Sent to the customer by me")
        self._run()

        self.assertEqual(self._ledger(self.ann), [
            ("06-03", 0, "proposed", "warning", 0),
            ("06-04", 0, "confirmed", "fine", 20),
            ("06-04", 1, "confirmed", False, -20),
        ])
        with self.assertRaises(UserError):
            fine.with_user(self.olga).decide("reverse", "Once more")
