# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of what customers owe and will owe; nothing else. Account ids as literals, customers as a set."""

from odoo.tools import SQL


def open_items(company_id, accounts, partner_ids):
    """Per customer and due date: the open balance, and of it what may be called late and what settles other items.

    What the ledger marks as left out of follow-up (disputed, openings of other journals) is owed, but never late.
    """
    return SQL(
        """
        SELECT partner.commercial_partner_id, COALESCE(item.date_maturity, item.date) AS due,
               SUM(item.amount_residual),
               SUM(item.amount_residual) FILTER (WHERE item.amount_residual > 0 AND item.no_followup IS NOT TRUE),
               SUM(item.amount_residual) FILTER (WHERE item.amount_residual < 0)
          FROM account_move_line item
          JOIN res_partner partner ON partner.id = item.partner_id
         WHERE item.company_id = %(company_id)s
           AND item.account_id IN %(accounts)s
           AND item.parent_state = 'posted'
           AND item.reconciled IS NOT TRUE
           AND item.amount_residual <> 0
           AND partner.commercial_partner_id IN %(partners)s
      GROUP BY 1, 2
        """,
        company_id=company_id, accounts=tuple(accounts) or (0,), partners=tuple(partner_ids),
    )


def _invoiced(counting):
    """Of one order: what posted invoices bill of it, in its currency.

    :param counting: ids of invoices that count as posted
    """
    return SQL(
        """
               SELECT SUM(
                          CASE WHEN move.move_type = 'out_refund' THEN -item.price_total ELSE item.price_total END
                          * CASE WHEN item.currency_id = orders.currency_id THEN 1
                                 ELSE orders.currency_rate / NULLIF(move.invoice_currency_rate, 0) END
                      ) AS amount
                 FROM account_move_line item
                 JOIN account_move move ON move.id = item.move_id
                WHERE (move.state = 'posted' OR move.id IN %(counting)s)
                  AND item.id IN (
                      SELECT link.invoice_line_id
                        FROM sale_order_line_invoice_rel link
                        JOIN sale_order_line line ON line.id = link.order_line_id
                       WHERE line.order_id = orders.id)
        """,
        counting=tuple(counting) or (0,),
    )


def invoiced_of_orders(order_ids):
    """Per order: what posted invoices bill of it, in its currency."""
    return SQL(
        """
        SELECT orders.id, invoiced.amount
          FROM sale_order orders
     LEFT JOIN LATERAL (%(invoiced)s) invoiced ON TRUE
         WHERE orders.id IN %(order_ids)s
        """,
        invoiced=_invoiced(()), order_ids=tuple(order_ids),
    )


def open_orders(company_id, partner_ids, without=(), counting=()):
    """Per customer and currency: what is confirmed but neither invoiced by a posted invoice nor paid on account.

    Whether it was delivered does not matter: the promise is given. Transactions count until their payment is posted;
    from then on the ledger has them. Odoo calls an order invoiced when its invoice is a draft: still it is open here.

    :param without: ids of orders that are counted elsewhere
    :param counting: ids of invoices that are counted elsewhere, as if they were posted: they replace their orders
    """
    return SQL(
        """
        SELECT debtor.commercial_partner_id, orders.currency_id,
               SUM(GREATEST(orders.amount_total - COALESCE(invoiced.amount, 0) - COALESCE(paid.amount, 0), 0))
          FROM sale_order orders
          JOIN res_partner debtor ON debtor.id = orders.partner_invoice_id
     LEFT JOIN LATERAL (%(invoiced)s) invoiced ON TRUE
     LEFT JOIN LATERAL (
               SELECT SUM(tx.amount) AS amount
                 FROM sale_order_transaction_rel link
                 JOIN payment_transaction tx ON tx.id = link.transaction_id
            LEFT JOIN account_payment payment ON payment.id = tx.payment_id
            LEFT JOIN account_move move ON move.id = payment.move_id
                WHERE link.sale_order_id = orders.id
                  AND tx.state IN ('authorized', 'done')
                  AND tx.currency_id = orders.currency_id
                  AND move.state IS DISTINCT FROM 'posted'
               ) paid ON TRUE
         WHERE orders.company_id = %(company_id)s
           AND orders.state = 'sale'
           AND orders.id NOT IN %(without)s
           AND debtor.commercial_partner_id IN %(partners)s
           AND (orders.invoice_status IS DISTINCT FROM 'invoiced' OR orders.id IN (
               SELECT line.order_id
                 FROM account_move move
                 JOIN account_move_line item ON item.move_id = move.id
                 JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = item.id
                 JOIN sale_order_line line ON line.id = link.order_line_id
                WHERE move.state = 'draft'
                  AND move.company_id = %(company_id)s
                  AND move.commercial_partner_id IN %(partners)s))
      GROUP BY 1, 2
        """,
        company_id=company_id, partners=tuple(partner_ids), without=tuple(without) or (0,), invoiced=_invoiced(counting),
    )


def claim(table, ids):
    """Write rows without changing them, so that of two transactions that judge by them one has to begin again.

    A mere row lock would not do: the one who waited for it would go on with figures from before. References to the
    row (a new invoice of the customer) are not held up.
    """
    return SQL(
        "UPDATE %(table)s SET write_date = write_date WHERE id IN ("
        "SELECT id FROM %(table)s WHERE id IN %(ids)s ORDER BY id FOR NO KEY UPDATE)",
        table=SQL.identifier(table), ids=tuple(sorted(ids)),
    )
