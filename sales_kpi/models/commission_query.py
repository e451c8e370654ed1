# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""SQL of commission: what was matched with invoices, one row for each fact."""

from odoo.tools import SQL


def facts(company, plan, date_from, date_to):
    """All facts of the invoices that have a receipt, a refund or a line of the plan in these dates.

    A fact is one invoice (or credit note) and one payment document, whatever the number of matches between them.
    Amounts are integers of the smallest unit of their currency. Only money counts: the counterpart is a payment, a
    bank statement line or an entry of a bank or cash journal, and of that only the part that reached a liquidity
    account, so that neither write-offs nor exchange differences nor credit notes are receipts.

    :return: SQL; columns root_id, document_id, is_refund, payment_id, day, amount, value, user_id, total, untaxed,
        untaxed_company, settled, currency_id; ordered by root_id
    """
    # Each step looks its rows up by key, in this order: OFFSET 0 keeps the planner from joining in another one, which
    # with the statistics of yesterday can take hours.
    return SQL(
        """
WITH touched AS MATERIALIZED (
    SELECT line.move_id
      FROM account_partial_reconcile partial
CROSS JOIN LATERAL (SELECT move_id FROM account_move_line
                     WHERE id IN (partial.debit_move_id, partial.credit_move_id) OFFSET 0) line
     WHERE partial.max_date BETWEEN %(date_from)s AND %(date_to)s AND partial.company_id = %(company)s
     UNION
    SELECT document_id FROM sales_commission_line
     WHERE plan_id = %(plan)s AND fact_date BETWEEN %(date_from)s AND %(date_to)s
), root AS MATERIALIZED (
    SELECT DISTINCT document.root_id
      FROM touched
CROSS JOIN LATERAL (
        SELECT COALESCE(origin.id, move.id) AS root_id
          FROM account_move move
     LEFT JOIN account_move origin ON origin.id = move.reversed_entry_id AND move.move_type = 'out_refund'
                                  AND origin.move_type IN ('out_invoice', 'out_receipt')
                                  AND origin.currency_id = move.currency_id
         WHERE move.id = touched.move_id AND move.company_id = %(company)s
           AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
        OFFSET 0) document
), document AS MATERIALIZED (
    SELECT root.root_id, move.id, move.move_type = 'out_refund' AS is_refund
      FROM root
CROSS JOIN LATERAL (SELECT id, move_type FROM account_move WHERE id = root.root_id OFFSET 0) move
     UNION ALL
    SELECT root.root_id, note.id, TRUE
      FROM root
CROSS JOIN LATERAL (SELECT move_type, currency_id FROM account_move WHERE id = root.root_id OFFSET 0) move
CROSS JOIN LATERAL (SELECT id, move_type, currency_id, state FROM account_move
                     WHERE reversed_entry_id = root.root_id OFFSET 0) note
     WHERE move.move_type <> 'out_refund' AND note.move_type = 'out_refund'
       AND note.currency_id = move.currency_id AND note.state = 'posted'
), fact AS MATERIALIZED (
    SELECT document.root_id, document.id AS document_id, document.is_refund, paying.move_id AS payment_id,
           MAX(match.max_date) AS day, SUM(match.amount) AS amount,
           SUM(match.paying_amount * ABS(paying.balance / NULLIF(paying.amount_currency, 0))) AS value
      FROM document
CROSS JOIN LATERAL (SELECT id, account_id FROM account_move_line WHERE move_id = document.id OFFSET 0) line
CROSS JOIN LATERAL (
        SELECT max_date, debit_amount_currency AS amount, credit_amount_currency AS paying_amount,
               credit_move_id AS paying_id
          FROM account_partial_reconcile WHERE debit_move_id = line.id AND NOT document.is_refund
         UNION ALL
        SELECT max_date, credit_amount_currency, debit_amount_currency, debit_move_id
          FROM account_partial_reconcile WHERE credit_move_id = line.id AND document.is_refund
        OFFSET 0) match
CROSS JOIN LATERAL (SELECT move_id, balance, amount_currency FROM account_move_line
                     WHERE id = match.paying_id OFFSET 0) paying
     WHERE line.account_id = ANY(%(receivables)s)
  GROUP BY document.root_id, document.id, document.is_refund, paying.move_id
)
SELECT fact.root_id, fact.document_id, fact.is_refund, fact.payment_id, fact.day,
       ROUND(fact.amount * LEAST(payment.money, 1) / currency.rounding)::bigint AS amount,
       ROUND(fact.value * LEAST(payment.money, 1) / own.rounding)::bigint AS value,
       origin.invoice_user_id AS user_id,
       ROUND(origin.amount_total / currency.rounding)::bigint AS total,
       ROUND(origin.amount_untaxed / currency.rounding)::bigint AS untaxed,
       ROUND(ABS(origin.amount_untaxed_signed) / own.rounding)::bigint AS untaxed_company,
       origin.amount_residual = 0 AS settled,
       origin.currency_id
  FROM fact
CROSS JOIN LATERAL (
    SELECT CASE WHEN payment.id IS NOT NULL
                THEN payment.amount / NULLIF(SUM(ABS(line.amount_currency))
                     FILTER (WHERE account.account_type IN ('asset_receivable', 'liability_payable')), 0)
                ELSE ABS(SUM(line.balance) FILTER (WHERE account.account_type IN ('asset_cash', 'liability_credit_card')
                                                      OR line.account_id = journal.default_account_id))
                     / NULLIF(ABS(SUM(line.balance) FILTER (WHERE account.account_type = 'asset_receivable')), 0)
           END AS money
      FROM (SELECT * FROM account_move WHERE id = fact.payment_id OFFSET 0) move
CROSS JOIN LATERAL (SELECT account_id, balance, amount_currency FROM account_move_line
                     WHERE move_id = fact.payment_id OFFSET 0) line
      JOIN account_account account ON account.id = line.account_id
      JOIN account_journal journal ON journal.id = move.journal_id
 LEFT JOIN account_payment payment ON payment.id = move.origin_payment_id
     WHERE move.move_type = 'entry' AND move.state = 'posted'
       AND (payment.id IS NOT NULL OR move.statement_line_id IS NOT NULL OR journal.type IN ('bank', 'cash', 'credit'))
  GROUP BY payment.id, payment.amount
    OFFSET 0) payment
CROSS JOIN LATERAL (SELECT * FROM account_move
                     WHERE id = fact.root_id AND state = 'posted' AND amount_total > 0 OFFSET 0) origin
      JOIN res_currency currency ON currency.id = origin.currency_id
      JOIN res_currency own ON own.id = %(currency)s
     WHERE fact.amount * LEAST(payment.money, 1) >= currency.rounding / 2
  ORDER BY fact.root_id
        """,
        company=company.id, plan=plan.id, date_from=date_from, date_to=date_to, currency=company.currency_id.id,
        receivables=_receivables(company),
    )


