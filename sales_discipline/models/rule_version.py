# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..engine.judge import Version
from ..engine.ladder import Ladder, ladder_gap

RESETS = [
    ("week", "Every week"),
    ("month", "Every month"),
    ("quarter", "Every quarter"),
    ("year", "Every year"),
    ("rolling", "Rolling days"),
    ("never", "Never"),
]


class Trial(NamedTuple):
    """In the context: the rule whose terms a simulation tries, or which one of its versions. No request can send it."""

    rule_id: int
    version_id: int = False


class SalesDisciplineRuleVersion(models.Model):
    """The terms of a rule from a date until its next version (POL-08).

    A version that has judged is read-only: its entries refer to it.
    """

    _name = "sales.discipline.rule.version"
    _description = "Discipline Rule Version"
    _order = "valid_from desc, id desc"
    _check_company_auto = True

    _valid_from_uniq = models.Constraint(
        "UNIQUE (rule_id, valid_from)", "Two versions of one rule cannot start on the same day."
    )
    _days_positive = models.Constraint(
        "CHECK (answer_days >= 1 AND decision_days >= 1)", "Who answers or decides needs at least one working day."
    )
    _rolling_positive = models.Constraint(
        "CHECK (reset != 'rolling' OR rolling_days >= 1)", "A rolling window needs a length of at least 1 day."
    )

    _offence_cap_positive = models.Constraint(
        "CHECK (offence_cap >= 0)", "What one offence costs at most cannot be negative; 0 is no limit."
    )
    _allowance_positive = models.Constraint(
        "CHECK (free_offences >= 0 AND every_nth >= 1)",
        "The free allowance cannot be negative, and at least every offence (1) counts on the ladder.",
    )

    rule_id = fields.Many2one("sales.discipline.rule", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(related="rule_id.kind")
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    reset = fields.Selection(
        RESETS, required=True, default="month", help="When the count of offences starts again at 1."
    )
    rolling_days = fields.Integer(default=30, help="Length of a rolling window, the day of the offence included.")
    offence_cap = fields.Monetary(
        string="Money at Most per Offence",
        help="One offence never costs more money than that, however long it grows or whatever share of the pay it is. "
        "0: no such limit. What a month may collect is limited in the settings.",
    )
    free_offences = fields.Integer(
        string="Free Allowance", help="So many offences of each window are noted without a sanction."
    )
    every_nth = fields.Integer(
        default=1,
        required=True,
        help="Only every so many offences after the allowance climb a step of the ladder; 1: each of them does.",
    )
    answer_days = fields.Integer(
        string="Working Days to Answer",
        required=True,
        default=lambda self: self.env.company.discipline_answer_days,
        help="Silence for so long counts as accepting the facts. Days of approved leave of the person do not count.",
    )
    decision_days = fields.Integer(
        string="Working Days to Decide",
        required=True,
        default=lambda self: self.env.company.discipline_decision_days,
        help="Silence of the decider for so long hands the decision to the next role, and at last drops the entry.",
    )
    step_ids = fields.One2many("sales.discipline.rule.step", "version_id", string="Ladder", copy=True)
    next_first = fields.Integer(compute="_compute_next_first", help="Where the next step of the ladder begins.")
    judged = fields.Boolean(readonly=True, copy=False, help="Entries refer to this version: it is read-only.")
    summary = fields.Char(compute="_compute_summary", help="These terms in one sentence.")

    @api.depends("rule_id.name", "valid_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(rule)s from %(date)s", rule=version.rule_id.name, date=format_date(self.env, version.valid_from))

    @api.depends(
        "kind", "step_ids.first", "step_ids.last", "step_ids.kind", "step_ids.amount", "step_ids.points",
        "step_ids.per_unit", "step_ids.duty_days", "step_ids.pay_percent", "step_ids.absence_days",
        "step_ids.volume_off",
        "reset", "rolling_days", "free_offences", "every_nth", "offence_cap",
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for version in self:
            version.summary = self.env._(
                "%(offence)s: %(ladder)s, %(window)s",
                offence=version._offence_text(),
                ladder=version._ladder_text(),
                window=version._window_text(),
            )

    @api.depends("step_ids.first", "step_ids.last")
    def _compute_next_first(self):
        for version in self:
            version.next_first = max((max(step.first, step.last) for step in version.step_ids), default=0) + 1

    def _offence_text(self):
        """What is checked, in a few words; each kind says it in its own way."""
        return getattr(self, f"_offence_text_{self.kind}", lambda: self.rule_id.name or "")()

    def _unit_text(self):
        """What one unit of the quantity of an offence is; each kind says it in its own way."""
        return getattr(self, f"_unit_text_{self.kind}", lambda: self.env._("unit"))()

    def _ladder_text(self):
        steps = self.step_ids.sorted("first")
        texts = []
        for step in steps:
            text = step._text()
            if not step.last and len(steps) > 1:
                text = self.env._("%(sanction)s each time", sanction=text)
            elif step.last > step.first:
                text = self.env._("%(sanction)s %(count)s times", sanction=text, count=step.last - step.first + 1)
            texts.append(text)
        text = self.env._(", then ").join(texts) or self.env._("no sanction")
        if self.offence_cap:
            text = self.env._("%(ladder)s, at most %(money)s an offence", ladder=text, money=f"{self.offence_cap:g}")
        if self.every_nth > 1:
            text = self.env._("every %(number)s offences: %(ladder)s", number=self.every_nth, ladder=text)
        if self.free_offences:
            text = self.env._("%(number)s free, then %(ladder)s", number=self.free_offences, ladder=text)
        return text

    def _window_text(self):
        return {
            "week": self.env._("per week"),
            "month": self.env._("per month"),
            "quarter": self.env._("per quarter"),
            "year": self.env._("per year"),
            "rolling": self.env._("within %(days)s days", days=self.rolling_days),
            "never": self.env._("counted for good"),
        }.get(self.reset, "")

    @api.constrains("step_ids", "reset")
    def _check_ladder_is_whole(self):
        for version in self:
            gap = ladder_gap([step._to_engine() for step in version.step_ids])
            if gap:
                raise ValidationError(self.env._(
                    "Ladder of '%(rule)s' from %(date)s: occurrence %(number)s must be covered by exactly one step.",
                    rule=version.rule_id.name, date=version.valid_from, number=gap))

    @api.constrains("valid_from")
    def _check_not_before_closing(self):
        for version in self.filtered(lambda version: version.rule_id.version_ids.filtered("judged")):
            closed = self.env["sales.discipline.period"]._closed_to(version.company_id)
            if closed and version.valid_from <= closed:
                raise ValidationError(self.env._(
                    "A version of '%(rule)s' from %(date)s would change periods that are closed up to %(closed)s. "
                    "Choose a later date.",
                    rule=version.rule_id.name, date=version.valid_from, closed=closed))

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions.rule_id._judge_again()
        return versions

    def write(self, vals):
        # only a run, with full rights, says that a version has judged
        if vals.keys() - {"judged"} or not self.env.su:
            self._check_not_judged()
            self.rule_id._judge_again()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_judged(self):
        self._check_not_judged()

    def _check_not_judged(self):
        """:raise UserError: one of these versions has judged"""
        for version in self.filtered("judged"):
            raise UserError(self.env._(
                "Version of '%(rule)s' from %(date)s has judged and can no longer be changed. "
                "Make a new version from a later date.",
                rule=version.rule_id.name, date=version.valid_from))

    def _check_complete(self):
        """:raise UserError: a version without a ladder"""
        for version in self.filtered(lambda version: not version.step_ids):
            raise UserError(self.env._(
                "Version of '%(rule)s' from %(date)s has no ladder: add at least one step.",
                rule=version.rule_id.name, date=version.valid_from))

    def _to_engine(self):
        """The version as the judge reads it."""
        self.ensure_one()
        steps = tuple(step._to_engine() for step in self.step_ids.sorted("first"))
        ladder = Ladder(steps, self.free_offences, self.every_nth)
        most = Decimal(str(self.offence_cap)) if self.offence_cap else None
        return Version(self.id, self._in_force_from(), ladder, self.reset, self.rolling_days, most)

    def _in_force_from(self):
        """First local day these terms judge.

        While a draft is tried, its first terms have always been in force; while one version is tried, it alone has.
        """
        self.ensure_one()
        trial = self.env.context.get("discipline_trial")
        if isinstance(trial, Trial) and trial.rule_id == self.rule_id.id:
            if trial.version_id:
                return date.min if trial.version_id == self.id else date.max
            first = min(self.rule_id.version_ids, key=lambda version: version.valid_from)
            return date.min if self == first else self.valid_from
        return self.valid_from
