# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import groupby

from ..engine import commission, commission_ledger
from . import commission_query
from .commission_line import SILENT, WAITING

DRAFT, SIMULATED, DONE, UNDONE = "draft", "simulated", "done", "undone"
COLUMNS = (
    "company_id", "currency_id", "user_id", "version_id", "kind", "fact_key", "revision", "outcome", "fact_date",
    "document_id", "invoice_name", "partner_name", "payment_move_id", "payment_name", "invoice_currency_id",
    "receipt_amount", "net_amount", "base_amount", "rate", "amount",
)  # fmt: skip
GIVEN = {"plan_id", "date_from", "rebook_undone"}  # what people enter


class SalesCommissionRun(models.Model):
    """One computation of a plan over a month: it appends only the difference to what the ledger says."""

    _name = "sales.commission.run"
    _description = "Commission Run"
    _order = "id desc"

    plan_id = fields.Many2one("sales.commission.plan", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="Month", required=True, default=lambda self: fields.Date.context_today(self).replace(day=1),
        help="Receipts and refunds of this calendar month; any day of it may be entered.",
    )
    date_to = fields.Date(compute="_compute_date_to", store=True)
    rebook_undone = fields.Boolean(
        string="Book Undone Lines Again",
        help="A run that was undone stays undone until the facts change. Check this to book its lines after all.",
    )
    state = fields.Selection(
        [(DRAFT, "Draft"), (SIMULATED, "Simulated"), (DONE, "Done"), (UNDONE, "Undone")],
        required=True, readonly=True, default=DRAFT,
    )  # fmt: skip
    automatic = fields.Boolean(readonly=True, help="Started by the scheduled action.")
    user_id = fields.Many2one("res.users", string="Started By", readonly=True, default=lambda self: self.env.user)
    done_on = fields.Datetime(readonly=True, copy=False)
    preview_ids = fields.One2many("sales.commission.run.line", "run_id", string="Would Be Booked", readonly=True)
    line_ids = fields.One2many("sales.commission.line", "run_id", string="Lines", readonly=True)
    change_count = fields.Integer(string="Number of Lines", readonly=True, copy=False)
    amount_total = fields.Monetary(string="Commission", readonly=True, copy=False, help="Sum of the differences.")
    unassigned_count = fields.Integer(
        string="Receipts Without Salesperson", readonly=True, copy=False,
        help="Receipts of the month whose invoice names no salesperson: they earn nothing until it does.",
    )

    @api.depends("date_from")
    def _compute_date_to(self):
        for run in self:
            run.date_to = run.date_from and run.date_from + relativedelta(day=31)

    @api.depends("plan_id.name", "date_from")
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run.plan_id.name or ''} {(run.date_from and run.date_from.strftime('%Y-%m')) or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and vals.keys() - GIVEN:
                raise AccessError(self.env._("A run is given its plan and its month, the rest it finds out itself."))
            if vals.get("date_from"):
                vals["date_from"] = fields.Date.to_date(vals["date_from"]).replace(day=1)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - GIVEN:
                raise AccessError(self.env._("A run is given its plan and its month, the rest it finds out itself."))
            for run in self.filtered(lambda run: run.state in (DONE, UNDONE)):
                raise UserError(self.env._(
                    "Run '%(run)s' has ended: its plan and month stay. Make a new run.", run=run.display_name))
            if vals.get("date_from"):
                vals = {**vals, "date_from": fields.Date.to_date(vals["date_from"]).replace(day=1)}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        for run in self.filtered("line_ids"):
            raise UserError(self.env._("Run '%(run)s' has booked lines: undo it instead.", run=run.display_name))

    # --- buttons ---

    def action_simulate(self):
        """Show what an application would book; nothing is written to the ledger."""
        for run in self._as_administrator((DRAFT, SIMULATED)):
            run.preview_ids.unlink()
            rows, unassigned = run._prepare_rows()
            self.env["sales.commission.run.line"]._insert_rows(("run_id", *COLUMNS), [
                (run.id, *(row[name] for name in COLUMNS)) for row in rows
            ])
            run.invalidate_recordset(["preview_ids"])
            run.write({"state": SIMULATED, **run._prepare_result(rows, unassigned)})

    def action_apply(self):
        """Book the difference."""
        for run in self._as_administrator((DRAFT, SIMULATED)):
            if not run._lock_plan():
                raise UserError(self.env._(
                    "Plan '%(plan)s' is already running. Wait until its run has ended.", plan=run.plan_id.name))
            run._apply()

    def action_undo(self):
        """Take back the latest run of a plan, as long as nobody has answered its lines and nothing is closed."""
        for run in self._as_administrator((DONE,)):
            if not run._lock_plan():
                raise UserError(self.env._(
                    "Plan '%(plan)s' is already running. Wait until its run has ended.", plan=run.plan_id.name))
            run._check_undoable()
            run.line_ids.write({"state": "undone", "decision": True})
            run.write({"state": UNDONE})

    def action_view_lines(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id("sales_kpi.sales_commission_line_action"),
            "domain": [("run_id", "=", self.id)],
            "context": {},
        }

    def _as_administrator(self, states):
        """These runs with full rights, for an administrator.

        Runs read the accounting of the whole company and write a ledger that nobody may write by hand.
        :raise AccessError: no right to start runs, :raise UserError: a run that is in none of the states
        """
        if not self.env.su and not self.env.user.has_group("sales_kpi.group_kpi_administrator"):
            raise AccessError(self.env._("Only an administrator of Sales KPI starts and takes back commission runs."))
        self.check_access("read")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for run in self:
            if run.state not in states:
                raise UserError(self.env._(
                    "Run '%(run)s' is %(state)s. Make a new run.", run=run.display_name, state=labels[run.state]))
        return self.sudo()

    def _check_undoable(self):
        """:raise UserError: a later run, an answer or a closed period stands on these lines"""
        self.ensure_one()
        later = self.search([("plan_id", "=", self.plan_id.id), ("state", "=", DONE), ("id", ">", self.id),
                             ("line_ids.fact_key", "in", self.line_ids.mapped("fact_key"))], limit=1)  # fmt: skip
        if later:
            raise UserError(self.env._(
                "Run '%(later)s' (%(id)s) came after '%(run)s' on the same receipts: undo that one first.",
                later=later.display_name, id=later.id, run=self.display_name))
        closed = self.line_ids.period_id.filtered(lambda period: period.state == "closed")
        if closed:
            raise UserError(self.env._(
                "Run '%(run)s' has lines in period %(period)s, which is closed. Mend the facts instead: the next run "
                "books the correction.", run=self.display_name, period=closed[0].name))
        answered = self.line_ids.filtered(lambda line: line.answer not in (WAITING, SILENT))
        if answered:
            raise UserError(self.env._(
                "%(user)s has answered line '%(line)s' of run '%(run)s': it cannot be taken back. Mend the facts "
                "instead: the next run books the correction.",
                user=answered[0].user_id.name, line=answered[0].display_name, run=self.display_name))

    # --- computation ---

    def _lock_plan(self):
        """Whether this transaction may write the ledger of the plan: one run of a plan at a time.

        The locked row is written too, so that a transaction which began before another run was committed fails here
        with a serialization failure, before it could compare with a ledger of yesterday.
        """
        self.ensure_one()
        plan = self.plan_id.try_lock_for_update()
        if plan:
            plan.write({"last_run_on": fields.Datetime.now()})
            plan.flush_recordset()
        return bool(plan)

    def _apply(self):
        """Append the difference to the ledger. The plan is locked."""
        self.ensure_one()
        rows, unassigned = self._prepare_rows()
        self.preview_ids.unlink()
        self.write({"state": DONE, "done_on": fields.Datetime.now(), **self._prepare_result(rows, unassigned)})
        if rows:
            self._book(rows)
        return len(rows)

    def _book(self, rows):
        periods = self.env["sales.commission.period"]._posting_periods(
            self.company_id, {row["fact_date"] for row in rows}
        )
        for period in {period.id: period for period in periods.values()}.values():
            period._touch()
        statements = self._statements({(periods[row["fact_date"]], row["user_id"]) for row in rows})
        columns = ("run_id", "plan_id", "period_id", "statement_id", "state", "answer", "corrects_key", *COLUMNS)
        values = []
        for row in rows:
            period = periods[row["fact_date"]]
            statement = statements[period.id, row["user_id"]]
            values.append((
                self.id, self.plan_id.id, period.id, statement.id, "booked", WAITING, row["corrects_key"],
                *(row[name] for name in COLUMNS),
            ))  # fmt: skip
        self.env["sales.commission.line"]._insert_rows(columns, values)
        self.invalidate_recordset(["line_ids"])
        self.env.cr.execute(commission_query.link_corrections(self))
        self.env["sales.commission.line"].invalidate_model(["corrects_id"])
        versions = self.env["sales.commission.plan.version"].browse({row["version_id"] for row in rows})
        versions.filtered(lambda version: not version.used).write({"used": True})
        self.env["sales.commission.statement"].concat(*statements.values())._lines_added()

    def _statements(self, wanted):
        """{(period id, user id): statement}, those that are missing made; wanted: set of (period, user id)."""
        Statement = self.env["sales.commission.statement"].with_context(mail_create_nolog=True, tracking_disable=True)
        found = Statement.search([
            ("period_id", "in", [period.id for period, _user in wanted]), ("user_id", "in", [user for _period, user in wanted]),
        ])  # fmt: skip
        result = {(statement.period_id.id, statement.user_id.id): statement for statement in found}
        missing = sorted({(period.id, user) for period, user in wanted} - result.keys())
        created = Statement.create([{"period_id": period, "user_id": user} for period, user in missing])
        result |= {(statement.period_id.id, statement.user_id.id): statement for statement in created}
        needed = {(period.id, user) for period, user in wanted}
        return {key: statement for key, statement in result.items() if key in needed}

    def _prepare_result(self, rows, unassigned):
        return {
            "change_count": len(rows),
            "amount_total": sum(row["amount"] for row in rows),
            "unassigned_count": unassigned,
        }

    def _prepare_rows(self):
        """Values of the lines to append, as dicts, and the number of receipts without a salesperson."""
        self.ensure_one()
        self.plan_id._check_complete()
        facts, earnings, unassigned = self._earnings()
        rows = self._booked(earnings)
        in_span = {row.fact_key for row in rows if self.date_from <= row.day <= self.date_to}
        in_span |= {key for key, earning in earnings.items() if self.date_from <= earning.day <= self.date_to}
        changes = commission_ledger.difference(
            {key: earning for key, earning in earnings.items() if key in in_span},
            [row for row in rows if row.fact_key in in_span],
        )
        return self._prepare_change_rows(changes, facts), unassigned

    def _earnings(self):
        """({fact key: fact}, {fact key: Earning}, receipts of the month without salesperson) of the invoices touched."""
        self.env.flush_all()
        versions = [version._to_engine() for version in self.plan_id.version_ids]
        self.env.cr.execute(commission_query.facts(self.company_id, self.plan_id, self.date_from, self.date_to))
        facts, earnings, unassigned = {}, {}, 0
        for _root, group in groupby(self.env.cr.dictfetchall(), key=lambda fact: fact["root_id"]):
            receipts, refunds = [], []
            for fact in group:
                key = f"{self.plan_id.id}/{fact['document_id']}/{fact['payment_id']}"
                facts[key] = fact
                payment = commission.Payment(key, fact["day"], fact["amount"], fact["value"])
                (refunds if fact["is_refund"] else receipts).append(payment)
            if not fact["user_id"]:
                unassigned += sum(self.date_from <= payment.day <= self.date_to for payment in receipts)
                continue
            document = commission.Document(
                fact["user_id"], fact["total"], fact["untaxed"], fact["untaxed_company"], fact["settled"]
            )
            if fact["root_id"] == fact["document_id"] and fact["is_refund"]:
                earnings |= commission.loose_refund_earnings(document, refunds, versions)
                continue
            earned = commission.receipt_earnings(document, receipts, versions)
            earnings |= earned | commission.refund_earnings(receipts, earned, refunds)
        return facts, earnings, unassigned

    def _booked(self, earnings):
        """The lines of the ledger that belong to the month or to these facts, as the algebra reads them."""
        self.env.cr.execute(commission_query.booked(self.plan_id, self.date_from, self.date_to, earnings))
        lines = self.env["sales.commission.line"].browse(id_ for (id_,) in self.env.cr.fetchall())
        lines.fetch(["fact_key"])
        units = {currency.id: currency.rounding for currency in lines.invoice_currency_id | lines.currency_id}
        return [line._to_engine(units, rebook=self.rebook_undone) for line in lines]

    def _prepare_change_rows(self, changes, facts):
        """Values for ledger lines, documents named as they are called now."""
        company_unit = self.company_id.currency_id.rounding
        previous = self._previous_entries({change.fact_key for change in changes} - facts.keys())
        move_ids = {fact[name] for change in changes if (fact := facts.get(change.fact_key))
                    for name in ("document_id", "payment_id")}  # fmt: skip
        self.env.cr.execute(commission_query.names(move_ids))
        names = {id_: (name, partner) for id_, name, partner in self.env.cr.fetchall()}
        rates = {version.id: version.rate for version in self.plan_id.version_ids}
        rows = []
        for change in changes:
            fact = facts.get(change.fact_key)
            snapshot = self._prepare_snapshot(fact, names) if fact else previous[change.fact_key]
            unit = self.env["res.currency"].browse(snapshot["invoice_currency_id"]).rounding
            rows.append({
                **snapshot,
                "company_id": self.company_id.id,
                "currency_id": self.company_id.currency_id.id,
                "user_id": change.person,
                "version_id": change.terms_key,
                "fact_key": change.fact_key,
                "revision": change.revision,
                "outcome": change.outcome,
                "fact_date": change.day,
                "receipt_amount": _money(change.figures.receipt, unit),
                "net_amount": _money(change.figures.net, unit),
                "base_amount": _money(change.figures.base, company_unit),
                "rate": rates[change.terms_key],
                "amount": _money(change.figures.amount, company_unit),
                "corrects_key": change.fact_key if change.revision else change.earning.corrects,
            })
        return rows

    def _prepare_snapshot(self, fact, names):
        invoice_name, partner_name = names[fact["document_id"]]
        return {
            "kind": "refund" if fact["is_refund"] else "receipt",
            "document_id": fact["document_id"],
            "invoice_name": invoice_name,
            "partner_name": partner_name,
            "payment_move_id": fact["payment_id"],
            "payment_name": names[fact["payment_id"]][0],
            "invoice_currency_id": fact["currency_id"],
        }

    def _previous_entries(self, fact_keys):
        """{fact key: snapshot} as booked, of facts whose documents are no longer matched or are gone."""
        lines = self.env["sales.commission.line"].search([
            ("company_id", "=", self.company_id.id), ("fact_key", "in", list(fact_keys)), ("revision", "=", 0),
        ])
        names = ("kind", "document_id", "invoice_name", "partner_name", "payment_move_id", "payment_name")
        return {
            line.fact_key: {**{name: line[name] for name in names}, "invoice_currency_id": line.invoice_currency_id.id}
            for line in lines
        }


def _money(units, unit):
    """Smallest units -> amount, exact to the digits of the currency."""
    return round(units * unit, 6)
