# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import sql
from psycopg2.extras import Json

from odoo import api, fields, models

PAGE = 5000  # rows in one INSERT


class SalesPlainRowMixin(models.AbstractModel):
    """Rows of a ledger or of a simulation: plain columns, no chatter, thousands of them at once."""

    _name = "sales.plain.row.mixin"
    _description = "Plain Row of a Ledger"

    @api.model
    def _insert_rows(self, names, rows):
        """Write rows without a query, a default or a computation for each of them; their parents' caches are stale.

        :param names: stored fields
        :param rows: their values in that order; False stands for no value but in a Boolean
        """
        names = list(names)
        kinds = [self._fields[name].type for name in names]
        stamp = (self.env.uid, fields.Datetime.now()) * 2
        self.env.flush_all()
        self.env.cr.execute_values(
            insert_into(self._table, (*names, "create_uid", "create_date", "write_uid", "write_date")),
            [tuple(map(_column_value, kinds, row)) + stamp for row in rows],
            page_size=PAGE,
        )
        self.invalidate_model(flush=False)


def insert_into(table, columns):
    """The query that a cursor's ``execute_values`` fills with rows."""
    return sql.SQL("INSERT INTO {} ({}) VALUES %s").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns)),
    )


def _column_value(kind, value):
    if value is False and kind != "boolean":
        return None
    return Json(value) if kind == "json" and value is not None else value
