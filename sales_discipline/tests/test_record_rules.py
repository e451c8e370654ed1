# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .test_daily_log import DailyLogCase

POINTS_A_DAY = [(1, 0, "points", 5, True)]
WARNING = [(1, 0, "warning", 0, False)]
LOGS = {"record_model": "sales.daily.log", "owner_field": "employee_id", "date_field": "date"}


class RecordCase(DailyLogCase):
    """The generic kinds, on the only document every installation has that belongs to people: the daily log."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log_rule.state = "archived"

    def _found(self, rule, employee=None):
        """[(day, quantity)] of the ledger."""
        return [(entry.fact_date.strftime("%m-%d"), entry.quantity) for entry in self._entries(employee, rule)]

    @classmethod
    def _away(cls, employee, first, last=None):
        """Leave of a person, or a public holiday without one."""
        return cls.env["resource.calendar.leaves"].create({
            "name": "Away",
            "resource_id": employee.resource_id.id,
            "calendar_id": cls.calendar.id if employee else False,
            "company_id": cls.company.id,
            "date_from": cls._utc(f"{first} 00:00"),
            "date_to": cls._utc(f"{last or first} 23:59:59"),
        })


@tagged("post_install", "-at_install")
class TestRecordDeadline(RecordCase):
    """One record a period by a time of day."""

    @classmethod
    def _weekly(cls, **terms):
        return cls._report_rule("WRP-01", "record_deadline", POINTS_A_DAY, **{
            **LOGS, "filed_field": "submitted_on", "record_label": "Weekly report", "log_deadline": 10.0, **terms,
        })

    def test_weekly_report_due_monday_at_ten(self):
        """WRP-01, RPD example 1: filed Monday 10:00 is in time, 15:00 costs 5, Wednesday 09:59 10, 10:01 15."""
        rule = self._weekly()
        carl = self._employee("Carl", self.carl)
        for employee, at in (
            (carl, "2026-06-08 10:00"), (self.ann, "2026-06-08 15:00"), (self.bob, "2026-06-10 09:59"),
            (self.zoe, "2026-06-10 10:01"),
        ):
            self._file(employee, "2026-06-06", at)

        self._judge("2026-06-12 03:00", "2026-06-08", rule=rule)

        self.assertEqual(self._found(rule, carl), [])
        for employee, points in ((self.ann, 5), (self.bob, 10), (self.zoe, 15)):
            self.assertEqual(self._points(employee, rule), {"06-08": (points, "proposed", True)})
        self.assertEqual(
            self._entries(self.ann, rule).reason,
            "Weekly report due 2026-06-08 10:00 was filed 2026-06-08 15:00: 1 started days late. "
            "Offence no. 1 per month: points 5 points.")

    def test_a_missing_report_grows_until_it_is_filed(self):
        """RPD-02: one row, 5 points more with each started day, final when the report is there."""
        rule = self._weekly()
        for night, points in (("2026-06-09 03:00", 5), ("2026-06-10 11:00", 15)):
            self._judge(night, "2026-06-08", rule=rule)
            self.assertEqual(self._points(self.ann, rule), {"06-08": (points, "proposed", False)})
        entry = self._entries(self.ann, rule)
        self._file(self.ann, "2026-06-06", "2026-06-10 12:00")
        self._judge("2026-06-11 03:00", "2026-06-08", rule=rule)
        self.assertEqual(self._entries(self.ann, rule), entry)
        self.assertEqual(self._points(self.ann, rule), {"06-08": (15, "proposed", True)})

    def test_leave_and_holidays_lift_the_duty(self):
        """Ann is on leave that Monday, the Monday after is a public holiday for everybody."""
        rule = self._weekly()
        self._away(self.ann, "2026-06-08")
        self._away(self.env["hr.employee"], "2026-06-15")
        self._judge("2026-06-23 03:00", "2026-06-08", rule=rule)
        self.assertEqual([day for day, _days in self._found(rule, self.ann)], ["06-22"])
        self.assertEqual([day for day, _days in self._found(rule, self.bob)], ["06-08", "06-22"])

    def test_a_deadline_on_a_rest_day_moves_to_the_next_working_day(self):
        """Day 6 of June 2026 is a Saturday: due on Monday the 8th."""
        rule = self._weekly(record_period="month", deadline_monthday=6)
        self._judge("2026-06-12 03:00", "2026-06-01", rule=rule)
        self.assertEqual(self._found(rule, self.ann), [("06-08", 4)])

    def test_each_working_day_equals_the_kind_for_daily_logs(self):
        """LOG-02 by the generic kind: the same entries as by the kind made for it, day by day."""
        generic = self._report_rule("ANY", "record_deadline", POINTS_A_DAY, **LOGS, record_period="day",
                                    filed_field="submitted_on", record_label="Daily log")
        self.log_rule.write({"state": "active", "offence_group": "own"})
        self._away(self.bob, "2026-06-03", "2026-06-04")
        for employee, day, at in (
            (self.ann, "2026-06-01", "2026-06-01 18:00"), (self.ann, "2026-06-02", "2026-06-03 09:00"),
            (self.ann, "2026-06-04", "2026-06-08 19:00"), (self.bob, "2026-06-02", "2026-06-05 12:00"),
            (self.zoe, "2026-06-05", "2026-06-06 18:01"), (self.zoe, "2026-06-03", None),
        ):
            self._file(employee, day, at)
        for rule in (generic, self.log_rule):
            self._judge("2026-06-09 03:00", "2026-06-01", rule=rule)
        seen = [
            [(row.employee_id, row.fact_date, row.quantity, row.points, row.final_on, row.reason) for row in
             self._entries(rule=rule)]
            for rule in (generic, self.log_rule)
        ]
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(len(seen[0]), 21, "5 of Ann's, 4 of Bob's, 6 of Zoe's and 6 of Sue's six working days")

    def test_with_one_date_a_spare_record_fills_the_nearest_gap(self):
        """By the moment of filing only: none on Tuesday, two on Wednesday: Tuesday's came 16 hours late."""
        rule = self._report_rule("ANY", "record_deadline", POINTS_A_DAY, **{**LOGS, "date_field": "submitted_on"},
                                 record_period="day")
        self._file(self.ann, "2026-06-01", "2026-06-01 17:00")
        self._file(self.ann, "2026-06-02", "2026-06-03 10:00")
        self._file(self.ann, "2026-06-03", "2026-06-03 10:01")
        self._judge("2026-06-03 20:00", "2026-06-01", rule=rule)
        self.assertEqual(self._found(rule, self.ann), [("06-02", 1)])
        self.assertTrue(self._entries(self.ann, rule).final_on)

    def test_reports_of_new_terms_do_not_fill_the_gaps_of_old_ones(self):
        """POL-08, RPD-02: Tuesday's is missing, from Wednesday on a day costs 10. Who files in time from then on still
        owes Tuesday's; a second record of one day fills it."""
        rule = self._report_rule("ANY", "record_deadline", POINTS_A_DAY, **{**LOGS, "date_field": "submitted_on"},
                                 record_period="day")
        rule.version_ids.copy({"valid_from": "2026-06-03"})
        for day in ("01", "03", "04"):
            self._file(self.ann, f"2026-06-{day}", f"2026-06-{day} 17:00")
        self._judge("2026-06-04 20:00", "2026-06-01", rule=rule)
        self.assertEqual(self._found(rule, self.ann), [("06-02", 3)])
        self.assertFalse(self._entries(self.ann, rule).final_on)

        self._file(self.ann, "2026-06-02", "2026-06-04 20:30")
        self._judge("2026-06-05 03:00", "2026-06-01", rule=rule)
        self.assertEqual(self._found(rule, self.ann), [("06-02", 3)])
        self.assertTrue(self._entries(self.ann, rule).final_on)

    def test_the_rule_says_itself_in_a_sentence(self):
        self.assertEqual(
            self._weekly().summary, "Weekly report not filed by Monday 10:00: 5 points per started day, per month")


