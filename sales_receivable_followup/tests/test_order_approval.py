# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common import day
from .order_check_common import SIGNATURE, OrderCheckCase


@tagged("post_install", "-at_install")
@freeze_time("2026-07-31 09:00:00")
class TestOrderApproval(OrderCheckCase):
    """Who lets a waiting order pass, and what a customer's signature and money are worth meanwhile (GRD-04)."""

    def setUp(self):
        super().setUp()
        self._owes(180_000)

    def test_request_and_approval(self):
        """GRD-04: asked with a reason, decided by the team's leader up to his amount, for this amount only."""
        order = self._order(30_000)
        self.assertEqual(order.action_request_credit_approval()["res_model"], "sales.order.credit.reason")
        wizard = self.env["sales.order.credit.reason"].with_user(self.ann).create({
            "order_id": order.id, "purpose": "request", "reason": "They pay on Monday",
        })
        self.assertIn("over by", wizard.findings)
        wizard.action_apply()
        request = self._request(order)
        self.assertEqual((request.role, request.approver_id, request.excess), ("leader", self.tom, 10_000))
        self.assertEqual(request.activity_ids.user_id, self.tom)
        self.assertEqual(request.review_ids.reviewer_ids, self.tom | self.dora)
        with self.assertRaisesRegex(UserError, "order-tom.* has been asked"):
            order.action_confirm()

        for user in (self.ann, self._user("order-eve")):
            with self.assertRaises(AccessError):
                request.with_user(user).action_approve("Fine with me")
        approve = request.with_user(self.tom)
        self.assertEqual(approve.action_approve()["context"]["default_purpose"], "approved")
        self.assertEqual(request.state, "requested")
        approve.action_approve("Seen the bank slip")
        self.assertEqual(
            (request.state, request.decided_by_id, request.decision_reason), ("approved", self.tom, "Seen the bank slip"),
        )
        self.assertFalse(request.activity_ids)
        with self.assertRaisesRegex(UserError, "stays so"):
            approve.action_refuse("No, wait")

        order.order_line.price_unit = 30_001
        with self.assertRaisesRegex(UserError, "Request Approval"):
            order.action_confirm()
        order.order_line.price_unit = 30_000
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertTrue(any("Seen the bank slip" in body for body in order.message_ids.mapped("body")))

    def test_a_forged_review_lets_nobody_decide(self):
        """GRD-04: every user may write reviews; one of a definition for other records makes nobody a decider."""
        order = self._order(30_000)
        order.action_request_credit_approval("They pay on Monday")
        request, eve = self._request(order), self._user("order-eve")
        definition = self.env["tier.definition"].sudo().create({
            "name": "Grades", "model_id": self.env["ir.model"]._get_id("sales.customer.grade.proposal"),
            "review_type": "individual", "reviewer_id": eve.id,
        })
        self.env["tier.review"].with_user(eve).create({
            "model": request._name, "res_id": request.id, "definition_id": definition.id, "status": "pending",
        })
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            request.with_user(eve).action_approve("Fine with me")
        self.assertEqual(request.state, "requested")

    def test_director_above_the_leaders_amount(self):
        """GRD-04: over by 25,000 with 20,000 for the leader: the director decides, the leader may not."""
        order = self._order(45_000)
        order.action_request_credit_approval("Big customer")
        request = self._request(order)
        self.assertEqual((request.role, request.approver_ids), ("director", self.dora))
        with self.assertRaisesRegex(AccessError, "order-dora"):
            request.with_user(self.tom).action_approve("Fine with me")
        request.with_user(self.dora).action_refuse("Pay first")
        self.assertEqual(request.state, "refused")
        with self.assertRaisesRegex(UserError, "Request Approval"):
            order.action_confirm()

    def test_nobody_decides_about_his_own_order(self):
        """GRD-04: approver is not requester; if nobody else may, that is said before anything is asked."""
        order = self._order(45_000)
        order.sudo().user_id = self.dora
        with self.assertRaisesRegex(UserError, "nobody who may approve"):
            order.sudo().with_user(self.dora).action_request_credit_approval("Mine")

    def test_grown_order_is_asked_again(self):
        """GRD-04: the request follows the order; what was asked for less is cancelled, not approved."""
        order = self._order(30_000)
        order.action_request_credit_approval("They pay on Monday")
        first = self._request(order)
        order.action_request_credit_approval("Asked twice")
        self.assertEqual(self._request(order), first)
        order.order_line.price_unit = 35_000
        with self.assertRaisesRegex(UserError, "has grown"):
            first.with_user(self.tom).action_approve("Fine")
        order.action_request_credit_approval("More of it")
        self.assertEqual((first.state, self._request(order).order_amount), ("cancelled", 35_000))

    def test_new_obstacle_is_asked_again(self):
        """GRD-04: an approval over the limit says nothing about items that fall due later."""
        order = self._order(30_000)
        order.action_request_credit_approval("They pay on Monday")
        self._request(order).with_user(self.tom).action_approve("Fine")
        self._owes(500, on=day("06-01"), due=day("06-30"))
        with self.assertRaisesRegex(UserError, "Overdue"):
            order.action_confirm()

    def test_cancelled_order_needs_a_new_approval(self):
        order = self._order(30_000)
        order.action_request_credit_approval("They pay on Monday")
        request = self._request(order)
        request.with_user(self.tom).action_approve("Fine")
        order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertEqual(request.state, "cancelled")
        self.assertEqual(request.decided_by_id, self.tom)

    def test_nothing_by_hand(self):
        """Design, invariant 4: a request is not made, changed or deleted by RPC, not by an administrator either."""
        order = self._order(30_000)
        order.action_request_credit_approval("They pay on Monday")
        request = self._request(order)
        for user in (self.ann, self.tom, self.dora):
            for attempt in (
                lambda record: record.write({"state": "approved"}), lambda record: record.unlink(),
                lambda record: record.create({"order_id": order.id, "reason": "x"}),
            ):
                with self.assertRaises(AccessError):
                    attempt(request.with_user(user))

    def test_online_payment_waits(self):
        """GRD-04: a down payment over the limit is booked, the order waits with an activity, approval confirms it."""
        order = self._order(50_000, require_signature=False, require_payment=True, prepayment_percent=0.3)
        tx = self._online(order, 15_000)
        self.assertEqual((tx.is_post_processed, tx.payment_id.state in ("paid", "in_process")), (True, True))
        self.assertEqual((order.state, order.credit_is_waiting), ("sent", True))
        request = self._request(order)
        self.assertEqual((request.source, request.excess), ("payment", 15_000))
        self.assertEqual(request.activity_ids.user_id, self.tom)
        request.with_user(self.tom).action_approve("Has paid a third")
        self.assertEqual(order.state, "sale")

    def test_approved_after_payment_is_invoiced(self):
        """GRD-04: with automatic invoices, approval does what Odoo does on payment: invoice, post, match, send."""
        self.env["ir.config_parameter"].sudo().set_param("sale.automatic_invoice", "True")
        for name, payments, invoiced in (("in part", (15_000,), 15_000), ("twice", (10_000, 5_000), 15_000)):
            with self.subTest(name):
                self.buyer = self._customer(name, self.ann, credit_limit=200_000, email="buyer@example.com")
                self._owes(180_000)
                order = self._order(50_000, require_signature=False, require_payment=True, prepayment_percent=0.3)
                for amount in payments:
                    self._online(order, amount)
                self.assertFalse(order.sudo().invoice_ids)
                self._request(order).with_user(self.tom).action_approve("Has paid a third")
                invoice = order.sudo().invoice_ids
                self.assertEqual(
                    (order.state, invoice.state, invoice.amount_total, invoice.amount_residual),
                    ("sale", "posted", invoiced, 0),
                )
                self.assertTrue(invoice.is_move_sent)

    def test_without_automatic_invoices_approval_makes_none(self):
        """GRD-04: Odoo's own switch decides."""
        order = self._order(50_000, require_signature=False, require_payment=True, prepayment_percent=0.3)
        self._online(order, 15_000)
        self._request(order).with_user(self.tom).action_approve("Has paid a third")
        self.assertEqual((order.state, len(order.sudo().invoice_ids)), ("sale", 0))

    def test_an_invoice_that_fails_takes_no_approval_back(self):
        """Design, invariant 11: the order is approved and confirmed; what is missing is said on it."""
        self.env["ir.config_parameter"].sudo().set_param("sale.automatic_invoice", "True")
        order = self._order(50_000, require_signature=False, require_payment=True, prepayment_percent=0.3)
        self._online(order, 15_000)
        with patch.object(self.env.registry["payment.transaction"], "_invoice_sale_orders", side_effect=ZeroDivisionError), \
                self.assertLogs("odoo.addons.sales_receivable_followup.models.order_credit_request_confirm", "ERROR"):
            self._request(order).with_user(self.tom).action_approve("Has paid a third")
        self.assertEqual((order.state, len(order.sudo().invoice_ids)), ("sale", 0))
        self.assertTrue(any("not invoiced" in body for body in order.message_ids.mapped("body")))

    def test_online_payment_within_the_limit(self):
        order = self._order(20_000, require_signature=False, require_payment=True, prepayment_percent=0.3)
        self._online(order, 6_000)
        self.assertEqual((order.state, order.credit_is_waiting), ("sale", False))


