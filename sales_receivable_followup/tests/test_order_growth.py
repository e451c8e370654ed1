# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .order_check_common import OrderCheckCase


@tagged("post_install", "-at_install")
@freeze_time("2026-07-31 09:00:00")
class TestOrderGrowth(OrderCheckCase):
    """A confirmed order that grows is checked again in the transaction in which it grows (GRD-04)."""

    def setUp(self):
        super().setUp()
        self._owes(180_000)

    def _confirmed(self, amount=20_000, **values):
        order = self._order(amount, **values)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        return order

    def _extra(self, price):
        return {
            "product_id": self.product.id, "product_uom_qty": 1, "price_unit": price, "tax_ids": [Command.clear()],
        }

    def test_every_way_to_grow(self):
        """GRD-04: limit 200,000, open 180,000, a confirmed order of 20,000: a cent more is refused, however it comes."""
        self.product.list_price = 20_000  # what a changed quantity is priced at
        order = self._confirmed()
        line = order.order_line
        for name, grow in (
            ("line added", lambda: order.write({"order_line": [Command.create(self._extra(0.01))]})),
            ("line created", lambda: self.env["sale.order.line"].with_user(self.ann).create(
                {"order_id": order.id, **self._extra(0.01)})),
            ("quantity", lambda: line.write({"product_uom_qty": 2})),
            ("price", lambda: setattr(line, "price_unit", 20_000.01)),
            ("price by the order", lambda: order.write({"order_line": [Command.update(line.id, {"price_unit": 30_000})]})),
        ):
            with self.subTest(name):
                with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
                    grow()
                self.env.invalidate_all()
                self.assertIn("may not grow so much", str(refusal.exception))
                self.assertIn("Larger Total", str(refusal.exception))
                self.assertIn("over by", str(refusal.exception))
                self.assertEqual(order.amount_total, 20_000)

    def test_what_does_not_grow_is_not_checked(self):
        """GRD-04: less, as much in other lines, and a quotation pass; the customer is over his limit meanwhile."""
        order = self._confirmed()
        self._owes(100_000)
        with patch.object(type(order), "_credit_facts", side_effect=AssertionError("looked up")):
            order.order_line.price_unit = 19_000
            order.order_line.price_unit = 19_000
            order.write({"order_line": [Command.update(order.order_line.id, {"price_unit": 9_000}),
                                        Command.create(self._extra(10_000))]})
            order.order_line[0].name = "Other words"
            order.order_line[0].qty_delivered = 1
            order.sudo()._create_invoices()
            self.env.flush_all()
        self.assertEqual(order.amount_total, 19_000)
        quotation = self._order(10)
        quotation.order_line.price_unit = 90_000
        self.assertEqual(quotation.amount_total, 90_000)

    def test_only_what_is_not_invoiced_is_added(self):
        """GRD-04: 20,000 invoiced and in the ledger already; 500 more are over by 500, not by 20,500."""
        order = self._confirmed()
        order.sudo()._create_invoices().action_post()
        [facts] = order._credit_facts().values()
        self.assertEqual((facts.receivable, facts.orders, facts.order, facts.invoiced), (200_000, 0, 0, 20_000))
        with self.assertRaisesRegex(UserError, "this order .*500.00.*over by .*[^0-9]500.00"):
            order.write({"order_line": [Command.create(self._extra(500))]})

    def test_asked_for_the_new_total(self):
        """GRD-04: asked for 30,000, approved; up to 30,000 the order may grow, not a cent further."""
        order = self._confirmed()
        action = order.action_request_credit_approval()
        self.assertEqual(action["context"]["default_order_id"], order.id)
        for total in (None, 20_000):
            with self.assertRaisesRegex(UserError, "Say which total"):
                order.action_request_credit_approval("They want more", total)
        wizard = self.env["sales.order.credit.reason"].with_user(self.ann).create({
            "order_id": order.id, "purpose": "request", "reason": "They want more", "total": 30_000,
        })
        self.assertIn("over by", wizard.findings)
        wizard.action_apply()
        request = self._request(order)
        self.assertEqual((request.order_amount, request.excess, request.source), (30_000, 10_000, "user"))
        with self.assertRaisesRegex(UserError, "has been asked"), self.env.cr.savepoint():
            order.order_line.price_unit = 30_000
        self.env.invalidate_all()
        request.with_user(self.tom).action_approve("They pay on Monday")
        self.assertEqual((order.state, order.amount_total), ("sale", 20_000))
        order.order_line.price_unit = 30_000
        self.assertEqual(order.amount_total, 30_000)
        self.assertTrue(any("They pay on Monday" in body for body in order.message_ids.mapped("body")))
        with self.assertRaisesRegex(UserError, "may not grow"), self.env.cr.savepoint():
            order.order_line.price_unit = 30_000.01

    def test_asking_needs_a_reason_to_ask(self):
        """GRD-04: within the limit nothing needs asking, and what the company refuses cannot be asked for."""
        order = self._confirmed(10_000)
        with self.assertRaisesRegex(UserError, "needs no approval"):
            order.action_request_credit_approval("More", 20_000)
        self.company.order_check_limit = "block"
        with self.assertRaisesRegex(UserError, "does not let such orders pass"):
            order.action_request_credit_approval("More", 30_000)

    def test_noted(self):
        """GRD-04, settings: where the company only notes it, the order grows and says what stood against it."""
        order = self._confirmed()
        self.company.order_check_limit = "warn"
        order.order_line.price_unit = 25_000
        self.assertTrue(any("over by" in body for body in order.message_ids.mapped("body")))

    def test_prepaid_passes(self):
        """GRD-04: payable at once: no risk, whatever it grows to."""
        order = self._confirmed(payment_term_id=self.cash.id)
        order.order_line.price_unit = 90_000
        self.assertEqual(order.amount_total, 90_000)

    def test_an_expense_is_noted(self):
        """GRD-04: what was spent for the customer already is billed on; its line is not refused."""
        order = self._confirmed()
        self.env["sale.order.line"].create({"order_id": order.id, "is_expense": True, **self._extra(700)})
        self.assertEqual(order.amount_total, 20_700)
        self.assertTrue(any("over by" in body for body in order.message_ids.mapped("body")))

    def test_a_broken_check_stops_no_change(self):
        """Design, invariant 11."""
        order = self._confirmed()
        with patch.object(type(order), "_credit_ledger", side_effect=ZeroDivisionError), \
                self.assertLogs("odoo.addons.sales_receivable_followup.models.credit_checked", "ERROR"):
            order.order_line.price_unit = 30_000
        self.assertEqual(order.amount_total, 30_000)
        self.assertTrue(any("was left out" in body for body in order.message_ids.mapped("body")))

    def test_no_query_more_where_nothing_grows(self):
        """GRD-04: writing prices of a confirmed order costs no query more with the check than without."""
        order = self._confirmed()

        def measure(price):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.order_line.write({"price_unit": price})
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        measure(19_500)
        checked = measure(19_000)
        measure(19_500)
        with patch("odoo.addons.sales_receivable_followup.models.sale_order_growth.PRICED", frozenset()):
            self.assertGreaterEqual(measure(19_000), checked)
