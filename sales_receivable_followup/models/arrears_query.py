# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of the arrears statement, composed from SQL objects; nothing else.

:func:`insert_lines` reads the ledger three times, each time only what it needs:

- ``balance``: every posted item up to the month's end, summed: opening and closing (and so tied to the ledger);
- ``movement``: the month's items with their document, by kind;
- ``residual``: what was open at the month's end. Today's residuals plus what was reconciled later (``max_date``)
  give the same rows as summing all reconciliations of the past, and touch a fraction of them.

The floor it is measured against is one statement that gives the same columns by joining every item with all of its
reconciliations dated up to the month's end (``LEFT JOIN`` of two aggregates of ``account_partial_reconcile``), its
rows stored.
"""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from ..engine.ageing import BUCKETS, DEPOSITS, OVERDUE

#: Columns of the month's movements and the sign that makes a usual amount positive.
MOVEMENTS = {"sales": 1, "credit_notes": -1, "receipts": -1, "other": 1, "exchange_difference": 1, "cash_basis": 1}
AGED = (*(bucket.name for bucket in BUCKETS), DEPOSITS)
#: What the three readings of the ledger contribute; all else is derived from these.
BASE = ("opening", "closing", *MOVEMENTS, *AGED)


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
    """Compute and store the lines of one statement: customer x account x currency."""
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
        WITH %(unposted)s, part AS (%(balance)s UNION ALL %(movement)s UNION ALL %(residual)s),
        total AS (
            SELECT COALESCE(partner.commercial_partner_id, 0) AS customer_id, part.account_id, part.currency_id,
                   %(sums)s
              FROM part
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
        unposted=_unposted(scope),
        balance=_balance(scope),
        movement=movement(scope),
        residual=_residual(scope),
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


def among(column, ids):
    """``column IN ids``, also for no ids at all."""
    return SQL("%s IN %s", SQL.identifier(column), ids) if ids else SQL("FALSE")


def posted(scope):
    """The scope every reading of the ledger shares."""
    return SQL(
        "item.company_id = %s AND item.parent_state = 'posted' AND item.date <= %s AND item.account_id IN %s",
        scope.company_id, scope.date_to, scope.accounts,
    )


def _part(amounts, source):
    """One reading of the ledger: grouped by partner, account and currency, with zero for what it does not give."""
    return SQL(
        "SELECT item.partner_id, item.account_id, item.currency_id, %s FROM %s GROUP BY 1, 2, 3",
        SQL(", ").join(
            SQL("%s AS %s", amounts.get(name + twin, SQL("0::numeric")), SQL.identifier(name + twin))
            for name in BASE for twin in ("", "_currency")
        ),
        source,
    )


def _balance(scope):
    amounts = {
        name: value
        for twin, column in (("", "balance"), ("_currency", "amount_currency"))
        for name, value in (
            ("closing" + twin, SQL("SUM(item.%s)", SQL.identifier(column))),
            ("opening" + twin, SQL(
                "COALESCE(SUM(item.%s) FILTER (WHERE item.date < %s), 0)", SQL.identifier(column), scope.month,
            )),
        )
    }
    return _part(amounts, SQL("account_move_line item WHERE %s", posted(scope)))


def movement(scope):
    """The month's items by what kind of document they belong to."""
    kind = SQL(
        """CASE WHEN move.tax_cash_basis_rec_id IS NOT NULL OR move.tax_cash_basis_origin_move_id IS NOT NULL
                THEN 'cash_basis'
                WHEN move.journal_id = %s THEN 'exchange_difference'
                WHEN move.move_type IN ('out_invoice', 'out_receipt') THEN 'sales'
                WHEN move.move_type = 'out_refund' THEN 'credit_notes'
                WHEN line.payment_id IS NOT NULL OR line.statement_line_id IS NOT NULL
                  OR journal.type IN ('bank', 'cash', 'credit') THEN 'receipts'
                ELSE 'other_entry' END""",
        scope.exchange_journal_id or None,
    )
    of_kind = {name: (name,) for name in MOVEMENTS} | {"other": ("exchange_difference", "cash_basis", "other_entry")}
    amounts = {
        name + twin: SQL(
            "COALESCE(SUM(%s * item.%s) FILTER (WHERE item.kind IN %s), 0)",
            sign, SQL.identifier(column), of_kind[name],
        )
        for name, sign in MOVEMENTS.items()
        for twin, column in (("", "balance"), ("_currency", "amount_currency"))
    }
    return _part(amounts, SQL(
        """(
            SELECT line.partner_id, line.account_id, line.currency_id, line.balance, line.amount_currency,
                   %(kind)s AS kind
              FROM (SELECT * FROM account_move_line item WHERE %(posted)s AND item.date >= %(month)s) line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_journal journal ON journal.id = move.journal_id
        ) item""",
        kind=kind, posted=posted(scope), month=scope.month,
    ))


