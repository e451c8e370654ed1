# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dataclasses import replace
from decimal import Decimal

from odoo import models


class SalesDisciplineRule(models.Model):
    """Sanctions that are a part of the base pay (SAN-01): of the monthly wage in force on the day of the offence."""

    _inherit = "sales.discipline.rule"

    def _with_base_pay(self, facts):
        """These facts, with the base pay where a ladder of the rule takes a part of it."""
        if not any(self.version_ids.step_ids.mapped("pay_percent")):
            return facts
        pay_on = self._base_pay_reader({fact.person for fact in facts})
        return [replace(fact, base_pay=pay_on(fact.person, fact.day)) for fact in facts]

    def _base_pay_reader(self, employee_ids):
        """A function that tells the monthly base pay of one of these employees on a day, None where none is known."""
        # sudo: wages are the HR manager's to read; no more of them is kept than the amount of a sanction
        versions = self.env["hr.version"].sudo().search_fetch(
            [("employee_id", "in", list(employee_ids))], ["employee_id", "date_version", "wage"],
            order="employee_id, date_version desc, id desc",
        ).grouped(lambda version: version.employee_id.id)

        def pay_on(employee_id, day):
            for version in versions.get(employee_id, ()):
                if version.date_version <= day:
                    return Decimal(str(version.wage)) if version.wage else None
            return None

        return pay_on
