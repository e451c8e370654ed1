# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.tests import freeze_time, mute_logger, tagged
from odoo.tools import SQL

from .crowds import KINDS, CrowdCase
from .test_record_rules import LOGS, POINTS_A_DAY, WARNING, RecordCase

EVIDENCE = ("hr_attendance", "resource_calendar_leaves", "sales_daily_log", "sales_discipline_violation")


@tagged("post_install", "-at_install")
class TestIncremental(RecordCase):
    """Between two nights a rule is judged from the earliest day whose evidence was written since it last was."""

    def setUp(self):
        super().setUp()
        # other companies of the database are none of our business
        self.env["sales.discipline.rule"].search([]).write({"state": "archived"})

    def _rule_for_ann(self, kind, steps=WARNING, **terms):
        rule = self._report_rule(kind.upper(), kind, steps, **terms)
        rule.write({"scope": "employee", "employee_ids": self.ann.ids})
        return rule

    def _look(self, at):
        """The scheduled action at a local moment."""
        with self._cron(), freeze_time(self._utc(at)):
            self.env["sales.discipline.run"]._cron_judge()

    def _pass(self):
        """All evidence was written two days ago: the clock of a transaction, which dates it, stands still."""
        self.env.flush_all()
        for table in EVIDENCE:
            self.env.cr.execute(SQL(
                "UPDATE %s SET write_date = (now() AT TIME ZONE 'UTC') - INTERVAL '2 days'", SQL.identifier(table)))
        self.env.invalidate_all()

    def _night(self, rule, at):
        """The nightly run; without a change nothing is judged after it."""
        self._look(at)
        self.assertEqual(str(rule.last_full_on), at[:10])
        self._pass()
        self._assert_nothing_to_do(rule, at)

    def _assert_nothing_to_do(self, rule, at):
        with freeze_time(self._utc(at)):
            self.assertFalse(rule._next_run())

    def _assert_looked_once(self, rule, at, since):
        """The scheduled action has judged from a day on, not all, and has no reason to do so again."""
        run = self.env["sales.discipline.run"].search([("rule_id", "=", rule.id)], limit=1)
        self.assertEqual((str(run.date_from), run.full, run.state), (since, False, "done"))
        self._pass()
        self._assert_nothing_to_do(rule, at)

    def test_a_punch_put_right(self):
        """Late 3 June 08:40; at 10:00 of the next day the punch is put right to 08:20: withdrawn at 11:00."""
        self.rule.state = "active"
        punch = self._punch(self.ann, "2026-06-03 08:40")
        self._night(self.rule, "2026-06-04 04:00")
        self.assertEqual(self._ledger(self.ann), [("06-03", 0, "proposed", "warning", 0.0)])
        punch.check_in = self._utc("2026-06-03 08:20")
        self._look("2026-06-04 11:00")
        self.assertEqual(self._entries(self.ann).state, "withdrawn")
        self._assert_looked_once(self.rule, "2026-06-04 11:00", "2026-06-02")

    def test_a_log_filed_late(self):
        """RPD-01: that of 3 June missing at night, 5 points; filed on the 4th at 19:00, the second day: 10, final."""
        rule = self._rule_for_ann("daily_log", POINTS_A_DAY, valid_from="2026-06-01")
        for day in ("2026-06-01", "2026-06-02"):
            self._file(self.ann, day, f"{day} 17:00")
        self._night(rule, "2026-06-04 04:00")
        self.assertEqual(self._points(self.ann, rule), {"06-03": (5, "proposed", False)})
        self._file(self.ann, "2026-06-03", "2026-06-04 19:00")
        self._file(self.ann, "2026-06-04", "2026-06-04 17:00")
        self._look("2026-06-04 20:00")
        self.assertEqual(self._points(self.ann, rule), {"06-03": (10, "proposed", True)})
        self._assert_looked_once(rule, "2026-06-04 20:00", "2026-06-02")

    def test_a_draft_and_a_punch_are_no_reason_to_judge_logs(self):
        rule = self._rule_for_ann("daily_log", POINTS_A_DAY, valid_from="2026-06-01")
        self._night(rule, "2026-06-04 04:00")
        self._file(self.ann, "2026-06-03")
        self._punch(self.ann, "2026-06-04 08:40")
        self._assert_nothing_to_do(rule, "2026-06-04 20:00")

    def test_a_log_found_false(self):
        """FLS-01: the log of 1 June is checked on the 4th: an entry on 1 June."""
        rule = self._rule_for_ann("false_log", valid_from="2026-06-01")
        log = self._file(self.ann, "2026-06-01", "2026-06-01 17:00")
        self._night(rule, "2026-06-04 04:00")
        self._check(log)
        self._look("2026-06-04 11:00")
        self.assertEqual(self._found(rule, self.ann), [("06-01", 1)])
        self._assert_looked_once(rule, "2026-06-04 11:00", "2026-06-01")

    def _check(self, log):
        with freeze_time(self._utc("2026-06-04 10:00")):
            log.with_user(self.sue).record_check("false", "The customer says nobody came")

    def test_a_report_of_another_model_filed_late(self):
        """WRP-01: due Monday 8 June 10:00, missing at night, 5 points; filed Tuesday 11:00: 10 points, final."""
        rule = self._rule_for_ann("record_deadline", POINTS_A_DAY, **{
            **LOGS, "filed_field": "submitted_on", "log_deadline": 10.0, "valid_from": "2026-06-08",
        })
        self._night(rule, "2026-06-09 04:00")
        self.assertEqual(self._points(self.ann, rule), {"06-08": (5, "proposed", False)})
        self._file(self.ann, "2026-06-06", "2026-06-09 11:00")
        self._look("2026-06-09 12:00")
        self.assertEqual(self._points(self.ann, rule), {"06-08": (10, "proposed", True)})
        self._assert_looked_once(rule, "2026-06-09 12:00", "2026-06-08")

    def test_one_more_report_fills_the_oldest_gap(self):
        """Due on Mondays at 10:00, that of 11 May missing: the second one of 8 June's week is it, 29 started days late.

        The run begins with the gap, four weeks before the record.
        """
        rule = self._rule_for_ann("record_deadline", POINTS_A_DAY, **{
            **LOGS, "log_deadline": 10.0, "valid_from": "2026-05-04",
        })
        for day in ("2026-05-04", "2026-05-18", "2026-05-25", "2026-06-01", "2026-06-08"):
            self._file(self.ann, day)
        self._night(rule, "2026-06-09 04:00")
        self.assertEqual(self._points(self.ann, rule), {"05-11": (145, "proposed", False)})
        self._file(self.ann, "2026-06-09")
        self._look("2026-06-09 12:00")
        self.assertEqual(self._points(self.ann, rule), {"05-11": (145, "proposed", True)})
        self._assert_looked_once(rule, "2026-06-09 12:00", "2026-05-11")

    def test_a_record_of_sunday_counts_for_the_week_judged_on_friday(self):
        """VIS-03 in general: 2 logs a week, 1 found at night: one missing on 5 June; a log of 7 June takes it back."""
        rule = self._rule_for_ann("record_quota", **{**LOGS, "quota_size": 2, "valid_from": "2026-06-01"})
        self._file(self.ann, "2026-06-03")
        self._night(rule, "2026-06-08 04:00")
        self.assertEqual(self._found(rule, self.ann), [("06-05", 1)])
        self._file(self.ann, "2026-06-07")
        self._look("2026-06-08 11:00")
        self.assertEqual(self._entries(self.ann, rule).state, "withdrawn")
        self._assert_looked_once(rule, "2026-06-08 11:00", "2026-06-01")

    def test_a_moment_lies_on_the_persons_own_day(self):
        """Ann works in New York: filed Sunday 7 June 22:00 there, Monday 02:00 UTC, counts for the week judged on 5 June."""
        self.ann.resource_calendar_id = self._calendar("New York", "America/New_York")
        rule = self._rule_for_ann("record_quota", **{
            **LOGS, "owner_field": "user_id", "date_field": "submitted_on", "valid_from": "2026-06-01",
        })
        self._night(rule, "2026-06-09 04:00")
        self.assertEqual(self._found(rule, self.ann), [("06-05", 1)])
        self._file(self.ann, "2026-06-07", "2026-06-08 10:00")
        self._look("2026-06-09 11:00")
        self.assertEqual(self._entries(self.ann, rule).state, "withdrawn")
        self._assert_looked_once(rule, "2026-06-09 11:00", "2026-06-01")

    def test_a_record_that_no_longer_meets_the_condition(self):
        """FRQ-03 in general: at most 1 draft a week, 2 found: one too many; submitted on Monday, one of them is none."""
        rule = self._rule_for_ann("record_quota", **{
            **LOGS, "quota_bound": "max", "quota_size": 1, "valid_from": "2026-06-01",
            "record_domain": "[('state', '=', 'draft')]",
        })
        self._file(self.ann, "2026-06-02")
        log = self._file(self.ann, "2026-06-03")
        self._night(rule, "2026-06-08 04:00")
        self.assertEqual(self._found(rule, self.ann), [("06-05", 1)])
        with freeze_time(self._utc("2026-06-08 10:00")):
            log.with_user(self.ann.user_id).action_submit()
        self._look("2026-06-08 11:00")
        self.assertEqual(self._entries(self.ann, rule).state, "withdrawn")

    def test_a_record_left_lying_is_judged_by_night_alone(self):
        """Lying on Monday 8 June: touched on Tuesday, Monday stays proven and nothing is judged before the next night."""
        rule = self._rule_for_ann("stale_record", **{
            **LOGS, "stale_after": 3, "valid_from": "2026-06-08", "record_domain": "[('state', '=', 'draft')]",
        })
        log = self._file(self.ann, "2026-06-03")
        self._touch(log, "2026-06-03 12:00")
        self._look("2026-06-09 04:00")
        self.assertEqual(self._found(rule, self.ann), [("06-08", 1)])
        self._pass()
        log.results = "Called again"
        self._assert_nothing_to_do(rule, "2026-06-09 11:00")
        self._look("2026-06-10 04:00")
        self.assertEqual(
            [(entry.fact_date.day, entry.state) for entry in self._entries(self.ann, rule)], [(8, "proposed")])

    def _touch(self, log, at):
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE sales_daily_log SET write_date = %s WHERE id = %s", self._utc(at), log.id))
        log.invalidate_recordset(["write_date"])

    def test_records_of_others_are_no_reason(self):
        """A log of another company's person; one of before the rule."""
        rule = self._rule_for_ann("record_quota", **{**LOGS, "valid_from": "2026-06-01"})
        self._night(rule, "2026-06-09 04:00")
        other = self._employee("Otto", company_id=self._company("Other Ltd").id)
        self.env["sales.daily.log"].create([
            {"employee_id": other.id, "date": "2026-06-03"}, {"employee_id": self.ann.id, "date": "2026-01-05"},
        ])
        self._assert_nothing_to_do(rule, "2026-06-09 11:00")

    def test_what_was_open_when_a_run_looked_is_seen(self):
        """Begun 30 minutes before the run and committed after it: the next run finds it all the same."""
        rule = self._rule_for_ann("daily_log", POINTS_A_DAY, valid_from="2026-06-03")
        self._night(rule, "2026-06-04 04:00")
        log = self._file(self.ann, "2026-06-03", "2026-06-04 03:59")
        for minutes, found in ((30, True), (61, False)):
            self.env.flush_all()
            self.env.cr.execute(SQL(
                "UPDATE sales_daily_log SET write_date = (now() AT TIME ZONE 'UTC') - %s * INTERVAL '1 minute' "
                "WHERE id = %s", minutes, log.id))
            with freeze_time(self._utc("2026-06-04 05:00")):
                self.assertEqual(bool(rule._touched()[0]), found, minutes)

    def test_a_broken_rule_stops_no_other(self):
        """Model gone, field gone, evidence with a bug: each is reported, and the log filed late is seen at noon."""
        good = self._rule_for_ann("daily_log", POINTS_A_DAY, valid_from="2026-06-03")
        terms = {**LOGS, "record_period": "day", "valid_from": "2026-06-01"}
        gone, lost, bug = broken = self.env["sales.discipline.rule"].concat(*(
            self._report_rule(f"BROKEN{number}", kind, WARNING, **terms)
            for number, kind in enumerate(("record_quota", "record_deadline", "record_quota"))
        ))
        broken.write({"sequence": 1})
        for rule, name, value in ((gone, "record_model", "x.gone"), (lost, "date_field", "x_gone")):
            self.env.flush_all()
            self.env.cr.execute(SQL(
                "UPDATE sales_discipline_rule_version SET %s = %s WHERE rule_id = %s",
                SQL.identifier(name), value, rule.id))
        self.env.invalidate_all()
        Rule = self.registry["sales.discipline.rule"]
        evidence = Rule._evidence

        def explode(rule):
            if rule == bug:
                raise ZeroDivisionError("evidence with a bug")
            return evidence(rule)

        with (
            patch.object(Rule, "_evidence", explode), patch.object(self.env.cr, "rollback"),
            mute_logger("odoo.addons.sales_discipline.models.run_cron"),
        ):
            self._look("2026-06-04 04:00")
            self._pass()
            self._file(self.ann, "2026-06-03", "2026-06-04 10:00")
            self._look("2026-06-04 12:00")

        self.assertEqual(self._points(self.ann, good), {"06-03": (5, "proposed", True)})
        runs = self.env["sales.discipline.run"].search([("rule_id", "in", broken.ids)])
        self.assertEqual(runs.rule_id, gone | lost)
        self.assertEqual(set(runs.mapped("state")), {"interrupted"})
        self.assertEqual([len(rule.activity_ids) for rule in broken], [1, 1, 1])
        self.assertIn("evidence with a bug", bug.activity_ids.note)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-05 02:00:00")
class TestIncrementalQueryCounts(CrowdCase):
    """What was touched is found with as many queries for 500 people as for 50."""

    def test_a_look_needs_as_many_queries_for_500_people_as_for_50(self):
        """For each kind of rule, everybody touched: one query to look, 12 at most to start the run from there."""
        counts = []
        for name, size in (("Warm-up", 5), ("Fifty", 50), ("Five hundred", 500)):
            company = self._crowd(name, size, offenders=size // 2).company_id
            rules = {kind: self._rule_of_kind(kind, terms, company) for kind, terms in KINDS.items()}
            for rule in rules.values():
                rule.last_full_on = "2026-06-05"
            counts.append({
                kind: (self._count(rule._touched), self._count(rule._next_run)) for kind, rule in rules.items()
            })
            for kind, rule in rules.items():
                runs = self.env["sales.discipline.run"].search([("rule_id", "=", rule.id)])
                self.assertEqual(len(runs), kind != "stale_record", kind)
        _warm_up, small, large = counts
        self.assertEqual(small, large)
        self.assertLessEqual(max(max(kind) for kind in large.values()), 12)
