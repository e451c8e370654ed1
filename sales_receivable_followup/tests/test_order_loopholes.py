# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .order_check_common import OrderCheckCase


@tagged("post_install", "-at_install")
@freeze_time("2026-07-31 09:00:00")
class TestOrderLoopholes(OrderCheckCase):
    """What was checked once may not become something else that would not have passed (GRD-03, GRD-04)."""

    def _refused(self, change, said):
        with self.assertRaisesRegex(UserError, said), self.env.cr.savepoint():
            change()
        self.env.invalidate_all()

    def _draft_invoice(self, order, **values):
        invoice = order.sudo()._create_invoices()
        invoice.write(values)
        return invoice

    def test_a_confirmed_order_made_out_to_another_customer(self):
        """GRD-04: confirmed for who may owe 30,000; it is not passed on to who owes 180,000 of 200,000."""
        order = self._order(30_000, customer=self._customer("Rich", self.ann, credit_limit=900_000))
        order.action_confirm()
        rich, poor = order.partner_invoice_id, self.buyer
        self._owes(180_000)
        for values in ({"partner_invoice_id": poor.id}, {"partner_id": poor.id, "partner_invoice_id": poor.id}):
            self._refused(lambda values=values: order.write(values), "credit to Buyer.*(?s:.)*over by .*10,000.00")
            self.assertEqual(order.partner_invoice_id, rich)
        order.partner_invoice_id = self._customer("Also rich", self.ann, credit_limit=900_000)
        self.assertEqual(order.partner_invoice_id.name, "Also rich")

    def test_a_confirmed_order_put_on_credit(self):
        """GRD-04: payable at once it passed whatever is open; 30 days later it would be 10,000 over."""
        self._owes(180_000)
        order = self._order(30_000, payment_term_id=self.cash.id)
        order.action_confirm()
        self._refused(lambda: setattr(order, "payment_term_id", self.terms), "may not become a credit")
        self.assertEqual(order.payment_term_id, self.cash)
        self.buyer.credit_limit = 900_000
        order.payment_term_id = self.terms
        self.assertEqual(order.payment_term_id, self.terms)

    def test_a_payment_that_is_only_asked_for(self):
        """GRD-04: to be paid online in full, confirmed by hand with nothing paid: 10,000 over; paid, it passes."""
        self._owes(180_000)
        order = self._order(30_000, require_signature=False, require_payment=True, prepayment_percent=1)
        self._refused(order.action_confirm, "over by .*10,000.00")
        self._online(order, 30_000)
        self.assertEqual((order.state, order.credit_is_waiting), ("sale", False))

    def test_a_leaders_approval_is_worth_no_more_than_his_amount(self):
        """GRD-04: 20,000 for the leader. Each of two orders is over by 15,000, both together by 50,000."""
        self._owes(180_000)
        first, second = self._order(35_000), self._order(35_000)
        for order in (first, second):
            order.action_request_credit_approval("They pay on Monday")
            self._request(order).with_user(self.tom).action_approve("Fine")
        first.action_confirm()
        self._refused(second.action_confirm, "over by .*50,000.00(?s:.)*order-dora")
        second.action_request_credit_approval("They pay on Monday")
        request = self._request(second)
        self.assertEqual((request.role, request.approver_ids), ("director", self.dora))
        request.with_user(self.dora).action_approve("They do")
        second.action_confirm()
        self.assertEqual(second.state, "sale")

    def test_a_directors_word_holds_for_a_leaders_matter(self):
        """GRD-04: the director decided what the leader could have: his approval holds when it has become more."""
        self._owes(180_000)
        first, second = self._order(35_000), self._order(35_000)
        for order in (first, second):
            order.action_request_credit_approval("They pay on Monday")
            self._request(order).with_user(self.dora).action_approve("Fine")
            order.action_confirm()
        self.assertEqual((first.state, second.state), ("sale", "sale"))

    def test_an_invoice_on_credit_of_an_order_payable_at_once(self):
        """GRD-04: the order passed as payable at once; its invoice gives 30 days and is held, until it is paid."""
        self._owes(180_000)
        order = self._order(30_000, payment_term_id=self.cash.id)
        order.action_confirm()
        self.company.invoice_check_limit = "approve"
        invoice = self._draft_invoice(order, invoice_payment_term_id=self.terms.id)
        self._refused(invoice.action_post, "over by .*10,000.00")
        self._create_transaction(
            "direct", amount=30_000, currency_id=order.currency_id.id, partner_id=order.partner_id.id,
            sale_order_ids=[Command.set(order.ids)], reference="paid after all",
        )._set_done()
        self.env.invalidate_all()
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_an_invoice_beside_it_hides_no_order(self):
        """GRD-04: orders of 100,000 and 90,000, 20,000 open: the invoice of the first is over by 10,000, posted alone
        or together with that of the second, which is delivered and only noted."""
        first, second = self._order(100_000), self._order(90_000)
        (first | second).action_confirm()
        second.sudo().order_line.qty_delivered = 1
        self._owes(20_000)
        self.company.invoice_check_limit = "approve"
        of_first, of_second = self._draft_invoice(first), self._draft_invoice(second)
        for together in (of_first, of_first | of_second, of_second | of_first):
            findings, facts = together._credit_findings()[of_first]
            self.assertEqual((facts.exposure, [finding.excess for finding in findings]), (210_000, [10_000]))
            self._refused(together.action_post, "over by .*10,000.00")

    def test_what_is_not_checked_costs_nothing(self):
        """Design 7: where nothing is to be checked, the verdict of records that are at hand takes no query at all."""
        order = self._order(10)
        order.action_confirm()
        for kind in ("limit", "overdue", "authority", "agreement"):
            self.company[f"order_check_{kind}"] = self.company[f"invoice_check_{kind}"] = "ignore"
        for records in (order, self._order(10) | self._order(10), self._owes(10), self._draft_invoice(order)):
            records._credit_unconfirmed()
            self.company._order_check_policy()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(set(records.mapped("credit_verdict")), {"ignore"})
            self.assertEqual(self.env.cr.sql_log_count, before)