def _residual(scope):
    """What was open at the month's end, in bands; see the module's docstring for how."""
    # Accounts that are not reconciled have no residual: all of their balance is open.
    today = {
        twin: SQL(
            "CASE WHEN %s THEN item.%s ELSE item.%s END",
            among("account_id", scope.unreconcilable_accounts), SQL.identifier(balance), SQL.identifier(residual),
        )
        for twin, balance, residual in (
            ("", "balance", "amount_residual"), ("_currency", "amount_currency", "amount_residual_currency"),
        )
    }
    band = SQL(
        "CASE WHEN %s OR COALESCE(NULLIF(amount, 0), amount_currency) < 0 THEN %s %s END",
        among("account_id", scope.advance_accounts),
        DEPOSITS,
        SQL(" ").join(
            SQL("ELSE %s", bucket.name) if bucket.end is None
            else SQL("WHEN %s::date - due < %s THEN %s", scope.date_to, bucket.end, bucket.name)
            for bucket in BUCKETS
        ),
    )
    amounts = {
        name + twin: SQL("COALESCE(SUM(item.%s) FILTER (WHERE item.band = %s), 0)", SQL.identifier(column), name)
        for name in AGED
        for twin, column in (("", "amount"), ("_currency", "amount_currency"))
    }
    return _part(amounts, SQL(
        """(
            SELECT partner_id, account_id, currency_id, amount, amount_currency, %(band)s AS band
              FROM (
                SELECT item.partner_id, item.account_id, item.currency_id,
                       COALESCE(item.date_maturity, item.date) AS due,
                       %(amount)s + COALESCE(later.amount, 0) AS amount,
                       %(amount_currency)s + COALESCE(later.amount_currency, 0) AS amount_currency
                  FROM account_move_line item
             LEFT JOIN (SELECT item_id, SUM(amount) AS amount, SUM(amount_currency) AS amount_currency
                          FROM (%(later)s) match GROUP BY item_id) later ON later.item_id = item.id
                 WHERE %(posted)s AND (item.reconciled IS NOT TRUE OR later.item_id IS NOT NULL)
              ) item
        ) item""",
        band=band,
        amount=today[""],
        amount_currency=today["_currency"],
        posted=posted(scope),
        later=_not_yet_matched(scope),
    ))


def _unposted(scope):
    """Drafts and cancelled items of the accounts: few, and with an index of their own."""
    return SQL(
        """unposted AS MATERIALIZED (
            SELECT id FROM account_move_line WHERE account_id IN %s AND parent_state IN ('draft', 'cancel')
        )""",
        scope.accounts,
    )


def _not_yet_matched(scope):
    """What today's residuals have lost to matches that did not count at the month's end.

    These are the matches whose later item is dated after it, and those with an entry that is not posted: resetting
    an entry to draft keeps its matches, yet it is no longer in the ledger.
    """
    return SQL(
        """SELECT debit_move_id AS item_id, amount, debit_amount_currency AS amount_currency
             FROM account_partial_reconcile WHERE max_date > %(day)s
        UNION ALL
           SELECT credit_move_id, -amount, -credit_amount_currency
             FROM account_partial_reconcile WHERE max_date > %(day)s
        UNION ALL
           SELECT partial.debit_move_id, partial.amount, partial.debit_amount_currency
             FROM unposted
             JOIN account_partial_reconcile partial ON partial.credit_move_id = unposted.id
            WHERE partial.max_date <= %(day)s
        UNION ALL
           SELECT partial.credit_move_id, -partial.amount, -partial.credit_amount_currency
             FROM unposted
             JOIN account_partial_reconcile partial ON partial.debit_move_id = unposted.id
            WHERE partial.max_date <= %(day)s""",
        day=scope.date_to,
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
