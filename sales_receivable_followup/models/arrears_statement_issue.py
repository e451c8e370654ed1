# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

import psycopg2
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import date_utils, format_date

from .arrears_statement import DRAFT, ISSUED
from .arrears_statement_delivery import ALL, OWN, TEAM
from .arrears_statement_document import PDF, XLSX

_logger = logging.getLogger(__name__)

#: How often the scheduled action tries a company whose statement somebody else is working on.
TRIES = 3


class ArrearsStatement(models.Model):
    """How a statement leaves the house: issuing, recipients, scheduled action."""

    _inherit = "sales.arrears.statement"

    # ------------------------------------------------------------
    # Issue
    # ------------------------------------------------------------

    def action_issue(self):
        """Compute once more, number, freeze and queue the mails (ARS-01). Right: finance (write access)."""
        self.check_access("write")
        for statement in self.sorted("month"):
            statement._lock_company()
            statement._check_not_frozen()
            statement._issue()
        return True

    def _issue(self):
        self._check_can_issue()
        self._compute_rows(snapshot=True)
        if not self.is_proven:
            raise UserError(self.env._(
                "%(statement)s does not add up to the ledger: account %(account)s differs. Report this as a defect.",
                statement=self.display_name,
                account=self.account_line_ids.filtered("difference")[:1].account_code,
            ))
        self._set({
            "state": ISSUED,
            "name": self._next_number(),
            "issued_at": fields.Datetime.now(),
            "issued_by_id": self.env.uid,
            "issue_error": False,
        })
        self._create_documents()
        if self.company_id.arrears_send_mail:
            self._create_deliveries()
            self.env.ref("sales_receivable_followup.arrears_statement_send_cron").sudo()._trigger()

    def _create_documents(self):
        """Queue PDF and XLSX; they are made after the issue, so that nothing waits for a printer."""
        # sudo: nobody makes documents by hand
        documents = self.env["sales.arrears.statement.document"].sudo().create([
            {"statement_id": self.id, "company_id": self.company_id.id, "kind": kind} for kind in (XLSX, PDF)
        ])
        documents._trigger()

    def _next_number(self):
        sequence = self.env["ir.sequence"].sudo().with_company(self.company_id)
        return sequence.with_context(ir_sequence_date=fields.Date.to_string(self.month)).next_by_code(self._name)

    def _check_can_issue(self):
        """Raise a UserError that says what to do first, unless the statement may be issued."""
        if self.date_to >= self.company_id._arrears_today():
            raise UserError(self.env._(
                "%(statement)s cannot be issued before its month is over.", statement=self.display_name,
            ))
        issued = Domain("company_id", "=", self.company_id.id) & Domain("state", "=", ISSUED)
        later = self.search(issued & Domain("month", ">", self.month), order="month", limit=1)
        if later:
            raise UserError(self.env._(
                "%(statement)s cannot be issued: %(later)s is already issued and continues the months before it.",
                statement=self.display_name, later=later.display_name,
            ))
        last = self.search(issued, order="month desc", limit=1)
        if last and not self._get_previous():
            raise UserError(self.env._(
                "%(statement)s does not continue %(last)s. Issue the months in between first.",
                statement=self.display_name, last=last.display_name,
            ))
        if self.company_id.arrears_require_lock_date and self._lock_date() < self.date_to:
            raise UserError(self.env._(
                "%(statement)s cannot be issued before a lock date for everyone covers %(date)s. "
                "Set it under Accounting, Lock Dates, or switch this condition off in the settings.",
                statement=self.display_name, date=format_date(self.env, self.date_to),
            ))

    def _lock_date(self):
        """The last day on which nobody can post any more, whatever his exceptions."""
        company = self.company_id.sudo().with_context(ignore_exceptions=True)
        return max(company.user_fiscalyear_lock_date, company.user_hard_lock_date)

    # ------------------------------------------------------------
    # Send
    # ------------------------------------------------------------

    def action_send(self):
        """Make the mails of issued statements: the missing ones and those that failed. Right: finance."""
        self.check_access("write")
        for statement in self:
            if statement.state != ISSUED:
                raise UserError(self.env._(
                    "%(statement)s is not issued; only issued statements are sent.", statement=statement.display_name,
                ))
            statement._create_deliveries()
        self.delivery_ids.sudo().filtered(lambda copy: copy.state != "queued")._send()
        return True

    def _recipients(self):
        """Return ``{user: domain}``: everyone who gets a copy, with the domain of the lines in it."""
        Delivery = self.env["sales.arrears.statement.delivery"]
        return {user: Delivery._scope_domain(self, user, scope) for user, scope in self._recipient_scopes().items()}

    def _recipient_scopes(self):
        """Return ``{user: scope}``; who is entitled to several copies gets the widest."""
        self.ensure_one()
        company = self.company_id
        # sudo: team leaders and groups are read to address mails, whoever presses the button.
        groups = self.env["sales.arrears.statement.line"].sudo()._read_group(
            [("statement_id", "=", self.id)], ["user_id", "team_id"],
        )
        scopes = {user: OWN for user, _team in groups if user}
        scopes.update((team.user_id, TEAM) for _user, team in groups if team.user_id)
        finance = self.env.ref("sales_receivable_followup.group_arrears_finance").sudo().all_user_ids
        scopes.update(
            (user, ALL) for user in finance if company in user.company_ids
        )
        return {user: scope for user, scope in scopes.items() if user.active and not user.share}

    def _create_deliveries(self):
        known = self.delivery_ids.user_id
        self.env["sales.arrears.statement.delivery"].sudo().create([
            {"statement_id": self.id, "company_id": self.company_id.id, "month": self.month,
             "user_id": user.id, "scope": scope}
            for user, scope in self._recipient_scopes().items() if user not in known
        ])

    # ------------------------------------------------------------
    # Scheduled action
    # ------------------------------------------------------------

    @api.model
    def _cron_issue(self):
        """Compute the statements that are due, from each company's issue day on, and issue them if it says so.

        What fails in one company is logged and leaves the others alone; the next call tries it again.
        """
        companies = self.env["res.company"].search(Domain.TRUE)
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(companies))
        for company in companies:
            for _attempt in range(TRIES):
                try:
                    self.with_company(company)._run_due_months(company)
                except psycopg2.OperationalError:  # somebody else was at it: once more, in a new transaction
                    self.env.cr.rollback()
                    _logger.info("Arrears statement of company %s: two at once, trying again", company.id)
                except Exception:
                    self.env.cr.rollback()
                    _logger.exception("Arrears statement of company %s failed", company.id)
                    break
                else:
                    break
            if not commit(1):
                break

    def _run_due_months(self, company):
        for month in self._due_months(company):
            self._run(company, month)
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _due_months(self, company):
        """First days of the months whose statement the scheduled action has to make or to issue."""
        month = last_month = self._last_month(company)
        statements = Domain("company_id", "=", company.id)
        last = self.search(statements & Domain("state", "=", ISSUED), order="month desc", limit=1)
        if last:
            month = last.month + relativedelta(months=1)  # also what was missed, since months continue each other
        if company._arrears_today().day < company.arrears_issue_day:
            last_month -= relativedelta(months=1)
        if month > last_month or not any(company._arrears_accounts()):
            return []
        if not company.arrears_auto_issue and self.search_count(statements & Domain("month", "=", month), limit=1):
            return []
        return list(date_utils.date_range(month, last_month)) if company.arrears_auto_issue else [month]

    def _run(self, company, month):
        """Make the draft of one month and issue it if the company wants that; say on it why it was not."""
        statement = self.search([
            ("company_id", "=", company.id), ("month", "=", month), ("state", "=", DRAFT),
        ]) or self.create({"company_id": company.id, "month": month})
        statement.action_compute()
        if not company.arrears_auto_issue:
            return
        if statement._get_replaced():
            statement._set({"issue_error": self.env._("A voided month is issued again by hand.")})
            return
        try:
            with self.env.cr.savepoint():
                statement.action_issue()
        except UserError as error:
            statement._set({"issue_error": str(error)})
