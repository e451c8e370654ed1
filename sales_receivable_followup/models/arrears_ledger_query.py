# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL by which the arrears statement reads the ledger, composed from SQL objects; nothing else.

:func:`read_ledger` reads each item once and sums up per partner, account and currency:

- every posted item up to the month's end: opening and closing (and so tied to the ledger);
- the month's items also by the kind of their document;
- what was open at the month's end, in bands. Today's residual plus what was reconciled later (``max_date``) is the
  same as the balance less all reconciliations of the past, and touches a fraction of them.

The sums go through a temporary table because PostgreSQL shares the reading of a ledger among several processes for
``CREATE TABLE AS``, but never for ``INSERT``.
"""

from odoo.tools import SQL

from ..engine.ageing import BUCKETS, DEPOSITS

#: Columns of the month's movements and the sign that makes a usual amount positive.
MOVEMENTS = {"sales": 1, "credit_notes": -1, "receipts": -1, "other": 1, "exchange_difference": 1, "cash_basis": 1}
AGED = (*(bucket.name for bucket in BUCKETS), DEPOSITS)
#: What the ledger contributes to a line; all else is derived from these.
BASE = ("opening", "closing", *MOVEMENTS, *AGED)
#: Kinds of the month's documents. They and the bands are compared a dozen times per item, hence by number.
KINDS = ("sales", "credit_notes", "receipts", "exchange_difference", "cash_basis", "other_entry")
OTHER = ("exchange_difference", "cash_basis", "other_entry")

PART = SQL.identifier("sales_arrears_part")


def among(column, ids):
    """``column IN ids``, also for no ids at all."""
    return SQL("%s IN %s", SQL.identifier(column), ids) if ids else SQL("FALSE")


def posted(scope):
    """The scope every reading of the ledger shares."""
    return SQL(
        "item.company_id = %s AND item.parent_state = 'posted' AND item.date <= %s AND item.account_id IN %s",
        scope.company_id, scope.date_to, scope.accounts,
    )


def forget_ledger():
    """Drop what :func:`read_ledger` made: one transaction may compute several statements."""
    return SQL("DROP TABLE %s", PART)


def read_ledger(scope):
    """Make the temporary table of sums: partner x account x currency, NULL where there is nothing."""
    sums = {}
    for twin, balance, residual in (
        ("", SQL("balance"), SQL("open")), ("_currency", SQL("amount_currency"), SQL("open_currency")),
    ):
        sums["closing" + twin] = SQL("SUM(%s)", balance)
        sums["opening" + twin] = SQL("SUM(%(x)s) - COALESCE(SUM(%(x)s) FILTER (WHERE kind IS NOT NULL), 0)", x=balance)
        for name, sign in MOVEMENTS.items():
            sums[name + twin] = SQL(
                "%s * SUM(%s) FILTER (WHERE kind IN %s)",
                sign, balance, tuple(map(KINDS.index, OTHER if name == "other" else (name,))),
            )
        for number, name in enumerate(AGED):
            sums[name + twin] = SQL("SUM(%s) FILTER (WHERE band = %s)", residual, number)
    # OFFSET keeps each item's band from being worked out anew for each sum. A bare 0 would be an expression (the
    # offset is a bigint), which PostgreSQL takes for a real offset that must not be shared among processes.
    return SQL(
        """
        CREATE TEMP TABLE %(part)s ON COMMIT DROP AS
        SELECT partner_id, account_id, currency_id, %(sums)s
          FROM (%(items)s OFFSET '0') item
      GROUP BY partner_id, account_id, currency_id
        """,
        part=PART,
        sums=SQL(", ").join(SQL("%s AS %s", amount, SQL.identifier(name)) for name, amount in sums.items()),
        items=_aged_items(scope),
    )


def _aged_items(scope):
    """Every item with its kind, what was open of it at the month's end, and in which band (NULL: settled)."""
    band = SQL(
        "CASE WHEN settled THEN NULL WHEN %s OR COALESCE(NULLIF(open, 0), open_currency) < 0 THEN %s %s END",
        among("account_id", scope.advance_accounts),
        AGED.index(DEPOSITS),
        SQL(" ").join(
            SQL("ELSE %s", number) if bucket.end is None
            else SQL("WHEN %s::date - due < %s THEN %s", scope.date_to, bucket.end, number)
            for number, bucket in enumerate(BUCKETS)
        ),
    )
    # Accounts that are not reconciled have no residual: all of their balance is open.
    today = {
        residual: SQL(
            "CASE WHEN %s THEN item.%s ELSE item.%s END",
            among("account_id", scope.unreconcilable_accounts), SQL.identifier(balance), SQL.identifier(residual),
        )
        for balance, residual in (
            ("balance", "amount_residual"), ("amount_currency", "amount_residual_currency"),
        )
    }
    return SQL(
        """
        SELECT partner_id, account_id, currency_id, balance, amount_currency, kind, open, open_currency, %(band)s AS band
          FROM (
            SELECT item.*, COALESCE(item.date_maturity, item.date) AS due,
                   %(amount)s + COALESCE(later.amount, 0) AS open,
                   %(amount_currency)s + COALESCE(later.amount_currency, 0) AS open_currency,
                   item.reconciled IS TRUE AND later.item_id IS NULL AS settled
              FROM (%(before)s UNION ALL %(month)s) item
         LEFT JOIN (SELECT item_id, SUM(amount) AS amount, SUM(amount_currency) AS amount_currency
                      FROM (%(later)s) match GROUP BY item_id) later ON later.item_id = item.id
          ) item
        """,
        band=band,
        amount=today["amount_residual"],
        amount_currency=today["amount_residual_currency"],
        before=SQL(
            "SELECT %s, NULL::int AS kind FROM account_move_line item WHERE %s AND item.date < %s",
            _columns(), posted(scope), scope.month,
        ),
        month=month_items(scope),
        later=_not_yet_matched(scope),
    )


