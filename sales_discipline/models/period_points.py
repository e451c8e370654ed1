# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..engine.ladder import CASES
from ..engine.score import score


class SalesDisciplinePeriod(models.Model):
    """The points of a month (PNT-01, PNT-03): closing keeps by which figures they were counted."""

    _inherit = "sales.discipline.period"

    points_base = fields.Integer(readonly=True, help="Points everybody began the month with; known when it is closed.")
    pay_per_point = fields.Monetary(readonly=True, help="Performance pay of a point; known when the month is closed.")

    def _close(self):
        company = self.company_id
        self.write({
            "points_base": company.discipline_points_base, "pay_per_point": company.discipline_pay_per_point,
        })
        return super()._close()

    def _prepare_sheet(self, employee, entries, pending):
        left = score(self.points_base, entries.mapped("points"))
        return {
            **super()._prepare_sheet(employee, entries, pending),
            "duty_days_total": sum(entries.mapped("duty_days")),
            "absence_days_total": sum(entries.mapped("absence_days")),
            "volume_off": sum(entries.mapped("volume_off")) > 0,
            "case_count": len(entries.filtered(
                lambda entry: entry.step_kind in CASES and entry.id not in entries.corrects_id.ids)),
            "points_base": self.points_base,
            "score": left,
            "pay_proposal": left * self.pay_per_point,
        }
