# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import OFFICER, DisciplineCase


class DailyLogCase(DisciplineCase):
    """Field agency: daily log by 18:00, 5 points for each started day late (PK-03)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.state = "archived"
        cls.log_rule = cls._report_rule("LOG-02", "daily_log", [(1, 0, "points", 5, True)])

    @classmethod
    def _report_rule(cls, code, kind, steps, offence_group=False, **terms):
        return cls.env["sales.discipline.rule"].create({
            "name": code,
            "code": code,
            "kind": kind,
            "company_id": cls.company.id,
            "owner_id": cls.ida.id,
            "state": "active",
            "offence_group": offence_group,
            "version_ids": [Command.create({
                "valid_from": "2024-01-01",
                "step_ids": [
                    Command.create({"first": first, "last": last, "kind": kind, "points": points, "per_unit": per_unit})
                    for first, last, kind, points, per_unit in steps
                ],
                **terms,
            })],
        })

    @classmethod
    def _file(cls, employee, day, at=None, results="Two customers seen."):
        """A log of a day, filed at local "2026-06-03 18:00"; None: left as a draft."""
        log = cls.env["sales.daily.log"].create({"employee_id": employee.id, "date": day, "results": results})
        if at:
            with freeze_time(cls._utc(at)):
                log.with_user(employee.user_id).action_submit()
        return log

    @classmethod
    def _judge(cls, at, first, last=None, rule=None):
        """A run at a local moment."""
        with freeze_time(cls._utc(at)):
            return cls._run(first, last or at[:10], rule or cls.log_rule)

    def _points(self, employee, rule=None):
        """{day: (points, state, final)} of the entries of a person."""
        return {
            entry.fact_date.strftime("%m-%d"): (entry.points, entry.state, bool(entry.final_on))
            for entry in self._entries(employee, rule or self.log_rule)
        }


@tagged("post_install", "-at_install")
class TestDailyLogJudged(DailyLogCase):

    def test_deadline_is_inclusive_and_server_time(self):
        """LOG example 1: filed 18:00:00 is in time, 18:05 is late by a started day: 5 points."""
        self._file(self.ann, "2026-06-03", "2026-06-03 18:00:00")
        self._file(self.bob, "2026-06-03", "2026-06-03 18:05")

        self._judge("2026-06-03 23:00", "2026-06-03")

        self.assertEqual(self._points(self.ann), {})
        self.assertEqual(self._points(self.bob), {"06-03": (5, "proposed", True)})
        entry = self._entries(self.bob, self.log_rule)
        self.assertEqual(entry.quantity, 1)
        self.assertIn("due 2026-06-03 18:00 was filed 2026-06-03 18:05: 1 started days late", entry.reason)

    def test_each_started_day_costs_five_points(self):
        """RPD example 1 with a log due Monday 18:00: filed Tuesday 17:00 5, Wednesday 17:59 10, Wednesday 18:01 15."""
        for employee, at in (
            (self.ann, "2026-06-02 17:00"), (self.bob, "2026-06-03 17:59"), (self.zoe, "2026-06-03 18:01"),
        ):
            self._file(employee, "2026-06-01", at)
        self._judge("2026-06-03 20:00", "2026-06-01", "2026-06-01")
        points = [self._points(employee)["06-01"][0] for employee in (self.ann, self.bob, self.zoe)]
        self.assertEqual(points, [5, 10, 15])

    def test_two_reports_one_day_late(self):
        """RPD example 2: two reports one day late each are two entries, 10 points."""
        for day in ("2026-06-01", "2026-06-02"):
            self._file(self.ann, day, f"{day} 19:00")
        self._judge("2026-06-02 20:00", "2026-06-01")
        self.assertEqual(self._points(self.ann), {"06-01": (5, "proposed", True), "06-02": (5, "proposed", True)})

    def test_a_missing_log_is_one_growing_entry(self):
        """RPD-01/02: one row that grows by 5 a day, told to the person when it is final, never before."""
        for night, points in (("2026-06-02 03:00", 5), ("2026-06-03 03:00", 10), ("2026-06-04 03:00", 15)):
            self._judge(night, "2026-06-01", "2026-06-01")
            self.assertEqual(self._points(self.ann), {"06-01": (points, "proposed", False)})
        with freeze_time(self._utc("2026-06-04 09:00")):
            self._tell()
        self.assertEqual(self._points(self.ann), {"06-01": (15, "proposed", False)}, "no notice while it grows")
        entry = self._entries(self.ann, self.log_rule)
        with self.assertRaisesRegex(UserError, "still grows"):
            entry.with_user(self.ann.user_id).action_accept()

        self._file(self.ann, "2026-06-01", "2026-06-04 10:00")
        self._judge("2026-06-05 03:00", "2026-06-01", "2026-06-01")
        with freeze_time(self._utc("2026-06-05 09:00")):
            self._tell()

        self.assertEqual(self._entries(self.ann, self.log_rule), entry, "still the same row")
        self.assertEqual(self._points(self.ann), {"06-01": (15, "notified", True)})
        self.assertEqual(entry.final_on, date(2026, 6, 4))
        run = self._judge("2026-06-06 03:00", "2026-06-01", "2026-06-01")
        self.assertNotIn(self.ann, run.line_ids.employee_id, "a final entry no longer changes")

    def test_growth_ends_after_the_agreed_days(self):
        """RPD-02: with at most 3 days a log that never comes costs 15 points, and that is final."""
        self.log_rule.version_ids.max_late_days = 3
        self._judge("2026-06-10 03:00", "2026-06-01", "2026-06-01")
        self.assertEqual(self._points(self.ann), {"06-01": (15, "proposed", True)})

    def test_growth_goes_on_when_the_month_is_closed(self):
        """A log of 30 June still missing when June is closed: the entry moves on and the nightly run still sees it."""
        self.log_rule.version_ids.valid_from = "2026-06-30"
        self._judge("2026-07-01 03:00", "2026-06-30", "2026-06-30")
        with freeze_time("2026-07-03"):
            self._close("2026-06")
            self.assertEqual(self.log_rule._open_from(), date(2026, 6, 30))
        self._judge("2026-07-04 03:00", "2026-06-30", "2026-06-30")
        self.assertEqual(self._points(self.ann), {"06-30": (20, "proposed", False)})

    def test_a_waiver_holds_while_the_log_stays_away(self):
        """A decision is about the report that was owed; another day late does not bring it back."""
        self._judge("2026-06-02 03:00", "2026-06-01", "2026-06-01")
        self._entries(self.ann, self.log_rule).with_user(self.sue).decide("waive", "He was at the hospital.")
        self._judge("2026-06-03 03:00", "2026-06-01", "2026-06-01")
        self.assertEqual([row[0] for row in self._points(self.ann).values()], [5])
        self.assertEqual([row[1] for row in self._points(self.ann).values()], ["waived"])

    def test_nothing_is_owed_on_rest_days_leave_and_holidays(self):
        """ATT-10, ATT-15: Saturday 6 June, Ann's leave of 3 and 4 June, the holiday of 8 June."""
        leaves = self.env["resource.calendar.leaves"]
        leaves.create({
            "name": "Leave", "resource_id": self.ann.resource_id.id, "calendar_id": self.calendar.id,
            "date_from": self._utc("2026-06-03 00:00"), "date_to": self._utc("2026-06-04 23:59"),
        })
        leaves.create({
            "name": "Holiday", "company_id": self.company.id,
            "date_from": self._utc("2026-06-08 00:00"), "date_to": self._utc("2026-06-08 23:59"),
        })
        self._judge("2026-06-08 23:30", "2026-06-03", "2026-06-08")
        self.assertEqual(list(self._points(self.ann)), ["06-05"])
        self.assertEqual(list(self._points(self.bob)), ["06-03", "06-04", "06-05"])

    def test_leave_stops_the_count(self):
        """RPD (pause_on_leave): due Monday 18:00, leave on Tuesday and Wednesday, missing on Thursday 12:00: 1 day."""
        self.env["resource.calendar.leaves"].create({
            "name": "Leave", "resource_id": self.ann.resource_id.id, "calendar_id": self.calendar.id,
            "date_from": self._utc("2026-06-02 00:00"), "date_to": self._utc("2026-06-03 23:59:59"),
        })
        self._judge("2026-06-04 12:00", "2026-06-01", "2026-06-01")
        self.assertEqual(self._points(self.ann)["06-01"][0], 5)
        self.assertEqual(self._points(self.bob)["06-01"][0], 15)

    def test_nobody_owes_logs_before_hiring_or_after_leaving(self):
        new = self._salesperson(
            "new", self.sue_team, date_version="2026-06-03", contract_date_start="2026-06-03")
        gone = self._salesperson("gone", self.sue_team)
        gone.write({"departure_date": "2026-06-02", "active": False})
        self._judge("2026-06-04 03:00", "2026-06-01", "2026-06-03")
        self.assertEqual(list(self._points(new)), ["06-03"])
        self.assertEqual(list(self._points(gone)), ["06-01", "06-02"])

    def test_the_deadline_is_in_the_employees_time_zone(self):
        calendar = self._calendar("Berlin", "Europe/Berlin")
        max_ = self._salesperson("max", self.sue_team, resource_calendar_id=calendar.id, tz="Europe/Berlin")
        log = self.env["sales.daily.log"].create({"employee_id": max_.id, "date": "2026-06-03", "results": "Seen."})
        with freeze_time(self._utc("2026-06-03 18:00", "Europe/Berlin")):
            log.with_user(max_.user_id).action_submit()
        self._judge("2026-06-04 03:00", "2026-06-03", "2026-06-03")
        self.assertEqual(self._points(max_), {})

    def test_a_month_of_points(self):
        """PNT example 1, without the visits: 100 - 5 (false log) - 10 (two late) = 85."""
        self._check_rule()
        for day in ("2026-06-01", "2026-06-02"):
            self._file(self.ann, day, f"{day} 19:00")
        self._file(self.ann, "2026-06-03", "2026-06-03 17:00").with_user(self.sue).record_check("false", "Shop closed.")
        self._judge("2026-06-03 23:00", "2026-06-01")
        self._judge("2026-06-03 23:00", "2026-06-01", rule=self.false_rule)
        entries = self._entries(self.ann, self.log_rule) | self._entries(self.ann, self.false_rule)
        self.assertEqual(100 - sum(entries.mapped("points")), 85)
        # PNT example 2, the false log waived: 90 without the visits
        self._entries(self.ann, self.false_rule).with_user(self.sue).decide("waive", "The shop had moved.")
        standing = entries.filtered(lambda entry: entry.state != "waived")
        self.assertEqual(100 - sum(standing.mapped("points")), 90)

    def _check_rule(self):
        self.false_rule = self._report_rule(
            "FLS-02", "false_log", [(1, 5, "points", 5, False), (6, 0, "dismissal", 5, False)], reset="never")

    def test_the_sixth_false_log_opens_a_case(self):
        """FLS-02: five false logs over two years cost 25 points and open no case; the sixth: 30 and a case."""
        self._check_rule()
        days = ["2024-06-03", "2024-09-03", "2024-12-03", "2025-03-03", "2025-11-03", "2026-05-04"]
        for number, day in enumerate(days, start=1):
            log = self._file(self.ann, day, f"{day} 17:00")
            log.with_user(self.sue).record_check("false", "The customer never met her.")
            self._judge(f"{day} 23:00", day, rule=self.false_rule)
            entries = self._entries(self.ann, self.false_rule)
            self.assertEqual(sum(entries.mapped("points")), 5 * number)
            self.assertEqual(entries.mapped("step_kind").count("dismissal"), 1 if number == 6 else 0)

    def test_unanswered_call_back_is_not_false(self):
        """FLS example 2: a call-back that nobody answers is "not verified", never "false"."""
        self._check_rule()
        log = self._file(self.ann, "2026-06-03", "2026-06-03 17:00")
        log.with_user(self.sue).record_check("unverified")
        self._judge("2026-06-03 23:00", "2026-06-01", rule=self.false_rule)
        self.assertEqual(self._points(self.ann, self.false_rule), {})

    def test_queries_do_not_grow_with_people(self):
        def queries(people):
            self.env["hr.employee"].create([
                {
                    "name": f"P{number}", "company_id": self.company.id, "date_version": "2020-01-01",
                    "contract_date_start": "2020-01-01", "resource_calendar_id": self.calendar.id,
                }
                for number in range(people)
            ])
            employees = self.env["hr.employee"].search([("company_id", "=", self.company.id)])
            self.env.flush_all()
            self.env.invalidate_all()
            with freeze_time(self._utc("2026-06-30 23:00")):
                before = self.env.cr.sql_log_count
                findings = self.log_rule._detect(employees, date(2026, 6, 1), date(2026, 6, 30))
                counted = self.env.cr.sql_log_count - before
            self.assertEqual(len(findings), 22 * len(employees))
            return counted

        queries(1)
        self.assertEqual(queries(50), queries(450))

    def test_the_rule_says_itself_in_one_sentence(self):
        self.assertEqual(
            self.log_rule.version_ids.summary, "Daily log filed after 18:00: 5 points per started day, per month")


