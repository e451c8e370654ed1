# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .test_tours import PhoneCase


@tagged("post_install", "-at_install")
class TestDailyLogOnThePhone(PhoneCase):

    def test_salesperson_files_the_log_on_the_phone(self):
        """LOG-02, RPD-01: yesterday's log is filed late, today's with the verified visit in it; the entry is final."""
        rule = self._rule("daily_log", log_deadline=23.99)
        rule.version_ids.step_ids = [
            Command.clear(), Command.create({"first": 1, "kind": "points", "points": 5, "per_unit": True})]
        now = fields.Datetime.now()
        yesterday = now.date() - timedelta(days=1)
        self.env["sales.discipline.run"].create({
            "rule_id": rule.id, "date_from": yesterday, "date_to": yesterday,
        }).action_apply()
        entry = self.env["sales.discipline.violation"].search([("rule_id", "=", rule.id)])
        self.assertEqual((entry.points, entry.final_on), (5, False))
        self.env["sales.visit"].create({
            "partner_id": self.env["res.partner"].create({"name": "Shop"}).id, "employee_id": self.ann.id,
            "check_in": now, "check_out": now, "state": "done", "note": "Talked", "allowed_radius": 200,
            "result": "verified", "result_reason": "within", "distance": 101,
        })

        self.start_tour("/odoo/my-day", "sales_kpi_daily_log_on_the_phone", login="kpi_ann")

        logs = self.env["sales.daily.log"].search([("employee_id", "=", self.ann.id)], order="date")
        self.assertRecordValues(logs, [
            {"date": yesterday, "state": "submitted", "results": "Forgotten yesterday"},
            {"date": now.date(), "state": "submitted", "results": "Shop wants a sample"},
        ])
        self.assertGreaterEqual(logs[0].submitted_on, now)
        self.assertIn("Visit: Shop. Talked", logs[1].facts)
        self.env["sales.discipline.run"].create({
            "rule_id": rule.id, "date_from": yesterday, "date_to": yesterday,
        }).action_apply()
        self.assertEqual((entry.points, entry.final_on), (5, now.date()))
