# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models

from ..engine.ladder import Effect

# Shared by the ladder and the ledger (SAN-01). A case is proposed by a rule and decided by a person.
STEP_KINDS = [
    ("warning", "Warning"),
    ("fine", "Fine"),
    ("points", "Points"),
    ("duty", "Extra duty"),
    ("pay_share", "Share of base pay"),
    ("absence", "Absence mark"),
    ("volume", "Volume not counted"),
    ("liability", "Joint liability case"),
    ("demotion", "Demotion case"),
    ("dismissal", "Dismissal case"),
    ("legal", "Legal case"),
]
# Kinds that nothing stands behind without a figure, and the field it is in.
FIGURES = {"duty": "duty_days", "pay_share": "pay_percent", "absence": "absence_days"}
# Kinds that take money: only where fines are allowed.
MONEY_KINDS = ("fine", "pay_share")


class SalesDisciplineSanctionMixin(models.AbstractModel):
    """What something costs: a step of a ladder, an entry of the ledger, a line of a run. One column a component."""

    _name = "sales.discipline.sanction.mixin"
    _description = "Discipline Sanction"

    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary()
    points = fields.Integer(help="Points taken off.")
    duty_days = fields.Integer(string="Extra Duty Days")
    pay_percent = fields.Float(
        string="Percent of Base Pay", digits=(5, 2), aggregator=None,
        help="Of the monthly base pay in force on the day of the offence; its money is in the amount.",
    )
    absence_days = fields.Integer(help="Days marked as absence without leave.")
    volume_off = fields.Integer(string="Volume Not Counted", help="1: the volume of the month does not count.")

    def _to_effect(self):
        """As the engine reads it."""
        self.ensure_one()
        return Effect(
            Decimal(str(self.amount)),
            self.points,
            self.duty_days,
            Decimal(str(self.pay_percent)),
            self.absence_days,
            self.volume_off,
        )

    @api.model
    def _prepare_effect(self, effect):
        """Values of an effect of the engine."""
        return {
            "amount": float(effect.amount),
            "points": effect.points,
            "duty_days": effect.duty_days,
            "pay_percent": float(effect.pay_percent),
            "absence_days": effect.absence_days,
            "volume_off": effect.volume_off,
        }

    @api.model
    def _currency_unit(self, company):
        """Smallest amount of the company's currency."""
        return Decimal(str(company.currency_id.rounding))

    @api.model
    def _effect_texts(self, effect):
        """What it costs but for money and the name of its kind, each in a few words."""
        return [text for value, text in (
            (effect.points > 0, self.env._("%(points)s points", points=effect.points)),
            (effect.points < 0, self.env._("%(points)s points given", points=-effect.points)),
            (effect.duty_days, self.env._("%(days)s extra duty days", days=effect.duty_days)),
            (effect.absence_days, self.env._("%(days)s days of absence", days=effect.absence_days)),
            (effect.volume_off, self.env._("the volume of the month does not count")),
        ) if value]

    @api.model
    def _sanction_text(self, state, currency):
        """What stands, in a few words: "fine 20.00", "share of base pay 30% of base pay 1000.00"."""
        labels = dict(self.env["sales.discipline.violation"]._fields["step_kind"]._description_selection(self.env))
        effect = state.effect
        texts = [labels[state.kind].lower() if state.kind else self.env._("nothing")]
        if effect.pay_percent:
            texts.append(self.env._("%(percent)s%% of base pay", percent=f"{float(effect.pay_percent):g}"))
        if effect.amount:
            texts.append(currency.format(float(effect.amount)))
        elif effect.pay_percent:
            texts.append(self.env._("without money, no base pay is known for that day"))
        elif state.kind in MONEY_KINDS:
            texts.append(self.env._("without money, fines are switched off"))
        return " ".join(texts + self._effect_texts(effect))
