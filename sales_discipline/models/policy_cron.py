# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import api, fields, models

from .policy import BINDING

_logger = logging.getLogger(__name__)


class SalesPolicy(models.Model):
    """What time does to policies: versions end, people join, receipts become overdue, a review falls due."""

    _inherit = "sales.policy"

    @api.model
    def _cron_policies(self):
        """Once a day; a policy that fails is logged and the others go on."""
        commit = self.env["ir.cron"]._commit_progress
        policies = self.search([("state", "in", BINDING)])
        commit(remaining=len(policies))
        for policy in policies:
            try:
                with self.env.cr.savepoint():
                    policy._daily()
            except Exception:
                self.env.invalidate_all()
                _logger.exception("Policy %s: the daily work has failed", policy.id)
            if not commit(1):
                break

    def _daily(self):
        self.ensure_one()
        self.version_ids._supersede_ended()
        for version in self.version_ids.filtered(lambda version: version.state in BINDING):
            version._sync_receipts()
            version._remind()
        self._ask_review()

    def _ask_review(self):
        """Ask the owner once when the review falls due (POL-03, POL-07)."""
        due = self.next_review_on
        if due and due <= fields.Date.context_today(self) and self.review_asked_for != due:
            self.review_asked_for = due
            self.activity_schedule(
                "sales_discipline.activity_type_policy_review", date_deadline=due,
                user_id=self.owner_id.id, summary=self.name)
