# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..models.daily_log_check import CHECK_RESULTS


class SalesDailyLogCheck(models.TransientModel):
    """Asks what a spot check has found."""

    _name = "sales.daily.log.check"
    _description = "Daily Log Spot Check"

    log_ids = fields.Many2many("sales.daily.log", string="Daily Logs", required=True)
    result = fields.Selection(CHECK_RESULTS, required=True)
    note = fields.Text(help="Who was asked, when, and what was said.")

    def action_record(self):
        """Hand the result to the logs, which check who may record it."""
        self.ensure_one()
        self.log_ids.record_check(self.result, self.note)
        return {"type": "ir.actions.act_window_close"}
