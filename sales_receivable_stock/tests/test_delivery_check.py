# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import LedgerCase, day

DONE, NOTED, HELD, REFUSED = "done", "noted", "held", "refused"
KINDS = ("limit", "overdue", "authority", "agreement")
SAID = {"limit": "over by", "overdue": "Overdue", "authority": "Credit authority", "agreement": "settlement agreement"}


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 02:00:00")
class TestDeliveryCheck(LedgerCase):
    """Goods of an order are checked when they leave, by what the company wants at that stage (GRD-03, GRD-04)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dora = cls._user("dora", "account.group_account_manager,sales_receivable_followup.group_arrears_user")
        cls.willy = new_test_user(
            cls.env, "willy", groups="stock.group_stock_user", company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.terms = cls.env["account.payment.term"].create({
            "name": "30 days", "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
        })
        cls.company.write({
            "account_use_credit_limit": True, "order_check_approver_ids": [Command.set(cls.dora.ids)],
            **{f"{stage}_check_{kind}": "ignore" for stage in ("order", "invoice") for kind in KINDS},
        })

    def _policy(self, consequence, *kinds):
        for kind in KINDS:
            self.company[f"delivery_check_{kind}"] = consequence if kind in kinds else "ignore"

    def _leaving(self, amount, customer=None, **values):
        """The open delivery of a confirmed order of that amount, as the warehouse has it."""
        order = self.env["sale.order"].create({
            "partner_id": (customer or self.customer).id, "user_id": self.ann.id, "team_id": self.north.id,
            "payment_term_id": self.terms.id,
            "order_line": [Command.create({"product_id": self.paper.id, "product_uom_qty": 1, "price_unit": amount})],
            **values,
        })
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 1, "picked": True})
        return picking.with_user(self.willy)

    def _owes(self, amount, due="08-30", customer=None):
        self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": (customer or self.customer).id, "invoice_date": day("06-01"),
            "invoice_date_due": day(due), "invoice_payment_term_id": False, "invoice_line_ids": [Command.create({
                "name": "Goods", "price_unit": amount, "tax_ids": [Command.clear()],
            })],
        }).action_post()

    def _assert(self, picking, outcome, said="over by"):
        if outcome in (HELD, REFUSED):
            with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
                picking.button_validate()
            self.env.invalidate_all()
            told = str(refusal.exception).replace("\N{NO-BREAK SPACE}", " ")
            self.assertIn("do not leave", told)
            self.assertIn(said, told)
            self.assertIn("decides" if outcome == HELD else "does not let such orders pass", told)
            self.assertEqual(picking.state, "assigned")
        else:
            picking.button_validate()
            self.assertEqual(picking.state, "done")
            self.assertEqual(len(self._notes(picking, said)), outcome == NOTED)

    def _notes(self, picking, said):
        return [
            body for body in picking.sudo().message_ids.mapped("body")
            if said in body.replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ")
        ]

    def test_every_kind_and_consequence(self):
        """GRD-03, GRD-04, STL-03: four kinds of findings x four consequences, each at the delivery alone."""
        for kind in KINDS:
            for consequence, outcome in (("ignore", DONE), ("warn", NOTED), ("approve", HELD), ("block", REFUSED)):
                with self.subTest(kind=kind, consequence=consequence):
                    rep = self._user(f"rep-{kind}-{consequence}")
                    self.customer = self.env["res.partner"].create({
                        "name": f"{kind} {consequence}", "user_id": rep.id,
                        "credit_limit": 200_000 if kind == "limit" else 0,
                    })
                    if kind == "limit":
                        self._owes(180_000)
                    if kind == "overdue":
                        self._owes(500, due="06-10")
                    if kind == "authority":
                        self.env["sales.credit.authority"].create({
                            "user_id": rep.id, "company_id": self.company.id, "amount": 100_000,
                        })
                        self._owes(95_000)
                    self._policy(consequence, kind)
                    self._assert(self._leaving(30_000, user_id=rep.id), outcome, SAID[kind])

    def test_nothing_by_default(self):
        """GRD-04: who has set nothing delivers as before, and nothing is even looked up."""
        new = self.env["res.company"].create({"name": "New"})
        self.assertEqual({new[f"delivery_check_{kind}"] for kind in KINDS}, {"ignore"})
        self.customer.credit_limit = 1
        picking = self._leaving(30_000)
        with patch.object(self.env.registry["sale.order"], "_credit_ledger", side_effect=AssertionError("looked up")):
            self._assert(picking, DONE)

    def test_situations(self):
        """GRD-04: limit 200,000, what is over it is held: which deliveries are."""
        for name, outcome, said in (
            ("within_limit", DONE, "over by"),
            ("over_limit", HELD, "over by $ 10,000.00"),
            ("invoiced_before", HELD, "over by $ 10,000.00"),
            ("invoiced_and_paid", DONE, "over by"),
            ("paid_in_advance", DONE, "over by"),
            ("payable_at_once", DONE, "over by"),
            ("without_order", DONE, "over by"),
            ("return", DONE, "over by"),
        ):
            with self.subTest(name):
                self._policy("ignore")
                self.customer = self.env["res.partner"].create({"name": name, "credit_limit": 200_000})
                picking = getattr(self, f"_{name}")()
                self._policy("approve", "limit")
                self._assert(picking, outcome, said)

    def _within_limit(self):
        self._owes(170_000)
        return self._leaving(30_000)

    def _over_limit(self):
        self._owes(180_000)
        return self._leaving(30_000)

    def _invoiced_before(self):
        """Invoiced 30,000 and open 180,000: 210,000, whatever is invoiced of it."""
        self._owes(180_000)
        picking = self._leaving(30_000)
        picking.sudo().sale_id._create_invoices().action_post()
        return picking

    def _invoiced_and_paid(self):
        self._owes(210_000)
        picking = self._leaving(30_000)
        invoice = picking.sudo().sale_id._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids).create({})._create_payments()
        return picking

    def _paid_in_advance(self):
        self._owes(210_000)
        picking = self._leaving(30_000)
        order = picking.sudo().sale_id
        provider = self.env["payment.provider"].search([("company_id", "=", self.company.id)], limit=1) \
            or self.env["payment.provider"].create({"name": "Cash desk", "company_id": self.company.id})
        self.env["payment.transaction"].create({
            "provider_id": provider.id, "amount": 30_000, "currency_id": order.currency_id.id, "reference": order.name,
            "payment_method_id": self.env["payment.method"].search([], limit=1).id or self.env["payment.method"].create(
                {"name": "Cash", "code": "cash_desk"}).id,
            "partner_id": order.partner_id.id, "state": "done", "sale_order_ids": [Command.set(order.ids)],
        })
        return picking

    def _payable_at_once(self):
        self._owes(210_000)
        return self._leaving(30_000, payment_term_id=self.env.ref("account.account_payment_term_immediate").id)

    def _without_order(self):
        """No price and no terms to judge by: its invoice is checked."""
        self._owes(210_000)
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        picking = self.env["stock.picking"].create({
            "picking_type_id": warehouse.out_type_id.id, "partner_id": self.customer.id,
            "location_id": warehouse.lot_stock_id.id, "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            "move_ids": [Command.create({
                "product_id": self.paper.id, "product_uom_qty": 1,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            })],
        })
        picking.action_confirm()
        picking.move_ids.write({"quantity": 1, "picked": True})
        return picking.with_user(self.willy)

    def _return(self):
        """What comes back lowers the risk."""
        picking = self._leaving(30_000)
        picking.button_validate()
        self._owes(210_000)
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_model="stock.picking").create({})
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        back.move_ids.write({"quantity": 1, "picked": True})
        return back.with_user(self.willy)

    def test_request_and_approval(self):
        """GRD-04: asked from the delivery, decided about the order; then it leaves, and says who let it and why."""
        self.customer.credit_limit = 200_000
        self._owes(180_000)
        picking = self._leaving(30_000)
        self._policy("approve", "limit")
        with self.assertRaises(AccessError):
            picking.with_user(self.bob).action_request_credit_approval("Please")
        self.willy.group_ids += self.env.ref("sales_receivable_followup.group_arrears_user")
        self.assertEqual((picking.credit_verdict, picking.credit_is_waiting), ("approve", False))
        self.assertIn("over by", picking.credit_message)
        wizard = self.env["sales.order.credit.reason"].with_user(self.willy).create({
            "picking_id": picking.id, "purpose": "request", "reason": "The lorry is here",
        })
        self.assertIn("over by", wizard.findings)
        wizard.action_apply()
        order = picking.sudo().sale_id
        request = order.credit_request_ids
        self.assertEqual((request.stage, request.approver_id, request.excess), ("delivery", self.dora, 10_000))
        with self.assertRaisesRegex(UserError, "has been asked"), self.env.cr.savepoint():
            picking.button_validate()
        self.env.invalidate_all()
        request.with_user(self.dora).action_approve("They have paid half")
        self.assertEqual(picking.credit_verdict, "warn")
        self._assert(picking, NOTED, "They have paid half")

    def test_the_orders_approval_covers_its_delivery(self):
        """GRD-04: let pass over the limit with these figures at confirmation: nobody is asked twice."""
        self.customer.credit_limit = 200_000
        self._owes(180_000)
        self.company.order_check_limit = "approve"
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id, "user_id": self.ann.id, "team_id": self.north.id,
            "payment_term_id": self.terms.id,
            "order_line": [Command.create({"product_id": self.paper.id, "product_uom_qty": 1, "price_unit": 30_000})],
        })
        self.ann.group_ids += self.env.ref("sales_team.group_sale_salesman")
        order.with_user(self.ann).action_request_credit_approval("Good customer")
        order.credit_request_ids.with_user(self.dora).action_approve("Good customer indeed")
        order.action_confirm()
        self._policy("approve", "limit")
        picking = order.picking_ids.with_user(self.willy)
        picking.sudo().move_ids.write({"quantity": 1, "picked": True})
        self._assert(picking, NOTED, "Good customer indeed")
        order.order_line.price_unit = 29_000
        self.assertEqual(order.amount_total, 29_000)

    def test_no_way_around(self):
        """GRD-04: every method that finishes a delivery gives the error, all or none of those done together."""
        self.customer.credit_limit = 200_000
        self._owes(180_000)
        held = self._leaving(30_000)
        other = self._leaving(10, self.env["res.partner"].create({"name": "Other"}))
        self._policy("block", "limit")
        for attempt in (
            held.button_validate, held._action_done, (held | other).button_validate,
            held.with_context(skip_backorder=True, credit_check_source="payment").button_validate,
        ):
            with self.assertRaisesRegex(UserError, "do not leave"), self.env.cr.savepoint():
                attempt()
        self.env.invalidate_all()
        self.assertEqual((held.state, other.state), ("assigned", "assigned"))

    def test_a_delivery_beside_it_hides_no_order(self):
        """GRD-04: limit 100,000, confirmed orders of 60,000 each: the first is over by 20,000, delivered alone or
        together with the second, which is payable at once."""
        self.customer.credit_limit = 100_000
        first = self._leaving(60_000)
        second = self._leaving(60_000, payment_term_id=self.env.ref("account.account_payment_term_immediate").id)
        self._policy("approve", "limit")
        self._assert(first, HELD, "over by $ 20,000.00")
        for together in (first | second, second | first):
            with self.assertRaisesRegex(UserError, "over by .*20,000.00"), self.env.cr.savepoint():
                together.button_validate()
            self.env.invalidate_all()
            self.assertEqual(together.mapped("state"), ["assigned", "assigned"])
            self.assertEqual((first.credit_verdict, second.credit_verdict), ("approve", "ignore"))

    def test_a_broken_check_stops_no_delivery(self):
        """Design, invariant 11: the goods leave; the log and the order say that nothing was checked."""
        self.customer.credit_limit = 200_000
        self._owes(180_000)
        picking = self._leaving(30_000)
        self._policy("block", "limit")
        with patch.object(self.env.registry["sale.order"], "_credit_ledger", side_effect=ZeroDivisionError), \
                self.assertLogs("odoo.addons.sales_receivable_followup.models.credit_checked", "ERROR"):
            picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertTrue(self._notes(picking.sudo().sale_id, "was left out"))

    def test_queries_do_not_grow(self):
        """As many queries to judge twenty deliveries as two."""
        def measure(count):
            # each begins in an environment of its own, as requests do: what a former one knows of user and company
            # would be found or not, by chance
            orders = self.env["sale.order"].union(*(
                self._leaving(10, self.env["res.partner"].create({"name": f"{count} {number}"})).sudo().sale_id
                for number in range(count)
            ))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders.with_context(measured=count)._credit_findings("delivery")
            return self.env.cr.sql_log_count - before

        self._policy("approve", "limit", "overdue")
        measure(1)
        self.assertEqual(measure(2), measure(20))
