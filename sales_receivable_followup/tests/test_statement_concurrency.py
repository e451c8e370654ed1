# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import subprocess
from datetime import date
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, Command, api, sql_db, tools
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.db import _drop_conn
from odoo.tests import BaseCase, freeze_time, get_db_name, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import exec_pg_environ, find_pg_tool


@tagged("post_install", "-at_install")
@freeze_time("2026-08-03 09:00:00")
class TestStatementConcurrency(BaseCase):
    """Two connections at once, on committed data of a database of its own (design: invariant 2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        source = get_db_name()
        cls.database = f"{source}_pair"[-63:]
        cls.pg = exec_pg_environ()
        cls.addClassCleanup(cls._drop)
        cls._drop()
        cls._tool("createdb", "-T", "template0", "-E", "UTF8", cls.database)
        # a template clone would need this process to let go of its own database
        dump = subprocess.Popen([find_pg_tool("pg_dump"), "--no-owner", source], stdout=subprocess.PIPE, env=cls.pg)
        subprocess.run(
            [find_pg_tool("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-d", cls.database],
            stdin=dump.stdout, stdout=subprocess.DEVNULL, check=True, env=cls.pg,
        )
        if dump.wait():
            raise RuntimeError(f"pg_dump of {source} has failed")
        with patch.dict(tools.config.options, test_enable=False):  # or loading it would run tests
            cls.registry = Registry(cls.database)
        with cls._connection() as cr:
            cls.june_id, cls.july_id = cls._make_world(api.Environment(cr, SUPERUSER_ID, {}))

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

    @classmethod
    def _drop(cls):
        Registry.delete(cls.database)
        sql_db.close_db(cls.database)
        with sql_db.db_connect("postgres").cursor() as cr:
            cr._cnx.autocommit = True
            _drop_conn(cr, cls.database)
        cls._tool("dropdb", "--if-exists", cls.database)

    @classmethod
    def _tool(cls, name, *args):
        subprocess.run([find_pg_tool(name), *args], check=True, capture_output=True, env=cls.pg)

    @classmethod
    def _connection(cls):
        cr = sql_db.db_connect(cls.database).cursor()
        cr.execute("SET lock_timeout = '3s'")  # one thread: who waits for the other connection waits for ever
        cr.commit()
        return cr

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
