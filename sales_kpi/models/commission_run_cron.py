# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class SalesCommissionRun(models.Model):
    """The nightly computation: month by month, each in a transaction of its own."""

    _inherit = "sales.commission.run"

    @api.model
    def _trigger(self):
        """Ask for an extra run of the scheduled action, soon and outside this transaction."""
        cron = self.env.ref("sales_kpi.commission_cron", raise_if_not_found=False)
        if cron:
            # who activates a plan has no right on scheduled actions
            cron.sudo()._trigger()

    @api.model
    def _cron_compute(self):
        """Book what has changed, in every month since the first version of every active plan; pass deadlines.

        Un-reconciling leaves no trace in what remains, so every month is compared; only differences are written.
        """
        commit = self.env["ir.cron"]._commit_progress
        plans = self.env["sales.commission.plan"].search([("state", "=", "active")], order="last_run_on, id")
        commit(remaining=len(plans) + 1)
        for plan in plans:
            plan._compute_safely()
            if not commit(1):
                return
        self.env["sales.commission.statement"]._pass_deadlines()
        commit(1)

    @api.model
    def _months(self, plan):
        """First days of the months since the plan's first version, the present one included."""
        today = fields.Date.context_today(self)
        day = min(plan.version_ids.mapped("valid_from")).replace(day=1)
        while day <= today:
            yield day
            day += relativedelta(months=1)

    @api.model
    def _commit_month(self, plan, day):
        """Book and commit one month; a run stays only where something was booked. For scheduled actions only."""
        run = self.create({"plan_id": plan.id, "date_from": day, "automatic": True})
        if not run._lock_plan():
            raise UserError(self.env._("Plan '%(plan)s' is already running.", plan=plan.name))
        if not run._apply():
            run.unlink()
        self.env["ir.cron"]._commit_progress()


class SalesCommissionPlan(models.Model):
    _inherit = "sales.commission.plan"

    def _compute_safely(self):
        """All months of this plan; what fails is noted on the plan and does not stop the others."""
        self.ensure_one()
        Run, commit = self.env["sales.commission.run"], self.env["ir.cron"]._commit_progress
        repeat = self.env["sales.discipline.run"]._repeat
        try:
            self._check_complete()
            for day in Run._months(self):
                repeat(partial(Run._commit_month, self, day))
            error = False
        except Exception as failure:
            self.env.cr.rollback()
            self.env.invalidate_all()
            if not isinstance(failure, UserError):
                _logger.exception("Commission plan %s has failed", self.id)
            error = str(failure)
        if self.last_error != error:
            self.write({"last_error": error})
        commit()
