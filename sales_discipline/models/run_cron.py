# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class SalesDisciplineRun(models.Model):
    """The scheduled action that judges every active rule."""

    _inherit = "sales.discipline.run"

    def _trigger_judging(self):
        """Ask for an extra run of the scheduled action, soon and outside this transaction."""
        self.env.ref("sales_discipline.judge_cron").sudo()._trigger()

    def _cron_judge(self):
        """Judge all active rules of all companies."""
