# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

RESETS = [
    ("week", "Every week"),
    ("month", "Every month"),
    ("quarter", "Every quarter"),
    ("year", "Every year"),
    ("rolling", "Rolling days"),
    ("never", "Never"),
]


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
    _on_post_by_range = models.Constraint(
        "CHECK (on_post_by >= 0 AND on_post_by < 24)", "The on-post time is between 00:00 and 23:59."
    )
    _grace_positive = models.Constraint("CHECK (grace_minutes >= 0)", "The grace time cannot be negative.")
    _days_positive = models.Constraint(
        "CHECK (answer_days >= 1 AND decision_days >= 1)", "Who answers or decides needs at least one working day."
    )
    _rolling_positive = models.Constraint(
        "CHECK (reset != 'rolling' OR rolling_days >= 1)", "A rolling window needs a length of at least 1 day."
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
    answer_days = fields.Integer(
        string="Working Days to Answer",
        required=True,
        default=lambda self: self.env.company.discipline_answer_days,
        help="Silence for so long counts as accepting the facts.",
    )
    decision_days = fields.Integer(
        string="Working Days to Decide",
        required=True,
        default=lambda self: self.env.company.discipline_decision_days,
        help="Silence of the decider for so long hands the decision to the next role, and at last drops the entry.",
    )
    step_ids = fields.One2many("sales.discipline.rule.step", "version_id", string="Ladder", copy=True)
    judged = fields.Boolean(readonly=True, copy=False, help="Entries refer to this version: it is read-only.")
    summary = fields.Char(compute="_compute_summary")
    # kind late
    time_source = fields.Selection(
        [("fixed", "A time of the day"), ("calendar", "Start of the person's own working hours")],
        required=True,
        default="fixed",
    )
    on_post_by = fields.Float(string="On Post By", default=8.5, help="Arriving at this time exactly is on time.")
    grace_minutes = fields.Integer(help="Minutes after the time that still count as on time.")

    @api.depends("kind", "step_ids", "reset", "rolling_days", "time_source", "on_post_by", "grace_minutes")
    def _compute_summary(self):
        for version in self:
            version.summary = version.rule_id.name

    def _check_complete(self):
        """Raise UserError unless the ladder is whole."""
