# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestRuns(DisciplineCase):
    """A run writes the difference to what the ledger says, and nothing else."""

    def setUp(self):
        super().setUp()
        for day in (1, 2, 3):
            self._punch(self.ann, f"2026-06-{day:02} 08:40")

    def _simulate(self):
        run = self.env["sales.discipline.run"].create({
            "rule_id": self.rule.id, "date_from": "2026-06-01", "date_to": "2026-06-30",
        })
        run.action_simulate()
        return run

    def test_simulation_shows_the_difference_and_writes_nothing(self):
        run = self._simulate()

        self.assertEqual(run.line_ids.mapped("action"), ["propose"] * 3)
        self.assertEqual(run.line_ids.mapped("amount"), [0, 20, 20])
        self.assertEqual((run.propose_count, run.state), (3, "simulated"))
        self.assertFalse(self._entries())
        self.assertFalse(self.env["sales.discipline.period"].search([("company_id", "=", self.company.id)]))
        self.assertFalse(self.rule.version_ids.judged)

    def test_a_simulation_can_be_applied(self):
        run = self._simulate()
        run.action_apply()

        self.assertEqual((run.state, run.propose_count, len(run.line_ids)), ("done", 3, 3))
        self.assertEqual(run.line_ids.violation_id, self._entries())

    def test_the_second_run_changes_nothing(self):
        self._run()
        before = self._entries().read()

        again = self._run()

        self.assertEqual(self._entries().read(), before)
        self.assertFalse(again.line_ids)
        self.assertEqual(again.state, "done")

    def test_an_earlier_punch_that_arrives_late_renumbers_what_follows(self):
        """First the 3rd and the 4th are known (warning, 20); then the 2nd comes in: warning, 20, 20."""
        self.env["hr.attendance"].search([("employee_id", "=", self.ann.id)]).unlink()
        for day in (3, 4, 2):
            self._punch(self.ann, f"2026-06-{day:02} 08:40")
            self._run()

        self.assertEqual(self._entries(self.ann).mapped("amount"), [0, 20, 20])
        self.assertEqual(self._entries(self.ann).mapped("occurrence"), [1, 2, 3])

    def test_a_single_day_is_judged_with_the_window_around_it(self):
        """A run over 3 June alone sees the offences of the 1st and 2nd in the ledger and renumbers the 4th."""
        self._punch(self.ann, "2026-06-04 08:40")
        third = self._attendance_of("2026-06-03")
        arrival = third.check_in
        third.check_in = self._utc("2026-06-03 08:20")
        self._run()
        self.assertEqual(self._entries(self.ann).mapped("occurrence"), [1, 2, 3])

        third.check_in = arrival
        self._run("2026-06-03", "2026-06-03")

        self.assertEqual(self._entries(self.ann).mapped("occurrence"), [1, 2, 3, 4])

    def _attendance_of(self, day):
        return self.env["hr.attendance"].search([("employee_id", "=", self.ann.id), ("date", "=", day)])

    def test_a_deleted_punch_leaves_evidence_and_withdraws_the_entry(self):
        self._run()
        entry = self._entries(self.ann)[0]
        facts = entry.read(["evidence_id", "actual_at", "due_at", "quantity", "evidence_note"])

        self._attendance_of("2026-06-01").unlink()
        self._run()

        self.assertEqual(entry.state, "withdrawn")
        self.assertEqual(entry.read(["evidence_id", "actual_at", "due_at", "quantity", "evidence_note"]), facts)
        self.assertEqual(self._ledger(self.ann)[1], ("06-02", 0, "proposed", "warning", 0))
        self.assertIn("Withdrawn by a run", " ".join(entry.message_ids.mapped("body")))

    def test_undo_takes_back_and_is_respected(self):
        """What was taken back stays away until the facts change: another check-in time makes a new proposal."""
        run = self._run()
        run.action_undo()

        self.assertEqual(set(self._entries().mapped("state")), {"withdrawn"})
        self._run()
        self.assertEqual(set(self._entries().mapped("state")), {"withdrawn"})

        self._attendance_of("2026-06-02").check_in = self._utc("2026-06-02 08:50")
        self._run()
        self.assertEqual(
            [row for row in self._ledger(self.ann) if row[2] != "withdrawn"],
            [("06-02", 1, "proposed", "warning", 0)],
        )

    def test_undo_keeps_and_names_what_was_answered(self):
        run = self._run()
        accepted = self._entries(self.ann)[1]
        accepted.with_user(self.ann.user_id).action_accept()

        run.action_undo()

        self.assertEqual(self._entries(self.ann).mapped("state"), ["withdrawn", "confirmed", "withdrawn"])
        self.assertIn(accepted.display_name, run.note)

    def test_undo_restores_what_was_updated(self):
        self._run()
        self._attendance_of("2026-06-02").unlink()
        second = self._run()
        self.assertEqual(self._entries(self.ann).mapped("state"), ["proposed", "withdrawn", "proposed"])

        second.action_undo()

        self.assertEqual(self._entries(self.ann).mapped("state"), ["proposed"] * 3)
        self.assertEqual(self._entries(self.ann).mapped("occurrence"), [1, 2, 3])

    def test_undo_gives_back_the_time_to_answer(self):
        """An entry that was withdrawn for two weeks comes back as a proposal, not as a fine after silence."""
        with freeze_time("2026-06-04 02:00:00"):
            self._run()
            self._tell()
        self._attendance_of("2026-06-02").unlink()
        with freeze_time("2026-06-05 02:00:00"):
            second = self._run()
        entry = self._entries(self.ann)[1]
        self.assertEqual(entry.state, "withdrawn")

        with freeze_time("2026-06-20 02:00:00"):
            second.action_undo()
            self._tell()

            self.assertEqual((entry.state, entry.activity_ids.user_id), ("notified", self.ann.user_id))
            self.assertGreater(entry.answer_deadline, self._utc("2026-06-20 10:00"))

    def test_undo_of_a_run_that_was_cut_off_and_went_on(self):
        """What it had done before the interruption is taken back too."""
        run = self._run()
        run.state = "interrupted"
        run.action_apply()
        self.assertEqual((run.state, run.propose_count), ("done", 3))

        run.action_undo()

        self.assertEqual(set(self._entries().mapped("state")), {"withdrawn"})

    def test_undo_leaves_what_was_decided_since(self):
        """The second run moves the 3rd to the 2nd offence; it is waived; undoing the run does not bring it back."""
        self._run()
        self._attendance_of("2026-06-02").unlink()
        second = self._run()
        third = self._entries(self.ann)[2]
        third.with_user(self.sue).decide("waive", "Metro")

        second.action_undo()

        self.assertEqual((third.state, third.occurrence), ("waived", 2))
        self.assertIn(third.display_name, second.note)

    def test_only_the_latest_run_is_taken_back(self):
        first = self._run()
        self._punch(self.ann, "2026-06-04 08:40")
        self._run()

        with self.assertRaises(UserError) as caught:
            first.action_undo()
        self.assertIn("not the latest", str(caught.exception))

    def test_chunks_add_up_to_the_same_ledger(self):
        """Three employees in chunks of one, as the scheduled action judges them."""
        self._punch(self.bob, "2026-06-03 09:00")
        self.patch(self.registry["sales.discipline.run"], "_chunk_size", lambda run: 1)
        run = self.env["sales.discipline.run"].create({
            "rule_id": self.rule.id, "date_from": "2026-06-01", "date_to": "2026-06-30",
        })
        run.action_apply()
        self.assertEqual(run.state, "running")
        with self._cron():
            self.env["sales.discipline.run"]._cron_judge()

        self.assertEqual((run.state, run.progress, run.propose_count), ("done", 100.0, 4))
        self.assertEqual(self._entries(self.ann).mapped("amount"), [0, 20, 20])

    def test_a_run_names_its_maker_and_its_dates_itself(self):
        with self.assertRaises(AccessError):
            self.env["sales.discipline.run"].with_user(self.olga).create({
                "rule_id": self.rule.id, "date_from": "2026-06-01", "date_to": "2026-06-30", "state": "done",
            })

    def test_what_counts_as_latest_is_when_a_run_wrote(self):
        """A simulation made before another run and applied after it is the later one, and is taken back first."""
        simulated = self._simulate()
        applied_first = self._run("2026-06-01", "2026-06-02")
        simulated.action_apply()

        with self.assertRaisesRegex(UserError, "not the latest"):
            applied_first.action_undo()
        simulated.action_undo()
        applied_first.action_undo()
        self.assertEqual(set(self._entries().mapped("state")), {"withdrawn"})

    def test_a_run_of_other_days_that_renumbered_the_same_entry_is_taken_back_first(self):
        """The first run makes the 10th the 4th offence, one of the 4th of June alone makes it the 5th."""
        self._punch(self.ann, "2026-06-10 08:40")
        first = self._run("2026-06-10", "2026-06-10")
        self.assertEqual(self._entries(self.ann).mapped("occurrence"), [1])
        second = self._run("2026-06-01", "2026-06-03")
        self.assertEqual(self._entries(self.ann).mapped("occurrence"), [1, 2, 3, 4])

        with self.assertRaisesRegex(UserError, "not the latest"):
            first.action_undo()
        second.action_undo()
        self.assertEqual(self._entries(self.ann)[-1].occurrence, 1)
        first.action_undo()
        self.assertEqual(set(self._entries().mapped("state")), {"withdrawn"})

    def test_nothing_in_the_context_makes_a_rule_judge_what_was_before_it(self):
        """POL-08: in force from 1 July; tried terms are for simulations of drafts only."""
        self.rule.version_ids.valid_from = "2026-07-01"
        Run = self.env["sales.discipline.run"].with_user(self.olga).with_context(discipline_trial=self.rule.id)
        run = Run.create({"rule_id": self.rule.id, "date_from": "2026-06-01", "date_to": "2026-06-30"})
        run.action_apply()
        self.assertFalse(self._entries())

    def test_nothing_in_the_context_writes_the_log_of_a_run(self):
        Run = self.env["sales.discipline.run"].with_user(self.olga)
        run = Run.with_context(default_state="done", default_propose_count=7, default_automatic=True).create({
            "rule_id": self.rule.id, "date_from": "2026-06-01", "date_to": "2026-06-30",
        })
        self.assertEqual((run.state, run.propose_count, run.automatic), ("draft", 0, False))

    def test_a_rule_that_is_not_active_writes_nothing(self):
        """A draft, simulated on June, costs nobody anything, whoever calls the button of its run."""
        for state in ("draft", "archived"):
            self.rule.state = state
            run = self._simulate()
            self.assertEqual(run.propose_count, 3)
            with self.assertRaisesRegex(UserError, "is not active"):
                run.with_user(self.olga).action_apply()
        self.assertFalse(self._entries())
