# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of the arrears statement's lines, composed from SQL objects; nothing else.

:mod:`arrears_ledger_query` sums up the ledger; :func:`insert_lines` makes the lines of it, with the customer, who
answered for him and the statement before.

The floor it is measured against is one statement that gives the same columns by joining every item with all of its
reconciliations dated up to the month's end (``LEFT JOIN`` of an aggregate of ``account_partial_reconcile``), its
rows stored.
"""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from ..engine.ageing import OVERDUE
from .arrears_ledger_query import AGED, BASE, PART, among


class Scope(NamedTuple):
    """One statement's question to the ledger; account ids become literals, which the planner can estimate."""

    statement_id: int
    previous_id: int | bool
    company_id: int
    currency_id: int
    month: date
    date_to: date
    accounts: tuple
    advance_accounts: tuple
    unreconcilable_accounts: tuple
    known_accounts: tuple
    exchange_journal_id: int | bool
    account_codes: tuple
    no_customer: str


def delete_rows(model, statement):
    """The statement's rows of one of its tables."""
    return SQL("DELETE FROM %s WHERE statement_id = %s", SQL.identifier(model._table), statement.id)


def insert_lines(scope):
    """Store the lines of one statement, customer x account x currency, after ``read_ledger``."""
    columns = {
        "statement_id": SQL("%s", scope.statement_id),
        "company_id": SQL("%s", scope.company_id),
        "company_currency_id": SQL("%s", scope.currency_id),
        "month": SQL("%s::date", scope.month),
        "customer_id": SQL("customer_id"),
        "customer_name": SQL(
            "CASE WHEN customer_id = 0 THEN %s ELSE COALESCE(customer.name, previous.customer_name, '') END",
            scope.no_customer,
        ),
        "customer_ref": SQL("COALESCE(customer.ref, previous.customer_ref)"),
        "account_id": SQL("account_id"),
        "account_code": SQL("code.account_code"),
        "is_advance": among("account_id", scope.advance_accounts),
        # A customer that was merged away has no owner any more: the last one sees where his customer went.
        "user_id": SQL("CASE WHEN customer.id IS NULL THEN previous.user_id ELSE owner.user_id END"),
        "team_id": SQL("CASE WHEN customer.id IS NULL THEN previous.team_id ELSE owner.team_id END"),
        "currency_id": SQL("currency_id"),
    }
    for twin in ("", "_currency"):
        columns.update(_line_amounts(scope, twin))
    return SQL(
        """
        WITH total AS (
            SELECT COALESCE(partner.commercial_partner_id, 0) AS customer_id, part.account_id, part.currency_id,
                   %(sums)s
              FROM %(part)s part
         LEFT JOIN res_partner partner ON partner.id = part.partner_id
          GROUP BY 1, 2, 3
            HAVING %(anything)s
        ),
        previous AS (
            SELECT customer_id, account_id, currency_id, customer_name, customer_ref, user_id, team_id,
                   closing, closing_currency
              FROM sales_arrears_statement_line
             WHERE statement_id = %(previous_id)s AND %(known)s
        ),
        owner AS (
            SELECT DISTINCT ON (partner_id) partner_id, user_id, team_id
              FROM sales_customer_assignment
             WHERE company_id = %(company_id)s AND date_from <= %(date_to)s
          ORDER BY partner_id, date_from DESC, id DESC
        ),
        code (account_id, account_code) AS (VALUES %(codes)s)
        INSERT INTO sales_arrears_statement_line (%(names)s)
        SELECT %(values)s
          FROM total
     FULL JOIN previous USING (customer_id, account_id, currency_id)
          JOIN code USING (account_id)
     LEFT JOIN res_partner customer ON customer.id = customer_id
     LEFT JOIN owner ON owner.partner_id = customer_id
         WHERE total.account_id IS NOT NULL OR previous.closing <> 0 OR previous.closing_currency <> 0
        """,
        part=PART,
        sums=SQL(", ").join(
            SQL("SUM(%(name)s) AS %(name)s", name=SQL.identifier(name + twin))
            for name in BASE for twin in ("", "_currency")
        ),
        anything=SQL(" OR ").join(
            SQL("SUM(%s) <> 0", SQL.identifier(name + twin))
            for name in BASE for twin in ("", "_currency")
        ),
        previous_id=scope.previous_id or None,
        known=among("account_id", scope.known_accounts),
        company_id=scope.company_id,
        date_to=scope.date_to,
        codes=SQL(", ").join(SQL("(%s, %s)", *account) for account in scope.account_codes),
        names=SQL(", ").join(map(SQL.identifier, columns)),
        values=SQL(", ").join(columns.values()),
    )


def _line_amounts(scope, twin):
    """Columns of a line derived from BASE, in company currency (twin "") or in the line's ("_currency")."""

    def amount(name):
        return SQL("COALESCE(total.%s, 0)", SQL.identifier(name + twin))

    known = among("account_id", scope.known_accounts)
    frozen = SQL("COALESCE(previous.%s, 0)", SQL.identifier("closing" + twin))
    columns = {name: amount(name) for name in BASE}
    columns["overdue"] = SQL(" + ").join(map(amount, OVERDUE))
    columns["cross_customer"] = SQL("%s - (%s)", amount("closing"), SQL(" + ").join(map(amount, AGED)))
    return {name + twin: value for name, value in columns.items()} | {
        # An account that the statement before did not cover starts here: nothing has moved since.
        "previous_closing" + twin: SQL("CASE WHEN %s THEN %s ELSE %s END", known, frozen, amount("opening")),
        "prior_movement" + twin: SQL("CASE WHEN %s THEN %s - %s ELSE 0 END", known, amount("opening"), frozen),
    }
