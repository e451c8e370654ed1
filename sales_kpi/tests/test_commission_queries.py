# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .commission_common import CommissionCase


@tagged("post_install", "-at_install")
@freeze_time("2026-09-15 08:00:00")
class TestCommissionQueries(CommissionCase):
    """Work grows with data, not with queries."""

    def _copy_receipts(self, count):
        """As many paid invoices as wanted, copied in SQL from one real invoice and its payment."""
        invoice = self._invoice(1000, "2026-06-01")
        payment = self._pay(invoice, "2026-06-10").move_id
        self.env.flush_all()

        def copy(table, where, **changed):
            columns = [name for name in self.env[table.replace("_", ".")]._fields
                       if self.env[table.replace("_", ".")]._fields[name].column_type
                       and self.env[table.replace("_", ".")]._fields[name].store and name != "id"]  # fmt: skip
            values = [changed.get(name) or SQL.identifier(name) for name in columns]
            self.env.cr.execute(SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s, generate_series(1, %s) number WHERE %s RETURNING id",
                SQL.identifier(table), SQL(", ").join(map(SQL.identifier, columns)), SQL(", ").join(values),
                SQL.identifier(table), count, where,
            ))
            return [id_ for (id_,) in self.env.cr.fetchall()]

        name = SQL("name || '/' || number")
        unnumbered = {"name": name, "sequence_number": SQL("sequence_number + number")}
        invoices = copy("account_move", SQL("id = %s", invoice.id), **unnumbered)
        payments = copy("account_move", SQL("id = %s", payment.id), **unnumbered)
        lines = {}
        for source, moves in ((invoice, invoices), (payment, payments)):
            for line in source.line_ids:
                lines[line] = copy("account_move_line", SQL("id = %s", line.id), move_id=SQL(
                    "(%s::int[])[number]", moves))  # fmt: skip
        partial = self._receivable(invoice).matched_credit_ids
        copy("account_partial_reconcile", SQL("id = %s", partial.id),
             debit_move_id=SQL("(%s::int[])[number]", lines[self._receivable(invoice)]),
             credit_move_id=SQL("(%s::int[])[number]", lines[self._receivable(payment)]))
        self.env.invalidate_all()

    def _count_queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        run = self._run("2026-06-01")
        self.env.flush_all()
        return self.env.cr.sql_log_count - before, run

    def test_a_run_takes_as_many_queries_for_500_payments_as_for_50(self):
        """50 payments booked, then 500 more: the same number of queries, nothing for each payment."""
        self._copy_receipts(1)
        self._run("2026-06-01")  # opens the period and the statement, warms the caches
        counts = []
        for size in (50, 500):
            self._copy_receipts(size - 1)
            queries, run = self._count_queries()
            self.assertEqual(run.change_count, size)
            counts.append(queries)

        self.assertLessEqual(counts[1], counts[0] + 2)
        self.assertLessEqual(counts[1], 60)

    def test_reading_a_page_of_lines_does_not_cost_a_query_for_each(self):
        self._copy_receipts(59)
        self._run("2026-06-01")
        lines = self._lines().with_user(self.ann)
        counts = []
        for size in (10, 60):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            page = lines[:size].with_prefetch(lines[:size].ids)
            page.web_read({"reason": {}, "can_dispute": {}, "can_decide": {}, "amount": {}, "display_name": {}})
            counts.append(self.env.cr.sql_log_count - before)

        self.assertLessEqual(counts[1], counts[0] + 2)