@tagged("post_install", "-at_install")
@freeze_time("2026-07-31 09:00:00")
class TestOrderPortal(HttpCase, OrderCheckCase):
    """The customer's signature on the portal, over HTTP as the customer gives it."""

    def _sign(self, order):
        return self.make_jsonrpc_request(f"/my/orders/{order.id}/accept", {
            "access_token": order._portal_ensure_token(), "name": "Buyer", "signature": SIGNATURE,
        })

    def test_signature_is_kept_and_the_order_waits(self):
        """GRD-04: signed over the limit: no error, signature kept, order sent, approver asked, customer told."""
        self._owes(180_000)
        order = self._order(30_000)
        order.sudo().state = "sent"
        self.assertTrue(self._sign(order).get("force_refresh"))
        self.env.invalidate_all()
        self.assertTrue(order.sudo().signature)
        self.assertEqual((order.state, order.credit_is_waiting), ("sent", True))
        self.assertEqual(self._request(order).source, "signature")
        page = self.url_open(order.sudo().get_portal_url()).text
        self.assertIn("will confirm it as soon as", page)
        self.assertNotIn("200,000", page)
        with mute_logger("odoo.addons.sale.models.sale_order"):
            self._request(order).with_user(self.tom).action_approve("Good customer")
        self.assertEqual(order.state, "sale")
        self.assertNotIn("sale_order_waiting", self.url_open(order.sudo().get_portal_url()).text)

    def test_signature_within_the_limit(self):
        order = self._order(30_000)
        order.sudo().state = "sent"
        self._sign(order)
        self.env.invalidate_all()
        self.assertEqual((order.state, order.credit_is_waiting), ("sale", False))
