# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

import pytz

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestTours(DisciplineCase, HttpCase):
    """The way of a rule and of an appeal through the screens, as their users go it."""

    def _late_today(self):
        """Ann works every day of the week and is 15 minutes late today."""
        self.ann.resource_calendar_id = self._calendar("Every day", self.tz, attendance_ids=[
            Command.create({
                "name": f"Day {weekday}", "dayofweek": str(weekday), "day_period": "full_day",
                "hour_from": 8.5, "hour_to": 17.5,
            })
            for weekday in range(7)
        ])
        today = datetime.now(pytz.timezone(self.tz)).date()
        self._punch(self.ann, f"{today} 08:40")
        return today

    def test_administrator_writes_simulates_and_activates_a_ladder(self):
        """ATT-03 by hand: warning, then 20 each time; the simulation names Ann and writes no entry."""
        self.rule.action_archive_rule()
        today = self._late_today()
        self.start_tour("/odoo/discipline-rules", "discipline_rule_tour", login="ida")
        rule = self.env["sales.discipline.rule"].search([("code", "=", "POST"), ("company_id", "=", self.company.id)])
        self.assertEqual(rule.state, "active")
        self.assertEqual(
            rule.version_ids.step_ids.mapped(lambda step: (step.first, step.last, step.kind, step.amount)),
            [(1, 1, "warning", 0), (2, 0, "fine", 20)],
        )
        lines = rule.run_ids.filtered(lambda run: run.state == "simulated").line_ids
        self.assertEqual([(line.employee_id, line.fact_date, line.done) for line in lines], [(self.ann, today, False)])
        self.assertFalse(self._entries(rule=rule))

    def test_manager_decides_an_appeal(self):
        """SAN-06: the supervisor waives an appealed entry and says why."""
        today = self._late_today()
        self._run(f"{today:%Y-%m-01}", str(today))
        self._tell()
        entry = self._entries(self.ann)
        entry.with_user(self.ann.user_id).appeal("The bus broke down")
        self.start_tour("/odoo/discipline-decisions", "discipline_decision_tour", login="sue")
        self.assertEqual((entry.state, entry.decided_by_id), ("waived", self.sue))
        self.assertEqual(entry.decision_note, "Seen the driver's note")
