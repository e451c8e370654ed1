# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from odoo.addons.sales_discipline.models import violation_bulk

from .common import DisciplineCase


@tagged("post_install", "-at_install")
@freeze_time("2026-06-05 02:00:00")
class TestNight(DisciplineCase):
    """A night writes entries and notices by the page (design 7); each of them is as if it were written alone."""

    def _late(self, size):
        people = [self._salesperson(f"late{size}x{index}", self.sue_team) for index in range(size)]
        for person in people:
            self._punch(person, "2026-06-03 08:40")
            self._punch(person, "2026-06-04 08:50")
        return people

    def test_every_entry_of_every_page_says_what_its_person_did(self):
        """Ten entries in pages of three: person, day, number, decider and line of the run belong together."""
        people = self._late(5)
        with patch.object(violation_bulk, "PAGE", 3):
            run = self._run()

        entries = self.env["sales.discipline.violation"].search([("run_id", "=", run.id)])
        self.assertEqual(len(entries), 10)
        for entry in entries:
            self.assertEqual(entry.fact_key, f"{self.rule.id}/{entry.employee_id.id}/{entry.fact_date}")
            self.assertEqual((entry.user_id, entry.decider_id), (entry.employee_id.user_id, self.sue))
        for person in people:
            self.assertEqual(
                self._ledger(person),
                [("06-03", 0, "proposed", "warning", 0.0), ("06-04", 0, "proposed", "fine", 20.0)])
        self.assertEqual(
            {(line.violation_id, line.employee_id, line.fact_date) for line in run.line_ids},
            {(entry, entry.employee_id, entry.fact_date) for entry in entries})

    def test_lists_read_before_the_night_hold_its_entries(self):
        """Entries are not kept in memory when they are written, nor is a list without them."""
        self.assertFalse(self.rule.violation_ids)
        self._late(2)
        self._run()

        self.assertEqual(len(self.rule.violation_ids), 4)

    def test_whoever_is_told_follows_his_entry_once(self):
        """The person follows each of his entries, as he does whatever activity Odoo gives him; told again, no more."""
        people = self._late(2)
        self._run()
        entries = self.env["sales.discipline.violation"].search([
            ("employee_id", "in", [person.id for person in people])])
        entries._tell()
        entries._plan_activities(self.env.ref("sales_discipline.activity_type_answer"), "user_id", "answer_deadline")

        for entry in entries:
            followers = entry.message_follower_ids
            self.assertEqual(followers.partner_id, entry.user_id.partner_id)
            self.assertEqual(
                followers.subtype_ids,
                self.env["mail.message.subtype"].default_subtypes(entry._name)[0])

    def test_telling_one_person_more_costs_one_query(self):
        """Odoo looks up the partner of each user; all else is the same for 2 people and for 12."""
        counts = []
        for size in (3, 2, 12):
            people = self._late(size)
            self._run()
            entries = self.env["sales.discipline.violation"].search([
                ("employee_id", "in", [person.id for person in people]), ("state", "=", "proposed")])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            entries._tell()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        _warm_up, small, large = counts
        self.assertLessEqual(large - small, 12 - 2)
