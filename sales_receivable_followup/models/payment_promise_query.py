# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of promises to pay: what came in for them, and how many were broken."""

from odoo.tools import SQL


def receipts(company_id, currency_id, account_ids, promise_ids):
    """(promise, day, amount in the promise's currency) of the money that counts for each promise of a company.

    Money is what the statement calls receipts: items of payments, bank statements, bank and cash journals; neither
    credit notes nor exchange differences nor write-offs. A promise that names items is kept by what is matched with
    them; one that names none by all that the customer pays, except what is matched with items another promise names.
    What was booked already when the promise was written down is not part of it: on the first day, and for named items
    on any. In company currency everything counts at its booked value, in another only what was booked in that currency.
    """
    return SQL(
        """
        WITH promise AS (
            SELECT id, partner_id, currency_id, taken_on, promised_on, names_items, seen_match_id, seen_item_id
              FROM sales_payment_promise
             WHERE id IN %(promise_ids)s
        ),
        customer AS (
            SELECT id, commercial_partner_id
              FROM res_partner
             WHERE commercial_partner_id IN (SELECT partner_id FROM promise)
        ),
        money AS (
            SELECT item.id, customer.commercial_partner_id AS partner_id, item.date, item.currency_id, item.balance,
                   item.amount_currency
              FROM customer
              JOIN account_move_line item ON item.partner_id = customer.id
              JOIN account_journal journal ON journal.id = item.journal_id
             WHERE item.company_id = %(company_id)s AND item.account_id IN %(account_ids)s
               AND item.parent_state = 'posted'
               AND item.date BETWEEN (SELECT MIN(taken_on) FROM promise) AND (SELECT MAX(promised_on) FROM promise)
               AND (item.payment_id IS NOT NULL OR item.statement_line_id IS NOT NULL
                    OR journal.type IN ('bank', 'cash', 'credit'))
        ),
        named AS (
            -- DISTINCT: of an invoice that was changed, each of its new items stands for all that were named
            SELECT DISTINCT covered.promise_id, item.id, item.currency_id
              FROM sales_payment_promise_item covered
              JOIN sales_payment_promise named_by ON named_by.id = covered.promise_id
              JOIN account_move_line item ON item.id = covered.move_line_id
                   -- an invoice that was changed has new items
                OR (covered.move_line_id IS NULL AND item.move_id = covered.move_id
                    AND item.account_id = covered.account_id)
             WHERE named_by.company_id = %(company_id)s AND named_by.state <> 'withdrawn'
               AND named_by.partner_id IN (SELECT partner_id FROM promise)
        ),
        matched AS (
            SELECT named.promise_id, named.currency_id, match.id, money.id AS money_id, money.date, match.amount,
                   match.debit_amount_currency, match.credit_amount_currency
              FROM money
              JOIN account_partial_reconcile match ON match.credit_move_id = money.id
              JOIN named ON named.id = match.debit_move_id
        )
        SELECT promise.id, matched.date,
               SUM(CASE WHEN promise.currency_id = %(currency_id)s THEN matched.amount
                        ELSE matched.debit_amount_currency END)
          FROM promise
          JOIN matched ON matched.promise_id = promise.id
         WHERE promise.names_items AND matched.id > promise.seen_match_id
           AND matched.date BETWEEN promise.taken_on AND promise.promised_on
           AND promise.currency_id IN (%(currency_id)s, matched.currency_id)
      GROUP BY 1, 2
     UNION ALL
        SELECT promise.id, money.date,
               SUM(CASE WHEN promise.currency_id = %(currency_id)s THEN -money.balance - COALESCE(other.amount, 0)
                        ELSE -money.amount_currency - COALESCE(other.amount_currency, 0) END)
          FROM promise
          JOIN money ON money.partner_id = promise.partner_id
     LEFT JOIN (
               SELECT money_id, SUM(amount) AS amount, SUM(credit_amount_currency) AS amount_currency
                 FROM (SELECT DISTINCT ON (id) * FROM matched) of_each_match
             GROUP BY money_id
               ) other ON other.money_id = money.id
         WHERE NOT promise.names_items AND money.date BETWEEN promise.taken_on AND promise.promised_on
           AND (money.date > promise.taken_on OR money.id > promise.seen_item_id)
           AND promise.currency_id IN (%(currency_id)s, money.currency_id)
      GROUP BY 1, 2
        """,
        company_id=company_id, currency_id=currency_id, account_ids=tuple(account_ids), promise_ids=tuple(promise_ids),
    )


def seen():
    """Newest match and newest journal item of today: what comes for a promise of now is newer."""
    return SQL(
        "SELECT (SELECT COALESCE(MAX(id), 0) FROM account_partial_reconcile), "
        "(SELECT COALESCE(MAX(id), 0) FROM account_move_line)")


def broken(company_id, start, today):
    """(customer, how many of his promises for the days after ``start`` were broken); none given: no row."""
    return SQL(
        """
        SELECT partner.commercial_partner_id, COUNT(*) FILTER (WHERE promise.state = 'broken')
          FROM sales_payment_promise promise
          JOIN res_partner partner ON partner.id = promise.partner_id
         WHERE promise.company_id = %(company_id)s AND promise.state IN ('kept', 'broken')
           AND promise.promised_on > %(start)s AND promise.promised_on <= %(today)s
      GROUP BY partner.commercial_partner_id
        """,
        company_id=company_id, start=start, today=today,
    )
