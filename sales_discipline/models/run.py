# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

DRAFT, SIMULATED, RUNNING, DONE, INTERRUPTED, UNDONE = "draft", "simulated", "running", "done", "interrupted", "undone"


class SalesDisciplineRun(models.Model):
    """One evaluation of a rule over a span of dates: it writes only the difference to what the ledger says."""

    _name = "sales.discipline.run"
    _description = "Discipline Run"
    _order = "id desc"
    _check_company_auto = True

    _dates_ordered = models.Constraint("CHECK (date_from <= date_to)", "A run ends on or after the day it starts.")

    name = fields.Char(compute="_compute_name")
    rule_id = fields.Many2one("sales.discipline.rule", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(required=True, default=lambda self: fields.Date.context_today(self).replace(day=1))
    date_to = fields.Date(required=True, default=fields.Date.context_today)
    state = fields.Selection(
        [
            (DRAFT, "Draft"),
            (SIMULATED, "Simulated"),
            (RUNNING, "Running"),
            (DONE, "Done"),
            (INTERRUPTED, "Interrupted"),
            (UNDONE, "Undone"),
        ],
        required=True,
        readonly=True,
        default=DRAFT,
    )
    user_id = fields.Many2one("res.users", string="Started By", readonly=True, default=lambda self: self.env.user)
    automatic = fields.Boolean(readonly=True, help="Started by the scheduled action.")
    started_on = fields.Datetime(readonly=True, copy=False)
    ended_on = fields.Datetime(readonly=True, copy=False)
    employee_done = fields.Integer(string="Employees Judged", readonly=True, copy=False)
    employee_total = fields.Integer(string="Employees to Judge", readonly=True, copy=False)
    line_ids = fields.One2many("sales.discipline.run.line", "run_id", string="Changes", readonly=True)
    propose_count = fields.Integer(string="Proposed", readonly=True, copy=False)
    correct_count = fields.Integer(string="Corrected", readonly=True, copy=False)
    update_count = fields.Integer(string="Updated", readonly=True, copy=False)
    withdraw_count = fields.Integer(string="Withdrawn", readonly=True, copy=False)
    hold_count = fields.Integer(string="On Hold", readonly=True, copy=False)
    note = fields.Text(readonly=True, copy=False, help="What happened, for the people who read the log.")

    @api.depends("rule_id.name", "date_from", "date_to")
    def _compute_name(self):
        for run in self:
            run.name = f"{run.rule_id.name or ''} {run.date_from} - {run.date_to}"
