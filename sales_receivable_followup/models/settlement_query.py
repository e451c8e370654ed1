# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of settlement agreements: what customers took by weight, and which invoices nobody has agreed to."""

from odoo.tools import SQL


def weights(company_id, partner_ids, date_from, date_to):
    """Per customer: weight invoiced less credited, in the unit of the products' weight."""
    return SQL(
        """
        SELECT move.commercial_partner_id,
               SUM(CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
                   * item.quantity * COALESCE(unit.factor / NULLIF(own.factor, 0), 1) * product.weight)
          FROM account_move move
          JOIN account_move_line item ON item.move_id = move.id
          JOIN product_product product ON product.id = item.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
     LEFT JOIN uom_uom unit ON unit.id = item.product_uom_id
     LEFT JOIN uom_uom own ON own.id = template.uom_id
         WHERE move.company_id = %(company_id)s
           AND move.state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_refund')
           AND move.invoice_date >= %(date_from)s AND move.invoice_date < %(date_to)s
           AND move.commercial_partner_id IN %(partners)s
           AND item.display_type = 'product'
      GROUP BY 1
        """,
        company_id=company_id, partners=tuple(partner_ids), date_from=date_from, date_to=date_to,
    )


def uncovered_invoices(company_id, month, month_end):
    """Invoices of a month on credit that have no liability yet, of customers whose agreement was not signed by then.

    On credit: due later than invoiced. A customer's own salesperson and what was said about him come with it.
    """
    return SQL(
        """
        SELECT move.id, agreement.id, agreement.first_order_on, agreement.verbal_on, agreement.signed_on
          FROM account_move move
     LEFT JOIN LATERAL (
               SELECT id, first_order_on, verbal_on, signed_on
                 FROM sales_settlement_agreement
                WHERE company_id = move.company_id AND partner_id = move.commercial_partner_id
                  AND kind = 'monthly' AND state IN ('draft', 'requested', 'approved', 'signed')
             ORDER BY state = 'signed' DESC, id DESC
                LIMIT 1
               ) agreement ON TRUE
         WHERE move.company_id = %(company_id)s
           AND move.state = 'posted'
           AND move.move_type = 'out_invoice'
           AND move.invoice_date BETWEEN %(month)s AND %(month_end)s
           AND move.invoice_date_due > move.invoice_date
           AND move.invoice_user_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM sales_settlement_liability WHERE move_id = move.id)
           AND NOT EXISTS (
               SELECT FROM sales_settlement_agreement
                WHERE company_id = move.company_id AND partner_id = move.commercial_partner_id
                  AND kind = 'monthly' AND state IN ('signed', 'ended') AND signed_on <= move.invoice_date
                  AND (date_to IS NULL OR date_to >= move.invoice_date))
      ORDER BY move.id
        """,
        company_id=company_id, month=month, month_end=month_end,
    )
