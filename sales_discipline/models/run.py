# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .rule_version import Trial

DRAFT, SIMULATED, RUNNING, DONE, INTERRUPTED, UNDONE = "draft", "simulated", "running", "done", "interrupted", "undone"
# What a user says about a new run.
GIVEN = {"rule_id", "date_from", "date_to"}
ACTIONS = ("propose", "correct", "update", "withdraw", "hold")


class SalesDisciplineRun(models.Model):
    """One evaluation of a rule over a span of dates: it writes only the difference to what the ledger says."""

    _name = "sales.discipline.run"
    _description = "Discipline Run"
    _order = "id desc"
    _check_company_auto = True

    _dates_ordered = models.Constraint("CHECK (date_from <= date_to)", "A run ends on or after the day it starts.")

    name = fields.Char(compute="_compute_name")
    rule_id = fields.Many2one(
        "sales.discipline.rule", required=True, index=True, ondelete="cascade", check_company=True
    )
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
    full = fields.Boolean(readonly=True, help="Judges all open periods, not only the days that were touched.")
    trial = fields.Boolean(
        compute="_compute_trial", help="The rule is a draft, or one version of it is tried: simulated as if in force."
    )
    seen_write_date = fields.Datetime(
        readonly=True, copy=False, help="Until when this run has seen what was changed (database clock)."
    )
    started_on = fields.Datetime(readonly=True, copy=False)
    ended_on = fields.Datetime(readonly=True, copy=False)
    employee_done = fields.Integer(string="Employees Judged", readonly=True, copy=False)
    employee_total = fields.Integer(string="Employees to Judge", readonly=True, copy=False)
    last_employee_id = fields.Integer(readonly=True, copy=False, help="Where an interrupted run goes on.")
    progress = fields.Float(compute="_compute_progress", help="Share of the employees judged, in percent.")
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

    @api.depends("employee_done", "employee_total")
    def _compute_progress(self):
        for run in self:
            run.progress = 100.0 * run.employee_done / run.employee_total if run.employee_total else 0.0

    @api.depends("rule_id.state", "version_id")
    def _compute_trial(self):
        for run in self:
            run.trial = run.rule_id.state == "draft" or bool(run.version_id)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if not self.env.su:
            # the context, and the defaults that people save, come from outside too
            for name in values.keys() - GIVEN:
                values[name] = {"state": DRAFT, "user_id": self.env.uid}.get(name, False)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            given = {name for vals in vals_list for name in vals} - GIVEN
            if given:
                raise AccessError(self.env._(
                    "A run is given its rule and its dates, the rest it finds out itself. Leave out: %(fields)s.",
                    fields=", ".join(sorted(given))))
        return super().create(vals_list)

    def action_simulate(self):
        """Show what an application would change; nothing of it is written to the ledger."""
        for run in self._as_officer((DRAFT, SIMULATED)):
            run.line_ids.unlink()
            employees = run._employees()
            tried = run.with_context(discipline_trial=Trial(run.rule_id.id, run.version_id.id)) if run.trial else run
            changes = tried._changes(employees)
            run._insert_lines(run._prepare_lines(*changes))
            counts = dict.fromkeys((f"{action}_count" for action in ACTIONS), 0)
            for change in changes[0]:
                counts[f"{change.action.value}_count"] += 1
            run.write({
                **counts,
                "state": SIMULATED,
                "trial_note": run._trial_text(),
                "started_on": fields.Datetime.now(),
                "employee_done": len(employees),
                "employee_total": len(employees),
            })

    def action_apply(self):
        """Write the difference to the ledger: at once for few employees, else by the scheduled action."""
        runs = self._as_officer((DRAFT, SIMULATED, INTERRUPTED))
        runs._check_no_trial()
        runs._check_rule_is_active()
        for run in runs:
            run._start()
            if run.employee_total <= run._chunk_size():
                if not run._lock_rule():
                    raise UserError(self.env._(
                        "Rule '%(rule)s' is already running. Wait until its run has ended.", rule=run.rule_id.name))
                run._judge_chunk()
            else:
                run._trigger_judging()

    def _check_rule_is_active(self):
        """:raise UserError: a rule that is a draft or archived, and so judges nobody"""
        for run in self.filtered(lambda run: run.rule_id.state != "active"):
            raise UserError(self.env._(
                "Rule '%(rule)s' is not active, so that nothing is written to the ledger: simulate it, or have an "
                "administrator activate it first.", rule=run.rule_id.name))

    def action_undo(self):
        """Take back the latest run of a rule; entries that were answered or posted are named and stay."""
        for run in self._as_officer((DONE, INTERRUPTED)):
            run._check_is_latest()
            if not run._lock_rule():
                raise UserError(self.env._(
                    "Rule '%(rule)s' is already running. Wait until its run has ended.", rule=run.rule_id.name))
            run._undo()

    def action_view_violations(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "sales.discipline.violation",
            "view_mode": "list,form",
            "domain": [("run_id", "=", self.id)],
        }

    def _as_officer(self, states):
        """These runs with full rights, for a user who may start runs (sales administration).

        Runs read attendances and employees of the whole company and write a ledger that nobody may write by hand.
        :raise AccessError: no right to start runs, :raise UserError: a run that is in none of the states
        """
        if not self.env.su and not self.env.user.has_group("sales_discipline.group_discipline_officer"):
            raise AccessError(self.env._("Only the sales administration starts and takes back runs."))
        self.check_access("read")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for run in self:
            if run.state not in states:
                raise UserError(self.env._(
                    "Run '%(run)s' is %(state)s; this needs a run that is %(states)s. Make a new run.",
                    run=run.name, state=labels[run.state], states=", ".join(labels[state] for state in states)))
        # sudo: whoever may start runs judges everybody. Terms are tried only by a simulation that says so itself
        return self.sudo().with_context(discipline_trial=False)
