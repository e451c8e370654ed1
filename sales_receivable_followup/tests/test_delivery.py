# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from ast import literal_eval
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .common import JULY, JUNE, ArrearsCase, day


class DeliveryCase(ArrearsCase):
    """Ann and Bob sell; Tom leads Ann's team; Fay is in finance and may not post; Zoe sells elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.arrears_send_mail = True
        cls.ann, cls.bob, cls.zoe = cls._user("ann"), cls._user("bob"), cls._user("zoe")
        cls.tom = cls._user("tom", groups="sales_team.group_sale_salesman,sales_receivable_followup.group_arrears_team")
        cls.fay = cls._user("fay", groups="sales_receivable_followup.group_arrears_finance")
        cls.north = cls.env["crm.team"].create({
            "name": "North", "user_id": cls.tom.id, "member_ids": [Command.set(cls.ann.ids)],
        })
        with freeze_time("2026-06-01"):
            cls.of_ann, cls.of_bob = cls._customer("Of Ann", user=cls.ann), cls._customer("Of Bob", user=cls.bob)
        cls._invoice(cls.of_ann, 100, day("06-05"))
        cls._invoice(cls.of_bob, 10, day("06-06"))
        cls._entry([(cls.receivable, None, 1)], day("06-07"))


class TestDelivery(DeliveryCase):
    """The statement goes out by itself: each salesperson, team leader and finance get what is theirs (ARS-01)."""

    def _closings(self, statement):
        return {
            user: sum(self.env["sales.arrears.statement.line"].search(domain).mapped("closing"))
            for user, domain in statement._recipients().items()
            if user in (self.ann | self.bob | self.tom | self.fay | self.zoe)
        }

    def test_who_gets_what(self):
        with freeze_time("2026-07-03 09:00:00"):
            statement = self._statement(JUNE, issue=True)

        self.assertEqual(self._closings(statement), {self.ann: 100, self.bob: 10, self.tom: 100, self.fay: 111})
        copies = statement.delivery_ids.filtered(lambda copy: copy.user_id in self.ann | self.bob | self.tom | self.fay)
        self.assertEqual(
            {copy.user_id: (copy.scope, copy.state, copy.closing) for copy in copies},
            {self.ann: ("own", "pending", 100), self.bob: ("own", "pending", 10), self.tom: ("team", "pending", 100),
             self.fay: ("all", "pending", 111)},
        )

    def test_mail_is_made_once_and_logged(self):
        with freeze_time("2026-07-03 09:00:00"):
            statement = self._statement(JUNE, issue=True)
            self._run_cron("arrears_statement_send_cron")
            self._run_cron("arrears_statement_send_cron")

        copy = self._copy(statement, self.ann)
        mail = copy.mail_id
        self.assertEqual([copy.state, str(copy.queued_at)], ["queued", "2026-07-03 09:00:00"])
        self.assertEqual(mail.recipient_ids, self.ann.partner_id)
        self.assertIn("100.00", mail.body_html)
        self.assertEqual(self.env["mail.mail"].search_count([("model", "=", copy._name), ("res_id", "=", copy.id)]), 1)

    def test_one_bad_recipient_does_not_stop_the_others(self):
        self.ann.email = False
        create_mail = type(self.env["sales.arrears.statement.delivery"])._create_mail

        def explode(copy):
            if copy.user_id == self.bob:
                raise ValueError("broken template")
            return create_mail(copy)

        with freeze_time("2026-07-03 09:00:00"):
            statement = self._statement(JUNE, issue=True)
            with (
                patch.object(type(self.env["sales.arrears.statement.delivery"]), "_create_mail", explode),
                mute_logger("odoo.addons.sales_receivable_followup.models.arrears_statement_delivery"),
            ):
                self._run_cron("arrears_statement_send_cron")

        states = {copy.user_id: (copy.state, copy.error) for copy in statement.delivery_ids}
        self.assertEqual(states[self.ann][0], "failed")
        self.assertIn("has no email address", states[self.ann][1])
        self.assertEqual(states[self.bob], ("failed", "broken template"))
        self.assertEqual([states[self.tom][0], states[self.fay][0]], ["queued", "queued"])
        self.ann.email = "ann@example.com"
        statement.action_send()
        self.assertEqual([self._copy(statement, self.ann).state, self._copy(statement, self.bob).state], ["queued"] * 2)

    def test_leader_without_the_right_gets_no_mail_but_a_reason(self):
        self.north.user_id = self.zoe
        with freeze_time("2026-07-03 09:00:00"):
            statement = self._statement(JUNE, issue=True)
            statement.action_send()

        copy = self._copy(statement, self.zoe)
        self.assertEqual([copy.scope, copy.state], ["team", "failed"])
        self.assertIn("Own Team", copy.error)
        self.assertFalse(copy.mail_id)

    def test_drafts_are_not_sent(self):
        with freeze_time("2026-07-03 09:00:00"):
            statement = self._statement(JUNE)
            with self.assertRaisesRegex(UserError, "not issued"):
                statement.action_send()

        self.assertFalse(statement.delivery_ids)

    def test_scheduled_action_issues_on_the_day_and_catches_up(self):
        """ARS-01 with day 3: nothing on the 2nd; on the 3rd June is issued; what was missed is issued in order."""
        self.company.arrears_auto_issue = True
        Statement = self.env["sales.arrears.statement"]
        mine = [("company_id", "=", self.company.id)]
        with freeze_time("2026-07-02 09:00:00"):
            Statement.search(mine).unlink()
            self._issue_may()
            self._run_cron("arrears_statement_issue_cron")
            self.assertEqual(Statement.search(mine).mapped("month"), [day("05-01")])
        with freeze_time("2026-07-03 09:00:00"):
            self._run_cron("arrears_statement_issue_cron")
            self._run_cron("arrears_statement_issue_cron")
            self.assertEqual(Statement.search(mine, limit=1).mapped("state"), ["issued"])
            self.assertEqual(Statement.search_count(mine), 2)
        with freeze_time("2026-09-04 09:00:00"):
            self._run_cron("arrears_statement_issue_cron")

        self.assertEqual(Statement.search(mine).mapped("month"), [day("08-01"), JULY, JUNE, day("05-01")])
        self.assertEqual(set(Statement.search(mine).mapped("state")), {"issued"})

    def _issue_may(self):
        self._statement(day("05-01"), issue=True)

    def test_scheduled_action_makes_a_draft_unless_told_to_issue(self):
        with freeze_time("2026-07-03 09:00:00"):
            self._run_cron("arrears_statement_issue_cron")

        statement = self.env["sales.arrears.statement"].search([("company_id", "=", self.company.id)])
        self.assertEqual([statement.month, statement.state, statement.closing], [JUNE, "draft", 111])
        self.assertFalse(statement.delivery_ids)

    def test_what_cannot_be_issued_says_why_and_is_tried_again(self):
        self.company.arrears_auto_issue = True
        self.company.arrears_require_lock_date = True
        with freeze_time("2026-07-03 09:00:00"):
            self._run_cron("arrears_statement_issue_cron")
        statement = self.env["sales.arrears.statement"].search([("company_id", "=", self.company.id)])
        self.assertEqual(statement.state, "draft")
        self.assertIn("lock date", statement.issue_error)
        self.company.fiscalyear_lock_date = day("06-30")
        with freeze_time("2026-07-04 09:00:00"):
            self._run_cron("arrears_statement_issue_cron")

        self.assertEqual([statement.state, statement.issue_error], ["issued", False])

    def _copy(self, statement, user):
        return statement.delivery_ids.filtered(lambda copy: copy.user_id == user)

    def _run_cron(self, name):
        cron = self.env.ref(f"sales_receivable_followup.{name}")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()


@freeze_time("2026-07-03 09:00:00")
class TestAccess(DeliveryCase):
    """A salesperson sees his customers, a leader his team, finance all; nobody another company (invariant 4)."""

    def _visible(self, user, statement):
        return self.env["sales.arrears.statement.line"].with_user(user).search([]).mapped("customer_name")

    def test_lines_by_role(self):
        statement = self._statement(JUNE, issue=True)

        self.assertEqual(self._visible(self.ann, statement), ["Of Ann"])
        self.assertEqual(self._visible(self.tom, statement), ["Of Ann"])
        self.assertEqual(self._visible(self.zoe, statement), [])
        self.assertEqual(self._visible(self.fay, statement), ["No customer", "Of Ann", "Of Bob"])

    def test_each_role_opens_the_arrears_from_its_menu(self):
        """The list is for salespeople too, who may read no statement; void lines are not in it."""
        statement = self._statement(JUNE, issue=True)
        own = self.env["sales.arrears.statement.line"].search([("statement_id", "=", statement.id)])
        for name in ("sales_arrears_statement_line_action", "sales_arrears_statement_line_action_analysis"):
            action = self.env.ref(f"sales_receivable_followup.{name}")
            for user, customers in ((self.ann, 1), (self.tom, 1), (self.zoe, 0), (self.fay, 3)):
                domain = [*literal_eval(action.domain), ("statement_id", "=", statement.id)]
                self.assertEqual(own.with_user(user).search_count(domain), customers)

    def test_salesperson_needs_no_accounting_right(self):
        statement = self._statement(JUNE, issue=True)
        line = self._line(statement, self.of_ann).with_user(self.ann)

        self.assertFalse(self.ann.has_group("account.group_account_readonly"))
        self.assertEqual(line.read(["customer_name", "closing", "statement_id"])[0]["closing"], 100)
        self.assertEqual(line.web_read({"account_id": {"fields": {"display_name": {}}}})[0]["id"], line.id)
        self.assertEqual(self._copy_of(statement, self.ann).with_user(self.ann)._get_lines(), line)

    def test_colleague_is_refused_by_rpc_and_copy(self):
        statement = self._statement(JUNE, issue=True)
        line = self._line(statement, self.of_bob)
        copy = self._copy_of(statement, self.bob)

        for user in (self.ann, self.tom, self.zoe):
            with self.assertRaises(AccessError):
                line.with_user(user).read(["closing"])
            with self.assertRaises(AccessError):
                copy.with_user(user)._get_lines()
            with self.assertRaises(AccessError):
                statement.with_user(user).read(["closing"])
            with self.assertRaises(AccessError):
                statement.item_ids.with_user(user).read(["balance"])

    def test_drafts_are_for_finance_only(self):
        statement = self._statement(JUNE)

        self.assertEqual(self._visible(self.ann, statement), [])
        self.assertEqual(self._visible(self.tom, statement), [])
        self.assertEqual(len(self._visible(self.fay, statement)), 3)

    def test_buttons_check_rights_on_the_server(self):
        statement = self._statement(JUNE, issue=True)
        draft = self.env["sales.arrears.statement"].create({"month": JULY})
        for user in (self.ann, self.tom):
            for method in ("action_compute", "action_issue", "action_send"):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(draft.with_user(user), method)()
            with self.assertRaises(AccessError):
                self._copy_of(statement, user).with_user(user).action_send()
            with self.assertRaises(AccessError):
                self._copy_of(statement, user).with_user(user).write({"scope": "all"})
            with self.assertRaises(AccessError):
                self.env["sales.customer.assignment"].with_user(user).create({"partner_id": self.of_bob.id})

    def test_finance_without_accounting_rights_issues(self):
        """Fay has no right on journal items; computing and proving work all the same."""
        self.assertFalse(self.fay.has_group("account.group_account_invoice"))
        statement = self.env["sales.arrears.statement"].with_user(self.fay).create({"month": JUNE})

        statement.action_compute()
        statement.action_issue()

        self.assertEqual([statement.state, statement.closing, statement.issued_by_id], ["issued", 111, self.fay])

    def test_other_company_is_invisible(self):
        other = self.setup_other_company()["company"]
        statement = self._statement(JUNE, company=other)
        self.fay.company_ids = self.company

        with self.assertRaises(AccessError):
            statement.with_user(self.fay).read(["month"])

    def test_merged_customer_stays_visible_to_his_salesperson(self):
        """Ann's customer was merged into Bob's: July still shows her where he went."""
        self._statement(JUNE, issue=True)
        self._merge(self.of_ann, into=self.of_bob)
        with freeze_time("2026-08-03 09:00:00"):
            july = self._statement(JULY, issue=True)

        line = july.line_ids.filtered(lambda row: row.customer_name == "Of Ann")
        self.assertEqual([line.user_id, line.prior_movement, line.closing], [self.ann, -100, 0])
        self._assert_sound(july)

    def _copy_of(self, statement, user):
        return statement.delivery_ids.filtered(lambda copy: copy.user_id == user)
