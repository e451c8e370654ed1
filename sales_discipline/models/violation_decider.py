# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

ROLES = ("supervisor", "officer", "administrator")
# First role that is asked, by the policy of the rule.
FIRST_ROLE = {"supervisor": "supervisor", "user": "supervisor", "officer": "officer"}


class SalesDisciplineViolation(models.Model):
    """Who decides: never the issuer, never the person himself (AUT-06)."""

    _inherit = "sales.discipline.violation"

    def _assign_deciders(self):
        """Name the first decider of new entries, for all of them with the same number of queries."""
        supervisors = self._supervisors()
        for entry in self:
            entry._choose_decider(FIRST_ROLE[entry.rule_id.decider_policy], supervisors)

    def _set_next_decider(self):
        """Hand the entry to the role above; False when there is none."""
        self.ensure_one()
        following = ROLES[ROLES.index(self.decider_role) + 1:] if self.decider_role else ()
        return bool(following) and self._choose_decider(following[0], {}, self.decider_id)

    def _choose_decider(self, role, supervisors, asked=None):
        """Take the first candidate of the role, or of the roles above, who may decide; False when nobody may."""
        for candidate_role in ROLES[ROLES.index(role):]:
            for user in self._candidates(candidate_role, supervisors):
                if user != asked and self._is_impartial(user):
                    self.write({"decider_id": user.id, "decider_role": candidate_role})
                    return True
        self.write({"decider_id": False, "decider_role": False})
        return False

    def _is_impartial(self, user):
        self.ensure_one()
        return user.active and user != self.issuer_id and user != self.user_id and self.company_id in user.company_ids

    def _candidates(self, role, supervisors):
        self.ensure_one()
        if role == "supervisor":
            if self.rule_id.decider_policy == "user":
                return self.rule_id.decider_user_id
            return supervisors.get(self.employee_id.id, ())
        group = self.env.ref(f"sales_discipline.group_discipline_{role}")
        members = group.all_user_ids.sorted("id")
        return self.company_id.discipline_officer_id | members if role == "officer" else members

    def _supervisors(self):
        """{employee id: users}: leaders of his sales teams, then the managers above him."""
        members = self.env["crm.team.member"].sudo().search([("user_id", "in", self.user_id.ids)])
        leaders = {}
        for member in members:
            leaders[member.user_id.id] = leaders.get(member.user_id.id, member.user_id.browse()) | (
                member.crm_team_id.user_id
            )
        result = {}
        for employee in self.employee_id.sudo():
            users = leaders.get(employee.user_id.id, employee.user_id.browse())
            result[employee.id] = users | employee.parent_id.user_id
        return result
