# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import day
from .order_check_common import OrderCheckCase

DONE, NOTED, HELD, REFUSED = "done", "noted", "held", "refused"
KINDS = ("limit", "overdue", "authority", "agreement")
SAID = {"limit": "over by", "overdue": "Overdue", "authority": "Credit authority", "agreement": "settlement agreement"}


@tagged("post_install", "-at_install")
@freeze_time("2026-07-31 09:00:00")
class TestInvoiceCheck(OrderCheckCase):
    """Invoices are checked when they are posted, each by what the company wants at that stage (GRD-03, GRD-04)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fay = cls._user(
            "order-fay", "account.group_account_invoice,sales_receivable_followup.group_arrears_finance")

    def _policy(self, consequence, *kinds, stage="invoice"):
        for kind in KINDS:
            self.company[f"{stage}_check_{kind}"] = consequence if kind in kinds else "ignore"

    def _direct(self, amount, customer=None, **values):
        """A draft invoice without an order."""
        return self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": (customer or self.buyer).id, "invoice_date": day("07-31"),
            "invoice_user_id": self.ann.id, "team_id": self.team.id, "invoice_payment_term_id": self.terms.id,
            "invoice_line_ids": [Command.create({
                "product_id": self.product.id, "quantity": 1, "price_unit": amount, "tax_ids": [Command.clear()],
            })],
            **values,
        }).with_user(self.fay).with_context(allowed_company_ids=self.company.ids)

    def _of(self, *orders):
        """The draft invoice of confirmed orders."""
        invoice = self.env["sale.order"].union(*orders).sudo()._create_invoices()
        return invoice.with_user(self.fay).with_context(allowed_company_ids=self.company.ids)

    def _confirmed(self, amount, **values):
        order = self._order(amount, **values)
        order.action_confirm()
        return order

    def _assert(self, invoice, outcome, said="over by"):
        if outcome in (HELD, REFUSED):
            with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
                invoice.action_post()
            self.env.invalidate_all()
            told = str(refusal.exception).replace("\N{NO-BREAK SPACE}", " ")
            self.assertIn("not posted", told)
            self.assertIn(said, told)
            self.assertIn("decides" if outcome == HELD else "does not let such invoices pass", told)
            self.assertEqual(invoice.state, "draft")
        else:
            invoice.action_post()
            self.assertEqual(invoice.state, "posted")
            self.assertEqual(len(self._notes(invoice, said)), outcome == NOTED)

    def _notes(self, invoice, said):
        return [
            body for body in invoice.sudo().message_ids.mapped("body")
            if said in body.replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ")
        ]

    def test_every_kind_and_consequence(self):
        """GRD-03, GRD-04, STL-03: four kinds of findings x four consequences, each at the invoice alone."""
        self._policy("ignore", stage="order")
        for kind in KINDS:
            for consequence, outcome in (("ignore", DONE), ("warn", NOTED), ("approve", HELD), ("block", REFUSED)):
                with self.subTest(kind=kind, consequence=consequence):
                    self._policy("ignore")
                    rep = self._user(f"rep-{kind}-{consequence}")
                    self.buyer = self._customer(f"{kind} {consequence}", rep, credit_limit=0)
                    if kind == "limit":
                        self.buyer.credit_limit = 200_000
                        self._owes(180_000)
                    if kind == "overdue":
                        self._owes(500, on=day("06-01"), due=day("06-30"))
                    if kind == "authority":
                        self.env["sales.credit.authority"].create({
                            "user_id": rep.id, "company_id": self.company.id, "amount": 100_000,
                        })
                        self._owes(95_000)
                    self._policy(consequence, kind)
                    self._assert(self._direct(30_000, invoice_user_id=rep.id), outcome, SAID[kind])

    def test_defaults_only_note(self):
        """GRD-04: who has set nothing gets notes on invoices, and no invoice is held."""
        defaults = self.env["res.company"].create({"name": "New"})
        self.assertEqual(
            [defaults[f"invoice_check_{kind}"] for kind in KINDS], ["warn", "warn", "warn", "ignore"])
        self.assertTrue(defaults.invoice_check_pass_delivered)

    def test_situations(self):
        """GRD-04: limit 200,000, everything over it would be held: which invoices are."""
        for name, outcome, said in (
            ("within_limit", DONE, "over by"),
            ("replaces_its_order", DONE, "over by"),
            ("more_than_its_order", HELD, "over by $ 5,000.00"),
            ("other_orders_count", HELD, "over by $ 10,000.00"),
            ("delivered", NOTED, "over by $ 10,000.00"),
            ("delivered_but_held", HELD, "over by $ 10,000.00"),
            ("partly_delivered", HELD, "over by"),
            ("order_was_approved", DONE, "over by"),
            ("something_new_since", HELD, "Overdue $ 500.00"),
            ("payable_at_once", DONE, "over by"),
            ("order_payable_at_once", DONE, "over by"),
            ("paid_online", DONE, "over by"),
            ("down_payment", DONE, "over by"),
            ("credit_note", DONE, "over by"),
            ("vendor_bill", DONE, "over by"),
        ):
            with self.subTest(name):
                self._policy("ignore")
                self._policy("approve", "limit", "overdue", stage="order")
                self.company.invoice_check_pass_delivered = True
                self.buyer = self._customer(name, self.ann, credit_limit=200_000)
                invoice = getattr(self, f"_{name}")()
                self._policy("approve", "limit", "overdue")
                self._assert(invoice, outcome, said)

    def _within_limit(self):
        self._owes(170_000)
        return self._direct(30_000)

    def _replaces_its_order(self):
        """170,000 open and an order of 30,000: its invoice makes 200,000, not 230,000."""
        self._owes(170_000)
        return self._of(self._confirmed(30_000))

    def _more_than_its_order(self):
        self._owes(170_000)
        invoice = self._of(self._confirmed(30_000))
        invoice.sudo().invoice_line_ids.price_unit = 35_000
        return invoice

    def _other_orders_count(self):
        """100,000 of one order invoiced while another of 90,000 waits for its invoice, 20,000 open."""
        invoice = self._of(self._confirmed(100_000))
        self._confirmed(90_000)
        self._owes(20_000)
        return invoice

    def _delivered(self):
        order = self._confirmed(30_000)
        order.sudo().order_line.qty_delivered = 1
        self._owes(180_000)
        return self._of(order)

    def _delivered_but_held(self):
        """The company wants even those held."""
        self.company.invoice_check_pass_delivered = False
        return self._delivered()

    def _partly_delivered(self):
        order = self._confirmed(15_000)
        order.sudo().order_line.write({"product_uom_qty": 2, "price_unit": 15_000, "qty_delivered": 1})
        self._owes(180_000)
        return self._of(order)

    def _order_was_approved(self):
        """Its order was let pass over the limit with the same figures: nobody is asked twice."""
        self._owes(180_000)
        order = self._order(30_000)
        order.action_request_credit_approval("They pay on Monday")
        self._request(order).with_user(self.tom).action_approve("Seen the bank slip")
        order.action_confirm()
        return self._of(order)

    def _something_new_since(self):
        invoice = self._order_was_approved()
        self._owes(500, on=day("06-01"), due=day("06-30"))
        return invoice

    def _payable_at_once(self):
        self._owes(180_000)
        return self._direct(30_000, invoice_payment_term_id=self.cash.id)

    def _order_payable_at_once(self):
        self._owes(180_000)
        return self._of(self._confirmed(30_000, payment_term_id=self.cash.id))

    def _paid_online(self):
        self._owes(180_000)
        invoice = self._direct(30_000)
        self._create_transaction(
            "direct", amount=30_000, currency_id=invoice.currency_id.id, partner_id=self.buyer.id,
            invoice_ids=[Command.set(invoice.ids)], reference="invoice paid",
        )._set_done()
        return invoice

    def _down_payment(self):
        """It asks for money before anything is delivered."""
        order = self._confirmed(30_000)
        self._owes(180_000)
        wizard = self.env["sale.advance.payment.inv"].create({
            "sale_order_ids": [Command.set(order.ids)], "advance_payment_method": "percentage", "amount": 50,
        })
        return wizard._create_invoices(order.sudo()).with_user(self.fay)

    def _credit_note(self):
        self._owes(210_000)
        return self._direct(30_000, move_type="out_refund")

    def _vendor_bill(self):
        self._owes(210_000)
        return self._direct(30_000, move_type="in_invoice", partner_id=self.buyer.id)

    def test_posted_together(self):
        """GRD-04: 150,000 and 60,000 posted in one call: the second counts the first, none is posted."""
        invoices = self._direct(150_000) | self._direct(60_000)
        self._policy("approve", "limit")
        with self.assertRaisesRegex(UserError, "over by .*10,000.00"), self.env.cr.savepoint():
            invoices.action_post()
        self.env.invalidate_all()
        self.assertEqual(invoices.mapped("state"), ["draft", "draft"])

    def test_no_way_around(self):
        """GRD-04: every method that posts gives the error; no context lets an invoice pass."""
        self._owes(180_000)
        invoice = self._direct(30_000)
        self._policy("approve", "limit")
        wizard = self.env["validate.account.move"].with_user(self.fay).create({"move_ids": [Command.set(invoice.ids)]})
        for attempt in (
            invoice.action_post, wizard.validate_move, invoice.action_validate_moves_with_confirmation,
            invoice.with_context(credit_check_move="payment", credit_check_source="payment").action_post,
            invoice.with_context(credit_check_move="schedule").action_post,
        ):
            with self.assertRaisesRegex(UserError, "not posted"), self.env.cr.savepoint():
                attempt()
        self.env.invalidate_all()
        self.assertEqual(invoice.state, "draft")

    def test_request_and_approval(self):
        """GRD-04: asked with a reason, decided by the team's leader, for this amount only; who and why is kept."""
        self._owes(180_000)
        invoice = self._direct(30_000)
        self._policy("approve", "limit")
        self.assertEqual(invoice.credit_verdict, "approve")
        wizard = self.env["sales.order.credit.reason"].with_user(self.fay).create({
            "move_id": invoice.id, "purpose": "request", "reason": "They pay on Monday",
        })
        self.assertIn("this invoice", wizard.findings)
        wizard.action_apply()
        request = invoice.sudo().credit_request_ids
        self.assertEqual((request.stage, request.approver_id, request.excess), ("invoice", self.tom, 10_000))
        self.assertTrue(invoice.credit_is_waiting)
        self._assert_held_by_request(invoice)
        with self.assertRaises(AccessError):
            request.with_user(self.fay).action_approve("Fine with me")
        request.with_user(self.tom).action_approve("Seen the bank slip")
        invoice.sudo().invoice_line_ids.price_unit = 30_001
        self._assert(invoice, HELD)
        invoice.sudo().invoice_line_ids.price_unit = 30_000
        self._assert(invoice, NOTED, f"Confirmed with the approval of {self.tom.name}: Seen the bank slip")
        self.assertEqual(request.decided_by_id, self.tom)

    def _assert_held_by_request(self, invoice):
        with self.assertRaisesRegex(UserError, "order-tom.* has been asked"), self.env.cr.savepoint():
            invoice.action_post()
        self.env.invalidate_all()

    def test_right_to_ask(self):
        """GRD-04: who may not change an invoice cannot ask for it."""
        self._owes(180_000)
        invoice = self._direct(30_000)
        self._policy("approve", "limit")
        for user in (self.ann, self._user("order-bob")):
            with self.assertRaises(AccessError):
                invoice.with_user(user).action_request_credit_approval("Please")

    def _post_due(self):
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", return_value=60.0):
            self.env["account.move"]._autopost_draft_entries()

    def test_scheduled_posting_goes_on(self):
        """GRD-04: two are due: the one over the limit stays a draft, its approver asked once; the other is posted."""
        self._owes(180_000)
        held = self._direct(30_000, auto_post="at_date")
        other = self._direct(10, self._customer("Other", self.ann), auto_post="at_date")
        self._policy("approve", "limit")
        for _day in range(2):
            self._post_due()
        self.assertEqual((held.state, other.state), ("draft", "posted"))
        request = held.sudo().credit_request_ids
        self.assertEqual((len(request), request.source, request.activity_ids.user_id), (1, "schedule", self.tom))
        self.assertEqual(len(self._notes(held, "stays a draft")), 1)
        request.with_user(self.tom).action_approve("Let it go")
        self._post_due()
        self.assertEqual(held.state, "posted")

    def test_scheduled_posting_of_what_is_refused(self):
        """GRD-04: what the company refuses stays a draft too; its salesperson has something to do."""
        self._owes(180_000)
        held = self._direct(30_000, auto_post="at_date")
        self._policy("block", "limit")
        for _day in range(2):
            self._post_due()
        activity = held.sudo().activity_ids
        self.assertEqual((held.state, activity.user_id, len(activity)), ("draft", self.ann, 1))
        self.assertFalse(held.sudo().credit_request_ids)

    def test_paid_online_in_part(self):
        """Design, invariant 11: a payment for a draft invoice is booked, its invoice posted and noted, not held."""
        self._owes(180_000)
        invoice = self._direct(30_000)
        self._policy("block", "limit")
        tx = self._create_transaction(
            "direct", amount=5_000, currency_id=invoice.currency_id.id, partner_id=self.buyer.id,
            invoice_ids=[Command.set(invoice.ids)], reference="part",
        )
        tx._set_done()
        tx._post_process()
        self.assertEqual((invoice.state, invoice.amount_residual), ("posted", 25_000))
        self.assertTrue(self._notes(invoice, "over by $ 5,000.00"))

    def test_a_broken_check_stops_no_invoice(self):
        """Design, invariant 11: it is posted; the log and the invoice say that nothing was checked."""
        self._owes(180_000)
        invoice = self._direct(30_000)
        self._policy("block", "limit")
        with patch.object(type(invoice), "_credit_ledger", side_effect=ZeroDivisionError), \
                self.assertLogs("odoo.addons.sales_receivable_followup.models.credit_checked", "ERROR"):
            invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        self.assertTrue(self._notes(invoice, "was left out"))

    def test_queries_do_not_grow(self):
        """As many queries to judge twenty invoices of orders as two."""
        def measure(count):
            # each begins in an environment of its own, as requests do: what a former one knows of user and company
            # would be found or not, by chance
            orders = [
                self._confirmed(10, customer=self._customer(f"Many {count} {number}", self.ann, credit_limit=1_000))
                for number in range(count)
            ]
            invoices = self.env["account.move"].union(*map(self._of, orders)).sudo()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            invoices.with_context(measured=count)._credit_findings()
            return self.env.cr.sql_log_count - before

        self._policy("approve", "limit", "overdue")
        measure(1)
        self.assertEqual(measure(2), measure(20))
