# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


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
