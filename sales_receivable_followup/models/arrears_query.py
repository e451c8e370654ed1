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
    user_id: int
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
        "is_advance": _in("account_id", scope.advance_accounts),
        # A customer that was merged away has no owner any more: the last one sees where his customer went.
        "user_id": SQL("CASE WHEN customer.id IS NULL THEN previous.user_id ELSE owner.user_id END"),
        "team_id": SQL("CASE WHEN customer.id IS NULL THEN previous.team_id ELSE owner.team_id END"),
        "currency_id": SQL("currency_id"),
        "create_uid": SQL("%s", scope.user_id),
        "create_date": SQL("now() AT TIME ZONE 'UTC'"),
        "write_uid": SQL("%s", scope.user_id),
        "write_date": SQL("now() AT TIME ZONE 'UTC'"),
    }
    for twin in ("", "_currency"):
        columns.update(_line_amounts(scope, twin))
    return SQL(
        """
        WITH part AS (%(balance)s UNION ALL %(movement)s UNION ALL %(residual)s),
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
        balance=_balance(scope),
        movement=_movement(scope),
        residual=_residual(scope),
        sums=SQL(", ").join(
            SQL("SUM(%(name)s) AS %(name)s", name=SQL.identifier(name + twin)) for name in BASE for twin in ("", "_currency")
        ),
        anything=SQL(" OR ").join(
            SQL("SUM(%s) <> 0", SQL.identifier(name + twin))
            for name in BASE for twin in ("", "_currency")
        ),
        previous_id=scope.previous_id or None,
        known=_in("account_id", scope.known_accounts),
        company_id=scope.company_id,
        date_to=scope.date_to,
        codes=SQL(", ").join(SQL("(%s, %s)", *account) for account in scope.account_codes),
        names=SQL(", ").join(map(SQL.identifier, columns)),
        values=SQL(", ").join(columns.values()),
    )


def insert_items(scope, snapshot):
    """Store what changed in earlier months since the issue before, item by item.

    :param snapshot: also store the month's own items and those that no statement has seen yet (issuing). The items
        of all issued statements then add up to the ledger at the month's end.
    """
    columns = {
        "statement_id": SQL("%s", scope.statement_id),
        "company_id": SQL("%s", scope.company_id),
        "kind": SQL("kind"),
        "move_line_id": SQL("move_line_id"),
        "name": SQL("change.name"),
        "customer_id": SQL("customer_id"),
        "customer_name": SQL(
            "CASE WHEN customer_id = 0 THEN %s ELSE COALESCE(customer.name, customer_name, '') END", scope.no_customer,
        ),
        "account_id": SQL("account_id"),
        "currency_id": SQL("change.currency_id"),
        "date": SQL("change.date"),
        "date_maturity": SQL("date_maturity"),
        "balance": SQL("balance"),
        "amount_currency": SQL("amount_currency"),
        "create_uid": SQL("%s", scope.user_id),
        "create_date": SQL("now() AT TIME ZONE 'UTC'"),
        "write_uid": SQL("%s", scope.user_id),
        "write_date": SQL("now() AT TIME ZONE 'UTC'"),
    }
    return SQL(
        """
        WITH ledger AS (
            SELECT item.id AS move_line_id, COALESCE(partner.commercial_partner_id, 0) AS customer_id,
                   item.account_id, item.currency_id, item.balance, item.amount_currency,
                   item.date, item.date_maturity, item.move_name AS name
              FROM account_move_line item
         LEFT JOIN res_partner partner ON partner.id = item.partner_id
             WHERE %(posted)s AND (item.balance <> 0 OR item.amount_currency <> 0)
        ),
        frozen AS (
            SELECT item.move_line_id, item.customer_id, item.account_id, item.currency_id,
                   SUM(item.balance) AS balance, SUM(item.amount_currency) AS amount_currency,
                   MAX(item.date) AS date, MAX(item.date_maturity) AS date_maturity, MAX(item.name) AS name,
                   MAX(item.customer_name) AS customer_name
              FROM sales_arrears_statement_item item
              JOIN sales_arrears_statement statement ON statement.id = item.statement_id
             WHERE statement.company_id = %(company_id)s AND statement.state = 'issued'
               AND statement.month < %(month)s AND %(accounts)s
          GROUP BY 1, 2, 3, 4
        ),
        difference AS (
            SELECT move_line_id, customer_id, account_id, currency_id,
                   COALESCE(ledger.balance, 0) - COALESCE(frozen.balance, 0) AS balance,
                   COALESCE(ledger.amount_currency, 0) - COALESCE(frozen.amount_currency, 0) AS amount_currency,
                   COALESCE(ledger.date, frozen.date) AS date,
                   COALESCE(ledger.date_maturity, frozen.date_maturity) AS date_maturity,
                   COALESCE(ledger.name, frozen.name) AS name,
                   frozen.customer_name,
                   CASE WHEN NOT %(known)s THEN 'opening'
                        WHEN ledger.move_line_id IS NULL THEN 'removed'
                        WHEN frozen.move_line_id IS NULL OR frozen.balance = 0 AND frozen.amount_currency = 0 THEN 'added'
                        ELSE 'changed' END AS kind
              FROM (SELECT * FROM ledger WHERE date < %(month)s) ledger
         FULL JOIN frozen USING (move_line_id, customer_id, account_id, currency_id)
             WHERE ledger.balance IS DISTINCT FROM frozen.balance
                OR ledger.amount_currency IS DISTINCT FROM frozen.amount_currency
        ),
        change AS (
            SELECT move_line_id, customer_id, account_id, currency_id, balance, amount_currency, date, date_maturity,
                   name, customer_name, %(kind)s AS kind
              FROM difference
             WHERE balance <> 0 OR amount_currency <> 0
            WINDOW item AS (PARTITION BY move_line_id)
            %(month_items)s
        )
        INSERT INTO sales_arrears_statement_item (%(names)s)
        SELECT %(values)s
          FROM change
     LEFT JOIN res_partner customer ON customer.id = customer_id
         WHERE %(wanted)s
        """,
        posted=_posted(scope),
        company_id=scope.company_id,
        month=scope.month,
        accounts=_in("account_id", scope.accounts),
        known=_in("account_id", scope.known_accounts),
        # One journal item that left one key and entered another: its customer changed, or its account or currency.
        kind=SQL(
            """CASE WHEN kind NOT IN ('added', 'removed') OR COUNT(*) OVER item = 1 THEN kind
                    WHEN MIN(customer_id) OVER item <> MAX(customer_id) OVER item THEN 'merged'
                    ELSE 'changed' END""",
        ) if scope.known_accounts else SQL("kind"),
        month_items=SQL(
            """UNION ALL
            SELECT move_line_id, customer_id, account_id, currency_id, balance, amount_currency, date, date_maturity,
                   name, NULL, 'month'
              FROM ledger
             WHERE date >= %s""", scope.month,
        ) if snapshot else SQL(""),
        wanted=SQL("TRUE") if snapshot else SQL("kind <> 'opening'"),
        names=SQL(", ").join(map(SQL.identifier, columns)),
        values=SQL(", ").join(columns.values()),
    )


def _in(column, ids):
    return SQL("%s IN %s", SQL.identifier(column), ids) if ids else SQL("FALSE")


def _posted(scope):
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
            ("opening" + twin, SQL("COALESCE(SUM(item.%s) FILTER (WHERE item.date < %s), 0)", SQL.identifier(column), scope.month)),
        )
    }
    return _part(amounts, SQL("account_move_line item WHERE %s", _posted(scope)))


def _movement(scope):
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
            "COALESCE(SUM(%s * item.%s) FILTER (WHERE item.kind IN %s), 0)", sign, SQL.identifier(column), of_kind[name],
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
        kind=kind, posted=_posted(scope), month=scope.month,
    ))


def _residual(scope):
    """What was open at the month's end, in bands; see the module's docstring for how."""
    # Accounts that are not reconciled have no residual: all of their balance is open.
    today = {
        twin: SQL(
            "CASE WHEN %s THEN item.%s ELSE item.%s END",
            _in("account_id", scope.unreconcilable_accounts), SQL.identifier(balance), SQL.identifier(residual),
        )
        for twin, balance, residual in (
            ("", "balance", "amount_residual"), ("_currency", "amount_currency", "amount_residual_currency"),
        )
    }
    band = SQL(
        "CASE WHEN %s OR COALESCE(NULLIF(SUM(amount), 0), SUM(amount_currency)) < 0 THEN %s %s END",
        _in("account_id", scope.advance_accounts),
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
            SELECT partner_id, account_id, currency_id, SUM(amount) AS amount, SUM(amount_currency) AS amount_currency,
                   %(band)s AS band
              FROM (
                SELECT item.id, item.partner_id, item.account_id, item.currency_id,
                       COALESCE(item.date_maturity, item.date) AS due,
                       %(amount)s AS amount, %(amount_currency)s AS amount_currency
                  FROM account_move_line item
                 WHERE %(posted)s AND item.reconciled IS NOT TRUE
             UNION ALL
                SELECT item.id, item.partner_id, item.account_id, item.currency_id,
                       COALESCE(item.date_maturity, item.date), later.amount, later.amount_currency
                  FROM (%(later)s) later
                  JOIN account_move_line item ON item.id = later.item_id
                 WHERE %(posted)s
              ) item
          GROUP BY id, partner_id, account_id, currency_id, due
        ) item""",
        band=band,
        amount=today[""],
        amount_currency=today["_currency"],
        posted=_posted(scope),
        later=_not_yet_matched(scope),
    ))


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
             FROM account_move_line item
             JOIN account_partial_reconcile partial ON partial.credit_move_id = item.id AND partial.max_date <= %(day)s
            WHERE %(unposted)s
        UNION ALL
           SELECT partial.credit_move_id, -partial.amount, -partial.credit_amount_currency
             FROM account_move_line item
             JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id AND partial.max_date <= %(day)s
            WHERE %(unposted)s""",
        day=scope.date_to,
        unposted=SQL("item.account_id IN %s AND item.parent_state <> 'posted'", scope.accounts),
    )


def _line_amounts(scope, twin):
    """Columns of a line derived from BASE, in company currency (twin "") or in the line's ("_currency")."""

    def amount(name):
        return SQL("COALESCE(total.%s, 0)", SQL.identifier(name + twin))

    known = _in("account_id", scope.known_accounts)
    frozen = SQL("COALESCE(previous.%s, 0)", SQL.identifier("closing" + twin))
    columns = {name: amount(name) for name in BASE}
    columns["overdue"] = SQL(" + ").join(map(amount, OVERDUE))
    columns["cross_customer"] = SQL("%s - (%s)", amount("closing"), SQL(" + ").join(map(amount, AGED)))
    return {name + twin: value for name, value in columns.items()} | {
        # An account that the statement before did not cover starts here: nothing has moved since.
        "previous_closing" + twin: SQL("CASE WHEN %s THEN %s ELSE %s END", known, frozen, amount("opening")),
        "prior_movement" + twin: SQL("CASE WHEN %s THEN %s - %s ELSE 0 END", known, amount("opening"), frozen),
    }
