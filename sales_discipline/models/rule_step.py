# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models

from ..engine.ladder import Effect, Step

# Shared by the ladder and the ledger.
STEP_KINDS = [("warning", "Warning"), ("fine", "Fine"), ("points", "Points"), ("dismissal", "Dismissal case")]


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
    per_unit = fields.Boolean(
        help="Money and points are those of one unit of the offence: a started day late, a missing visit (RPD-01).",
    )

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.version_id._check_not_judged()
        return steps

    def write(self, vals):
        self.version_id._check_not_judged()
        result = super().write(vals)
        if "version_id" in vals:
            self.version_id._check_not_judged()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_judged(self):
        self.version_id._check_not_judged()

    def _text(self):
        """The sanction in a few words: "warning", "20", "5 points"."""
        parts = []
        if self.kind == "fine" or self.amount:
            parts.append(f"{self.amount:g}")
        if self.points:
            parts.append(self.env._("%(points)s points", points=self.points))
        if self.kind == "warning":
            parts.insert(0, self.env._("warning"))
        elif self.kind == "dismissal":
            parts.insert(0, self.env._("dismissal case"))
        text = " + ".join(parts) or self.env._("no sanction")
        if self.per_unit:
            return self.env._("%(sanction)s per %(unit)s", sanction=text, unit=self.version_id._unit_text())
        return text

    def _to_engine(self):
        self.ensure_one()
        effect = Effect(Decimal(str(self.amount)), self.points)
        return Step(self.first, self.last or None, self.kind, effect, self.per_unit)