@tagged("post_install", "-at_install")
class TestRecordQuota(RecordCase):
    """So many records of a person and period."""

    @classmethod
    def _quota(cls, bound="min", size=5, code="QUOTA", **terms):
        return cls._report_rule(code, "record_quota", WARNING, **{
            **LOGS, "record_label": "logs", "quota_bound": bound, "quota_size": size,
            "record_domain": "[('state', '=', 'submitted')]", **terms,
        })

    def _file_on(self, employee, *days):
        for day in days:
            self._file(employee, f"2026-06-{day:02}", f"2026-06-{day:02} 17:00")

    def test_too_few_in_a_week_that_is_over(self):
        """FRQ-03: Ann has 3 of 5, Bob 5, a draft of Zoe's counts for nothing; nothing is said before Sunday is over."""
        rule = self._quota()
        self._file_on(self.ann, 8, 9, 12)
        self._file_on(self.bob, 8, 9, 10, 11, 12)
        self._file(self.zoe, "2026-06-08")
        self._judge("2026-06-14 23:00", "2026-06-08", rule=rule)
        self.assertFalse(self._entries(rule=rule))
        self._judge("2026-06-15 03:00", "2026-06-08", rule=rule)
        self.assertEqual(
            [self._found(rule, employee) for employee in (self.ann, self.bob, self.zoe)],
            [[("06-12", 2)], [], [("06-12", 5)]])
        self.assertIn("Week of 2026-06-08: 3 of 5 logs.", self._entries(self.ann, rule).reason)

    def test_leave_leaves_the_denominator(self):
        """VIS-03: 10 a week; two of five days on leave: 6 are owed, 5 are one too few; a week of leave owes none."""
        rule = self._quota(size=10)
        self._away(self.ann, "2026-06-11", "2026-06-12")
        self._away(self.bob, "2026-06-08", "2026-06-12")
        self._away(self.zoe, "2026-06-10", "2026-06-12")
        for employee, count in ((self.ann, 5), (self.zoe, 4)):
            self.env["sales.daily.log"].create([
                {"employee_id": employee.id, "date": f"2026-06-{8 + index:02}", "results": "Two customers seen."}
                for index in range(count)
            ])
        rule.version_ids.record_domain = "[]"
        self._judge("2026-06-15 03:00", "2026-06-08", rule=rule)
        self.assertEqual(
            [self._found(rule, employee) for employee in (self.ann, self.bob, self.zoe)], [[("06-12", 1)], [], []])

    def test_too_many_in_a_month(self):
        """At most 2 a month, leave or not: the third of June is one too many, dated on the last working day."""
        rule = self._quota("max", 2, record_period="month")
        self._away(self.ann, "2026-06-15", "2026-06-26")
        self._file_on(self.ann, 1, 2, 3)
        self._file_on(self.bob, 1, 2)
        self._judge("2026-07-01 03:00", "2026-06-01", "2026-06-30", rule)
        self.assertEqual(self._found(rule), [("06-30", 1)])
        self.assertIn("2026-06: 3 logs, at most 2.", self._entries(self.ann, rule).reason)

    def test_a_sum_instead_of_a_count(self):
        """At least 25 hours of attendance a week: Ann was there 3 x 8 = 24, which is short; Bob 4 x 8."""
        rule = self._quota(size=25, record_model="hr.attendance", date_field="check_in", record_domain="[]",
                           value_field="worked_hours", record_label="attendance")
        hours = {}
        for employee, days in ((self.ann, (8, 9, 10)), (self.bob, (8, 9, 10, 11))):
            for day in days:
                self._punch(employee, f"2026-06-{day:02} 08:30", "16:30")
            hours[employee] = sum(self.env["hr.attendance"].search([("employee_id", "=", employee.id)]).mapped(
                "worked_hours"))
        self.assertEqual([hours[self.ann], hours[self.bob]], [24, 32])
        self._judge("2026-06-15 03:00", "2026-06-08", rule=rule)
        self.assertEqual([self._found(rule, employee) for employee in (self.ann, self.bob)], [[("06-12", 1)], []])

    def test_the_rule_says_itself_in_a_sentence(self):
        self.assertEqual(self._quota(size=3).summary, "Fewer than 3 logs a week: warning, per month")


    def test_what_a_user_does_in_another_company_does_not_count_here(self):
        """Ann works for two companies: her three logs of the other one are none of this one's two."""
        branch = self._company("Branch Ltd")
        twin = self.env["hr.employee"].create({
            "name": "Ann", "user_id": self.ann.user_id.id, "company_id": branch.id, "date_version": "2020-01-01",
        })
        rule = self._quota(size=2, owner_field="user_id", record_domain="[]")
        self.env["sales.daily.log"].create([
            {"employee_id": twin.id, "date": f"2026-06-{day:02}"} for day in (8, 9, 10)
        ])
        self._file_on(self.ann, 8)
        self._judge("2026-06-15 03:00", "2026-06-08", rule=rule)
        self.assertEqual(self._found(rule, self.ann), [("06-12", 1)])

    def test_rules_about_other_records_do_not_compete(self):
        """POL-04: of two quotas of the same logs the one for Ann alone judges her; one of other logs judges her too."""
        everybody, own, other = self._quota(size=5), self._quota("min", 2, code="OWN"), self._quota(
            "min", 1, code="OTHER", record_domain="[('state', '=', 'draft')]")
        own.write({"scope": "employee", "employee_ids": self.ann.ids})
        self._file_on(self.ann, 8, 9, 10)
        for rule in (everybody, own, other):
            self._judge("2026-06-15 03:00", "2026-06-08", rule=rule)
        self.assertEqual(
            [self._found(rule, self.ann) for rule in (everybody, own, other)], [[], [], [("06-12", 1)]])