def _receivables(company):
    """Ids of the receivable accounts: passed as literals, they never become a join."""
    accounts = company.env["account.account"].with_context(active_test=False)
    return accounts.search([("account_type", "=", "asset_receivable")]).ids or [0]


def booked(plan, date_from, date_to, fact_keys):
    """Ids of the lines of a plan that belong to these dates or to these facts."""
    return SQL(
        """
SELECT id FROM sales_commission_line
 WHERE company_id = %(company)s AND plan_id = %(plan)s
   AND fact_key IN (
       SELECT fact_key FROM sales_commission_line
        WHERE plan_id = %(plan)s AND fact_date BETWEEN %(date_from)s AND %(date_to)s
        UNION SELECT UNNEST(%(fact_keys)s::varchar[]))
        """,
        company=plan.company_id.id, plan=plan.id, date_from=date_from, date_to=date_to, fact_keys=list(fact_keys),
    )


def names(move_ids):
    """Name and customer of documents and payments by id, as they are now."""
    return SQL(
        """
SELECT move.id, COALESCE(move.name, ''), COALESCE(partner.complete_name, partner.name, '')
  FROM account_move move
LEFT JOIN res_partner partner ON partner.id = move.partner_id
 WHERE move.id = ANY(%(ids)s)
        """,
        ids=list(move_ids),
    )


def link_corrections(run):
    """Let each line of a run name the entry that it corrects."""
    return SQL(
        """
UPDATE sales_commission_line line SET corrects_id = entry.id
  FROM sales_commission_line entry
 WHERE line.run_id = %(run)s AND line.corrects_key <> '' AND entry.company_id = line.company_id
   AND entry.fact_key = line.corrects_key AND entry.revision = 0 AND entry.id <> line.id
        """,
        run=run.id,
    )
