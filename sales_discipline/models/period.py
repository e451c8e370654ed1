# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .violation import CONFIRMED, POSTED, UNDECIDED

OPEN, CLOSED = "open", "closed"


class SalesDisciplinePeriod(models.Model):
    """A month of a company. Closing posts what is confirmed, moves on what is undecided, and freezes both."""

    _name = "sales.discipline.period"
    _description = "Discipline Period"
    _inherit = ["mail.thread"]
    _order = "date_from desc, company_id"
    _check_company_auto = True

    _date_from_uniq = models.Constraint("UNIQUE (company_id, date_from)", "A company has one period for a month.")

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(required=True)
    date_to = fields.Date(required=True)
    state = fields.Selection([(OPEN, "Open"), (CLOSED, "Closed")], required=True, default=OPEN, tracking=True)
    closed_on = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    violation_ids = fields.One2many("sales.discipline.violation", "period_id", string="Entries")
    sheet_ids = fields.One2many("sales.discipline.period.sheet", "period_id", string="Sheets")
    pending_ids = fields.Many2many(
        "sales.discipline.violation",
        "sales_discipline_period_pending_rel",
        string="Moved to the Next Period",
        readonly=True,
        help="Entries that were undecided at the closing and went on to the next open period.",
    )
    violation_count = fields.Integer(compute="_compute_counts", string="Number of Entries")
    undecided_count = fields.Integer(compute="_compute_counts", string="Undecided")
    amount_total = fields.Monetary(compute="_compute_counts", string="Fines")
    points_total = fields.Integer(compute="_compute_counts", string="Points")
    ledger_changed_on = fields.Datetime(readonly=True, copy=False)

    @api.depends("date_from", "company_id")
    def _compute_name(self):
        for period in self:
            period.name = period.date_from.strftime("%Y-%m") if period.date_from else False

    @api.depends("violation_ids.state", "violation_ids.amount", "violation_ids.points")
    def _compute_counts(self):
        Violation = self.env["sales.discipline.violation"]
        totals = {
            (period, state): values
            for period, state, *values in Violation._read_group(
                [("period_id", "in", self.ids)], ["period_id", "state"], ["__count", "amount:sum", "points:sum"]
            )
        }
        for period in self:
            counted = {state: values for (key, state), values in totals.items() if key == period}
            binding = [counted[state] for state in (CONFIRMED, POSTED) if state in counted]
            period.violation_count = sum(count for count, _amount, _points in counted.values())
            period.undecided_count = sum(counted[state][0] for state in UNDECIDED if state in counted)
            period.amount_total = sum(amount for _count, amount, _points in binding)
            period.points_total = sum(points for _count, _amount, points in binding)
