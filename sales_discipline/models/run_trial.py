# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class SalesDisciplineRun(models.Model):
    """A run that tries the terms of one version: simulated as if they alone had judged, never applied."""

    _inherit = "sales.discipline.run"

    version_id = fields.Many2one(
        "sales.discipline.rule.version",
        string="Terms Tried",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        help="Only these terms are tried, as if in force on all dates of the run; nothing of it can be applied.",
    )
    trial_note = fields.Char(readonly=True, copy=False, help="Which terms were tried, as they were then, and how.")

    def _trial_text(self):
        """Which terms are tried; kept on the run, as they may be changed and tried again."""
        if not self.version_id:
            return False
        days = {
            "day": format_date(self.env, self.version_id.valid_from),
            "first": format_date(self.env, self.date_from),
            "last": format_date(self.env, self.date_to),
        }
        note = self.env._(
            "These are the terms valid from %(day)s (%(terms)s), tried as if they alone had judged from %(first)s to "
            "%(last)s; nothing is written. Offences are counted from %(first)s on, and what has been decided about "
            "entries of these days is left aside.", terms=self.version_id.summary, **days)
        if self.rule_id.state != "active":
            return note
        return self.env._(
            "%(note)s The rule is active: the terms are saved and judge from %(day)s on, unless you change or delete "
            "them.", note=note, **days)

    def _check_no_trial(self):
        """:raise UserError: a run that only tries terms"""
        for run in self.filtered("version_id"):
            raise UserError(self.env._(
                "Run '%(run)s' only tries the terms valid from %(day)s, so that nothing of it is written to the ledger. "
                "To apply what is in force, make a new run of rule '%(rule)s'.",
                run=run.name, day=format_date(self.env, run.version_id.valid_from), rule=run.rule_id.name))
