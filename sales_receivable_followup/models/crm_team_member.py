# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class CrmTeamMember(models.Model):
    _inherit = "crm.team.member"

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members._note_assignments(members.user_id)
        return members

    def write(self, vals):
        users = self.user_id
        result = super().write(vals)
        if {"active", "crm_team_id", "user_id"} & set(vals):
            self._note_assignments(users | self.user_id)
        return result

    def unlink(self):
        users = self.user_id
        result = super().unlink()
        self._note_assignments(users)
        return result

    def _note_assignments(self, users):
        # sudo: a change of team moves all customers of its member, whoever makes it.
        self.env["sales.customer.assignment"].sudo()._follow_users(users)