@tagged("post_install", "-at_install")
class TestWrongChoices(RecordCase):
    """What cannot be judged is refused, and the message says what to choose instead."""

    def _refused(self, pattern, kind="record_quota", user=None, **terms):
        Rule = self.env["sales.discipline.rule"].with_user(user or self.env.user)
        with self.assertRaises(ValidationError) as caught:
            Rule.create({
                "name": "Wrong", "code": "WRONG", "kind": kind, "company_id": self.company.id,
                "owner_id": self.ida.id,
                "version_ids": [Command.create({"valid_from": "2026-01-01", **LOGS, **terms})],
            })
        self.assertRegex(str(caught.exception), pattern)

    def test_models(self):
        self._refused("choose which under 'Records'", record_model=False)
        for name in ("mail.thread", "sales.discipline.decision", "ir.attachment", "res.users", "res.users.log", "no.such"):
            self._refused("is not a document that people own", record_model=name)
        self._refused("you may not read", user=self.ida, record_model="hr.employee")
        self._refused("belong to no company", record_model="calendar.event", owner_field="user_id", date_field="start")
        offered = dict(self.env["sales.discipline.rule.version"].with_user(self.ida)._selection_record_model())
        self.assertIn("sales.daily.log", offered)
        self.assertFalse({"ir.attachment", "res.users", "hr.employee", "mail.thread"} & offered.keys())

    def test_fields(self):
        for terms, reason in (
            ({"owner_field": False}, "'Whose Record'.*empty"),
            ({"owner_field": "nobody"}, "no such field"),
            ({"owner_field": "company_id"}, "neither an employee nor a user"),
            ({"owner_field": "employee_id.parent_id.parent_id"}, "too long"),
            ({"owner_field": "results"}, "another type"),
            ({"date_field": "results"}, "'By Date'.*another type"),
            ({"date_field": "employee_id.birthday"}, "too long"),
            ({"value_field": "results"}, "'Sum Of'.*another type.*stored number"),
            ({"date_field": "my_activity_date_deadline", "record_model": "hr.leave"}, "computed when shown"),
        ):
            with self.subTest(**terms):
                self._refused(reason, **terms)
        self._refused("'Filed When'.*another type", kind="record_deadline", filed_field="date")

    def test_conditions(self):
        for domain in ("no domain", "[('nobody', '=', 1)]", "[('date', '=', context_today())]", "[1, 2]", "{}", "[('id'"):
            with self.subTest(domain=domain):
                self._refused("cannot be evaluated", record_domain=domain)
        for domain in (
            "[('date', '>=', 'today -7d')]", "[('employee_id', 'any', [('create_date', '<', 'now')])]",
            "[('message_is_follower', '=', True)]",
        ):
            with self.subTest(domain=domain):
                self._refused("moves with time or with who looks", record_domain=domain)
        self._refused("fields that you may not read", user=self.ida,
                      record_domain="[('employee_id.ssnid', '=like', '1%')]")

    def test_a_path_of_two_steps_and_a_fixed_date_are_accepted(self):
        """Eve has no user, so she can own no record by user and owes none."""
        self._employee("Eve")
        rule = self._report_rule("PATH", "record_quota", WARNING, **{
            **LOGS, "owner_field": "employee_id.user_id", "record_domain": "[('date', '>=', '2026-06-02')]",
        })
        self._file(self.ann, "2026-06-09", "2026-06-09 17:00")
        self._judge("2026-06-15 03:00", "2026-06-08", rule=rule)
        self.assertEqual(self._entries(rule=rule).employee_id, self.bob | self.zoe | self.sue_employee)


