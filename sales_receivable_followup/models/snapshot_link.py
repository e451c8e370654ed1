# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields


class SnapshotLink(fields.Many2one):
    """A link of a frozen row: an ordinary Many2one without a foreign key in the database.

    Core's checks of foreign keys take most of the time when a statement stores a row per customer or item. Use it
    only for records that cannot be deleted while such rows exist: companies, currencies and accounts are held by
    their journal items, and a statement deletes its rows itself. Core's merge wizards follow foreign keys; see
    ``base_partner_merge`` for how these columns follow them.
    """

    def update_db_foreign_key(self, model, column):
        """Leave the column without a constraint."""
