# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

#: What decides who is responsible for a customer, and in which company.
OWNERSHIP = {"user_id", "company_id", "parent_id", "is_company"}


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        owned = partners.filtered("user_id")
        # sudo: whoever may create a customer may not write its history by hand, but causes it.
        self.env["sales.customer.assignment"].sudo()._follow_partners(owned)
        return partners

    def write(self, vals):
        judged = OWNERSHIP & set(vals)
        former_users = self.user_id if judged else None
        result = super().write(vals)
        if judged:
            # sudo: as in create
            self.env["sales.customer.assignment"].sudo()._follow_partners(self, former_users)
        return result