@tagged("post_install", "-at_install")
class TestTrial(RecordCase):
    """What a rule would find now is shown while it is edited."""

    def test_a_draft_is_tried_on_last_month(self):
        """Valid from July, tried on June by the sales administration: who and how much, and nothing is written."""
        rule = self._report_rule("TRY", "record_quota", [(1, 0, "points", 2, False)], **{**LOGS, "quota_size": 1})
        rule.write({"state": "draft"})
        rule.version_ids.valid_from = "2026-07-10"
        self._file(self.ann, "2026-06-02", "2026-06-02 17:00")
        with freeze_time(self._utc("2026-07-10 09:00")):
            action = rule.with_user(self.olga).action_try_last_month()
            run = self.env["sales.discipline.run"].browse(action["res_id"])
            self.assertEqual((str(run.date_from), str(run.date_to), run.state), ("2026-06-01", "2026-06-30", "simulated"))
            of_ann = run.line_ids.filtered(lambda line: line.employee_id == self.ann)
            self.assertEqual(of_ann.mapped(lambda line: f"{line.fact_date:%m-%d}"), ["06-12", "06-19", "06-26"])
            self.assertEqual(sum(of_ann.mapped("points")), 6)
            self.assertFalse(self._entries(rule=rule))
            self.assertEqual(rule.with_user(self.olga).action_try_last_month()["res_id"], run.id, "the same run again")
        rule.action_activate()
        self._judge("2026-07-10 09:00", "2026-06-01", "2026-06-30", rule)
        self.assertFalse(self._entries(rule=rule), "once active, it judges from the day its terms are valid")

    def test_free_allowance_and_every_second(self):
        """ATT-03 with 1 free and every 2nd: of five offences the 3rd is a warning, the 5th costs 20."""
        rule = self._rule("Lenient", "FREE", free_offences=1, every_nth=2)
        for day in (1, 2, 3, 4, 5):
            self._punch(self.ann, f"2026-06-{day:02} 08:40")
        self._run(rule=rule)
        self.assertEqual(
            self._entries(self.ann, rule).mapped(lambda entry: (entry.step_kind, entry.amount)),
            [("none", 0), ("none", 0), ("warning", 0), ("none", 0), ("fine", 20)])
        self.assertEqual(
            rule.summary,
            "Late after 08:25: 1 free, then every 2 offences: warning, then 20 each time, per month")
