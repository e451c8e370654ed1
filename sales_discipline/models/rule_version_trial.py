# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SalesDisciplineRuleVersion(models.Model):
    """Terms are tried while they are edited, before they judge anybody."""

    _inherit = "sales.discipline.rule.version"

    rule_state = fields.Selection(related="rule_id.state", string="Status of the Rule")

    def action_try_last_month(self):
        """Simulate last month as if these terms alone had been in force, whatever the rule itself does."""
        self.ensure_one()
        self.check_access("write")
        self._check_complete()
        return self.rule_id._try_last_month(self)
