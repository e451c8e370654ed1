# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .sanction_mixin import MONEY_KINDS
from .violation import CONFIRMED, POSTED, UNDECIDED


class SalesDisciplinePeriod(models.Model):
    """A month of a company. Closing posts what is confirmed, moves on what is undecided, and freezes both."""

    _name = "sales.discipline.period"
    _description = "Discipline Period"
    _inherit = ["sales.period.mixin", "mail.thread"]
    _check_company_auto = True

    violation_ids = fields.One2many("sales.discipline.violation", "period_id", string="Entries", readonly=True)
    sheet_ids = fields.One2many("sales.discipline.period.sheet", "period_id", string="Sheets", readonly=True)
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

    @api.depends("violation_ids.state", "violation_ids.amount", "violation_ids.points")
    def _compute_counts(self):
        totals = {
            (period, state): values
            for period, state, *values in self.env["sales.discipline.violation"]._read_group(
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

    def action_close(self):
        """Post the confirmed entries, move the undecided ones on, write a sheet for each employee, freeze all."""
        if not self.env.su and not self.env.user.has_group("sales_discipline.group_discipline_officer"):
            raise AccessError(self.env._("Only the sales administration closes periods."))
        self.check_access("read")
        for period in self.sudo().sorted("date_from"):
            period._check_open()
            period._check_closable()
            period._close()

    def _check_closable(self):
        self._check_turn()
        running = self.env["sales.discipline.run"].search(
            [("company_id", "=", self.company_id.id), ("state", "=", "running")], limit=1
        )
        if running:
            raise UserError(self.env._(
                "Run '%(run)s' is at work: close %(period)s when it has ended.", run=running.name, period=self.name))

    def _close(self):
        self._touch()
        Violation = self.env["sales.discipline.violation"].with_context(tracking_disable=True)
        pending = Violation.search([("period_id", "=", self.id), ("state", "in", UNDECIDED)])
        following = self.date_to + timedelta(days=1)
        pending.write({"period_id": self._posting_periods(self.company_id, [following])[following].id})
        confirmed = Violation.search([("period_id", "=", self.id), ("state", "=", CONFIRMED)])
        sheets = self._create_sheets(confirmed, pending)
        for employee, entries in confirmed.grouped("employee_id").items():
            entries.write({"state": POSTED, "sheet_id": sheets[employee].id})
        self.pending_ids = pending
        self._freeze()

    def _create_sheets(self, confirmed, pending):
        """{employee: sheet} of everybody who has an entry in the period, or something carried from before."""
        entries, waiting = confirmed.grouped("employee_id"), pending.grouped("employee_id")
        collections = self._prepare_collections(confirmed)
        sheets = self.env["sales.discipline.period.sheet"].create([
            {
                **self._prepare_sheet(employee, entries.get(employee, confirmed.browse()), waiting.get(employee, ())),
                **collections.get(employee, {}),
            }
            for employee in pending.employee_id.union(*collections)
        ])
        return {sheet.employee_id: sheet for sheet in sheets}

    def _prepare_sheet(self, employee, entries, pending):
        return {
            "period_id": self.id,
            "employee_id": employee.id,
            "entry_count": len(entries),
            "warning_count": len(entries.filtered(lambda entry: entry.step_kind == "warning")),
            "fine_count": len(entries.filtered(lambda entry: entry.step_kind in MONEY_KINDS and entry.amount > 0)),
            "amount_total": sum(entries.mapped("amount")),
            "points_total": sum(entries.mapped("points")),
            "pending_count": len(pending),
        }
