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
    return SQL(
        """
WITH touched AS (
    SELECT line.move_id
      FROM account_partial_reconcile partial
      JOIN account_move_line line ON line.id = partial.debit_move_id
     WHERE partial.max_date BETWEEN %(date_from)s AND %(date_to)s AND line.company_id = %(company)s
     UNION
    SELECT line.move_id
      FROM account_partial_reconcile partial
      JOIN account_move_line line ON line.id = partial.credit_move_id
     WHERE partial.max_date BETWEEN %(date_from)s AND %(date_to)s AND line.company_id = %(company)s
     UNION
    SELECT document_id FROM sales_commission_line
     WHERE plan_id = %(plan)s AND fact_date BETWEEN %(date_from)s AND %(date_to)s
), root AS (
    SELECT DISTINCT COALESCE(origin.id, document.id) AS id
      FROM touched
      JOIN account_move document ON document.id = touched.move_id
                                AND document.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
 LEFT JOIN account_move origin ON origin.id = document.reversed_entry_id AND document.move_type = 'out_refund'
                              AND origin.move_type IN ('out_invoice', 'out_receipt')
                              AND origin.currency_id = document.currency_id
     WHERE document.company_id = %(company)s
), receivable AS (
    SELECT document.*, line.id AS line_id
      FROM (
        SELECT root.id AS root_id, move.id, move.move_type = 'out_refund' AS is_refund
          FROM root JOIN account_move move ON move.id = root.id
         UNION ALL
        SELECT root.id, note.id, TRUE
          FROM root
          JOIN account_move move ON move.id = root.id AND move.move_type <> 'out_refund'
          JOIN account_move note ON note.reversed_entry_id = root.id AND note.move_type = 'out_refund'
                                AND note.currency_id = move.currency_id AND note.state = 'posted'
      ) document
      JOIN account_move_line line ON line.move_id = document.id
      JOIN account_account account ON account.id = line.account_id AND account.account_type = 'asset_receivable'
), match AS (
    SELECT receivable.root_id, receivable.id AS document_id, FALSE AS is_refund, partial.max_date AS day,
           partial.debit_amount_currency AS amount, partial.credit_amount_currency AS paying_amount,
           partial.credit_move_id AS paying_id
      FROM receivable JOIN account_partial_reconcile partial ON partial.debit_move_id = receivable.line_id
     WHERE NOT receivable.is_refund
     UNION ALL
    SELECT receivable.root_id, receivable.id, TRUE, partial.max_date,
           partial.credit_amount_currency, partial.debit_amount_currency, partial.debit_move_id
      FROM receivable JOIN account_partial_reconcile partial ON partial.credit_move_id = receivable.line_id
     WHERE receivable.is_refund
), matched AS (
    SELECT match.*, line.move_id AS payment_id,
           match.paying_amount * ABS(line.balance / NULLIF(line.amount_currency, 0)) AS value
      FROM match JOIN account_move_line line ON line.id = match.paying_id
), payment AS (
    SELECT move.id,
           CASE WHEN payment.id IS NOT NULL
                THEN payment.amount / NULLIF(SUM(ABS(line.amount_currency))
                     FILTER (WHERE account.account_type IN ('asset_receivable', 'liability_payable')), 0)
                ELSE ABS(SUM(line.balance) FILTER (WHERE account.account_type IN ('asset_cash', 'liability_credit_card')
                                                      OR line.account_id = journal.default_account_id))
                     / NULLIF(ABS(SUM(line.balance) FILTER (WHERE account.account_type = 'asset_receivable')), 0)
           END AS money
      FROM (SELECT DISTINCT payment_id AS id FROM matched) paid
      JOIN account_move move ON move.id = paid.id AND move.move_type = 'entry' AND move.state = 'posted'
      JOIN account_journal journal ON journal.id = move.journal_id
 LEFT JOIN account_payment payment ON payment.id = move.origin_payment_id
      JOIN account_move_line line ON line.move_id = move.id
      JOIN account_account account ON account.id = line.account_id
     WHERE payment.id IS NOT NULL OR move.statement_line_id IS NOT NULL OR journal.type IN ('bank', 'cash', 'credit')
  GROUP BY move.id, payment.id, payment.amount
)
SELECT matched.root_id, matched.document_id, matched.is_refund, matched.payment_id, MAX(matched.day) AS day,
       ROUND(SUM(matched.amount) * LEAST(payment.money, 1) / currency.rounding)::bigint AS amount,
       ROUND(SUM(matched.value) * LEAST(payment.money, 1) / own.rounding)::bigint AS value,
       origin.invoice_user_id AS user_id,
       ROUND(origin.amount_total / currency.rounding)::bigint AS total,
       ROUND(origin.amount_untaxed / currency.rounding)::bigint AS untaxed,
       ROUND(ABS(origin.amount_untaxed_signed) / own.rounding)::bigint AS untaxed_company,
       origin.amount_residual = 0 AS settled,
       origin.currency_id
  FROM matched
  JOIN payment ON payment.id = matched.payment_id
  JOIN account_move origin ON origin.id = matched.root_id AND origin.state = 'posted'
  JOIN res_currency currency ON currency.id = origin.currency_id
  JOIN res_currency own ON own.id = %(currency)s
 WHERE origin.amount_total > 0
GROUP BY matched.root_id, matched.document_id, matched.is_refund, matched.payment_id, payment.money,
         origin.id, currency.id, own.id
HAVING SUM(matched.amount) * LEAST(payment.money, 1) >= currency.rounding / 2
ORDER BY matched.root_id
        """,
        company=company.id, plan=plan.id, date_from=date_from, date_to=date_to, currency=company.currency_id.id,
    )


def booked(plan, date_from, date_to, fact_keys):
    """Ids of the lines of a plan that belong to these dates or to these facts."""
    return SQL(
        """
SELECT id FROM sales_commission_line
 WHERE plan_id = %(plan)s
   AND fact_key IN (
       SELECT fact_key FROM sales_commission_line
        WHERE plan_id = %(plan)s AND fact_date BETWEEN %(date_from)s AND %(date_to)s
        UNION SELECT UNNEST(%(fact_keys)s::varchar[]))
        """,
        plan=plan.id, date_from=date_from, date_to=date_to, fact_keys=list(fact_keys),
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
