# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of the statement's items: what was frozen, what changed since; nothing else."""

from odoo.tools import SQL

from .arrears_ledger_query import among, posted


def insert_items(scope, snapshot):
    """Store what changed in earlier months since the issue before, item by item.

    :param snapshot: also store the month's own items and those that no statement has seen yet (issuing). The items
        of all issued statements then add up to the ledger at the month's end. Without it, only customers whose
        lines moved are compared.
    """
    columns = {
        "statement_id": SQL("%s", scope.statement_id),
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
    }
    return SQL(
        """
        WITH moved AS (
            SELECT DISTINCT customer_id
              FROM sales_arrears_statement_line
             WHERE statement_id = %(statement_id)s AND (prior_movement <> 0 OR prior_movement_currency <> 0)
        ),
        ledger AS (
            SELECT item.id AS move_line_id, COALESCE(partner.commercial_partner_id, 0) AS customer_id,
                   item.account_id, item.currency_id, item.balance, item.amount_currency,
                   item.date, item.date_maturity, item.move_name AS name, item.date < %(month)s AS is_past
              FROM account_move_line item
         LEFT JOIN res_partner partner ON partner.id = item.partner_id
             WHERE %(posted)s AND (item.balance <> 0 OR item.amount_currency <> 0) AND %(ledger_wanted)s
        ),
        frozen AS (
            SELECT item.move_line_id, item.customer_id, item.account_id, item.currency_id,
                   SUM(item.balance) AS balance, SUM(item.amount_currency) AS amount_currency,
                   MAX(item.date) AS date, MAX(item.date_maturity) AS date_maturity, MAX(item.name) AS name,
                   MAX(item.customer_name) AS customer_name, TRUE AS is_past
              FROM sales_arrears_statement_item item
             WHERE item.statement_id = ANY(ARRAY(
                       SELECT id FROM sales_arrears_statement
                        WHERE company_id = %(company_id)s AND state = 'issued' AND month < %(month)s
                   )) AND %(accounts)s AND %(frozen_wanted)s
          GROUP BY 1, 2, 3, 4
        ),
        difference AS (
            SELECT move_line_id, customer_id, account_id, currency_id,
                   COALESCE(ledger.balance, 0) - COALESCE(frozen.balance, 0) AS balance,
                   COALESCE(ledger.amount_currency, 0) - COALESCE(frozen.amount_currency, 0) AS amount_currency,
                   COALESCE(ledger.date, frozen.date) AS date,
                   COALESCE(ledger.date_maturity, frozen.date_maturity) AS date_maturity,
                   COALESCE(ledger.name, frozen.name) AS name,
                   frozen.customer_name, is_past,
                   CASE WHEN NOT is_past THEN 'month'
                        WHEN NOT %(known)s THEN 'opening'
                        WHEN ledger.move_line_id IS NULL THEN 'removed'
                        WHEN frozen.move_line_id IS NULL OR (frozen.balance = 0 AND frozen.amount_currency = 0)
                        THEN 'added'
                        ELSE 'changed' END AS kind
              FROM ledger
         FULL JOIN frozen USING (move_line_id, customer_id, account_id, currency_id, is_past)
             WHERE ledger.balance IS DISTINCT FROM frozen.balance
                OR ledger.amount_currency IS DISTINCT FROM frozen.amount_currency
        ),
        change AS (
            SELECT move_line_id, customer_id, account_id, currency_id, balance, amount_currency, date, date_maturity,
                   name, customer_name, %(kind)s AS kind
              FROM difference
             WHERE balance <> 0 OR amount_currency <> 0
            WINDOW item AS (PARTITION BY move_line_id, is_past)
        )
        INSERT INTO sales_arrears_statement_item (%(names)s)
        SELECT %(values)s
          FROM change
     LEFT JOIN res_partner customer ON customer.id = customer_id
         WHERE %(wanted)s
        """,
        posted=posted(scope),
        statement_id=scope.statement_id,
        ledger_wanted=SQL("TRUE") if snapshot else SQL(
            "item.date < %s AND COALESCE(partner.commercial_partner_id, 0) IN (SELECT customer_id FROM moved)",
            scope.month,
        ),
        frozen_wanted=SQL("TRUE") if snapshot else SQL("item.customer_id IN (SELECT customer_id FROM moved)"),
        company_id=scope.company_id,
        month=scope.month,
        accounts=among("account_id", scope.accounts),
        known=among("account_id", scope.known_accounts),
        # One journal item that left one key and entered another: its customer changed, or its account or currency.
        kind=SQL(
            """CASE WHEN kind NOT IN ('added', 'removed') OR COUNT(*) OVER item = 1 THEN kind
                    WHEN MIN(customer_id) OVER item <> MAX(customer_id) OVER item THEN 'merged'
                    ELSE 'changed' END""",
        ) if scope.known_accounts else SQL("kind"),
        wanted=SQL("TRUE") if snapshot else SQL("kind <> 'opening'"),
        names=SQL(", ").join(map(SQL.identifier, columns)),
        values=SQL(", ").join(columns.values()),
    )
