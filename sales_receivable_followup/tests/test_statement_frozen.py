# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from psycopg2.errors import UniqueViolation

from odoo import SUPERUSER_ID, Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .common import JULY, JUNE, ArrearsCase, day


@freeze_time("2026-08-03 09:00:00")
class TestStatementFrozen(ArrearsCase):
    """Closed means closed: not by RPC, not by import, not by an administrator (design: invariant 3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._customer()
        cls._invoice(cls.customer, 100, day("06-05"))
        cls._invoice(cls.customer, 10, day("07-05"))

    def test_issuing_numbers_and_signs_the_statement(self):
        statement = self._statement(JULY, issue=True)

        self.assertEqual(statement.name, "ARS/2026/07/001")
        self.assertEqual(str(statement.issued_at), "2026-08-03 09:00:00")
        self.assertEqual(statement.issued_by_id, self.env.user)
        self.assertEqual(statement.date_to, date(2026, 7, 31))

    def test_nobody_changes_an_issued_statement(self):
        statement = self._statement(JULY, issue=True)
        rows = (statement.line_ids[0], statement.item_ids[0], statement.account_line_ids[0])

        for env in (self.env, self.env(user=SUPERUSER_ID), self.env(su=True)):
            document = statement.with_env(env)
            for vals in ({"month": JUNE}, {"state": "draft"}, {"name": "X"}, {"line_ids": [Command.clear()]},
                         {"date_to": JUNE}, {"issued_at": False}, {"previous_id": False}):
                with self.subTest(vals=vals, su=env.su), self.assertRaises(UserError):
                    document.write(vals)
            with self.assertRaises(UserError):
                document.unlink()
            with self.assertRaises(UserError):
                document.action_compute()
            with self.assertRaises(UserError):
                document.action_issue()
        for row in rows:
            amount = "balance" if "balance" in row._fields else "closing"
            with self.assertRaises(UserError):
                row.sudo().write({amount: 1})
            with self.assertRaises(UserError):
                row.sudo().unlink()
            with self.assertRaises(UserError):
                row.sudo().copy()
            with self.assertRaises(UserError):
                row.with_user(self.simple_accountman).write({amount: 1})
        self.assertEqual(statement.line_ids.closing, 110)

    def test_chatter_of_an_issued_statement_stays_usable(self):
        statement = self._statement(JULY, issue=True)

        statement.message_post(body="Asked the customer.")
        statement.message_subscribe(self.env.user.partner_id.ids)

        self.assertIn("Asked the customer.", "".join(statement.message_ids.mapped("body")))

    def test_import_cannot_make_or_change_an_issued_statement(self):
        Statement = self.env["sales.arrears.statement"]
        statement = self._statement(JULY, issue=True)
        external_id = statement.export_data(["id"])["datas"][0][0]

        for fields, row in (
            (["month", "state"], ["2026-06-01", "issued"]),
            (["id", "state"], [external_id, "draft"]),
            (["id", "name"], [external_id, "ARS/1"]),
        ):
            result = Statement.load(fields, [row])
            self.assertFalse(result["ids"])
            self.assertIn("cannot be entered or imported", result["messages"][0]["message"])
        line = statement.line_ids.sudo()
        result = line.load(["id", "closing"], [[line.export_data(["id"])["datas"][0][0], "1"]])
        self.assertFalse(result["ids"])
        self.assertEqual([statement.state, statement.line_ids.closing], ["issued", 110])

    def test_defaults_cannot_make_an_issued_statement(self):
        """Neither those of the context nor those that a user has saved."""
        self.env["ir.default"].set("sales.arrears.statement", "issued_at", "2026-07-01 00:00:00")
        statement = self.env["sales.arrears.statement"].with_context(
            default_state="issued", default_name="ARS/1",
        ).create({"month": JUNE})

        self.assertEqual((statement.state, statement.name, statement.issued_at), ("draft", "/", False))

    def test_draft_can_be_computed_again_and_deleted(self):
        statement = self._statement(JULY)
        self._invoice(self.customer, 5, day("07-06"))

        statement.action_compute()

        self.assertEqual(statement.closing, 115)
        self.assertFalse(statement.item_ids)
        with self.assertRaisesRegex(UserError, "Delete the draft"):
            statement.month = JUNE
        statement.unlink()
        self.assertFalse(statement.exists())

    def test_month_is_any_day_of_it_and_only_once(self):
        statement = self.env["sales.arrears.statement"].create({"month": day("07-17")})

        self.assertEqual(statement.month, JULY)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.env["sales.arrears.statement"].create({"month": day("07-01")})

    def test_issuing_continues_month_by_month(self):
        may = self._statement(day("05-01"), issue=True)
        july = self._statement(JULY)

        with self.assertRaisesRegex(UserError, "Issue the months in between first"):
            july.action_issue()
        june = self._statement(JUNE, issue=True)
        july.action_issue()

        self.assertEqual([june.previous_id, july.previous_id], [may, june])
        april = self._statement(day("04-01"))
        with self.assertRaisesRegex(UserError, "continues the months before it"):
            april.action_issue()

    def test_month_must_be_over(self):
        statement = self._statement(day("08-01"))

        with self.assertRaisesRegex(UserError, "before its month is over"):
            statement.action_issue()

    def test_lock_date_can_be_required(self):
        """The setting refuses until a lock date for everyone covers the month; a sales lock date is not enough."""
        self.company.arrears_require_lock_date = True
        statement = self._statement(JULY)
        self.company.sale_lock_date = day("07-31")
        self.company.fiscalyear_lock_date = day("07-30")

        with self.assertRaisesRegex(UserError, "lock date"):
            statement.action_issue()
        self.company.fiscalyear_lock_date = day("07-31")
        statement.action_issue()

        self.assertEqual(statement.state, "issued")

    def test_deleting_or_merging_the_customer_leaves_the_statement(self):
        """The customer is an id and a name: a deleted contact is still named, whoever he was."""
        loose = self._customer("Loose")
        other = self._customer("Other")
        entry = self._entry([(self.receivable, loose, 3)], day("07-05"))
        statement = self._statement(JULY, issue=True)
        loose_id = loose.id
        self._merge(loose, into=other)

        line = statement.line_ids.filtered(lambda row: row.customer_id == loose_id)

        self.assertEqual([line.customer_name, line.closing, line.partner_id.id], ["Loose", 3, False])
        self.assertEqual(entry.line_ids.partner_id, other)
