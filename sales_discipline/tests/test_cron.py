# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.tests import freeze_time, mute_logger, tagged

from .common import DisciplineCase

RUN_LOG = "odoo.addons.sales_discipline.models.run_cron"


@tagged("post_install", "-at_install")
class TestCron(DisciplineCase):
    """Rules are judged by the scheduled action, on the days that were touched and once a night over all open ones."""

    def setUp(self):
        super().setUp()
        # other companies of the database are none of our business
        self.env["sales.discipline.rule"].search([("id", "!=", self.rule.id)]).write({"state": "archived"})
        self.cron = self.env.ref("sales_discipline.judge_cron")

    def _judge(self):
        with self._cron():
            self.env["sales.discipline.run"]._cron_judge()

    def _triggers(self):
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", self.cron.id)])

    def test_the_nightly_run_judges_all_open_days(self):
        self._punch(self.ann, "2026-05-04 08:40")
        with freeze_time("2026-06-03 20:00:00"):  # 4 June, 04:00 in Shanghai
            self._judge()

        run = self.env["sales.discipline.run"].search([("rule_id", "=", self.rule.id)])
        self.assertEqual((str(run.date_from), str(run.date_to), run.full), ("2026-01-01", "2026-06-04", True))
        self.assertEqual(self._ledger(self.ann), [("05-04", 0, "proposed", "warning", 0)])

    def test_once_a_night_then_only_what_was_touched(self):
        with freeze_time("2026-06-03 20:00:00"):
            self._judge()
            self._punch(self.ann, "2026-06-04 08:40")
            self.env.flush_all()
            self._judge()

        self.assertEqual(len(self._entries(self.ann)), 1)
        latest = self.env["sales.discipline.run"].search([("rule_id", "=", self.rule.id)], limit=1)
        self.assertFalse(latest.full)
        self.assertGreaterEqual(str(latest.date_from), "2026-06-03")

    def test_the_nightly_hour_is_the_companys(self):
        """Judge at 05:00: at 04:00 of the next day no full run, at 05:00 one."""
        self.company.discipline_run_hour = 5.0
        with freeze_time("2026-06-03 02:00:00"):
            self._judge()
        for moment, day in (("2026-06-03 20:00:00", "2026-06-03"), ("2026-06-03 21:00:00", "2026-06-04")):
            with freeze_time(moment):
                self._judge()
            self.assertEqual(str(self.rule.last_full_on), day)

    def test_runs_between_nights_that_find_nothing_are_forgotten(self):
        with freeze_time("2026-06-03 20:00:00"):
            self._punch(self.ann, "2026-06-04 08:20")
            self._judge()
            self._judge()

        self.assertEqual(self.env["sales.discipline.run"].search_count([("rule_id", "=", self.rule.id)]), 1)

    def test_a_correction_of_a_closed_day_is_found_by_its_write_date(self):
        self._punch(self.ann, "2026-06-03 08:20")
        with freeze_time("2026-07-06 02:00:00"):
            self._judge()
            self._close("2026-06")
            self._punch(self.ann, "2026-06-10 08:40")
            self.env.flush_all()
            self._judge()

        self.assertEqual(self._entries(self.ann).mapped("period_id.name"), ["2026-07"])

    def test_a_punch_asks_for_an_extra_run_and_does_not_judge(self):
        before = self._triggers()
        self._punch(self.ann, "2026-06-03 08:40")
        self.env.flush_all()

        self.assertGreater(self._triggers(), before)
        self.assertFalse(self._entries())

    def test_a_leave_asks_for_an_extra_run(self):
        leave_type = self.env["hr.leave.type"].create({
            "name": "Unpaid", "requires_allocation": False, "company_id": self.company.id,
        })
        before = self._triggers()
        self.env["hr.leave"].create({
            "employee_id": self.ann.id, "holiday_status_id": leave_type.id,
            "request_date_from": "2026-06-03", "request_date_to": "2026-06-03",
        })
        self.env.flush_all()

        self.assertGreater(self._triggers(), before)

    def test_a_decision_asks_for_an_extra_run(self):
        self._punch(self.ann, "2026-06-03 08:40")
        self._run()
        before = self._triggers()
        self._entries(self.ann).with_user(self.sue).decide("waive", "Metro")

        self.assertGreater(self._triggers(), before)

    def test_a_broken_rule_stops_neither_a_punch_nor_the_other_rules(self):
        """Design 6.11: the kiosk punch succeeds, the broken rule is noted on its run, the other one judges."""
        broken = self._rule("Broken", "BROKEN", offence_group="broken", sequence=1)
        Rule = self.registry["sales.discipline.rule"]
        detect = Rule._detect_late

        def explode(rule, *args):
            if rule == broken:
                raise ZeroDivisionError("a detector with a bug")
            return detect(rule, *args)

        with patch.object(Rule, "_detect_late", explode):
            self.bob.with_user(self.bob.user_id).sudo()._attendance_action_change()
            self._punch(self.ann, "2026-06-03 08:40")
            with freeze_time("2026-06-03 20:00:00"), mute_logger(RUN_LOG), patch.object(self.env.cr, "rollback"):
                self._judge()

        self.assertTrue(self.bob.last_attendance_id.check_in)
        run = self.env["sales.discipline.run"].search([("rule_id", "=", broken.id)])
        self.assertEqual((run.state, run.note), ("interrupted", "a detector with a bug"))
        self.assertEqual(len(self._entries(self.ann)), 1)

    def test_a_rule_that_cannot_even_start_does_not_stop_the_others(self):
        stuck = self._rule("Stuck", "STUCK", offence_group="stuck", sequence=1)
        Rule = self.registry["sales.discipline.rule"]
        next_run = Rule._next_run

        def explode(rule):
            if rule == stuck:
                raise ZeroDivisionError("a calendar with a bug")
            return next_run(rule)

        self._punch(self.ann, "2026-06-03 08:40")
        with (
            patch.object(Rule, "_next_run", explode),
            freeze_time("2026-06-03 20:00:00"),
            patch.object(self.env.cr, "rollback"),
            self.assertLogs(RUN_LOG, "ERROR") as log,
        ):
            self._judge()

        self.assertIn(f"Discipline rule {stuck.id} could not be started", log.output[0])
        self.assertEqual(len(self._entries(self.ann)), 1)

    def test_one_bad_entry_does_not_stop_the_notices(self):
        for employee in (self.ann, self.bob):
            self._punch(employee, "2026-06-03 08:40")
        self._run()
        Violation = self.registry["sales.discipline.violation"]
        tell = Violation._tell
        bad = self._entries(self.ann)

        def explode(entries):
            if bad in entries:
                raise ValueError("no such mailbox")
            return tell(entries)

        with (
            patch.object(Violation, "_tell", explode),
            mute_logger("odoo.addons.sales_discipline.models.violation_notice"),
            patch.object(self.env.cr, "rollback"),
        ):
            self.env["sales.discipline.violation"].search([
                ("state", "=", "proposed"), ("rule_id", "!=", self.rule.id)]).write({"to_print": True})
            self._tell()

        self.assertEqual(self._entries(self.bob).state, "notified")
        self.assertEqual(bad.state, "proposed")

    def test_a_day_that_was_not_over_when_its_month_was_closed_is_judged(self):
        """Judged on 31 May at 04:00, May closed on 1 June at 09:00: the next run begins with 31 May, later ones don't."""
        with freeze_time("2026-05-30 20:00:00"):
            self._judge()
        with freeze_time("2026-06-01 01:00:00"):
            self._close("2026-05")
        self.assertEqual(str(self.rule._open_from()), "2026-05-31")
        with freeze_time("2026-06-01 20:00:00"):
            self._judge()
        self.assertEqual(str(self.rule._open_from()), "2026-06-01")
