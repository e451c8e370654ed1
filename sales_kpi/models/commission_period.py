# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OPEN, CLOSED = "open", "closed"


class SalesCommissionPeriod(models.Model):
    """A month of a company: its statements are sent, checked and closed together. Closed stays closed."""

    _name = "sales.commission.period"
    _description = "Commission Period"
    _inherit = ["mail.thread"]
    _order = "date_from desc, company_id"

    _date_from_uniq = models.Constraint("UNIQUE (company_id, date_from)", "A company has one period for a month.")

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(required=True)
    date_to = fields.Date(compute="_compute_date_to", store=True)
    state = fields.Selection(
        [(OPEN, "Open"), (CLOSED, "Closed")], required=True, readonly=True, default=OPEN, tracking=True
    )
    closed_on = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    ledger_changed_on = fields.Datetime(readonly=True, copy=False)
    statement_ids = fields.One2many("sales.commission.statement", "period_id", string="Statements", readonly=True)
    amount_total = fields.Monetary(compute="_compute_amount_total", string="Commission")

    @api.depends("date_from")
    def _compute_name(self):
        for period in self:
            period.name = period.date_from and period.date_from.strftime("%Y-%m")

    @api.depends("date_from")
    def _compute_date_to(self):
        for period in self:
            period.date_to = period.date_from and period.date_from + relativedelta(months=1, days=-1)

    @api.depends("statement_ids.amount_total")
    def _compute_amount_total(self):
        for period in self:
            period.amount_total = sum(period.statement_ids.mapped("amount_total"))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("date_from"):
                vals["date_from"] = fields.Date.to_date(vals["date_from"]).replace(day=1)
            if vals.get("state", OPEN) != OPEN:
                raise UserError(self.env._("A period is closed by its button, not by creating it closed."))
        periods = super().create(vals_list)
        for period in periods:
            closed = self._closed_to(period.company_id)
            if closed and period.date_from <= closed:
                raise UserError(self.env._(
                    "Commission of %(company)s is closed up to %(date)s: a period cannot be added before that.",
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
                "Commission period %(period)s of %(company)s is closed: nothing in it is changed or deleted. "
                "What changes later is a correction in the open period.",
                period=period.name, company=period.company_id.name))

    def action_send(self):
        """Send the statements: the salespeople check them until the deadline."""
        for period in self._as_administrator():
            period._check_open()
            statements = period.statement_ids.filtered(lambda statement: statement.state == "open")
            if not statements:
                raise UserError(self.env._(
                    "Commission period %(period)s has no statement that waits to be sent. Compute a plan first.",
                    period=period.name))
            statements._send()

    def action_close(self):
        """Freeze the lines and statements of these months."""
        for period in self._as_administrator().sorted("date_from"):
            period._check_open()
            period._check_closable()
            period._touch()
            period.statement_ids.write({"state": "closed"})
            period.write({"state": CLOSED, "closed_on": fields.Datetime.now(), "closed_by_id": self.env.uid})

    def action_view_lines(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id("sales_kpi.sales_commission_line_action"),
            "domain": [("period_id", "=", self.id)],
            "context": {},
        }

    def _as_administrator(self):
        """These periods with full rights, for an administrator: nobody may write periods and statements by hand.

        :raise AccessError: for everybody else
        """
        if not self.env.su and not self.env.user.has_group("sales_kpi.group_kpi_administrator"):
            raise AccessError(self.env._("Only an administrator of Sales KPI sends and closes commission periods."))
        self.check_access("read")
        return self.sudo()

    def _check_closable(self):
        self.ensure_one()
        if self.date_to >= fields.Date.context_today(self):
            raise UserError(self.env._(
                "Commission period %(period)s lasts until %(date)s: close it afterwards.",
                period=self.name, date=self.date_to))
        earlier = self.search([
            ("company_id", "=", self.company_id.id), ("state", "=", OPEN), ("date_from", "<", self.date_from),
        ], order="date_from", limit=1)
        if earlier:
            raise UserError(self.env._(
                "Commission period %(earlier)s is still open: close it before %(period)s.",
                earlier=earlier.name, period=self.name))
        self._check_others_closed()
        unchecked = self.statement_ids.filtered(lambda statement: statement.state != "checked")
        if unchecked:
            labels = dict(unchecked._fields["state"]._description_selection(self.env))
            raise UserError(self.env._(
                "Commission period %(period)s cannot be closed yet. Send the statements, decide the disputes, and wait "
                "for the answers or the deadline: %(statements)s.",
                period=self.name,
                statements=", ".join(f"{row.user_id.name} ({labels[row.state]})" for row in unchecked[:10])))

    def _check_others_closed(self):
        """:raise UserError: discipline or arrears of these dates are still open, and may still change what is paid"""
        self.ensure_one()
        discipline = self.env["sales.discipline.period"].search([
            ("company_id", "=", self.company_id.id), ("state", "=", "open"), ("date_from", "<=", self.date_to),
        ], order="date_from", limit=1)
        if discipline:
            raise UserError(self.env._(
                "Discipline period %(other)s is still open: close it before commission period %(period)s.",
                other=discipline.name, period=self.name))
        statement = self.env["sales.arrears.statement"].search([
            ("company_id", "=", self.company_id.id), ("state", "=", "draft"), ("date_to", "<=", self.date_to),
        ], order="date_to", limit=1)
        if statement:
            raise UserError(self.env._(
                "Arrears statement '%(other)s' is not issued: issue it before closing commission period %(period)s.",
                other=statement.display_name, period=self.name))

    @api.model
    def _closed_to(self, company):
        """Last day of the latest closed period of a company, None before the first closing."""
        last = self.sudo().search(
            [("company_id", "=", company.id), ("state", "=", CLOSED)], order="date_from desc", limit=1
        )
        return last.date_to or None

    @api.model
    def _posting_periods(self, company, days):
        """{day: the open period that a line of that day is posted to}: its own month, else the first open one."""
        closed = self._closed_to(company)
        firsts = {}
        for day in days:
            posting = max(day, closed + timedelta(days=1)) if closed else day
            firsts[day] = posting.replace(day=1)
        existing = self.search([("company_id", "=", company.id), ("date_from", "in", list(set(firsts.values())))])
        by_first = {period.date_from: period for period in existing}
        missing = sorted(set(firsts.values()) - by_first.keys())
        by_first |= {
            period.date_from: period
            for period in self.create([{"company_id": company.id, "date_from": first} for first in missing])
        }
        return {day: by_first[first] for day, first in firsts.items()}

    def _touch(self):
        """Write the rows, so that of a closing and a run at the same moment only one succeeds."""
        self.write({"ledger_changed_on": fields.Datetime.now()})
        self.flush_recordset()
