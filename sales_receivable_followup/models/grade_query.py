# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The figures by which customers are graded: one statement for all customers of a company.

Both look at the days after ``start`` up to ``today``. Rows are (commercial partner, figure); a customer about whom
nothing is known has none.
"""

from odoo.tools import SQL


def volumes(company_id, start, today):
    """Untaxed invoices less credit notes in company currency; 0 for who was invoiced only before."""
    return SQL(
        """
        SELECT partner.commercial_partner_id,
               COALESCE(SUM(move.amount_untaxed_signed) FILTER (WHERE move.invoice_date > %(start)s), 0)
          FROM account_move move
          JOIN res_partner partner ON partner.id = move.partner_id
         WHERE move.company_id = %(company_id)s AND move.state = 'posted' AND move.invoice_date <= %(today)s
           AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
      GROUP BY partner.commercial_partner_id
        """,
        company_id=company_id, start=start, today=today,
    )


def days_late(company_id, account_ids, exchange_journal_id, start, today):
    """Average days between due date and payment, weighted by amount; paid early is 0 days late.

    Invoices that are overdue and still open count with their days so far: who never pays is not punctual. Credit notes
    and exchange differences are no payments; items excluded from follow-up (disputed) are not held against anyone.
    """
    return SQL(
        """
        WITH invoice AS (
            SELECT item.id, item.partner_id, COALESCE(item.date_maturity, item.date) AS due, item.amount_residual,
                   item.reconciled, item.no_followup
              FROM account_move_line item
              JOIN account_move move ON move.id = item.move_id
             WHERE item.company_id = %(company_id)s AND item.account_id IN %(account_ids)s
               AND item.parent_state = 'posted' AND move.move_type IN ('out_invoice', 'out_receipt')
        ),
        late AS (
            SELECT invoice.partner_id, match.amount AS weight, GREATEST(match.max_date - invoice.due, 0) AS days
              FROM invoice
              JOIN account_partial_reconcile match ON match.debit_move_id = invoice.id
              JOIN account_move_line payment ON payment.id = match.credit_move_id
              JOIN account_move payment_move ON payment_move.id = payment.move_id
             WHERE match.max_date > %(start)s AND match.max_date <= %(today)s
               AND payment_move.move_type <> 'out_refund'
               AND payment.journal_id IS DISTINCT FROM %(exchange_journal_id)s
         UNION ALL
            SELECT partner_id, amount_residual, %(today)s - due
              FROM invoice
             WHERE reconciled IS NOT TRUE AND no_followup IS NOT TRUE AND amount_residual > 0 AND due < %(today)s
        )
        SELECT partner.commercial_partner_id, ROUND(SUM(late.weight * late.days) / SUM(late.weight), 1)
          FROM late
          JOIN res_partner partner ON partner.id = late.partner_id
      GROUP BY partner.commercial_partner_id
        HAVING SUM(late.weight) > 0
        """,
        company_id=company_id, account_ids=tuple(account_ids), exchange_journal_id=exchange_journal_id or None,
        start=start, today=today,
    )
