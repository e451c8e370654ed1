# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.tests import freeze_time, mute_logger, tagged

from .common import DisciplineCase

TROUBLE_LOG = "odoo.addons.sales_discipline.models.run_trouble"
RUN_LOG = "odoo.addons.sales_discipline.models.run_cron"


@tagged("post_install", "-at_install")
class TestRunTrouble(DisciplineCase):
    """What cannot be judged stops nothing else and is reported to who stands behind the rule (design 6.11)."""

    def setUp(self):
        super().setUp()
        self.env["sales.discipline.rule"].search([("id", "!=", self.rule.id)]).write({"state": "archived"})

    def _activities(self, rule=None):
        return self.env["mail.activity"].search([
            ("res_model", "=", "sales.discipline.rule"), ("res_id", "=", (rule or self.rule).id)])

    def _break(self, employee):
        """A calendar as no form lets it through: its time zone is on Mars."""
        calendar = self._calendar("Mars", self.tz)
        employee.resource_calendar_id = calendar
        self.env.flush_all()
        self.env.cr.execute("UPDATE resource_calendar SET tz = 'Mars/Base' WHERE id = %s", [calendar.id])
        self.env.invalidate_all()
        return calendar

    def test_a_broken_calendar_does_not_stop_the_others(self):
        """Bob's cannot be read: Ann and Zoe are judged, the run says who was not and why, the issuer is told once."""
        for person in (self.ann, self.bob, self.zoe):
            self._punch(person, "2026-06-03 08:40")
        calendar = self._break(self.bob)
        with mute_logger(TROUBLE_LOG):
            run = self._run()
        self.assertEqual((run.state, run.propose_count, run.skip_count), ("done", 2, 1))
        self.assertEqual((len(self._entries(self.ann)), len(self._entries(self.bob))), (1, 0))
        self.assertIn("Not judged: Bob", run.note)
        self.assertIn("Mars/Base", run.note)
        with mute_logger(TROUBLE_LOG):
            self._run()
        activity = self._activities()
        self.assertEqual(activity.user_id, self.ida)
        self.assertIn("Bob", activity.note)

        calendar.tz = self.tz
        run = self._run()
        self.assertEqual((run.propose_count, run.skip_count), (1, 0))

    def test_the_report_goes_when_the_night_is_good_again(self):
        calendar = self._break(self.bob)
        with freeze_time("2026-06-03 20:00:00"), mute_logger(TROUBLE_LOG), self._cron():
            self.env["sales.discipline.run"]._cron_judge()
        self.assertTrue(self._activities())
        calendar.tz = self.tz
        with freeze_time("2026-06-04 20:00:00"), self._cron():
            self.env["sales.discipline.run"]._cron_judge()
        self.assertFalse(self._activities())

    def test_a_broken_rule_is_reported_to_its_issuer(self):
        """The detector fails for everybody: the run is interrupted, Ida is told what happened."""
        self._punch(self.ann, "2026-06-03 08:40")

        def explode(*args):
            raise ZeroDivisionError("a detector with a bug")

        with (
            patch.object(self.registry["sales.discipline.rule"], "_detect_late", explode),
            freeze_time("2026-06-03 20:00:00"), mute_logger(RUN_LOG, TROUBLE_LOG), self._cron(),
            patch.object(self.env.cr, "rollback"),
        ):
            self.env["sales.discipline.run"]._cron_judge()
        run = self.env["sales.discipline.run"].search([("rule_id", "=", self.rule.id)])
        self.assertEqual((run.state, run.note), ("interrupted", "a detector with a bug"))
        activity = self._activities()
        self.assertEqual(activity.user_id, self.ida)
        self.assertIn("a detector with a bug", activity.note)

    def test_a_rule_that_cannot_start_is_reported(self):
        def explode(rule):
            raise ZeroDivisionError("a calendar with a bug")

        with (
            patch.object(self.registry["sales.discipline.rule"], "_next_run", explode),
            mute_logger(RUN_LOG), self._cron(), patch.object(self.env.cr, "rollback"),
        ):
            self.env["sales.discipline.run"]._cron_judge()
        self.assertIn("a calendar with a bug", self._activities().note)

    def test_each_withdrawal_says_why(self):
        """Ann's punch is deleted, Bob's leave approved, Zoe's punch corrected; line and entry say so."""
        days = self.env["hr.leave.type"].create({
            "name": "Unpaid", "requires_allocation": False, "company_id": self.company.id,
            "leave_validation_type": "no_validation",
        })
        punches = {person: self._punch(person, "2026-06-03 08:40") for person in (self.ann, self.bob, self.zoe)}
        self._run()
        punches[self.ann].unlink()
        self.env["hr.leave"].create({
            "employee_id": self.bob.id, "holiday_status_id": days.id,
            "request_date_from": "2026-06-03", "request_date_to": "2026-06-03",
        })
        punches[self.zoe].check_in = self._utc("2026-06-03 08:20")
        run = self._run()
        self.assertEqual(run.withdraw_count, 3)
        for person, why in (
            (self.ann, "was deleted"), (self.bob, "leave or a public holiday"), (self.zoe, "was corrected"),
        ):
            line = run.line_ids.filtered(lambda line, person=person: line.employee_id == person)
            self.assertEqual(line.action, "withdraw")
            self.assertIn(why, line.cause)
            self.assertIn(why, " ".join(line.violation_id.message_ids.mapped("body")))

    def test_the_next_leave_is_not_the_reason(self):
        """Leave on the day after does not explain why the 3rd was withdrawn."""
        days = self.env["hr.leave.type"].create({
            "name": "Unpaid", "requires_allocation": False, "company_id": self.company.id,
            "leave_validation_type": "no_validation",
        })
        punch = self._punch(self.bob, "2026-06-03 08:40")
        self._run()
        self.env["hr.leave"].create({
            "employee_id": self.bob.id, "holiday_status_id": days.id,
            "request_date_from": "2026-06-04", "request_date_to": "2026-06-04",
        })
        punch.check_in = self._utc("2026-06-03 08:20")
        self.assertIn("was corrected", self._run().line_ids.cause)
