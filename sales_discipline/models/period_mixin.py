# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

OPEN, CLOSED = "open", "closed"


class SalesPeriodMixin(models.AbstractModel):
    """A month of a company to which a ledger posts. Months are closed in their order, and closed means closed."""

    _name = "sales.period.mixin"
    _description = "Period of a Ledger"
    _order = "date_from desc, company_id"

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
    ledger_changed_on = fields.Datetime(readonly=True, copy=False)

    @api.depends("date_from")
    def _compute_name(self):
        for period in self:
            period.name = period.date_from and period.date_from.strftime("%Y-%m")

    @api.depends("date_from")
    def _compute_date_to(self):
        for period in self:
            period.date_to = period.date_from and period.date_from + relativedelta(months=1, days=-1)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("date_from"):
                vals["date_from"] = fields.Date.to_date(vals["date_from"]).replace(day=1)
        periods = super().create(vals_list)
        for period in periods:
            if period.state != OPEN:
                raise UserError(self.env._("A period is closed by its button, not by creating it closed."))
            closed = self._closed_to(period.company_id)
            if closed and period.date_from <= closed:
                raise UserError(self.env._(
                    "%(company)s is closed up to %(date)s: a period cannot be added before that.",
                    company=period.company_id.name, date=closed))
        return periods

    def write(self, vals):
        if any(not name.startswith(("message_", "activity_")) for name in vals):
            self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_open()

    def _check_open(self):
        """:raise UserError: one of these periods is closed, for whomever"""
        for period in self.filtered(lambda period: period.state == CLOSED):
            raise UserError(self.env._(
                "%(kind)s %(period)s of %(company)s is closed: nothing in it is changed or deleted. "
                "What changes later is a correction in the open period.",
                kind=self._kind_text(), period=period.name, company=period.company_id.name))

    def _check_turn(self):
        """:raise UserError: the period is not over, or an earlier one is open"""
        self.ensure_one()
        # where the company works: who closes it from farther east would close its last day before it is over
        if self.date_to >= self.company_id._discipline_today():
            raise UserError(self.env._(
                "%(kind)s %(period)s lasts until %(date)s: close it afterwards.",
                kind=self._kind_text(), period=self.name, date=self.date_to))
        earlier = self.search([
            ("company_id", "=", self.company_id.id), ("state", "=", OPEN), ("date_from", "<", self.date_from),
        ], order="date_from", limit=1)
        if earlier:
            raise UserError(self.env._(
                "%(kind)s %(earlier)s is still open: close it before %(period)s.",
                kind=self._kind_text(), earlier=earlier.name, period=self.name))

    def _freeze(self):
        self.write({"state": CLOSED, "closed_on": fields.Datetime.now(), "closed_by_id": self.env.uid})

    @api.model
    def _kind_text(self):
        return self.env["ir.model"]._get(self._name).name

    @api.model
    def _closed_to(self, company):
        """Last local date of the company's latest closed period, or None."""
        # sudo: whether a month is closed binds everybody who books, also who may not read periods; only its date is used
        last = self.sudo().search(
            [("company_id", "=", company.id), ("state", "=", CLOSED)], order="date_from desc", limit=1
        )
        return last.date_to or None

    @api.model
    def _posting_periods(self, company, days):
        """{local date: open period that an entry of that date is posted to}: its own month, else the next open one."""
        closed = self._closed_to(company)
        firsts = {
            day: (max(day, closed + timedelta(days=1)) if closed else day).replace(day=1) for day in days
        }
        wanted = set(firsts.values())
        periods = self.search([("company_id", "=", company.id), ("date_from", "in", list(wanted))])
        missing = sorted(wanted - set(periods.mapped("date_from")))
        # a period that a run needs has nobody who made it
        periods |= self.with_context(tracking_disable=True).create([
            {"company_id": company.id, "date_from": first} for first in missing
        ])
        by_first = {period.date_from: period for period in periods}
        return {day: by_first[first] for day, first in firsts.items()}

    def _touch(self):
        """Write the rows, so that of a closing and a run at the same moment only one succeeds."""
        if not self:
            return
        self.flush_recordset()
        self.env.cr.execute(SQL(
            "UPDATE %s SET ledger_changed_on = %s WHERE id IN %s",
            SQL.identifier(self._table), fields.Datetime.now(), tuple(self.ids),
        ), log_exceptions=False)
        self.invalidate_recordset(["ledger_changed_on"], flush=False)
