# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.commission import Terms


class SalesCommissionPlanVersion(models.Model):
    """The terms of a plan from a date until its next version. A version that has computed lines is read-only."""

    _name = "sales.commission.plan.version"
    _description = "Commission Plan Version"
    _order = "valid_from desc, id desc"
    _rec_name = "summary"

    _valid_from_uniq = models.Constraint(
        "UNIQUE (plan_id, valid_from)", "Two versions of one plan cannot start on the same day."
    )
    _rate_range = models.Constraint(
        "CHECK (rate >= 0 AND rate <= 100)", "A commission rate is between 0 and 100 percent."
    )

    plan_id = fields.Many2one("sales.commission.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    valid_from = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        help="Receipts from this day on earn at these terms.",
    )
    rate = fields.Float(
        string="Rate (%)",
        digits=(7, 4),
        help="Percent of the money received, net of tax. Empty by default: nothing is computed without a rate.",
    )
    user_ids = fields.Many2many(
        "res.users",
        "sales_commission_plan_version_user_rel",
        string="Salespeople",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Whom these terms bind; empty: every salesperson of the company.",
    )
    conversion = fields.Selection(
        [("invoice", "Rate of the invoice"), ("payment", "Rate of the payment")],
        required=True,
        default="invoice",
        help="How money in a foreign currency becomes company currency.\n"
        "Rate of the invoice: a paid invoice earns on its untaxed amount as booked.\n"
        "Rate of the payment: gains and losses on exchange change the commission.",
    )
    used = fields.Boolean(readonly=True, copy=False, help="Lines refer to this version: it is read-only.")
    summary = fields.Char(compute="_compute_summary", help="These terms in one sentence.")

    @api.depends("rate", "user_ids", "valid_from")
    @api.depends_context("lang")
    def _compute_summary(self):
        for version in self:
            if not version.rate:
                version.summary = self.env._("No rate yet: nothing is computed")
            elif version.user_ids:
                version.summary = self.env._(
                    "%(rate)g %% of what customers pay, net of tax, for %(count)s salespeople",
                    rate=version.rate, count=len(version.user_ids))
            else:
                version.summary = self.env._(
                    "%(rate)g %% of what customers pay, net of tax, for every salesperson", rate=version.rate)

    @api.constrains("valid_from", "plan_id")
    def _check_not_before_closing(self):
        for version in self.filtered(lambda version: any(version.plan_id.version_ids.mapped("used"))):
            closed = self.env["sales.commission.period"]._closed_to(version.company_id)
            if closed and version.valid_from <= closed:
                raise ValidationError(self.env._(
                    "A version of '%(plan)s' from %(date)s would change periods that are closed up to %(closed)s. "
                    "Choose a later date.",
                    plan=version.plan_id.name, date=version.valid_from, closed=closed))

    def write(self, vals):
        # only a run, with full rights, says that a version was used
        if vals.keys() - {"used"} or not self.env.su:
            self._check_not_used()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_not_used()

    def _check_not_used(self):
        """:raise UserError: lines refer to one of these versions"""
        for version in self.filtered("used"):
            raise UserError(self.env._(
                "The terms of '%(plan)s' from %(date)s have computed lines and can no longer be changed. "
                "Make a new version from a later date.",
                plan=version.plan_id.name, date=version.valid_from))

    def _to_engine(self):
        self.ensure_one()
        return Terms(
            self.id,
            self.valid_from,
            int((Decimal(repr(self.rate)) * 10_000).to_integral_value()),
            frozenset(self.user_ids.ids) or None,
            self.conversion == "payment",
        )
