# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import sql

from odoo import api, models

from .plain_row_mixin import PAGE, insert_into


class SalesDisciplineViolation(models.Model):
    """A night writes entries by the ten thousand: their rows go to the database in a few queries."""

    _inherit = "sales.discipline.violation"

    @api.model
    def _create(self, data_list):
        """What ``create()`` calls to store the rows. Whoever extends ``create()``, and automations, are called as ever.

        Nothing of the rows is kept in memory: whoever wants to read them fetches what he needs. What is computed and
        was given is taken as it was given.
        """
        names = sorted({name for data in data_list for name in data["stored"]})
        fields = [self._fields[name] for name in names]
        # what lives in other tables, or in the record that defines it, is Odoo's to write
        if not all(field.column_type and field.type != "properties" for field in fields):
            return super()._create(data_list)
        query = insert_into(self._table, names) + sql.SQL(" RETURNING id")
        amounts = {}
        rows = [self._to_columns(fields, data["stored"], amounts) for data in data_list]
        records = self.browse(
            row[0] for row in self.env.cr.execute_values(query, rows, page_size=PAGE, fetch=True)
        )
        for data, record in zip(data_list, records, strict=True):
            data["record"] = record
        self._forget_inverses(fields)
        with self.env.protecting([(data["protected"], data["record"]) for data in data_list]):
            records.modified(self._fields, create=True)
        for field in fields:
            if field.compute and all(field.name in data["stored"] for data in data_list):
                self.env.remove_to_compute(field, records)
        records._validate_fields(names)
        records.check_access("create")
        return records

    def _to_columns(self, fields, stored, amounts):
        """Values of one row; ``amounts``: those converted already, since their currency is looked up for each."""
        row = []
        for field in fields:
            value = stored.get(field.name)
            if field.name not in stored:
                row.append(None)
            elif field.type == "monetary":
                key = field.name, value, stored.get("company_id")
                if key not in amounts:
                    amounts[key] = field.convert_to_column_insert(value, self, stored)
                row.append(amounts[key])
            else:
                row.append(field.convert_to_column_insert(value, self, stored))
        return tuple(row)

    def _forget_inverses(self, fields):
        """Lists of entries that were read before do not hold the new ones."""
        for field in fields:
            for inverse in self.pool.field_inverses[field] if field.relational else ():
                self.env[inverse.model_name].invalidate_model([inverse.name], flush=False)
