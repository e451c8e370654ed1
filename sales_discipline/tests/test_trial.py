# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

import pytz
from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged

from .common import DisciplineCase

NOW = "2026-07-10 02:00:00"
STRICT = [(1, 0, "fine", 50)]


@tagged("post_install", "-at_install")
class TestTermsTried(DisciplineCase):
    """What the terms of one version would have found last month is shown before they judge anybody."""

    def setUp(self):
        super().setUp()
        self.rule.version_ids.step_ids.unlink()
        self.rule.version_ids.write({"step_ids": [Command.create({"first": 1, "kind": "fine", "amount": 20})]})
        for arrival in ("06-02 08:34", "06-03 08:35", "06-04 08:36", "06-24 08:50"):
            self._punch(self.ann, f"2026-{arrival}")
        self._punch(self.bob, "2026-06-05 08:30")
        self._punch(self.bob, "2026-07-02 09:00")

    def _version(self, rule=None, on_post="08:35", valid_from="2026-08-01", steps=None, **terms):
        return self.env["sales.discipline.rule.version"].create({
            "rule_id": (rule or self.rule).id, **self._terms(on_post, valid_from, steps or STRICT, **terms),
        })

    def _try(self, version, user=None):
        with freeze_time(NOW):
            action = version.with_user(user or self.ida).action_try_last_month()
        self.assertEqual(action["res_model"], "sales.discipline.run")
        return self.env["sales.discipline.run"].browse(action["res_id"])

    def _found(self, run):
        return [
            (line.employee_id.name, f"{line.fact_date:%m-%d}", line.occurrence, line.step_kind, line.amount, line.action)
            for line in run.line_ids.sorted(lambda line: (line.employee_id.name, line.fact_date))
        ]

    def test_new_terms_of_an_active_rule(self):
        """POL-08: after 08:25, 20 each judged June (5 entries); after 08:35, 50 each from August finds two, 50 each."""
        self._run()
        before = self._ledger()
        self.assertEqual([row[4] for row in before], [20] * 5)

        version = self._version()
        run = self._try(version)
        self.assertEqual((str(run.date_from), str(run.date_to), run.state), ("2026-06-01", "2026-06-30", "simulated"))
        self.assertEqual(self._found(run), [
            ("Ann", "06-04", 1, "fine", 50, "propose"), ("Ann", "06-24", 2, "fine", 50, "propose"),
        ])
        self.assertEqual(run.propose_count, 2)
        self.assertEqual(self._ledger(), before, "nothing is written")
        self.assertFalse(version.judged)
        for words in ("terms valid from 08/01/2026", "Late after 08:35: 50", "nothing is written", "The rule is active"):
            self.assertIn(words, run.trial_note)

        version.with_user(self.ida).on_post_by = 8.75
        self.assertEqual(self._try(version), run, "the same run again")
        self.assertEqual([row[1] for row in self._found(run)], ["06-24"])
        self.assertIn("Late after 08:45", run.trial_note)

    def test_the_terms_in_force_can_be_tried_beside_the_new_ones(self):
        self._run()
        self._version()
        old = self.rule.version_ids.filtered("judged")
        self.assertEqual([row[4] for row in self._found(self._try(old))], [20] * 5)

    def test_terms_of_a_draft_alone(self):
        """A draft with terms from July and other ones from August: each is tried by itself."""
        rule = self._rule("Draft", "DRAFT", "08:25", "2026-07-15", [(1, 0, "fine", 10)], state="draft", priority=1)
        later = self._version(rule, steps=[(1, 1, "warning", 0), (2, 0, "fine", 50)])
        self.assertEqual([row[4] for row in self._found(self._try(later))], [0, 50])
        first = rule.version_ids - later
        self.assertEqual([row[4] for row in self._found(self._try(first))], [10] * 5)
        self.assertNotIn("The rule is active", self._try(first).trial_note)
        self.assertFalse(self._entries(rule=rule))

        with freeze_time(NOW):
            of_rule = rule.with_user(self.olga).action_try_last_month()["res_id"]
        self.assertNotIn(of_rule, rule.run_ids.filtered("version_id").ids, "the trial of the rule is another one")

    def test_the_count_begins_with_the_month_and_leaves_decisions_aside(self):
        """SAN-07 window of a year: May does not count, a waived entry does; the sentence says both."""
        self._punch(self.ann, "2026-05-04 09:00")
        self._run("2026-05-01", "2026-06-30")
        self._tell()
        waived = self._entries(self.ann)[-1]
        waived.with_user(self.ann.user_id).appeal("The bus broke down")
        waived.with_user(self.sue).decide("waive", "Seen")
        self.assertEqual(waived.state, "waived")
        run = self._try(self._version(reset="year", steps=[(1, 1, "warning", 0), (2, 0, "fine", 50)]))
        self.assertEqual([(row[1], row[4]) for row in self._found(run)], [("06-04", 0), ("06-24", 50)])
        self.assertIn("Offences are counted from 06/01/2026 on", run.trial_note)
        self.assertIn("decided about entries of these days is left aside", run.trial_note)

    def test_what_was_tried_is_never_applied(self):
        """Not by its own button, not over a context, not as the latest run that stands in the way of another."""
        applied = self._run()
        before = self._ledger()
        version = self._version()
        run = self._try(version)
        for user in (self.ida, self.olga):
            with self.assertRaisesRegex(UserError, "only tries the terms valid from 08/01/2026"):
                run.with_user(user).action_apply()
            with self.assertRaises(UserError):
                run.with_user(user).action_undo()
            run.with_user(user).action_simulate()
        Run = self.env["sales.discipline.run"].with_user(self.olga)
        span = {"rule_id": self.rule.id, "date_from": "2026-06-01", "date_to": "2026-06-30"}
        with self.assertRaises(AccessError):
            Run.create({**span, "version_id": version.id})
        other = Run.with_context(
            default_version_id=version.id, discipline_trial=[self.rule.id, version.id]).create(span)
        self.assertFalse(other.version_id)
        other.action_apply()
        self.assertEqual((self._ledger(), other.line_ids.ids), (before, []))
        applied.action_undo()
        self.assertEqual(set(self._entries().mapped("state")), {"withdrawn"})
        version.with_user(self.ida).unlink()
        self.assertFalse(run.exists())

    def test_only_administrators_try_terms(self):
        version = self._version()
        for user in (self.sue, self.olga, self.carl, self.ann.user_id):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._try(version, user)
        self.assertFalse(self.rule.run_ids)

    def test_half_entered_terms_say_what_is_missing(self):
        version = self._version()
        version.step_ids.unlink()
        with self.assertRaisesRegex(UserError, "has no ladder: add at least one step"):
            self._try(version)
        self.assertFalse(self.rule.run_ids)


@tagged("post_install", "-at_install")
class TestTermsTriedTour(DisciplineCase, HttpCase):
    def test_administrator_tries_terms_from_the_dialog(self):
        """A new line, a saved line, its own form, a new version: each is tried where it is edited."""
        first = datetime.now(pytz.timezone(self.tz)).date().replace(day=1) - relativedelta(months=1)
        day = first + relativedelta(days=(7 - first.weekday()) % 7)
        self._punch(self.ann, f"{day} 08:40")
        self._punch(self.bob, f"{day} 08:30")
        self.start_tour(f"/odoo/discipline-rules/{self.rule.id}", "discipline_trial_tour", login="ida")
        self.assertEqual(
            self.rule.version_ids.sorted("valid_from").mapped("on_post_by"), [8 + 25 / 60, 8 + 36 / 60, 8 + 38 / 60])
        runs = self.rule.run_ids.filtered("version_id")
        self.assertEqual(len(runs), 2)
        self.assertFalse(self._entries())
