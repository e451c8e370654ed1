# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SalesDisciplineRule(models.Model):
    """The words behind a rule: the policy that it checks."""

    _inherit = "sales.discipline.rule"

    policy_id = fields.Many2one(
        "sales.policy", index="btree_not_null", check_company=True, tracking=True, ondelete="restrict",
        help="Where people read what this rule expects, and why.",
    )


class SalesPolicy(models.Model):
    _inherit = "sales.policy"

    rule_ids = fields.One2many("sales.discipline.rule", "policy_id", string="Rules")
