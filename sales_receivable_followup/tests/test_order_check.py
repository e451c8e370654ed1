# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import day
from .order_check_common import OrderCheckCase

PASSES, WAITS = "passes", "waits"


@tagged("post_install", "-at_install")
@freeze_time("2026-07-31 09:00:00")
class TestOrderCheck(OrderCheckCase):
    """Orders over the limit, or of late payers, wait (GRD-03, GRD-04)."""

    def test_situations(self):
        """GRD-04, the table: what is open, the order, who confirms it, and what follows."""
        for name, outcome, excess in (
            ("within_limit", PASSES, None),
            ("over_limit", WAITS, "over by $ 10,000.00"),
            ("overdue", WAITS, "Overdue $ 500.00, the oldest for 31 days"),
            ("overdue_within_tolerance", PASSES, None),
            ("no_limit", PASSES, None),
            ("paid_in_advance", PASSES, None),
            ("payable_at_once", PASSES, None),
            ("other_company", PASSES, None),
            ("foreign_currency", WAITS, "over by $ 10,000.00"),
            ("confirmed_orders_count", WAITS, "over by $ 10,000.00"),
            ("draft_invoice_counts", WAITS, "over by $ 10,000.00"),
            ("over_authority", WAITS, "over by $ 5,000.00"),
        ):
            with self.subTest(name):
                self.company.write({"order_check_tolerance_days": 0, "order_check_tolerance_amount": 0})
                self.buyer = self._customer(name, self.ann, credit_limit=200_000)
                order = getattr(self, f"_{name}")()
                if outcome == PASSES:
                    order.action_confirm()
                    self.assertEqual(order.state, "sale")
                else:
                    with self.assertRaises(UserError) as refusal:
                        order.action_confirm()
                    self.assertIn(excess, str(refusal.exception).replace("\N{NO-BREAK SPACE}", " "))
                    self.assertIn("decides", str(refusal.exception))
                    self.assertNotEqual(order.state, "sale")

    def _within_limit(self):
        self._owes(170_000)
        return self._order(30_000)

    def _over_limit(self):
        """GRD, example 1: limit 200,000, open 180,000, order 30,000: over by 10,000."""
        self._owes(180_000)
        return self._order(30_000)

    def _overdue(self):
        self._owes(500, on=day("06-01"), due=day("06-30"))
        return self._order(10)

    def _overdue_within_tolerance(self):
        self.company.write({"order_check_tolerance_days": 10, "order_check_tolerance_amount": 100})
        self._owes(5_000, on=day("06-01"), due=day("07-21"))
        self._owes(100, on=day("06-01"), due=day("06-30"))
        return self._order(10)

    def _no_limit(self):
        self.buyer.credit_limit = 0
        self._owes(900_000)
        return self._order(30_000)

    def _paid_in_advance(self):
        self._owes(180_000)
        order = self._order(30_000)
        tx = self._create_transaction(
            "direct", amount=30_000, currency_id=order.currency_id.id, partner_id=order.partner_id.id,
            sale_order_ids=[Command.set(order.ids)], reference="advance",
        )
        tx._set_done()
        return order

    def _payable_at_once(self):
        self._owes(180_000)
        return self._order(30_000, payment_term_id=self.cash.id)

    def _other_company(self):
        """What is owed to, and the limit in, another company does not count here."""
        other = self.setup_other_company(name="Another")["company"]
        other.account_use_credit_limit = True
        self.buyer.with_company(other).credit_limit = 1
        self._owes(170_000)
        return self._order(30_000)

    def _foreign_currency(self):
        """15,000 EUR at 1.25 EUR for 1: 12,000 of the company's."""
        self._owes(198_000)
        order = self._order(1)
        pricelist = self.env["product.pricelist"].create({"name": "EUR", "currency_id": self.foreign.id})
        order.sudo().write({"pricelist_id": pricelist.id})
        order.sudo().order_line.price_unit = 15_000
        self.assertEqual(order.currency_id, self.foreign)
        return order

    def _confirmed_orders_count(self):
        """Two of 105,000: the first is not invoiced, not even delivered."""
        self.product.invoice_policy = "delivery"
        self._order(105_000).action_confirm()
        self.product.invoice_policy = "order"
        return self._order(105_000)

    def _draft_invoice_counts(self):
        first = self._order(105_000)
        first.action_confirm()
        first.sudo()._create_invoices()
        self.assertEqual(first.invoice_status, "invoiced")
        return self._order(105_000)

    def _over_authority(self):
        """GRD, example 2: authority 100,000, 95,000 open with the salesperson's customers, order 10,000."""
        rep = self._user("order-rep")
        self.buyer = self._customer("Authority", rep)
        self.env["sales.credit.authority"].create({
            "user_id": rep.id, "company_id": self.company.id, "amount": 100_000,
        })
        self._owes(95_000)
        order = self._order(10_000)
        order.sudo().user_id = rep
        order = order.with_user(rep)
        with self.assertRaisesRegex(UserError, "order-dora"):
            order.action_confirm()  # Tom leads the team, but an authority is the director's matter
        return order

    def test_orders_confirmed_together(self):
        """GRD-04: each order of one call counts those before it; all or none."""
        orders = self._order(150_000) | self._order(60_000)
        with self.assertRaisesRegex(UserError, "over by"):
            orders.action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"draft"})

    def test_invoiced_and_paid_orders_are_counted_once(self):
        """GRD-04: an invoice replaces its order, a payment the invoice."""
        order = self._order(120_000)
        order.action_confirm()
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        facts = self._order(80_000)._credit_facts()
        [fact] = facts.values()
        self.assertEqual((fact.receivable, fact.orders, fact.order), (120_000, 0, 80_000))
        self._pay(invoice, 120_000, day("07-31"))
        [fact] = self._order(80_000)._credit_facts().values()
        self.assertEqual((fact.receivable, fact.orders), (0, 0))

    def test_payment_not_yet_matched_is_no_arrears(self):
        """GRD-04: who has paid is not late because nobody matched the payment."""
        self._owes(500, on=day("06-01"), due=day("06-30"))
        self._entry([(self.receivable, self.buyer, -500)], on=day("07-15"))
        order = self._order(10)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_no_way_around_by_rpc(self):
        """GRD-04: a program gets the error too, by whatever method; no context lets an order pass."""
        self._owes(180_000)
        order = self._order(30_000)
        for attempt in (
            order.action_confirm,
            lambda: order.write({"state": "sale"}),
            lambda: self._order(30_000, state="sale"),
            lambda: order.with_context(credit_check_source="none", checked=True).action_confirm(),
        ):
            with self.assertRaisesRegex(UserError, "not confirmed"):
                attempt()
        order.with_context(credit_check_source="payment").action_confirm()
        self.assertEqual(order.state, "sent")
        self.assertTrue(order.credit_is_waiting)

    def test_a_broken_check_stops_no_order(self):
        """Design, invariant 11: the order passes, the log and the order say that nothing was checked."""
        self._owes(180_000)
        order = self._order(30_000)
        with patch.object(type(order), "_credit_ledger", side_effect=ZeroDivisionError), \
                mute_logger("odoo.addons.sales_receivable_followup.models.credit_checked"):
            order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertIn("was left out", order.message_ids.filtered("body")[:1].body + str(order.message_ids.mapped("body")))

    def test_modes(self):
        """GRD-04, settings: note it, refuse it, or do nothing."""
        self._owes(180_000)
        self.company.order_check_limit = "warn"
        order = self._order(10_000)
        order.action_confirm()
        noted = self._order(30_000)
        noted.action_confirm()
        self.assertEqual(noted.state, "sale")
        self.assertTrue(any("over by" in body for body in noted.message_ids.mapped("body")))
        self.company.order_check_limit = "block"
        refused = self._order(30_000)
        for attempt in (refused.action_confirm, lambda: refused.action_request_credit_approval("Please")):
            with self.assertRaisesRegex(UserError, "does not let such orders pass"):
                attempt()
        self.company.order_check_limit = "ignore"
        refused.action_confirm()
        self.assertEqual(refused.state, "sale")

    def test_shown_before_it_happens(self):
        """GRD-04: the quotation says what Odoo's own banner does not; the limit is said once."""
        self._owes(180_000)
        order = self._order(30_000)
        self.assertTrue(order.partner_credit_warning)
        self.assertEqual((order.credit_verdict, order.credit_message), ("approve", ""))
        self._owes(500, on=day("06-01"), due=day("06-30"))
        late = self._order(10)
        self.assertIn("Overdue", late.credit_message)
        self.assertNotIn("limit", late.credit_message)

    def test_queries_do_not_grow(self):
        """As many queries for twenty customers as for two."""
        def measure(count):
            # each begins in an environment of its own, as requests do: what a former one knows of user and company
            # would be found or not, by chance
            orders = self.env["sale.order"].union(*(
                self._order(10, self._customer(f"Many {count} {number}", self.ann, credit_limit=1_000))
                for number in range(count)
            ))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders.with_context(measured=count)._credit_facts()
            return self.env.cr.sql_log_count - before

        measure(1)
        self.assertEqual(measure(2), measure(20))

    def test_rights(self):
        """Who may not read an order can neither confirm it nor ask about it."""
        self._owes(180_000)
        order = self._order(30_000)
        bob = self._user("order-bob")
        for attempt in ("action_confirm", "action_request_credit_approval"):
            with self.assertRaises(AccessError):
                getattr(order.with_user(bob), attempt)()
