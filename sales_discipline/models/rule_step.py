# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

# Shared by the ladder and the ledger.
STEP_KINDS = [("warning", "Warning"), ("fine", "Fine"), ("points", "Points")]


class SalesDisciplineRuleStep(models.Model):
    """One line of a ladder: what the offences ``first`` to ``last`` of a window cost (SAN-02)."""

    _name = "sales.discipline.rule.step"
    _description = "Discipline Ladder Step"
    _order = "first, id"

    _first_positive = models.Constraint("CHECK (first >= 1)", "Occurrences are counted from 1.")
    _last_after_first = models.Constraint(
        "CHECK (last IS NULL OR last = 0 OR last >= first)", "The last occurrence of a step cannot be before its first."
    )
    _amounts_positive = models.Constraint(
        "CHECK (amount >= 0 AND points >= 0)", "A step takes money or points, it never gives any."
    )

    version_id = fields.Many2one("sales.discipline.rule.version", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="version_id.currency_id")
    first = fields.Integer(string="From Occurrence", required=True, default=1)
    last = fields.Integer(string="To Occurrence", help="Empty: this and every later occurrence.")
    kind = fields.Selection(STEP_KINDS, required=True, default="warning")
    amount = fields.Monetary()
    points = fields.Integer(help="Points taken off.")
