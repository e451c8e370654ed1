# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from .common import LedgerCase, day


@tagged("post_install", "-at_install")
class TestDeliveryReconciliation(LedgerCase):
    """SLG-03: delivered but not entered, entered without delivery, per order line and as of a day."""

    def _rows(self, *args, **kwargs):
        return {
            (row.order_id, row.kind): (row.delivered, row.entered, row.difference, row.amount)
            for row in self._differences(*args, **kwargs)
        }

    def test_both_lists(self):
        """10 delivered and 4 entered: 6 at 7 = 42; 5 entered and 0 delivered: 35; equal ones are not listed."""
        delivered, entered, equal = self._order(10), self._order(5), self._order(3)
        self._deliver(delivered, 10, "06-12")
        self._invoice(delivered, "06-13", quantity=4)
        self._invoice(entered, "06-13")
        self._deliver(equal, 3, "06-12")
        self._invoice(equal, "06-20")

        self.assertEqual(self._rows(), {
            (delivered, "not_entered"): (10, 4, 6, 42),
            (entered, "not_delivered"): (0, 5, 5, 35),
        })

    def test_as_of_a_day(self):
        """Delivered 12 June, entered 14 June: listed on the 13th only; the dialog opens it as of that day."""
        order = self._order()
        self._deliver(order, 10, "06-12")
        self._invoice(order, "06-14")
        found = {on: self._rows(as_of=on) for on in ("06-11", "06-12", "06-13", "06-14")}
        self.assertEqual(found["06-13"], {(order, "not_entered"): (10, 0, 10, 70)})
        self.assertEqual([bool(rows) for rows in found.values()], [False, True, True, False])

        action = self.env["sales.delivery.as.of"].create({"day": day("06-13")}).action_open()
        opened = self.env[action["res_model"]].with_context(**action["context"]).search([("order_id", "=", order.id)])
        self.env.invalidate_all()
        self.assertEqual(opened.mapped("difference"), [10])

    def test_other_units_and_returns(self):
        """A dozen ordered; 12 pieces delivered, a credit note and a return of 2 pieces: nothing is left to list."""
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._order(1, product_uom_id=dozen.id)
        picking = self._deliver(order, 12, "06-12")
        self._invoice(order, "06-12")
        self.assertFalse(self._rows())
        self._return(picking, 3, "06-20")
        [(delivered, entered, difference, amount)] = self._rows().values()
        self.assertEqual([delivered, entered, difference, round(amount, 2)], [0.75, 1, 0.25, 1.75])

    def test_agrees_with_odoo_s_own_quantities(self):
        """What is listed as delivered and entered is what the order lines say."""
        orders = [self._order(quantity) for quantity in (2, 4, 6)]
        self._deliver(orders[0], 2, "06-12")
        self._deliver(orders[1], 3, "06-12")
        self._invoice(orders[1], "06-13")
        self._invoice(orders[2], "06-13", quantity=1)
        for row in self._differences():
            line = row.order_id.order_line
            self.assertEqual([row.delivered, row.entered], [line.qty_delivered, line.qty_invoiced_posted])
        self.assertEqual(len(self._differences()), 3)

    def test_who_sees_which_lines(self):
        self._deliver(self._order(), 10, "06-12")
        seen = {user.login: len(self._differences(user=user)) for user in (self.ann, self.bob, self.tom, self.fay)}
        self.assertEqual(seen, {"ann": 1, "bob": 0, "tom": 1, "fay": 1})

    def test_as_many_queries_for_many_lines(self):
        counts = []
        for number in (1, 3, 12):  # the first reads what is cached afterwards
            for _index in range(number):
                self._deliver(self._order(), 10, "06-12")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._differences().read(["delivered", "entered", "amount", "kind"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
