# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

DRAFT, ACTIVE, ARCHIVED = "draft", "active", "archived"


class SalesCommissionPlan(models.Model):
    """What collected money earns, in one company. Its terms live in dated versions (INC-02)."""

    _name = "sales.commission.plan"
    _description = "Commission Plan"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    state = fields.Selection(
        [(DRAFT, "Draft"), (ACTIVE, "Active"), (ARCHIVED, "Archived")],
        required=True,
        default=DRAFT,
        readonly=True,
        tracking=True,
        help="Draft: not computed by night. Active: the nightly run books what has changed. "
        "Archived: no longer computed, its lines stay.",
    )
    version_ids = fields.One2many("sales.commission.plan.version", "plan_id", string="Versions", copy=True)
    version_id = fields.Many2one(
        "sales.commission.plan.version", string="Version in Force", compute="_compute_version_id"
    )
    summary = fields.Char(compute="_compute_summary", help="The version in force, in one sentence.")
    run_ids = fields.One2many("sales.commission.run", "plan_id", string="Runs")
    line_count = fields.Integer(compute="_compute_line_count", string="Number of Lines")
    last_run_on = fields.Datetime(readonly=True, copy=False)
    last_error = fields.Char(readonly=True, copy=False, help="Why the nightly run could not compute this plan.")

    @api.depends("version_ids.valid_from")
    @api.depends_context("tz")
    def _compute_version_id(self):
        today = fields.Date.context_today(self)
        for plan in self:
            dated = plan.version_ids.filtered("valid_from").sorted("valid_from")
            plan.version_id = dated.filtered(lambda version: version.valid_from <= today)[-1:] or dated[:1]

    @api.depends("version_ids.summary", "version_ids.valid_from")
    def _compute_summary(self):
        for plan in self:
            plan.summary = plan.version_id.summary or False

    def _compute_line_count(self):
        counts = dict(
            self.env["sales.commission.line"]._read_group([("plan_id", "in", self.ids)], ["plan_id"], ["__count"])
        )
        for plan in self:
            plan.line_count = counts.get(plan, 0)

    def write(self, vals):
        if vals.keys() & {"company_id"}:
            self._check_without_lines()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_lines(self):
        self._check_without_lines()

    def _check_without_lines(self):
        """:raise UserError: lines of the ledger refer to one of these plans"""
        for plan in self.sudo():
            if plan.line_count:
                raise UserError(self.env._(
                    "Plan '%(plan)s' has commission lines: it stays, with its company. Archive it and make a new one.",
                    plan=plan.name))

    def action_activate(self):
        """Let the nightly run compute the plan, from its first version on."""
        self.check_access("write")
        for plan in self:
            plan._check_complete()
        self.write({"state": ACTIVE})
        self.env["sales.commission.run"]._trigger()

    def action_archive_plan(self):
        self.check_access("write")
        self.write({"state": ARCHIVED})

    def action_draft(self):
        self.check_access("write")
        self.write({"state": DRAFT})

    def action_view_lines(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id("sales_kpi.sales_commission_line_action"),
            "domain": [("plan_id", "=", self.id)],
            "context": {},
        }

    def _check_complete(self):
        """:raise UserError: no version, or one without a rate (INC-02 refuses to compute with empty rates)"""
        self.ensure_one()
        if not self.version_ids:
            raise UserError(self.env._(
                "Plan '%(plan)s' has no version: add one with its date and its rate.", plan=self.name))
        for version in self.version_ids.filtered(lambda version: not version.rate):
            raise UserError(self.env._(
                "Plan '%(plan)s' has no rate from %(date)s: commission is not computed with an empty rate. Enter the "
                "rate in percent.", plan=self.name, date=version.valid_from))
