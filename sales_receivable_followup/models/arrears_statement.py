# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import babel_locale_parse, date_utils, get_lang

from . import arrears_query as query
from .arrears_item_query import insert_items
from .arrears_ledger_query import forget_ledger, read_ledger
from .arrears_statement_item import PRIOR_KINDS

DRAFT, ISSUED, VOID = "draft", "issued", "void"
FROZEN = (ISSUED, VOID)
TOTALS = ("previous_closing", "prior_movement", "opening", "sales", "credit_notes", "receipts", "other", "closing",
          "overdue", "deposits")
SYSTEM_FIELDS = {
    "name", "date_to", "state", "computed_at", "issued_at", "issued_by_id", "issue_error", "previous_id",
    "account_line_ids", "line_ids", "item_ids", "prior_item_ids", "delivery_ids", "revision", "replaced_id",
    "voided_at", "voided_by_id", "document_ids", "confirmation_ids", "volume_due",
    "volume_check_ids",
}


class ArrearsStatement(models.Model):
    """LEDGER: what all customers of a company owe at the end of a month, with its proof.

    A draft can be computed as often as one likes. Issuing computes it once more, numbers and freezes it with the
    journal items it saw; what changes in its months afterwards is the next statement's prior-period movement.
    """

    _name = "sales.arrears.statement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Arrears Statement"
    _order = "month desc, company_id, id desc"

    _month_uniq = models.UniqueIndex(
        "(company_id, month) WHERE state != 'void'", "A company has one arrears statement a month.",
    )
    _first_day = models.Constraint(
        "CHECK (EXTRACT(day FROM month) = 1)", "The month of a statement is given by its first day.",
    )

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="restrict",
    )
    month = fields.Date(
        required=True, copy=False, default=lambda self: self._last_month(),
        help="The statement covers this calendar month; any day of it may be entered.",
    )
    date_to = fields.Date(string="Month End", compute="_compute_date_to", store=True)
    state = fields.Selection(
        [(DRAFT, "Draft"), (ISSUED, "Issued"), (VOID, "Void")],
        required=True, readonly=True, default=DRAFT, tracking=True,
    )
    computed_at = fields.Datetime(string="Computed On", readonly=True, copy=False)
    issued_at = fields.Datetime(string="Issued On", readonly=True, copy=False)
    issued_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    issue_error = fields.Char(
        string="Not Issued Because", readonly=True, copy=False,
        help="Why the scheduled action left the statement a draft.",
    )

    previous_id = fields.Many2one(
        "sales.arrears.statement", string="Statement Before", readonly=True, copy=False, ondelete="restrict",
        index="btree_not_null", help="The issued statement of the month before, whose closings are the starting point.",
    )
    account_line_ids = fields.One2many("sales.arrears.statement.account", "statement_id", string="Proof", readonly=True)
    line_ids = fields.One2many("sales.arrears.statement.line", "statement_id", string="Lines", readonly=True)
    item_ids = fields.One2many("sales.arrears.statement.item", "statement_id", string="Items", readonly=True)
    prior_item_ids = fields.One2many(
        "sales.arrears.statement.item", "statement_id", string="Changes Since the Last Issue", readonly=True,
        domain=[("kind", "in", PRIOR_KINDS)],
    )
    delivery_ids = fields.One2many(
        "sales.arrears.statement.delivery", "statement_id", string="Deliveries", readonly=True,
    )
    document_ids = fields.One2many(
        "sales.arrears.statement.document", "statement_id", string="Documents", readonly=True,
    )

    currency_id = fields.Many2one(related="company_id.currency_id")
    line_count = fields.Integer(compute="_compute_totals")
    previous_closing = fields.Monetary(string="Last Statement", compute="_compute_totals")
    prior_movement = fields.Monetary(string="Prior-Period Movement", compute="_compute_totals")
    opening = fields.Monetary(compute="_compute_totals")
    sales = fields.Monetary(compute="_compute_totals")
    credit_notes = fields.Monetary(compute="_compute_totals")
    receipts = fields.Monetary(compute="_compute_totals")
    other = fields.Monetary(compute="_compute_totals")
    closing = fields.Monetary(compute="_compute_totals")
    overdue = fields.Monetary(compute="_compute_totals")
    deposits = fields.Monetary(string="Deposits and Open Credits", compute="_compute_totals")
    is_proven = fields.Boolean(
        string="Proven", compute="_compute_is_proven",
        help="For every account the sum of closings equals the ledger balance.",
    )
    delivery_failed_count = fields.Integer(compute="_compute_delivery_failed_count")
    has_changed_document = fields.Boolean(compute="_compute_has_changed_document")

    @api.model
    def _last_month(self, company=None):
        """First day of the calendar month before today's, where the company is."""
        today = (company or self.env.company)._arrears_today()
        return date_utils.start_of(today, "month") - relativedelta(months=1)

    @api.depends("month")
    def _compute_date_to(self):
        for statement in self:
            statement.date_to = statement.month and date_utils.end_of(statement.month, "month")

    @api.depends("line_ids")
    def _compute_totals(self):
        totals = {
            statement: (count, *amounts)
            for statement, count, *amounts in self.env["sales.arrears.statement.line"]._read_group(
                [("statement_id", "in", self.ids)], ["statement_id"], ["__count", *(f"{name}:sum" for name in TOTALS)],
            )
        }
        nothing = (0,) * (len(TOTALS) + 1)
        for statement in self:
            for name, value in zip(("line_count", *TOTALS), totals.get(statement, nothing), strict=True):
                statement[name] = value

    @api.depends("computed_at", "account_line_ids.difference")
    def _compute_is_proven(self):
        for statement in self:
            currency = statement.currency_id
            statement.is_proven = bool(statement.computed_at) and all(
                currency.is_zero(account.difference) for account in statement.account_line_ids
            )

    @api.depends("delivery_ids.state")
    def _compute_delivery_failed_count(self):
        for statement in self:
            statement.delivery_failed_count = len(statement.delivery_ids.filtered(lambda copy: copy.state == "failed"))

    @api.depends("document_ids.is_changed")
    def _compute_has_changed_document(self):
        for statement in self:
            statement.has_changed_document = any(statement.document_ids.mapped("is_changed"))

    @api.depends("name", "month", "state")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for statement in self:
            number = statement.name if statement.state != DRAFT else self.env._("Draft")
            statement.display_name = f"{statement._get_month_name()} ({number})" if statement.month else number

    def _get_month_name(self):
        """The month as the reader's language writes it: October 2026, 2026年10月."""
        return format_skeleton("yMMMM", self.month, locale=babel_locale_parse(get_lang(self.env).code))

    # ------------------------------------------------------------
    # Issued means issued
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        # The context, and the defaults that people save, come from outside too.
        for name in values.keys() & SYSTEM_FIELDS:
            values[name] = {"state": DRAFT, "name": "/", "revision": 0}.get(name, False)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_editable(vals)
            if vals.get("month"):
                vals["month"] = date_utils.start_of(fields.Date.to_date(vals["month"]), "month")
        return super().create(vals_list)

    def write(self, vals):
        self._check_editable(vals)
        if "void_reason" in vals:
            self._check_not_void()
        if {"company_id", "month"} & set(vals):
            self._check_not_frozen()
            computed = self.filtered("computed_at")
            if computed:
                raise UserError(self.env._(
                    "%(statement)s is computed for its month and company. Delete the draft and create another one.",
                    statement=computed[0].display_name,
                ))
            if vals.get("month"):
                vals = {**vals, "month": date_utils.start_of(fields.Date.to_date(vals["month"]), "month")}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_not_frozen()

    def unlink(self):
        result = super().unlink()
        # Items hang on the statement without a foreign key, so nothing else deletes a draft's.
        for statement in self:
            self.env.cr.execute(query.delete_rows(self.env["sales.arrears.statement.item"], statement))
        return result

    def _check_editable(self, vals):
        """Raise if ``vals`` holds what only the methods below may write, be it by RPC, import or superuser."""
        names = [name for name in vals if name in SYSTEM_FIELDS]
        if names:
            raise UserError(self.env._(
                "Arrears statement: %(fields)s cannot be entered or imported. Use the buttons Compute and Issue.",
                fields=", ".join(self._fields[name].string for name in names),
            ))

    def _check_not_frozen(self):
        frozen = self.filtered(lambda statement: statement.state in FROZEN)
        if frozen:
            raise UserError(self.env._(
                "%(statement)s was issued and stays as it is. A later change of its month appears as prior-period "
                "movement in the next statement.",
                statement=frozen[0].display_name,
            ))

    def _check_not_void(self):
        void = self.filtered(lambda statement: statement.state == VOID)
        if void:
            raise UserError(self.env._("%(statement)s is void and stays as it is.", statement=void[0].display_name))

    def _set(self, vals):
        """Write what only the methods below may write. Private, hence out of reach for RPC and imports."""
        return super().write(vals)

    # ------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------

    def action_compute(self):
        """Compute the drafts anew from the ledger as it is now. Right: finance (write access)."""
        self.check_access("write")
        for statement in self:
            statement._lock_draft()
            statement._compute_rows()
            statement._set({"issue_error": False})
        return True

    def _lock_draft(self):
        """Hold the statement for this transaction; raise if another one has it or it is no draft any more."""
        self.ensure_one()
        self._lock(self)
        self._check_not_frozen()

    def _lock_company(self):
        """Hold all statements of the company: one is issued or voided at a time, as they stand on each other."""
        self.ensure_one()
        # sudo: who may do either for a company may hold all of its statements
        self._lock(self.sudo().search([("company_id", "=", self.company_id.id)]))

    def _lock(self, statements):
        if statements.try_lock_for_update() != statements:
            raise UserError(self.env._(
                "%(statement)s is being computed, issued or voided by someone else. Try again in a moment.",
                statement=self.display_name,
            ))

    def _compute_rows(self, snapshot=False):
        """Replace lines, proof and changes by what the ledger says now.

        :param snapshot: also store every journal item the statement has seen (issuing)
        """
        self.ensure_one()
        self._set({"previous_id": self._get_previous().id, "computed_at": fields.Datetime.now()})
        self._discard_rows()
        scope = self._query_scope()
        # Compiling a statement of so many columns takes PostgreSQL longer than running it.
        self.env.cr.execute("SET LOCAL jit TO off")
        if scope.accounts:
            self.env.cr.execute(read_ledger(scope))
            self.env.cr.execute(query.insert_lines(scope))
            self.env.cr.execute(forget_ledger())
            if snapshot or self._has_prior_movement():
                self.env.cr.execute(insert_items(scope, snapshot))
        self.env.invalidate_all(flush=False)
        self._prove()

    def _discard_rows(self):
        """Delete what was computed; only drafts get here."""
        self.env.flush_all()
        for name in ("item_ids", "line_ids", "account_line_ids"):
            self.env.cr.execute(query.delete_rows(self.env[self._fields[name].comodel_name], self))
        self.env.invalidate_all(flush=False)

    def _has_prior_movement(self):
        prior = Domain("prior_movement", "!=", 0) | Domain("prior_movement_currency", "!=", 0)
        lines = Domain("statement_id", "=", self.id)
        return self.env["sales.arrears.statement.line"].search_count(lines & prior, limit=1)

    def _get_previous(self):
        """The issued statement of the month before, or none."""
        return self.search([
            ("company_id", "=", self.company_id.id),
            ("month", "=", self.month - relativedelta(months=1)),
            ("state", "=", ISSUED),
        ])

    def _query_scope(self):
        """Everything the SQL needs to know, as plain values."""
        company = self.company_id
        trade, advance = company.sudo()._arrears_accounts()  # sudo: finance needs no right on accounts
        known = self.previous_id.account_line_ids.account_id & (trade | advance)
        return query.Scope(
            statement_id=self.id,
            previous_id=self.previous_id.id,
            company_id=company.id,
            currency_id=company.currency_id.id,
            month=self.month,
            date_to=self.date_to,
            accounts=tuple((trade | advance).ids),
            advance_accounts=tuple(advance.ids),
            unreconcilable_accounts=tuple((trade | advance).filtered(lambda account: not account.reconcile).ids),
            known_accounts=tuple(known.ids),
            exchange_journal_id=company.sudo().currency_exchange_journal_id.id,
            account_codes=tuple(
                (account.id, account.code or "") for account in (trade | advance).with_company(company)
            ),
            no_customer=self.env._("No customer"),
        )

    def _prove(self):
        """Write the proof per account: the sum of closings beside a balance read independently of the lines."""
        trade, advance = self.company_id.sudo()._arrears_accounts()
        accounts = (trade | advance).with_company(self.company_id)
        sums = {
            account.id: amounts
            for account, *amounts in self.env["sales.arrears.statement.line"].sudo()._read_group(
                [("statement_id", "=", self.id)], ["account_id"], ["closing:sum", "cross_customer:sum"],
            )
        }
        # sudo: the total per account is finance's business; journal items themselves are not shown.
        ledger = dict(self.env["account.move.line"].sudo()._read_group(
            Domain("account_id", "in", accounts.ids)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("parent_state", "=", "posted")
            & Domain("date", "<=", self.date_to),
            ["account_id"], ["balance:sum"],
        ))
        currency = self.company_id.currency_id
        vals_list = []
        for account in accounts:
            closing, cross_customer = sums.get(account.id, (0.0, 0.0))
            balance = ledger.get(account, 0.0)
            vals_list.append({
                "statement_id": self.id,
                "company_id": self.company_id.id,
                "account_id": account.id,
                "account_code": account.code,
                "account_name": account.name,
                "is_advance": account in advance,
                "closing": closing,
                "ledger_balance": balance,
                "difference": currency.round(closing - balance),
                "cross_customer": cross_customer,
            })
        self.env["sales.arrears.statement.account"].sudo().create(vals_list)
