# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The SQL of volume and collections (VOL), composed from SQL objects; nothing else.

Collections are the receipts of the month's statement, so that they add up to it. Volume is read from the month's
posted customer invoices less credit notes: untaxed, or the weight of the products in tons.
"""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from ..engine.volume import OPEN, VOID
from .arrears_ledger_query import KINDS, MOVEMENTS, month_items

SALES = ("out_invoice", "out_receipt", "out_refund")
FIGURES = ("customer_id", "customer_name", "customer_ref", "user_id", "volume", "collections", "missing_weight")


class Question(NamedTuple):
    """Whose figures of which month, and in which unit."""

    statement_id: int
    company_id: int
    currency_id: int
    month: date
    date_to: date
    by_weight: bool
    #: Tons in one unit of the products' weight.
    ton: float
    no_customer: str


def salespeople(question):
    """Ids of those who have figures; NULL for customers whose salesperson is not known."""
    return SQL("%s SELECT DISTINCT user_id FROM figures", _figures(question))


def insert_lines(question):
    """Store the figures of the checks of one statement: a row for each customer."""
    columns = {
        "check_id": SQL("checks.id"),
        "company_id": SQL("%s", question.company_id),
        "currency_id": SQL("%s", question.currency_id),
        "month": SQL("%s::date", question.month),
        "state": SQL("%s", OPEN),
        **{name: SQL("figures.%s", SQL.identifier(name)) for name in FIGURES},
        "volume_final": SQL("figures.volume"),
        "collections_final": SQL("figures.collections"),
    }
    return SQL(
        """
        %(figures)s
        INSERT INTO sales_volume_check_line (%(names)s)
        SELECT %(values)s
          FROM figures
          JOIN sales_volume_check checks ON checks.statement_id = %(statement)s AND checks.state <> %(void)s
           AND checks.user_id IS NOT DISTINCT FROM figures.user_id
        """,
        figures=_figures(question),
        names=SQL(", ").join(map(SQL.identifier, columns)),
        values=SQL(", ").join(columns.values()),
        statement=question.statement_id,
        void=VOID,
    )


def volume_now(question, customer_id):
    """One customer's volume as the ledger has it now, and how many of its lines lack a weight."""
    return SQL(
        "SELECT COALESCE(SUM(volume), 0), COALESCE(SUM(missing_weight), 0) FROM (%s) volume WHERE customer_id = %s",
        _volume(question), customer_id,
    )


def collections_now(scope, customer_id):
    """One customer's receipts as the ledger has them now; ``scope`` as for the lines of a statement."""
    return SQL(
        """SELECT COALESCE(%s * SUM(item.balance), 0) FROM (%s) item
        LEFT JOIN res_partner partner ON partner.id = item.partner_id
            WHERE item.kind = %s AND COALESCE(partner.commercial_partner_id, 0) = %s""",
        MOVEMENTS["receipts"], month_items(scope), KINDS.index("receipts"), customer_id,
    )


def _figures(question):
    """``WITH ... figures``: customer by customer, with who answered for him at the month's end."""
    return SQL(
        """
        WITH volume AS (%(volume)s),
        collected AS (
            SELECT customer_id, MAX(customer_name) AS customer_name, MAX(customer_ref) AS customer_ref,
                   MAX(user_id) AS user_id, SUM(receipts) AS collections
              FROM sales_arrears_statement_line
             WHERE statement_id = %(statement)s
          GROUP BY customer_id
        ),
        owner AS (
            SELECT DISTINCT ON (partner_id) partner_id, user_id
              FROM sales_customer_assignment
             WHERE company_id = %(company)s AND date_from <= %(date_to)s
          ORDER BY partner_id, date_from DESC, id DESC
        ),
        figures AS (
            SELECT customer_id,
                   COALESCE(collected.customer_name, customer.name, %(no_customer)s) AS customer_name,
                   COALESCE(collected.customer_ref, customer.ref) AS customer_ref,
                   CASE WHEN collected.customer_name IS NULL THEN owner.user_id ELSE collected.user_id END AS user_id,
                   COALESCE(volume.volume, 0) AS volume,
                   COALESCE(collected.collections, 0) AS collections,
                   COALESCE(volume.missing_weight, 0) AS missing_weight
              FROM volume
         FULL JOIN collected USING (customer_id)
         LEFT JOIN res_partner customer ON customer.id = customer_id
         LEFT JOIN owner ON owner.partner_id = customer_id
             WHERE volume.customer_id IS NOT NULL OR collected.collections <> 0
        )
        """,
        volume=_volume(question),
        statement=question.statement_id,
        company=question.company_id,
        date_to=question.date_to,
        no_customer=question.no_customer,
    )


def _volume(question):
    """The month's invoices less credit notes, by commercial partner."""
    weight = SQL(
        """CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
           * item.quantity * COALESCE(line_uom.factor / NULLIF(product_uom.factor, 0), 1)
           * COALESCE(product.weight, 0) * %s""",
        question.ton,
    )
    missing = SQL(
        """item.display_type = 'product' AND item.is_downpayment IS NOT TRUE AND COALESCE(product.weight, 0) = 0
           AND COALESCE(template.type, 'consu') <> 'service'""",
    )
    return SQL(
        """
        SELECT COALESCE(partner.commercial_partner_id, 0) AS customer_id,
               ROUND(SUM(%(amount)s)::numeric, 3) AS volume,
               COUNT(*) FILTER (WHERE %(missing)s) AS missing_weight
          FROM account_move move
          JOIN account_move_line item ON item.move_id = move.id
     LEFT JOIN res_partner partner ON partner.id = move.partner_id
     LEFT JOIN product_product product ON product.id = item.product_id
     LEFT JOIN product_template template ON template.id = product.product_tmpl_id
     LEFT JOIN uom_uom line_uom ON line_uom.id = item.product_uom_id
     LEFT JOIN uom_uom product_uom ON product_uom.id = template.uom_id
         WHERE move.company_id = %(company)s AND move.state = 'posted' AND move.move_type IN %(sales)s
           AND move.date BETWEEN %(month)s AND %(date_to)s
           AND (item.display_type = 'product' OR item.display_type = 'rounding' AND item.tax_repartition_line_id IS NULL)
      GROUP BY 1
        """,
        amount=weight if question.by_weight else SQL("-item.balance"),
        missing=missing if question.by_weight else SQL("FALSE"),
        company=question.company_id,
        sales=SALES,
        month=question.month,
        date_to=question.date_to,
    )
