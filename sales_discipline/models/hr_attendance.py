# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import models

_logger = logging.getLogger(__name__)


class HrAttendance(models.Model):
    """A punch that leaves a closed month leaves no trace there that the next run could find: the day is asked for."""

    _inherit = "hr.attendance"

    def write(self, vals):
        if {"check_in", "employee_id"} & vals.keys():
            self._judge_closed_days()
        return super().write(vals)

    def unlink(self):
        self._judge_closed_days()
        return super().unlink()

    def _judge_closed_days(self):
        """Have the days of these punches judged again, where their months are closed; never stops a punch."""
        # sudo: whoever corrects punches has no right on runs; nothing of them is shown
        for company, punches in self.sudo().grouped(lambda punch: punch.employee_id.company_id).items():
            closed = self.env["sales.discipline.period"]._closed_to(company)
            days = [punch.date for punch in punches if closed and punch.date and punch.date <= closed]
            if not days:
                continue
            try:
                with self.env.cr.savepoint():
                    self.env["sales.discipline.rule"].sudo()._judge_days(company, min(days), max(days))
            except Exception:
                _logger.exception("Discipline: the days %s to %s are not judged again", min(days), max(days))