@tagged("post_install", "-at_install")
class TestDailyLogFiled(DailyLogCase):

    def test_the_day_is_filled_in(self):
        """Meetings accepted and activities done are there; private meetings, refused ones and other days are not."""
        with freeze_time(self._utc("2026-06-03 17:00")):
            partner = self.ann.user_id.partner_id
            for name, start, privacy, state in (
                ("Red Lantern Ltd", "2026-06-03 10:00", "public", "accepted"),
                ("Doctor", "2026-06-03 12:00", "private", "accepted"),
                ("Refused", "2026-06-03 14:00", "public", "declined"),
                ("Yesterday", "2026-06-02 10:00", "public", "accepted"),
            ):
                event = self.env["calendar.event"].create({
                    "name": name, "start": self._utc(start), "stop": self._utc(start.replace(":00", ":30")),
                    "privacy": privacy, "user_id": self.ida.id, "partner_ids": [Command.set(partner.ids)],
                })
                event.attendee_ids.state = state
            customer = self.env["res.partner"].create({"name": "Blue Harbour"})
            activity = customer.activity_schedule(
                "mail.mail_activity_data_call", summary="Price talk", user_id=self.ann.user_id.id)
            activity.with_user(self.ann.user_id).action_done()

            self.env.flush_all()
            log = self.env["sales.daily.log"].with_user(self.ann.user_id)._today()

        self.assertEqual(log.date, date(2026, 6, 3))
        self.assertEqual(log.facts, "10:00 Meeting: Red Lantern Ltd\nPrice talk: Blue Harbour")

    def test_a_form_shows_nobody_elses_day(self):
        """Ann names Bob in a form that she never saves: his meetings are not hers to read."""
        event = self.env["calendar.event"].create({
            "name": "Price talk", "start": self._utc("2026-06-03 10:00"), "stop": self._utc("2026-06-03 11:00"),
            "partner_ids": [Command.set(self.bob.user_id.partner_id.ids)],
        })
        event.attendee_ids.state = "accepted"
        values = {"employee_id": self.bob.id, "date": "2026-06-03"}
        shown = {
            user: self.env["sales.daily.log"].with_user(user).onchange(values, list(values), {"facts": {}})["value"]
            for user in (self.bob.user_id, self.ann.user_id)
        }

        self.assertIn("Price talk", shown[self.bob.user_id]["facts"])
        self.assertFalse(shown[self.ann.user_id].get("facts"))

    def test_the_server_sets_the_time(self):
        """No back-dating: neither the state nor the time of filing can be given, and what is filed stays."""
        as_ann = self.env["sales.daily.log"].with_user(self.ann.user_id)
        with freeze_time(self._utc("2026-06-03 19:30")):
            with self.assertRaises(AccessError):
                as_ann.create({"date": "2026-06-03", "submitted_on": "2026-06-03 08:00:00"})
            log = as_ann.create({"date": "2026-06-03", "results": "Seen."})
            with self.assertRaises(AccessError):
                log.write({"state": "submitted"})
            log.action_submit()
        self.assertEqual(log.submitted_on, self._utc("2026-06-03 19:30"))
        for vals in ({"results": "More."}, {"date": "2026-06-02"}, {"submitted_on": datetime(2026, 6, 3)}):
            with self.assertRaises(UserError):
                log.write(vals)
        self.env["ir.default"].with_user(self.ann.user_id).set("sales.daily.log", "check_result", "verified", user_id=True)
        forged = as_ann.with_context(default_state="submitted", default_submitted_on="2026-06-02 08:00:00").create({
            "date": "2026-06-02", "results": "Seen.",
        })
        self.assertEqual((forged.state, forged.submitted_on, forged.check_result), ("draft", False, False))
        with self.assertRaisesRegex(UserError, "stays as it is"):
            log.sudo().write({"results": "More."})
        with self.assertRaisesRegex(UserError, "submitted already"):
            log.action_submit()
        with self.assertRaises(UserError):
            log.unlink()

    def test_empty_and_future_logs_are_refused(self):
        log = self._file(self.ann, "2026-06-03", results=" ")
        with self.assertRaisesRegex(UserError, "no results yet"):
            log.with_user(self.ann.user_id).action_submit()
        with freeze_time(self._utc("2026-06-03 12:00")), self.assertRaisesRegex(ValidationError, "has not come yet"):
            self._file(self.ann, "2026-06-04")

    def test_who_reads_and_writes_what(self):
        ann = self._file(self.ann, "2026-06-03", "2026-06-03 17:00")
        zoe = self._file(self.zoe, "2026-06-03", "2026-06-03 17:00")
        tony = self._employee("Tony")
        draft = self._file(tony, "2026-06-03")
        stranger = self._user("stranger", OFFICER, company=self._company("Other"))
        Log = self.env["sales.daily.log"]
        everything = ann | zoe | draft
        for user, readable in (
            (self.ann.user_id, ann), (self.sue, ann), (self.tom, zoe), (self.carl, everything), (stranger, Log),
        ):
            own_company = Log.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
            self.assertEqual(own_company.search([("id", "in", everything.ids)]), readable, user.name)
        with self.assertRaises(AccessError):
            Log.with_user(self.ann.user_id).create({"employee_id": self.bob.id, "date": "2026-06-02"})
        own = self._file(self.ann, "2026-06-02").with_user(self.ann.user_id)
        with self.assertRaises(AccessError):
            own.write({"employee_id": self.bob.id, "results": "Nothing."})
        with self.assertRaises(AccessError):
            self._file(self.bob, "2026-06-03").with_user(self.sue).write({"results": "Written by the boss."})
        draft.with_user(self.carl).action_submit()
        self.assertEqual(draft.state, "submitted", "the clerk writes down what people without a user report (LOG-09)")

    def test_nobody_checks_his_own_log(self):
        """FLS-01: the supervisor checks; a false log needs a reason; nobody checks himself, no salesperson checks."""
        log = self._file(self.ann, "2026-06-03", "2026-06-03 17:00")
        own = self._file(self.sue_employee, "2026-06-03", "2026-06-03 17:00")
        with self.assertRaises(AccessError):
            log.with_user(self.ann.user_id).record_check("verified")
        with self.assertRaises(AccessError):
            own.with_user(self.sue).record_check("verified")
        with self.assertRaises(AccessError):
            log.with_user(self.tom).record_check("false", "Not my team.")
        with self.assertRaisesRegex(UserError, "who was asked"):
            log.with_user(self.sue).record_check("false")
        log.with_user(self.sue).record_check("verified", "Called the shop.")
        self.assertEqual((log.check_result, log.checked_by_id), ("verified", self.sue))
