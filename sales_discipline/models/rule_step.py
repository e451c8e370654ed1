# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.ladder import CASES, Step
from .sanction_mixin import FIGURES, STEP_KINDS


class SalesDisciplineRuleStep(models.Model):
    """One line of a ladder: what the offences ``first`` to ``last`` of a window cost (SAN-02)."""

    _name = "sales.discipline.rule.step"
    _description = "Discipline Ladder Step"
    _inherit = ["sales.discipline.sanction.mixin"]
    _order = "first, id"

    _first_positive = models.Constraint("CHECK (first >= 1)", "Occurrences are counted from 1.")
    _last_after_first = models.Constraint(
        "CHECK (last IS NULL OR last = 0 OR last >= first)", "The last occurrence of a step cannot be before its first."
    )
    _amounts_positive = models.Constraint(
        "CHECK (amount >= 0 AND points >= 0)", "A step takes money or points, it never gives any."
    )
    _marks_positive = models.Constraint(
        "CHECK (duty_days >= 0 AND absence_days >= 0 AND volume_off BETWEEN 0 AND 1)",
        "Extra duty days and absence marks of a step cannot be negative, and a volume is off once or not at all.",
    )
    _percent_range = models.Constraint(
        "CHECK (pay_percent >= 0 AND pay_percent <= 100)", "A step takes between 0 and 100 percent of the base pay."
    )

    version_id = fields.Many2one("sales.discipline.rule.version", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="version_id.currency_id")
    first = fields.Integer(string="From Occurrence", required=True, default=1)
    last = fields.Integer(string="To Occurrence", help="Empty: this and every later occurrence.")
    # without a default: a new row of the list in which nothing is changed is thrown away by the web client
    kind = fields.Selection(
        STEP_KINDS, required=True,
        help="A case (joint liability, demotion, dismissal, legal action) is only proposed: the decider decides each one.",
    )
    volume_off = fields.Integer(compute="_compute_volume_off", store=True, readonly=False)
    per_unit = fields.Boolean(
        help="All figures are those of one unit of the offence: a started day late, a missing visit (RPD-01).",
    )

    @api.depends("kind")
    def _compute_volume_off(self):
        for step in self:
            step.volume_off = int(step.kind == "volume")

    @api.constrains("kind", *FIGURES.values())
    def _check_figure(self):
        """A kind that is a figure needs one."""
        for step in self:
            figure = FIGURES.get(step.kind)
            if figure and not step[figure]:
                raise ValidationError(self.env._(
                    "Ladder of '%(rule)s': the step from occurrence %(number)s needs a figure in '%(field)s'.",
                    rule=step.version_id.rule_id.name,
                    number=step.first,
                    field=self._fields[figure]._description_string(self.env)))

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

    def _text(self, money="{:g}".format):
        """The sanction in a few words: "warning", "20", "5 points", "30% of base pay".

        :param money: writes an amount
        """
        parts = []
        if self.kind == "warning":
            parts.append(self.env._("warning"))
        elif self.kind in CASES:
            parts.append(dict(self._fields["kind"]._description_selection(self.env))[self.kind].lower())
        if self.kind == "fine" or self.amount:
            parts.append(money(self.amount))
        if self.pay_percent:
            parts.append(self.env._("%(percent)s%% of base pay", percent=f"{self.pay_percent:g}"))
        parts += self._effect_texts(self._to_effect())
        text = " + ".join(parts) or self.env._("no sanction")
        if self.per_unit:
            return self.env._("%(sanction)s per %(unit)s", sanction=text, unit=self.version_id._unit_text())
        return text

    def _to_engine(self):
        self.ensure_one()
        return Step(self.first, self.last or None, self.kind, self._to_effect(), self.per_unit)
