# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of deliveries against the sales ledger (SLG), composed from SQL objects; nothing else.

What is delivered counts as Odoo counts it on the order line: done moves to the customer less returns to be refunded.
What is entered are the posted invoice lines of the order line less credit notes. Both up to a day.
"""

from odoo.tools import SQL

#: Quantities are compared with this tolerance, in the unit of the order line.
TOLERANCE = 0.0001


def with_movements(as_of):
    """``WITH moved, entry``: deliveries and ledger entries of order lines, day by day, in the line's unit."""
    return SQL(
        """
        WITH moved AS (
            SELECT move.picking_id, line.id AS line_id, line.company_id,
                   (move.date AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(office.tz, 'UTC'))::date AS day,
                   destination.usage = 'customer' AS is_delivery,
                   move.quantity * move_uom.factor / line_uom.factor
                       * CASE WHEN destination.usage = 'customer' THEN 1 ELSE -1 END AS quantity
              FROM stock_move move
              JOIN sale_order_line line ON line.id = move.sale_line_id AND line.product_id = move.product_id
              JOIN res_company company ON company.id = line.company_id
              JOIN res_partner office ON office.id = company.partner_id
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location destination ON destination.id = move.location_dest_id
              JOIN uom_uom move_uom ON move_uom.id = move.product_uom
              JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
             WHERE move.state = 'done' AND (source.usage = 'customer') <> (destination.usage = 'customer')
               AND (move.to_refund OR move.origin_returned_move_id IS NULL AND destination.usage = 'customer')
               AND (move.date AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(office.tz, 'UTC'))::date <= %(as_of)s
        ),
        entry AS (
            SELECT rel.order_line_id AS line_id, document.date AS day,
                   SUM(item.quantity * COALESCE(item_uom.factor / line_uom.factor, 1)
                       * CASE document.move_type WHEN 'out_refund' THEN -1 ELSE 1 END) AS quantity
              FROM sale_order_line_invoice_rel rel
              JOIN account_move_line item ON item.id = rel.invoice_line_id
              JOIN account_move document ON document.id = item.move_id
              JOIN sale_order_line line ON line.id = rel.order_line_id
              JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
         LEFT JOIN uom_uom item_uom ON item_uom.id = item.product_uom_id
             WHERE document.state = 'posted' AND document.move_type IN ('out_invoice', 'out_refund')
               AND document.date <= %(as_of)s AND line.is_downpayment IS NOT TRUE
          GROUP BY rel.order_line_id, document.date
        )
        """,
        as_of=as_of,
    )


def delivery_notes(as_of):
    """A row for each delivery to a customer: when it was delivered, and when all of it stood in the ledger.

    What a delivery needs in the ledger is what was delivered up to it, without what later came back.
    """
    return SQL(
        """
        %(movements)s,
        summed AS (
            SELECT picking_id, line_id, MAX(day) AS day, bool_or(is_delivery) AS is_delivery, SUM(quantity) AS quantity
              FROM moved
             WHERE picking_id IS NOT NULL
          GROUP BY picking_id, line_id
        ),
        running AS (
            SELECT summed.*, SUM(quantity) OVER (PARTITION BY line_id ORDER BY day, picking_id) AS total
              FROM summed
        ),
        needed AS (
            SELECT running.*, MIN(total) OVER (
                       PARTITION BY line_id ORDER BY day, picking_id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
                   ) AS need
              FROM running
        ),
        entered AS (
            SELECT line_id, day, SUM(quantity) OVER (PARTITION BY line_id ORDER BY day) AS total FROM entry
        ),
        covered AS (
            SELECT needed.picking_id, needed.line_id, MAX(needed.day) AS day,
                   bool_or(needed.need > %(tolerance)s) AS is_needed, MIN(entered.day) AS entered
              FROM needed
         LEFT JOIN entered ON entered.line_id = needed.line_id AND entered.total >= needed.need - %(tolerance)s
             WHERE needed.is_delivery
          GROUP BY needed.picking_id, needed.line_id
        ),
        note AS (
            SELECT picking_id, MAX(day) AS delivered_on, bool_or(is_needed) AS is_needed,
                   CASE WHEN bool_or(is_needed AND entered IS NULL) THEN NULL
                        ELSE MAX(entered) FILTER (WHERE is_needed) END AS entered_on
              FROM covered
          GROUP BY picking_id
        ),
        judged AS (
            SELECT note.*, company.id AS company_id,
                   CASE WHEN is_needed THEN
                       GREATEST(0, COALESCE(entered_on, %(as_of)s) - delivered_on - company.delivery_copy_days) ELSE 0
                   END AS days_over
              FROM note
              JOIN stock_picking picking ON picking.id = note.picking_id
              JOIN res_company company ON company.id = picking.company_id
             WHERE company.delivery_copy_from IS NULL OR delivered_on >= company.delivery_copy_from
        )
        SELECT judged.picking_id AS id, judged.picking_id, picking.name, judged.company_id, picking.sale_id AS order_id,
               picking.partner_id, orders.user_id, orders.team_id, judged.delivered_on, judged.entered_on, judged.days_over,
               picking.ledger_copy_at, picking.ledger_copy_by_id,
               CASE WHEN NOT is_needed THEN 'returned'
                    WHEN entered_on IS NULL THEN CASE WHEN days_over > 0 THEN 'missing' ELSE 'waiting' END
                    WHEN days_over > 0 THEN 'late'
                    ELSE 'entered' END AS state
          FROM judged
          JOIN stock_picking picking ON picking.id = judged.picking_id
     LEFT JOIN sale_order orders ON orders.id = picking.sale_id
        """,
        movements=with_movements(as_of),
        tolerance=TOLERANCE,
        as_of=as_of,
    )


def differences(as_of):
    """A row for each order line whose deliveries and ledger entries differ."""
    return SQL(
        """
        %(movements)s,
        delivered AS (SELECT line_id, SUM(quantity) AS quantity, MAX(day) AS day FROM moved GROUP BY line_id),
        invoiced AS (SELECT line_id, SUM(quantity) AS quantity, MAX(day) AS day FROM entry GROUP BY line_id),
        compared AS (
            SELECT line_id, COALESCE(delivered.quantity, 0) AS delivered, COALESCE(invoiced.quantity, 0) AS entered,
                   delivered.day AS delivered_on, invoiced.day AS entered_on
              FROM delivered
         FULL JOIN invoiced USING (line_id)
        )
        SELECT line.id, line.order_id, line.company_id, line.product_id, line.product_uom_id AS uom_id, line.currency_id,
               orders.partner_id, orders.user_id, orders.team_id, delivered, entered, delivered_on, entered_on,
               ABS(delivered - entered) AS difference,
               ROUND((ABS(delivered - entered) * COALESCE(line.price_reduce_taxexcl, 0))::numeric, 2) AS amount,
               CASE WHEN delivered > entered THEN 'not_entered' ELSE 'not_delivered' END AS kind
          FROM compared
          JOIN sale_order_line line ON line.id = line_id
          JOIN sale_order orders ON orders.id = line.order_id
          JOIN res_company company ON company.id = line.company_id
         WHERE ABS(delivered - entered) > %(tolerance)s AND line.qty_delivered_method = 'stock_move'
           AND (company.delivery_copy_from IS NULL
                OR GREATEST(delivered_on, entered_on) >= company.delivery_copy_from)
        """,
        movements=with_movements(as_of),
        tolerance=TOLERANCE,
    )
