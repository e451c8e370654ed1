# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import freeze_time
from odoo.tools import SQL

from .common import JULY, JUNE, ArrearsCase, day


@freeze_time("2026-08-03 09:00:00")
class TestPerformance(ArrearsCase):
    """Work grows with data, not with queries (design: invariant 6)."""

    def _multiply(self, move, number):
        """Copy a posted entry's receivable item to ``number`` new customers."""
        partners = self.env["res.partner"].create([{"name": f"Customer {index}"} for index in range(number)])
        self.env.flush_all()
        item = self._open_items(move)[0]
        columns = [
            name for name, field in item._fields.items()
            if field.store and field.column_type and name not in ("id", "partner_id")
        ]
        self.env.cr.execute(SQL(
            "INSERT INTO account_move_line (partner_id, %(columns)s) SELECT partner.id, %(values)s"
            " FROM account_move_line line, res_partner partner"
            " WHERE line.id = %(item)s AND partner.id IN %(ids)s",
            columns=SQL(", ").join(map(SQL.identifier, columns)),
            values=SQL(", ").join(SQL("line.%s", SQL.identifier(name)) for name in columns),
            item=item.id,
            ids=tuple(partners.ids),
        ))
        self.env.invalidate_all()

    def _queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_statement_of_500_customers_takes_the_queries_of_50(self):
        entry = self._entry([(self.receivable, self._customer(), 10)], day("07-05"))
        self._statement(JUNE, issue=True)
        self.env["sales.arrears.statement"].create({"month": JULY}).action_compute()
        statement = self.env["sales.arrears.statement"].search([("month", "=", JULY)])
        counts = {}
        for size in (50, 500):
            self._multiply(entry, size)
            counts[size] = self._queries(statement.action_compute)
            self.assertGreaterEqual(statement.line_count, size)

        self.assertEqual(counts[50], counts[500])
        with self.assertQueryCount(counts[50]):
            statement.action_compute()
        self.assertLessEqual(self._queries(statement.action_issue), 60)
        self._assert_sound(statement)
