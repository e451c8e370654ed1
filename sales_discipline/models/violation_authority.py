# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

OFFICER = "sales_discipline.group_discipline_officer"
GENERAL_MANAGER = "general_manager"


class HrJob(models.Model):
    _inherit = "hr.job"

    discipline_general_manager = fields.Boolean(
        string="Decided by the General Manager",
        help="Discipline entries against people in this position are decided by the general manager whom the company "
        "names in Settings, and by nobody below him. Managers of departments are his anyway.",
    )


class SalesDisciplineViolation(models.Model):
    """Up to which post the sales administration decides: above it the general manager does (AUT-01, AUT-02)."""

    _inherit = "sales.discipline.violation"

    decider_role = fields.Selection(selection_add=[(GENERAL_MANAGER, "General manager")])

    def _assign_deciders(self):
        reserved = self._reserved_entries()
        for manager, entries in reserved.grouped(lambda entry: entry._general_manager()).items():
            entries.write({
                "decider_id": manager.id, "decider_role": GENERAL_MANAGER, "in_place_of_id": False,
            })
        return super(SalesDisciplineViolation, self - reserved)._assign_deciders()

    def _set_next_decider(self):
        self.ensure_one()
        if self.decider_role == GENERAL_MANAGER:
            # above the general manager there is nobody to hand it to
            self.silent_decider_id = self.decider_id
            return False
        return super()._set_next_decider()

    def _may_decide(self):
        entry, user = self.sudo(), self.env.user
        if entry.decider_role == GENERAL_MANAGER and user.has_group(OFFICER):
            # the sales administration decides in place of everybody else, or as his deputy
            return super()._may_decide() and user in entry.decider_id | entry.in_place_of_id | entry.stand_in_ids
        return super()._may_decide()

    def _general_manager(self):
        return self.company_id.discipline_general_manager_id

    def _reserved_entries(self):
        """Entries against people above the director's power, where the general manager may decide."""
        entries = self.filtered(
            lambda entry: entry._general_manager() and entry._is_impartial(entry._general_manager()))
        # sudo: the post alone, of people whom not everybody may look up
        employees = entries.employee_id.sudo()
        heads = self.env["hr.department"].sudo().search([("manager_id", "in", employees.ids)]).manager_id
        reserved = heads | employees.filtered("job_id.discipline_general_manager")
        return entries.filtered(lambda entry: entry.employee_id in reserved)
