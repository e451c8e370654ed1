# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .run_ledger import SILENT


class SalesDisciplineRun(models.Model):
    """New entries, complete when they are written: none is updated after that."""

    _inherit = "sales.discipline.run"

    def _create_entries(self, vals_list):
        if not vals_list:
            return self.env["sales.discipline.violation"]
        employees = self.env["hr.employee"].browse({vals["employee_id"] for vals in vals_list})
        users = {employee.id: employee.user_id.id for employee in employees}
        deciders = self._first_deciders(vals_list, users)
        # given, it is inserted; computed or written later, each entry would be updated once more
        entries = self.env["sales.discipline.violation"].with_context(**SILENT).create([
            {
                **vals,
                **deciders[_about(vals)],
                "user_id": users[vals["employee_id"]],
                "volume_month": vals["volume_off"] and vals["fact_date"].replace(day=1),
            }
            for vals in vals_list
        ])
        versions = self.env["sales.discipline.rule.version"].browse({vals["version_id"] for vals in vals_list})
        versions.filtered(lambda version: not version.judged).write({"judged": True})
        return entries

    def _first_deciders(self, vals_list, users):
        """{(rule id, issuer id, employee id): values of who decides first}, found out on drafts, one of each."""
        Violation = self.env["sales.discipline.violation"]
        drafts = {
            about: Violation.new({
                "company_id": vals["company_id"],
                "rule_id": vals["rule_id"],
                "issuer_id": vals["issuer_id"],
                "employee_id": vals["employee_id"],
                "user_id": users[vals["employee_id"]],
            })
            for about, vals in {_about(vals): vals for vals in vals_list}.items()
        }
        Violation.concat(*drafts.values())._assign_deciders()
        return {
            about: {
                "decider_id": draft.decider_id.id,
                "decider_role": draft.decider_role,
                "in_place_of_id": draft.in_place_of_id.id,
            }
            for about, draft in drafts.items()
        }


def _about(vals):
    """Entries with the same of these have the same decider."""
    return vals["rule_id"], vals["issuer_id"], vals["employee_id"]