def _columns():
    names = (
        "id", "partner_id", "account_id", "currency_id", "date", "date_maturity", "balance", "amount_currency",
        "amount_residual", "amount_residual_currency", "reconciled",
    )
    return SQL(", ").join(SQL("item.%s", SQL.identifier(name)) for name in names)


def month_items(scope):
    """The month's items and the number of their kind in KINDS."""
    return SQL(
        """
            SELECT %(columns)s,
                   CASE WHEN move.tax_cash_basis_rec_id IS NOT NULL OR move.tax_cash_basis_origin_move_id IS NOT NULL
                        THEN %(cash_basis)s
                        WHEN move.journal_id = %(exchange_journal)s THEN %(exchange_difference)s
                        WHEN move.move_type IN ('out_invoice', 'out_receipt') THEN %(sales)s
                        WHEN move.move_type = 'out_refund' THEN %(credit_notes)s
                        WHEN item.payment_id IS NOT NULL OR item.statement_line_id IS NOT NULL
                          OR journal.type IN ('bank', 'cash', 'credit') THEN %(receipts)s
                        ELSE %(other_entry)s END AS kind
              FROM account_move_line item
              JOIN account_move move ON move.id = item.move_id
              JOIN account_journal journal ON journal.id = move.journal_id
             WHERE %(posted)s AND item.date >= %(month)s
        """,
        columns=_columns(),
        posted=posted(scope),
        month=scope.month,
        exchange_journal=scope.exchange_journal_id or None,
        **{name: number for number, name in enumerate(KINDS)},
    )


def _not_yet_matched(scope):
    """What today's residuals have lost to matches that did not count at the month's end.

    These are the matches whose later item is dated after it, and those with an entry that is not posted: resetting
    an entry to draft keeps its matches, yet it is no longer in the ledger. Drafts are few, with an index of their own.
    """
    return SQL(
        """
        SELECT side.item_id, side.amount, side.amount_currency
          FROM account_partial_reconcile partial
    CROSS JOIN LATERAL (
                VALUES (partial.debit_move_id, partial.amount, partial.debit_amount_currency),
                       (partial.credit_move_id, -partial.amount, -partial.credit_amount_currency)
               ) AS side (item_id, amount, amount_currency)
         WHERE partial.max_date > %(day)s
     UNION ALL
        SELECT partial.debit_move_id, partial.amount, partial.debit_amount_currency
          FROM account_move_line item
          JOIN account_partial_reconcile partial ON partial.credit_move_id = item.id
         WHERE %(unposted)s AND partial.max_date <= %(day)s
     UNION ALL
        SELECT partial.credit_move_id, -partial.amount, -partial.credit_amount_currency
          FROM account_move_line item
          JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
         WHERE %(unposted)s AND partial.max_date <= %(day)s
        """,
        day=scope.date_to,
        unposted=SQL("item.account_id IN %s AND item.parent_state IN ('draft', 'cancel')", scope.accounts),
    )
