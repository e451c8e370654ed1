# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The floor: each job as one well-written SQL statement on the same data, its rows stored in a plain table.

Nothing of the suite is used here; a job of ours is compared with it in the same run.
"""

from odoo.tools import SQL


def statement(account_id, date_from, date_to):
    """The month's arrears per customer with ageing as of month end, from the full history of the items."""
    return SQL(
        """
        CREATE TEMP TABLE floor_statement ON COMMIT DROP AS
        WITH matched AS (
            SELECT side.line_id, sum(side.amount) AS amount
              FROM account_partial_reconcile partial
             CROSS JOIN LATERAL (VALUES (partial.debit_move_id, partial.amount),
                                        (partial.credit_move_id, -partial.amount)) AS side (line_id, amount)
             WHERE partial.max_date <= %(date_to)s
             GROUP BY side.line_id
        ), item AS (
            SELECT partner.commercial_partner_id AS customer_id, line.account_id, line.currency_id, line.date,
                   line.date_maturity, line.balance, line.amount_currency, move.move_type, line.display_type,
                   line.balance - coalesce(matched.amount, 0) AS residual
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              LEFT JOIN res_partner partner ON partner.id = line.partner_id
              LEFT JOIN matched ON matched.line_id = line.id
             WHERE line.account_id = %(account_id)s AND line.parent_state = 'posted' AND line.date <= %(date_to)s
        )
        SELECT customer_id, account_id, currency_id,
               sum(balance) FILTER (WHERE date < %(date_from)s) AS opening,
               sum(balance) FILTER (WHERE date >= %(date_from)s AND move_type = 'out_invoice') AS sales,
               sum(balance) FILTER (WHERE date >= %(date_from)s AND move_type = 'out_refund') AS credit_notes,
               sum(balance) FILTER (WHERE date >= %(date_from)s AND move_type NOT IN ('out_invoice', 'out_refund'))
                   AS receipts,
               sum(balance) AS closing, sum(amount_currency) AS closing_currency,
               sum(residual) FILTER (WHERE date_maturity >= %(date_to)s) AS not_due,
               sum(residual) FILTER (WHERE %(date_to)s - date_maturity BETWEEN 1 AND 30) AS due_1_30,
               sum(residual) FILTER (WHERE %(date_to)s - date_maturity BETWEEN 31 AND 60) AS due_31_60,
               sum(residual) FILTER (WHERE %(date_to)s - date_maturity BETWEEN 61 AND 90) AS due_61_90,
               sum(residual) FILTER (WHERE %(date_to)s - date_maturity > 90) AS due_over_90
          FROM item
         GROUP BY customer_id, account_id, currency_id
        """,
        account_id=account_id,
        date_from=date_from,
        date_to=date_to,
    )


def issue(account_id, date_to):
    """The snapshot of the items that an issued statement keeps."""
    return SQL(
        """
        CREATE TEMP TABLE floor_item ON COMMIT DROP AS
        SELECT line.id AS move_line_id, line.balance, line.amount_currency, line.date, line.date_maturity,
               partner.commercial_partner_id AS customer_id, customer.complete_name AS customer_name, line.move_name
          FROM account_move_line line
          LEFT JOIN res_partner partner ON partner.id = line.partner_id
          LEFT JOIN res_partner customer ON customer.id = partner.commercial_partner_id
         WHERE line.account_id = %(account_id)s AND line.parent_state = 'posted' AND line.date <= %(date_to)s
        """,
        account_id=account_id,
        date_to=date_to,
    )


def lateness(employee_ids, date_from, date_to):
    """First punch of each local day after 08:25:00 in the month, with its number within the month."""
    return SQL(
        """
        CREATE TEMP TABLE floor_lateness ON COMMIT DROP AS
        SELECT first_punch.*, row_number() OVER (PARTITION BY employee_id ORDER BY day) AS occurrence
          FROM (SELECT attendance.employee_id, local.day, min(local.moment) AS moment
                  FROM hr_attendance attendance
                  JOIN hr_employee employee ON employee.id = attendance.employee_id
                  JOIN resource_resource resource ON resource.id = employee.resource_id
                 CROSS JOIN LATERAL (SELECT attendance.check_in AT TIME ZONE 'UTC' AT TIME ZONE resource.tz AS moment) m
                 CROSS JOIN LATERAL (SELECT m.moment, m.moment::date AS day) local
                 WHERE attendance.employee_id = ANY(%(employee_ids)s)
                   AND attendance.check_in >= %(date_from)s::date - 1 AND attendance.check_in < %(date_to)s::date + 2
                   AND attendance.in_mode <> 'technical'
                 GROUP BY attendance.employee_id, local.day) first_punch
         WHERE first_punch.day BETWEEN %(date_from)s AND %(date_to)s AND first_punch.moment::time > '08:25'
        """,
        employee_ids=employee_ids,
        date_from=date_from,
        date_to=date_to,
    )
