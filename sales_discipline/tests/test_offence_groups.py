# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import Form, tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestOneOffenceADay(DisciplineCase):
    """Late at post (08:25) and at the morning meeting (08:30): both are checked, one offence a day (ATT-02)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.daily_group = "morning"
        cls.meeting = cls._rule("Morning meeting", "MEET", "08:30", daily_group=" morning ", sequence=20)

    def _run_both(self, *rules):
        for rule in rules or (self.rule, self.meeting):
            self._run(rule=rule)

    def _days(self, rule):
        return [(row[0], row[2]) for row in self._ledger(self.ann, rule)]

    def test_one_event_that_breaks_two_rules_counts_once(self):
        """ATT example 3: 08:33 breaks both rules: one offence, whose entry names the other; 08:27 breaks one."""
        self._punch(self.ann, "2026-06-03 08:33")
        self._punch(self.ann, "2026-06-04 08:27")
        self._run_both()

        self.assertEqual(self._days(self.rule), [("06-03", "proposed"), ("06-04", "proposed")])
        self.assertEqual(self._days(self.meeting), [])
        both, one = self._entries(self.ann).mapped("reason")
        self.assertIn("Breaks 'Morning meeting' too: counted once a day.", both)
        self.assertNotIn("Breaks", one)

    def test_without_a_group_there_are_two(self):
        """ATT example 3 with one_offence_per_day=no: 08:33 is two offences."""
        self.rule.daily_group = False
        self.meeting.write({"daily_group": False, "offence_group": "meeting"})
        self._punch(self.ann, "2026-06-03 08:33")
        self._run_both()

        self.assertEqual((len(self._entries(self.ann)), len(self._entries(self.ann, self.meeting))), (1, 1))

    def test_the_order_of_the_runs_does_not_matter(self):
        self._punch(self.ann, "2026-06-03 08:33")
        self._run_both(self.meeting, self.rule, self.meeting)

        self.assertEqual((self._days(self.rule), self._days(self.meeting)), ([("06-03", "proposed")], []))

    def test_the_priority_says_which_one_stands(self):
        """POL-04: with the higher priority the meeting stands; what was booked for the post is taken back and says so."""
        self._punch(self.ann, "2026-06-03 08:33")
        self._run_both()
        late = self._entries(self.ann)
        late.with_user(self.ann.user_id).action_accept()

        self.meeting.priority = 1
        self._run_both()

        correction = self._entries(self.ann) - late
        self.assertEqual((late.state, correction.state, correction.step_kind), ("confirmed", "confirmed", False))
        self.assertIn("Counted once a day, by rule 'Morning meeting'.", correction.reason)
        self.assertEqual(self._days(self.meeting), [("06-03", "proposed")])

    def test_an_open_entry_is_withdrawn_and_says_why(self):
        self._punch(self.ann, "2026-06-03 08:33")
        self._run_both()
        late = self._entries(self.ann)

        self.meeting.priority = 1
        self._run_both()

        self.assertEqual(late.state, "withdrawn")
        self.assertIn("Counted once a day, by rule 'Morning meeting'.", str(late.message_ids.mapped("body")))

    def test_a_waived_offence_is_still_the_offence_of_the_day(self):
        """Waived: nothing follows from the meeting either. Overturned (the facts are wrong): the meeting stands."""
        self._punch(self.ann, "2026-06-03 08:33")
        self._punch(self.ann, "2026-06-04 08:34")
        self._run_both()
        waived, overturned = self._entries(self.ann)
        waived.with_user(self.sue).decide("waive", "Metro stood still")
        overturned.with_user(self.sue).decide("overturn", "She was at her post")
        self._run_both()

        self.assertEqual(self._days(self.meeting), [("06-04", "proposed")])

    def test_what_counts_elsewhere_climbs_no_ladder(self):
        """08:33 twice and 08:27 once: of the post 0, 20, 20; the meeting has none."""
        for arrival in ("2026-06-02 08:33", "2026-06-03 08:33", "2026-06-04 08:27"):
            self._punch(self.ann, arrival)
        self._run_both()

        self.assertEqual(self._entries(self.ann).mapped("amount"), [0, 20, 20])
        self.assertFalse(self._entries(self.ann, self.meeting))

    def test_the_form_names_the_rules_of_the_group(self):
        self.assertEqual(self.meeting.daily_group, "morning")
        self.assertEqual(self.rule.daily_rule_ids, self.meeting)
        with Form(self.env["sales.discipline.rule"].with_user(self.ida)) as form:
            form.name, form.code, form.kind, form.daily_group = "New", "NEW", "late", "morning"
            self.assertEqual(set(form.daily_rule_ids.ids), set((self.rule + self.meeting).ids))

    def test_the_other_rules_are_asked_with_the_same_queries(self):
        """As many queries for four people as for one."""
        counts = []
        for employees in ((self.ann,), (self.bob, self.zoe, self.sue_employee)):
            for employee in employees:
                self._punch(employee, "2026-06-03 08:33")
            run = self.env["sales.discipline.run"].create({
                "rule_id": self.rule.id, "date_from": "2026-06-01", "date_to": "2026-06-30"})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run._changes(run._employees())
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
