# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import ExitStack, contextmanager

from odoo import api, models

from .sale_order import MOVED

#: Where a transaction notes which orders somebody watches already.
WATCHED = "sales_receivable_followup.watched_orders"
#: How many calls that create orders are under way: these are checked as a whole.
CREATING = "sales_receivable_followup.creating_orders"
#: What the total of a line follows from. Invoiced and delivered quantities are not among it.
PRICED = {"order_id", "product_id", "product_uom_id", "product_uom_qty", "price_unit", "discount", "tax_ids"}
#: What says who will owe an order, and whether he pays at once.
OWED = {"partner_id", "partner_invoice_id", "payment_term_id"}


class SaleOrder(models.Model):
    """A confirmed order that grows is checked again, in the transaction in which it grows (GRD-04).

    What makes it larger than what was approved is refused like a new order; less, or as much, needs no check. Nor may
    it be made out to another customer, or put on credit, without one.
    """

    _inherit = "sale.order"

    @contextmanager
    def _credit_watch(self, only_note=False):
        """Check the confirmed orders again whose total is higher afterwards."""
        if self.env.cr.cache.get(CREATING):
            yield
            return
        watched = self._credit_watched_ids()
        busy = watched | self._credit_checked_ids()
        before = {
            order: order.amount_total for order in self if order.state == "sale" and order.id and order.id not in busy
        }
        new = {order.id for order in before}
        watched |= new
        try:
            yield
        finally:
            watched -= new
        grown = self.browse(
            order.id for order, total in before.items()
            if order.currency_id.compare_amounts(order.amount_total, total) > 0 and order.state == "sale"
        )
        if grown:
            grown.with_context(credit_check_grown=True)._credit_check(only_note=only_note)

    @contextmanager
    def _credit_create(self):
        """Lines that an order is born with do not make it grow."""
        cache = self.env.cr.cache
        cache[CREATING] = cache.get(CREATING, 0) + 1
        try:
            yield
        finally:
            cache[CREATING] = max(cache.get(CREATING, 0) - 1, 0)

    def _credit_watched_ids(self):
        return self.env.cr.cache.setdefault(WATCHED, set())

    @contextmanager
    def _credit_watch_owed(self):
        """Check the confirmed orders again that another customer owes afterwards, or that are no longer paid at once."""
        before = {
            # sudo: who changes an order need not be allowed to read all of its customer
            order: (order.sudo()._credit_debtor(), order._credit_is_payable_at_once())
            for order in self if order.state == "sale" and order.id not in self._credit_checked_ids()
        }
        yield
        moved = self.browse(
            order.id for order, (debtor, at_once) in before.items() if order.state == "sale" and (
                order.sudo()._credit_debtor() != debtor or (at_once and not order._credit_is_payable_at_once()))
        )
        if moved:
            moved.with_context(credit_check_grown=MOVED)._credit_check()

    def write(self, vals):
        """Lines that are changed through their order are looked at together."""
        with ExitStack() as watches:
            if "order_line" in vals:
                watches.enter_context(self._credit_watch())
            if not OWED.isdisjoint(vals):
                watches.enter_context(self._credit_watch_owed())
            return super().write(vals)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """An expense that is billed on is spent already: its line is noted."""
        orders = self.env["sale.order"].browse({vals["order_id"] for vals in vals_list if vals.get("order_id")})
        with orders._credit_watch(only_note=all(vals.get("is_expense") for vals in vals_list)):
            return super().create(vals_list)

    def write(self, vals):
        if PRICED.isdisjoint(vals):
            return super().write(vals)
        orders = self.order_id | self.env["sale.order"].browse(vals.get("order_id") or ())
        with orders._credit_watch(only_note=all(line.is_expense for line in self)):
            return super().write(vals)
