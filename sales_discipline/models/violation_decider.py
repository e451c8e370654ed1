# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

ROLES = ("supervisor", "officer", "administrator")
# First role that is asked, by the policy of the rule.
FIRST_ROLE = {"supervisor": "supervisor", "user": "supervisor", "officer": "officer"}


class SalesDisciplineViolation(models.Model):
    """Who decides: never the issuer, never the person himself (AUT-06)."""

    _inherit = "sales.discipline.violation"

    silent_decider_id = fields.Many2one(
        "res.users", string="Did Not Decide", readonly=True, ondelete="restrict",
        help="Who was the last to let his time to decide pass. He does not decide any more, but it is counted for him.",
    )

    def _assign_deciders(self):
        """Name the first decider of new entries, for all of them with the same number of queries."""
        supervisors, above = self._supervisors(), self._roles_above()
        chosen = {}
        for alike in self.grouped(lambda entry: (entry.rule_id, entry.issuer_id, entry.employee_id)).values():
            first = alike[0]
            named = first.rule_id.decider_policy == "user" and first.rule_id.decider_user_id
            pools = {**above, "supervisor": named or supervisors[first.employee_id.id]}
            decider = first._choose_decider(FIRST_ROLE[first.rule_id.decider_policy], pools)
            chosen.setdefault((*decider, first.in_place_of_id.id), []).append(alike)
        for (user_id, role, principal_id), entries in chosen.items():
            self.browse().concat(*entries).write({"decider_id": user_id, "decider_role": role, "in_place_of_id": principal_id})

    def _set_next_decider(self):
        """Hand the entry to the role above, and to nobody whose time has passed already; False when there is none.

        A deputy's time was also that of whom he stood in for.
        """
        self.ensure_one()
        asked = self.decider_id | self.in_place_of_id | self.silent_decider_id
        following = ROLES[ROLES.index(self.decider_role) + 1:] if self.decider_role else ()
        self.silent_decider_id = self.decider_id or self.silent_decider_id
        if not following:
            return False
        user_id, role = self._choose_decider(following[0], self._roles_above(), asked)
        self.write({"decider_id": user_id, "decider_role": role})
        return bool(user_id)

    def _choose_decider(self, role, pools, asked=()):
        """(id of the first user of the role, or of the roles above, who may decide, his role); (False, False): nobody."""
        self.ensure_one()
        for candidate_role in ROLES[ROLES.index(role):]:
            for user in self._candidates(candidate_role, pools):
                if user not in asked and self._is_impartial(user):
                    return user.id, candidate_role
        return False, False

    def _candidates(self, role, pools):
        """Users of a role in the order in which they are asked."""
        officer = self.company_id.discipline_officer_id if role == "officer" else ()
        return [*officer, *pools[role]]

    def _is_impartial(self, user):
        self.ensure_one()
        return user.active and user not in (self.issuer_id, self.user_id) and self.company_id in user.company_ids

    def _roles_above(self):
        """{role: users in order}, of whatever company."""
        return {
            role: self.env.ref(f"sales_discipline.group_discipline_{role}").all_user_ids.sorted("id")
            for role in ROLES[1:]
        }

    def _supervisors(self):
        """{employee id: users}: leaders of his sales teams, then the managers above him."""
        members = self.env["crm.team.member"].sudo().search([("user_id", "in", self.user_id.ids)])
        leaders = {}
        for member in members:
            leaders[member.user_id.id] = leaders.get(member.user_id.id, member.user_id.browse()) | (
                member.crm_team_id.user_id
            )
        result = {}
        # sudo: whom somebody reports to is read to name the decider, and nothing else of him
        employees = self.employee_id.sudo()
        employees.fetch(["user_id", "parent_id"])
        for employee in employees:
            users = leaders.get(employee.user_id.id, employee.user_id.browse())
            result[employee.id] = users | employee.parent_id.user_id
        return result
