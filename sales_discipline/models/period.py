# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

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
    date_to = fields.Date(compute="_compute_date_to", store=True)
    state = fields.Selection(
        [(OPEN, "Open"), (CLOSED, "Closed")], required=True, readonly=True, default=OPEN, tracking=True
    )
    closed_on = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
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
    ledger_changed_on = fields.Datetime(readonly=True, copy=False)

    @api.depends("date_from")
    def _compute_name(self):
        for period in self:
            period.name = period.date_from and period.date_from.strftime("%Y-%m")

    @api.depends("date_from")
    def _compute_date_to(self):
        for period in self:
            period.date_to = period.date_from and period.date_from + relativedelta(months=1, days=-1)

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

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("date_from"):
                vals["date_from"] = fields.Date.to_date(vals["date_from"]).replace(day=1)
            if not self.env.su and vals.get("state", OPEN) != OPEN:
                raise UserError(self.env._("A period is closed by its button, not by creating it closed."))
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() & {"company_id", "date_from", "state", "closed_on", "pending_ids", "violation_ids", "sheet_ids"}:
            self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_open()

    def _check_open(self):
        """:raise UserError: one of these periods is closed, for whomever"""
        for period in self.filtered(lambda period: period.state == CLOSED):
            raise UserError(self.env._(
                "Period %(period)s of %(company)s is closed: nothing in it is changed or deleted. "
                "Book a correction in the open period.",
                period=period.name, company=period.company_id.name))

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
        self.ensure_one()
        if self.date_to >= fields.Date.context_today(self):
            raise UserError(self.env._(
                "Period %(period)s lasts until %(date)s: close it afterwards.", period=self.name, date=self.date_to))
        earlier = self.search([
            ("company_id", "=", self.company_id.id), ("state", "=", OPEN), ("date_from", "<", self.date_from),
        ], order="date_from", limit=1)
        if earlier:
            raise UserError(self.env._(
                "Period %(earlier)s is still open: close it before %(period)s.",
                earlier=earlier.name, period=self.name))
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
        pending.write({"period_id": self._month(self.company_id, self.date_to + timedelta(days=1)).id})
        confirmed = Violation.search([("period_id", "=", self.id), ("state", "=", CONFIRMED)])
        sheets = self._create_sheets(confirmed, pending)
        for employee, entries in confirmed.grouped("employee_id").items():
            entries.write({"state": POSTED, "sheet_id": sheets[employee].id})
        self.write({
            "state": CLOSED,
            "closed_on": fields.Datetime.now(),
            "closed_by_id": self.env.uid,
            "pending_ids": [fields.Command.set(pending.ids)],
        })

    def _create_sheets(self, confirmed, pending):
        """{employee: sheet} of everybody who has an entry in the period."""
        entries, waiting = confirmed.grouped("employee_id"), pending.grouped("employee_id")
        employees = (confirmed | pending).employee_id
        sheets = self.env["sales.discipline.period.sheet"].create([
            self._prepare_sheet(employee, entries.get(employee, confirmed.browse()), waiting.get(employee, ()))
            for employee in employees
        ])
        return {sheet.employee_id: sheet for sheet in sheets}

    def _prepare_sheet(self, employee, entries, pending):
        total = sum(entries.mapped("amount"))
        cap = self.company_id.discipline_fine_cap
        return {
            "period_id": self.id,
            "employee_id": employee.id,
            "entry_count": len(entries),
            "warning_count": len(entries.filtered(lambda entry: entry.step_kind == "warning")),
            "fine_count": len(entries.filtered(lambda entry: entry.step_kind == "fine" and entry.amount > 0)),
            "amount_total": total,
            "amount_capped": min(total, cap) if cap else total,
            "points_total": sum(entries.mapped("points")),
            "pending_count": len(pending),
        }

    # --- posting ---

    @api.model
    def _closed_to(self, company):
        """Last local date of the company's latest closed period, or None."""
        closed = self.sudo().search(
            [("company_id", "=", company.id), ("state", "=", CLOSED)], order="date_from desc", limit=1
        )
        return closed.date_to or None

    @api.model
    def _month(self, company, day):
        """The period of a day, made when it is missing."""
        first = day.replace(day=1)
        period = self.search([("company_id", "=", company.id), ("date_from", "=", first)], limit=1)
        return period or self.with_context(tracking_disable=True).create({"company_id": company.id, "date_from": first})

    @api.model
    def _posting_periods(self, company, days):
        """{local date: open period that an entry of that date is posted to}: its own month, else the next open one."""
        closed = self._closed_to(company)
        targets = {day: max(day, closed + timedelta(days=1)) if closed else day for day in days}
        months = {first: self._month(company, first) for first in {day.replace(day=1) for day in targets.values()}}
        return {day: months[target.replace(day=1)] for day, target in targets.items()}

    def _touch(self):
        """Write the rows, so that a closing and a run at the same moment cannot both succeed."""
        if not self:
            return
        self.flush_recordset()
        self.env.cr.execute(SQL(
            "UPDATE sales_discipline_period SET ledger_changed_on = %s WHERE id IN %s",
            fields.Datetime.now(), tuple(self.ids),
        ), log_exceptions=False)
        self.invalidate_recordset(["ledger_changed_on"], flush=False)
