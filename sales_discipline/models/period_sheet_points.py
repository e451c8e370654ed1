# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SalesDisciplinePeriodSheet(models.Model):
    """What else than money a month came to: duty, marks, cases, and the points that are left."""

    _inherit = "sales.discipline.period.sheet"

    duty_days_total = fields.Integer(string="Extra Duty Days", readonly=True)
    absence_days_total = fields.Integer(string="Days Marked as Absence", readonly=True)
    volume_off = fields.Boolean(
        string="Volume Not Counted", readonly=True, help="An entry of the month says that a month's volume does not count."
    )
    case_count = fields.Integer(string="Cases", readonly=True)
    points_base = fields.Integer(readonly=True, aggregator=None)
    score = fields.Integer(
        readonly=True, aggregator="avg", help="Points left of those everybody began the month with; merits included."
    )
    pay_proposal = fields.Monetary(
        string="Performance Pay by Points",
        readonly=True,
        help="Score times the performance pay of a point. A proposal: nothing is paid by it.",
    )
