# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .pair_common import PairCase


@tagged("post_install", "-at_install")
@freeze_time("2026-08-03 09:00:00")
class TestStatementConcurrency(PairCase):
    """Two at once on one statement (design: invariant 2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.june_id, cls.july_id = cls.world

    @classmethod
    def _make_world(cls, env):
        """June issued with 100, July a draft with 110."""
        company = env["res.company"].create({"name": "Pair", "arrears_send_mail": False})
        env = env(context={"allowed_company_ids": company.ids})
        account, income = env["account.account"].create([
            {"name": "Receivable", "code": "1122", "account_type": "asset_receivable", "reconcile": True},
            {"name": "Income", "code": "6001", "account_type": "income"},
        ])
        journal = env["account.journal"].create({"name": "Misc", "code": "MIS", "type": "general"})
        customer = env["res.partner"].create({"name": "Customer"})
        for day, amount in ((date(2026, 6, 5), 100), (date(2026, 7, 5), 10)):
            env["account.move"].create({
                "date": day, "journal_id": journal.id, "line_ids": [
                    Command.create({"account_id": account.id, "partner_id": customer.id, "balance": amount}),
                    Command.create({"account_id": income.id, "balance": -amount}),
                ],
            }).action_post()
        june, july = env["sales.arrears.statement"].create([
            {"month": date(2026, month, 1), "company_id": company.id} for month in (6, 7)
        ])
        june.action_issue()
        july.action_compute()
        return june.id, july.id

    def _statement(self, cr, statement_id):
        statement = api.Environment(cr, SUPERUSER_ID, {})["sales.arrears.statement"].browse(statement_id)
        return statement.with_company(statement.company_id)

    def test_same_statement_issued_by_two(self):
        """While one issues, the other is told to wait; after that, that it is issued: one number, one set of lines."""
        with self._connection() as first, self._connection() as second, self._connection() as third:
            third.execute("SELECT COUNT(*) FROM sales_arrears_statement")  # its snapshot is older than the issue
            self._statement(first, self.july_id).action_issue()
            with self.assertRaisesRegex(UserError, "by someone else"):
                self._statement(second, self.july_id).action_issue()
            with self.assertRaisesRegex(UserError, "by someone else"):
                june = self._statement(second, self.june_id)
                june.void_reason = "Wrong"
                june.action_void()
            second.rollback()
            first.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self._statement(third, self.july_id).action_issue()
            third.rollback()
            for statement_id, method, refusal in (
                (self.july_id, "action_issue", "was issued and stays"), (self.june_id, "action_void", "Void July 2026"),
            ):
                with self.assertRaisesRegex(UserError, refusal):
                    getattr(self._statement(third, statement_id), method)()
            third.rollback()

            july = self._statement(third, self.july_id)
            numbers = [int(statement.name.split("/")[-1]) for statement in (july.previous_id, july)]
            self.assertEqual([july.state, july.closing, numbers[1] - numbers[0]], ["issued", 110, 1])
            self.assertEqual([len(july.line_ids), len(july.item_ids), len(july.document_ids)], [1, 1, 2])
