# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

DRAFT, ACTIVE, ARCHIVED = "draft", "active", "archived"


class SalesDisciplineRule(models.Model):
    """An expectation that can be checked against evidence, whom it binds and who decides about it.

    What it says changes over time, so its terms live in dated versions; a rule never looks at data itself, the
    detector of its kind does (``_detect_<kind>``).
    """

    _name = "sales.discipline.rule"
    _description = "Discipline Rule"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    _code_uniq = models.Constraint("UNIQUE (code, company_id)", "Two rules of one company cannot share a code.")

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, copy=False, help="Short name of the rule, unique in the company, such as LATE.")
    sequence = fields.Integer(default=10)
    kind = fields.Selection([], required=True, help="What is checked, and so where the evidence comes from.")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    owner_id = fields.Many2one(
        "res.users",
        string="Issuer",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Stands behind the entries of this rule. Who issues never decides.",
    )
    decider_policy = fields.Selection(
        [
            ("supervisor", "Supervisor"),
            ("officer", "Sales administration"),
            ("user", "One person"),
        ],
        required=True,
        default="supervisor",
        tracking=True,
        help="Supervisor: the leader of the sales team, else the manager of the employee.\n"
        "Sales administration: the officer named in the settings.\n"
        "One person: the user named here.",
    )
    decider_user_id = fields.Many2one("res.users", string="Decider", domain="[('share', '=', False)]", tracking=True)
    state = fields.Selection(
        [(DRAFT, "Draft"), (ACTIVE, "Active"), (ARCHIVED, "Archived")],
        required=True,
        default=DRAFT,
        tracking=True,
        help="Draft: not judged. Active: judged by the nightly run. Archived: no longer judged, its entries stay.",
    )
    version_ids = fields.One2many("sales.discipline.rule.version", "rule_id", string="Versions")
    version_id = fields.Many2one(
        "sales.discipline.rule.version",
        string="Version in Force",
        compute="_compute_version_id",
    )
    summary = fields.Char(compute="_compute_summary", help="The version in force, in one sentence.")
    violation_ids = fields.One2many("sales.discipline.violation", "rule_id", string="Entries")
    violation_count = fields.Integer(compute="_compute_violation_count", string="Number of Entries")
    run_ids = fields.One2many("sales.discipline.run", "rule_id", string="Runs")
    last_run_on = fields.Datetime(readonly=True, copy=False, help="Start of the latest run that changed the ledger.")

    @api.depends("version_ids.valid_from")
    @api.depends_context("tz")
    def _compute_version_id(self):
        today = fields.Date.context_today(self)
        for rule in self:
            dated = rule.version_ids.filtered("valid_from").sorted("valid_from")
            in_force = dated.filtered(lambda version: version.valid_from <= today)
            rule.version_id = in_force[-1:] or dated[:1]

    @api.depends("version_ids.summary", "version_ids.valid_from")
    def _compute_summary(self):
        for rule in self:
            rule.summary = rule.version_id.summary or False

    def _compute_violation_count(self):
        counts = dict(
            self.env["sales.discipline.violation"]._read_group([("rule_id", "in", self.ids)], ["rule_id"], ["__count"])
        )
        for rule in self:
            rule.violation_count = counts.get(rule, 0)

    @api.constrains("decider_policy", "decider_user_id", "owner_id")
    def _check_decider_is_not_issuer(self):
        for rule in self:
            if rule.decider_policy != "user":
                continue
            if not rule.decider_user_id:
                raise ValidationError(self.env._(
                    "Rule '%(rule)s' is decided by one person: choose who in 'Decider'.", rule=rule.name))
            if rule.decider_user_id == rule.owner_id:
                raise ValidationError(self.env._(
                    "%(user)s issues rule '%(rule)s' and so cannot decide about its entries. Choose another decider.",
                    user=rule.owner_id.name, rule=rule.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_judged(self):
        for rule in self:
            if rule.sudo().violation_ids:
                raise UserError(self.env._(
                    "Rule '%(rule)s' has entries in the ledger and cannot be deleted. Archive it instead.",
                    rule=rule.name))

    def action_activate(self):
        """Judge the rule from now on, back to the day its first version is valid from."""
        self.check_access("write")
        for rule in self:
            if not rule.version_ids:
                raise UserError(self.env._(
                    "Rule '%(rule)s' has no version: add one with its date and ladder before activating it.",
                    rule=rule.name))
            rule.version_ids._check_complete()
        self.write({"state": ACTIVE})
        self.env["sales.discipline.run"]._trigger_judging()

    def action_try_last_month(self):
        """Simulate last month and show who would have been found and what would have followed."""
        self.ensure_one()
        self.check_access("read")
        return self._try_last_month(self.env["sales.discipline.rule.version"])

    def _try_last_month(self, version):
        """Simulate last month, by one version alone if one is given, and open what was found."""
        this_month = fields.Date.context_today(self).replace(day=1)
        span = {
            "rule_id": self.id,
            "date_from": this_month - relativedelta(months=1),
            "date_to": this_month - timedelta(days=1),
        }
        Run = self.env["sales.discipline.run"]
        tried = {**span, "version_id": version.id}
        tried_before = Domain.AND(Domain(name, "=", value) for name, value in tried.items())
        run = Run.search(tried_before & Domain("state", "=", "simulated"), limit=1)
        if not run:
            # sudo: which terms are tried is said by the button of those terms only, never by a request
            run = Run.sudo().create(tried).sudo(False) if version else Run.create(span)
        run.action_simulate()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Last month by %(rule)s", rule=self.name),
            "res_model": "sales.discipline.run",
            "res_id": run.id,
            "view_mode": "form",
        }

    def action_archive_rule(self):
        self.check_access("write")
        self.write({"state": ARCHIVED})

    def _retire(self):
        """The add-on that checks these rules is uninstalled: those with entries stay, archived; the others go."""
        judged = self.filtered("violation_ids")
        judged.write({"state": ARCHIVED})
        (self - judged).unlink()

    def action_draft(self):
        self.check_access("write")
        self.write({"state": DRAFT})

    def action_new_version(self):
        """Open a copy of the newest terms, to be changed from a later day on; saving the dialog makes the version."""
        self.ensure_one()
        self.check_access("write")
        newest = self.version_ids.sorted("valid_from")[-1:]
        if not newest:
            raise UserError(self.env._("Rule '%(rule)s' has no version to copy: add its first one.", rule=self.name))
        day = max(fields.Date.context_today(self), newest.valid_from + timedelta(days=1))
        terms = newest.copy_data({"valid_from": day})[0]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New version of %(rule)s", rule=self.name),
            "res_model": "sales.discipline.rule.version",
            "views": [(False, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in terms.items()},
        }

    def action_view_violations(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "sales.discipline.violation",
            "view_mode": "list,form,pivot",
            "domain": [("rule_id", "=", self.id)],
        }
