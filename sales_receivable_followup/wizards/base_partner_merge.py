# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.tools import SQL

from ..models.snapshot_link import SnapshotLink


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """The history of the customer that stays is his own: two histories in one would name a wrong owner.

        Where he has none in a company, the merged one's becomes his.
        """
        # sudo: who may merge contacts may not edit the history, but must not mix it up either.
        Assignment = self.env["sales.customer.assignment"].sudo()
        companies = Assignment.search([("partner_id", "=", dst_partner.id)]).company_id
        Assignment.search([
            ("partner_id", "in", src_partners.ids), ("company_id", "in", companies.ids),
        ]).unlink()
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_foreign_keys_generic(self, model, src_records, dst_record):
        """Core follows the database's foreign keys, which frozen rows do without; merging accounts comes here too.

        The row then names what the merged record has become; codes, names and figures stay as issued.
        """
        result = super()._update_foreign_keys_generic(model, src_records, dst_record)
        for table in self.env.registry.values():
            for name, field in table._fields.items():
                if isinstance(field, SnapshotLink) and field.comodel_name == model and table._auto:
                    self.env.cr.execute(SQL(
                        "UPDATE %s SET %s = %s WHERE %s IN %s",
                        SQL.identifier(table._table), SQL.identifier(name), dst_record.id,
                        SQL.identifier(name), tuple(src_records.ids),
                    ))
        return result
