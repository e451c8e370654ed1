# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import OFFICER, DisciplineCase
from .handover_common import HandoverCase


class MorningCase(DisciplineCase):
    def setUp(self):
        super().setUp()
        # companies of other add-ons' data are not this story's
        self.env["sales.discipline.rule"].search([("company_id", "!=", self.company.id)]).state = "archived"

    def _channel(self, company=None):
        channel = self.env["discuss.channel"]._create_channel("Showroom", self.env.ref("base.group_user").id)
        (company or self.company).discipline_morning_channel_id = channel
        return channel

    def _wake(self):
        with self._cron():
            self.env["sales.discipline.morning"]._cron_morning()

    def _mornings(self, company=None):
        return self.env["sales.discipline.morning"].search([("company_id", "=", (company or self.company).id)])

    def _posts(self, channel):
        return channel.message_ids.filtered(lambda message: message.message_type == "comment").sorted("id")


@tagged("post_install", "-at_install")
class TestMorning(MorningCase):
    """SAN-05, ATT-06: each working morning the clerk knows whom to announce; 1 June 2026 is a Monday."""

    def setUp(self):
        super().setUp()
        # Friday the 5th: Ann and Bob are late; Ann accepts the same day, Bob has not answered
        self._punch(self.ann, "2026-06-05 08:40")
        self._punch(self.bob, "2026-06-05 08:40")
        with freeze_time("2026-06-05 04:00:00"):
            self._run("2026-06-01", "2026-06-05")
            self._tell()
            self._entries(self.ann).with_user(self.ann.user_id).action_accept()

    def test_monday_looks_back_to_friday(self):
        """08:10 on Monday in Shanghai, 00:10 in UTC: both are announced, one is confirmed."""
        with freeze_time("2026-06-08 00:10:00"):
            self._wake()
        morning = self._mornings()
        self.assertEqual((str(morning.date), str(morning.date_from)), ("2026-06-08", "2026-06-05"))
        self.assertEqual(morning.announce_ids, self._entries())
        self.assertEqual(morning.confirmed_ids, self._entries(self.ann))
        self.assertFalse(morning.sheet_ids)

    def test_the_hour_and_the_day_are_the_company_s(self):
        """Not before 08:00 in Shanghai; on Sunday 20:00 UTC it is Monday there; rest days have no list."""
        for moment, expected in (
            ("2026-06-07 03:00:00", 0),  # Sunday
            ("2026-06-07 23:59:00", 0),  # Monday 07:59
            ("2026-06-08 00:00:00", 1),  # Monday 08:00
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                self._wake()
                self.assertEqual(len(self._mornings()), expected)
        self.assertEqual(str(self._mornings().date), "2026-06-08")

    def test_a_public_holiday_has_no_list_and_the_next_looks_further_back(self):
        """Monday is a holiday, so Tuesday looks back to Friday."""
        self.env["resource.calendar.leaves"].create({
            "name": "Dragon Boat Festival", "company_id": self.company.id, "calendar_id": False,
            "date_from": self._utc("2026-06-08 00:00"), "date_to": self._utc("2026-06-08 23:59"),
        })
        for moment in ("2026-06-08 01:00:00", "2026-06-09 01:00:00"):
            with freeze_time(moment):
                self._wake()
        self.assertEqual([(str(m.date), str(m.date_from)) for m in self._mornings()], [("2026-06-09", "2026-06-05")])

    def test_nothing_is_left_out_between_two_lists(self):
        """No list on the 9th, the server was down: the 10th goes on where the 8th has ended."""
        for moment in ("2026-06-08 01:00:00", "2026-06-10 01:00:00"):
            with freeze_time(moment):
                if "10" in moment:
                    self._entries(self.bob).with_user(self.sue).decide("waive", "Bus strike")
                self._wake()
        last = self._mornings()[0]
        self.assertEqual((str(last.date), str(last.date_from)), ("2026-06-10", "2026-06-08"))
        self.assertFalse(last.announce_ids | last.confirmed_ids)

    def test_names_are_posted_nowhere_by_default(self):
        """Off until a channel is chosen: lists are made, no message is."""
        self.assertFalse(self.env["res.company"].create({"name": "New"}).discipline_morning_channel_id)
        before = self.env["mail.message"].search_count([("model", "=", "discuss.channel")])
        with freeze_time("2026-06-08 01:00:00"):
            self._wake()
            with self.assertRaisesRegex(UserError, "posts no names"):
                self._mornings().with_user(self.carl).action_post()
        self.assertFalse(self._mornings().posted_on)
        self.assertEqual(self.env["mail.message"].search_count([("model", "=", "discuss.channel")]), before)

    def test_confirmed_entries_are_posted_once(self):
        """Three times the same morning: one message, with Ann and without Bob, who has not answered."""
        channel = self._channel()
        for moment in ("2026-06-08 00:10:00", "2026-06-08 01:10:00", "2026-06-08 09:10:00"):
            with freeze_time(moment):
                self._wake()
        message = self._posts(channel)
        self.assertEqual(len(message), 1)
        for word in ("Ann", "Late", "Warning", "06/05/2026"):
            self.assertIn(word, message.body)
        self.assertNotIn("Bob", message.body)
        self.assertEqual(str(self._mornings().posted_on), "2026-06-08 00:10:00")
        with freeze_time("2026-06-08 10:00:00"), self.assertRaisesRegex(UserError, "posted already"):
            self._mornings().with_user(self.carl).action_post()

    def test_what_was_taken_back_is_not_posted(self):
        """Ann's entry is reversed before the morning: the clerk sees both rows, the channel is told nothing."""
        channel = self._channel()
        with freeze_time("2026-06-05 08:00:00"):
            self._entries(self.ann).with_user(self.olga).decide("reverse", "The clock was wrong")
        with freeze_time("2026-06-08 01:00:00"):
            self._wake()
        self.assertEqual(len(self._mornings().confirmed_ids), 2)
        self.assertFalse(self._posts(channel))

    def test_cases_are_not_posted(self):
        """A dismissal case is on the clerk's list and on no channel."""
        channel = self._channel()
        self._entries(self.ann).sudo().step_kind = "dismissal"
        with freeze_time("2026-06-08 01:00:00"):
            self._wake()
        self.assertEqual(self._mornings().confirmed_ids, self._entries(self.ann))
        self.assertFalse(self._posts(channel))

    def test_the_clerk_opens_and_posts_it(self):
        """The screen is brought up to date until it is posted; on a rest day it shows the earlier lists."""
        channel = self._channel()
        Morning = self.env["sales.discipline.morning"].with_user(self.carl)
        with freeze_time("2026-06-07 23:00:00"):  # Monday 07:00
            action = Morning.action_open_today()
            morning = self._mornings()
            self.assertEqual((action["res_id"], morning.with_user(self.carl).can_post), (morning.id, True))
            self._entries(self.bob).with_user(self.sue).decide("waive", "Bus strike")
            Morning.action_open_today()
            self.assertEqual(morning.announce_ids, self._entries(self.ann))
            morning.with_user(self.carl).action_post()
            self.assertEqual(len(self._posts(channel)), 1)
        with freeze_time("2026-06-08 02:00:00"):
            self._wake()
            self.assertEqual(len(self._posts(channel)), 1)
            self.assertFalse(morning.with_user(self.carl).can_post)
        with freeze_time("2026-06-13 02:00:00"):  # Saturday
            self.assertNotIn("res_id", {k: v for k, v in Morning.action_open_today().items() if v})
        with freeze_time("2026-06-09 02:00:00"), self.assertRaises(UserError):
            morning.with_user(self.carl).action_post()

    def test_who_reads_it(self):
        with freeze_time("2026-06-08 01:00:00"):
            self._wake()
            for user in (self.ann.user_id, self.sue, self._user("stranger", OFFICER, company=self._company("Other"))):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    self._mornings().with_user(user).action_post()
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    self._mornings().with_user(user).read(["date"])
            with self.assertRaises(AccessError):
                self.env["sales.discipline.morning"].with_user(self.ann.user_id).action_open_today()
        self.assertTrue(self._mornings().with_user(self.carl).read(["date"]))

    def test_a_channel_open_to_guests_is_refused(self):
        channel = self.env["discuss.channel"]._create_channel("Lobby", None)
        with self.assertRaisesRegex(ValidationError, "Lobby"):
            self.company.discipline_morning_channel_id = channel

    def test_a_company_that_fails_does_not_stop_the_others(self):
        """The first company's list breaks: it is logged, the second one has its list."""
        other = self._company("Annex Ltd")
        self._rule("Late at the annex", "LATE", company_id=other.id)
        Morning = self.registry["sales.discipline.morning"]
        begin = Morning._begin_morning

        def break_first(self, company):
            if company.name == "Showroom Ltd":
                raise ZeroDivisionError
            return begin(self, company)

        with (
            freeze_time("2026-06-08 01:00:00"), patch.object(Morning, "_begin_morning", break_first),
            patch.object(self.env.cr, "rollback"),
            mute_logger("odoo.addons.sales_discipline.models.morning_cron"),
        ):
            self._wake()
        self.assertEqual((len(self._mornings()), len(self._mornings(other))), (0, 1))


@tagged("post_install", "-at_install")
@freeze_time("2026-07-07 01:00:00")
class TestMorningMoney(HandoverCase, MorningCase):
    def test_who_must_come_to_pay(self):
        """June is closed: Ann owes 40, Bob 40, Zoe and Clara 20; who has paid is not on the list."""
        sheets = self._sheets()
        self._receive(sheets[self.bob], 40)
        self._receive(sheets[self.ann], 10)
        self._wake()
        due = {sheet.employee_id: sheet.amount_due for sheet in self._mornings().sheet_ids}
        self.assertEqual(due, {self.ann: 30, self.zoe: 20, self.clara: 20})

    def test_the_list_in_print(self):
        """What is read out is what is on the screen."""
        self._sheets()
        self._wake()
        content, _type = self.env["ir.actions.report"].with_user(self.carl)._render_qweb_html(
            "sales_discipline.report_morning", self._mornings().ids)
        for word in ("Must come to pay", "Zoe", "20.00", "To be announced", "Nobody."):
            self.assertIn(word, content.decode())

    def test_queries_do_not_grow_with_companies_entries(self):
        """The list of 8 entries is made with the queries of the list of 2."""
        counts = []
        for number, size in enumerate((2, 2, 8)):
            company = self._company(f"Annex {number}")
            rule = self._rule(f"Late at {number}", "LATE", company_id=company.id)
            people = [self._employee(f"Person {number} {index}", company_id=company.id) for index in range(size)]
            for person in people:
                self._punch(person, "2026-07-06 08:40")
            self._run("2026-07-06", "2026-07-06", rule)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["sales.discipline.morning"]._begin_morning(company)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(self._mornings(company).announce_ids), size)
        self.assertEqual(counts[1], counts[2])
