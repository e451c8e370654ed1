# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import JULY, JUNE, day
from .order_check_common import OrderCheckCase

PAPER = b"JVBERi0="


@tagged("post_install", "-at_install")
@freeze_time("2026-06-09 09:00:00")
class TestSettlement(OrderCheckCase):
    """Who may settle monthly, and what an order before the signature costs its salesperson (STL-01 to STL-07)."""

    def setUp(self):
        super().setUp()
        self.company.write({
            "settlement_liable_from": JUNE, "settlement_months": 3, "settlement_min_tons": 50,
            "settlement_collector_id": self.dora.id, "order_check_agreement": "approve",
        })
        self.product.weight = 1_000
        self.fay = self._user("settlement-fay", "account.group_account_invoice")

    def _agreement(self, **values):
        return self.env["sales.settlement.agreement"].with_user(self.ann).create({
            "partner_id": self.buyer.id, "company_id": self.company.id, "kind": "monthly", "user_id": self.ann.id,
            **values,
        })

    def _bought(self, tons, on=None, customer=None):
        move = self._invoice(customer or self.buyer, 1, on or day("04-15"))
        move.button_draft()
        move.invoice_line_ids.write({"product_id": self.product.id, "quantity": tons, "tax_ids": [Command.clear()]})
        move.action_post()
        return move

    def _approved(self, **values):
        agreement = self._agreement(is_inspected=True, inspection_report=PAPER, **values)
        agreement.action_request()
        agreement.with_user(self.tom).action_approve("Steady customer")
        return agreement

    def _file(self, agreement):
        agreement.with_user(self.fay).write({"original": PAPER, "has_stamp": True})
        agreement.with_user(self.ann).rep_copy = PAPER
        agreement.with_user(self.fay).action_sign()

    def test_nobody_begins_with_a_signature(self):
        """STL-03, STL-05: neither as a value nor as a default does a salesperson sign, approve or file for finance."""
        said = {"state": "signed", "signed_on": day("06-01"), "verbal_on": day("06-01"), "verbal_by_id": self.tom.id,
                "decided_by_id": self.tom.id, "original": PAPER, "has_stamp": True}
        agreement = self.env["sales.settlement.agreement"].with_user(self.ann).with_context(
            **{f"default_{name}": value for name, value in said.items()},
        ).create({"partner_id": self.buyer.id, "company_id": self.company.id, "kind": "monthly", "has_stamp": False})
        self.assertEqual(agreement.state, "draft")
        self.assertFalse(any(agreement[name] for name in said if name != "state"))
        self.assertEqual(self.buyer.with_company(self.company).settlement_kind, "cash")
        other = self._customer("Other", self.ann)
        for name, value in said.items():
            with self.subTest(name), self.assertRaises(AccessError), self.env.cr.savepoint():
                self._agreement(partner_id=other.id, **{name: value})

    def test_conditions(self):
        """STL-02, example 1: 55 t may ask; 45 t without flags may not; 20 t inspected may under "any", not "all"."""
        for tons, inspected, logic, accepted in (
            (55, False, "any", True), (45, False, "any", False), (20, True, "any", True), (20, True, "all", False),
            (50, True, "mixed", True), (55, False, "mixed", False),
        ):
            with self.subTest(tons=tons, logic=logic):
                self.company.settlement_logic = logic
                self.buyer = self._customer(f"{tons} {logic} {inspected}", self.ann)
                for month in ("03-10", "04-10", "05-10"):
                    self._bought(tons, on=day(month))
                agreement = self._agreement(is_inspected=inspected, inspection_report=inspected and PAPER)
                if accepted:
                    agreement.action_request()
                    self.assertEqual((agreement.state, agreement.tons), ("requested", tons))
                else:
                    with self.assertRaisesRegex(UserError, f"{tons}.000 t a month"):
                        agreement.action_request()

    def test_average_counts_credit_notes_units_and_full_months(self):
        """STL-02: 90 t and 15 dozens less a credit note, over three months; this month and February do not count."""
        self._bought(90)
        dozens = self._bought(1)
        dozens.button_draft()
        dozens.invoice_line_ids.write({"quantity": 15, "product_uom_id": self.env.ref("uom.product_uom_dozen").id})
        dozens.action_post()
        self._bought(70, on=day("06-01"))
        self._bought(70, on=day("02-28"))
        credit = self._refund(self.buyer, 1, day("05-05"))
        credit.button_draft()
        credit.invoice_line_ids.write({"product_id": self.product.id, "quantity": 30, "tax_ids": [Command.clear()]})
        credit.action_post()
        tons = self.env["sales.settlement.agreement"]._average_tons(self.company, self.buyer)
        self.assertAlmostEqual(tons[self.buyer.id], (90 + 15 * 12 - 30) / 3)

    def test_evidence(self):
        """STL-02: a flag without evidence is no flag."""
        for values in ({"is_famous": True}, {"is_inspected": True}):
            with self.assertRaisesRegex(UserError, "Say what shows|inspection report"):
                self._agreement(partner_id=self._customer("Evidence").id, **values).action_request()

    def test_new_customers_settle_in_cash(self):
        """STL-01: cash until an agreement is signed."""
        self.assertEqual(self.buyer.with_company(self.company).settlement_kind, "cash")
        agreement = self._approved()
        self._file(agreement)
        self.buyer.invalidate_recordset(["settlement_kind"])
        self.assertEqual(self.buyer.with_company(self.company).settlement_kind, "monthly")

    def test_papers(self):
        """STL-05: incomplete until original, stamp and copy are there; the original is finance's."""
        agreement = self._approved()
        with self.assertRaisesRegex(AccessError, "Finance"):
            agreement.action_sign()
        with self.assertRaisesRegex(UserError, "original.*stamp.*copy"):
            agreement.with_user(self.fay).action_sign()
        with self.assertRaisesRegex(AccessError, "belongs to finance"):
            agreement.original = PAPER
        agreement.rep_copy = PAPER
        with self.assertRaisesRegex(UserError, "original.*stamp"):
            agreement.with_user(self.fay).action_sign()
        self._file(agreement)
        self.assertEqual((agreement.state, agreement.signed_on, agreement.missing), ("signed", day("06-09"), ""))
        with self.assertRaisesRegex(UserError, "stays as it is"):
            agreement.rep_copy = False

    def test_who_decides(self):
        """STL-02: the superior, never the salesperson; steps are not written by hand."""
        agreement = self._agreement(is_inspected=True, inspection_report=PAPER)
        for values in ({"state": "signed"}, {"verbal_on": day("06-01")}, {"signed_on": day("06-01")}):
            with self.assertRaises(AccessError):
                agreement.write(values)
            with self.assertRaises(AccessError):
                self._agreement(partner_id=self._customer("By hand").id, **values)
        agreement.action_request()
        for attempt in (lambda: agreement.action_approve("Mine"), agreement.action_verbal, agreement.action_end):
            with self.assertRaisesRegex(AccessError, "never who asks"):
                attempt()
        with self.assertRaisesRegex(UserError, "as it was asked"):
            agreement.is_famous = True
        self.assertEqual(agreement.with_user(self.tom).action_refuse()["res_model"], "sales.order.credit.reason")
        agreement.with_user(self.tom).action_refuse("Too small")
        self.assertEqual((agreement.state, agreement.decided_by_id), ("refused", self.tom))

    def test_order_needs_agreement_or_verbal_approval(self):
        """STL-03, STL-04: without either the order waits; the warning names the last day before it has passed."""
        agreement = self._approved()
        order = self._order(10)
        self.assertIn("nobody approved verbally", order.settlement_warning)
        with self.assertRaisesRegex(UserError, "neither a signed"):
            order.action_confirm()
        agreement.with_user(self.tom).action_verbal()
        with freeze_time("2026-06-10 09:00:00"):
            order.invalidate_recordset(["settlement_warning"])
            self.assertIn("06/30/2026", order.settlement_warning)
            order.action_confirm()
            self.assertEqual((order.state, agreement.first_order_on), ("sale", day("06-10")))
            self.assertIn("06/30/2026", agreement.warning)
        with freeze_time("2026-07-01 09:00:00"), self.assertRaisesRegex(UserError, "neither a signed"):
            self._order(10).action_confirm()

    def test_cash_orders_need_none(self):
        """STL-01: an order payable at once needs no agreement."""
        order = self._order(10, payment_term_id=self.cash.id)
        self.assertFalse(order.settlement_warning)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def _june_order(self, signed_at):
        """Verbal approval 9 June, order 10 June, invoice 12 June due in July; signed whenever."""
        agreement = self._approved()
        agreement.with_user(self.tom).action_verbal()
        with freeze_time("2026-06-10 09:00:00"):
            self._order(300).action_confirm()
        invoice = self._invoice(self.buyer, 300, day("06-12"), due=day("07-12"))
        invoice.invoice_user_id = self.ann
        with freeze_time(f"2026-{signed_at} 09:00:00"):
            self._file(agreement)
        return invoice

    def _found(self, month=JUNE):
        return self.env["sales.settlement.liability"].sudo()._find(self.company, month)

    def test_signed_in_the_same_month(self):
        """STL-04, example 2: order 10 June, verbal 9 June, agreement 28 June: fine."""
        self._june_order("06-28")
        with freeze_time("2026-07-01 09:00:00"):
            self.assertFalse(self._found())

    def test_signed_in_the_next_month(self):
        """STL-04, STL-06, example 2: agreement 2 July: the June invoices carry joint liability, for what is open."""
        invoice = self._june_order("07-02")
        self.assertIn("06/30/2026", invoice.settlement_warning)
        with freeze_time("2026-07-03 09:00:00"):
            liability = self._found()
            self.assertEqual((liability.move_id, liability.user_id, liability.why), (invoice, self.ann, "late"))
            self.assertEqual((liability.amount, liability.uncollected), (300, 300))
            self.assertFalse(self._found(), "again is nothing new")
            self._pay(invoice, 100, day("07-03"))
            self.assertEqual((liability.amount, liability.uncollected), (300, 200))
            later = self._invoice(self.buyer, 50, day("07-03"), due=day("08-12"))
            later.invoice_user_id = self.ann
            self.assertFalse(later.settlement_warning)
        with freeze_time("2026-08-01 09:00:00"):
            self.assertFalse(self._found(JULY))

    def test_own_change_is_liable(self):
        """STL-06: an invoice on credit that nobody agreed to, without any agreement."""
        invoice = self._invoice(self.buyer, 300, day("06-12"), due=day("07-12"))
        cash = self._invoice(self.buyer, 300, day("06-12"), due=day("06-12"))
        (invoice | cash).invoice_user_id = self.ann
        with freeze_time("2026-07-01 09:00:00"), self.enter_registry_test_mode():
            self.env.ref("sales_receivable_followup.settlement_liability_cron").method_direct_trigger()
        self.env.invalidate_all()
        liability = (invoice | cash).settlement_liability_ids
        self.assertEqual((liability.move_id, liability.why), (invoice, "unapproved"))
        with self.assertRaises(AccessError):
            liability.with_user(self.ann).action_waive("Not mine")
        with self.assertRaises(AccessError):
            liability.with_user(self.dora).write({"state": "waived"})
        liability.with_user(self.fay).action_waive("The director had agreed on the phone")
        self.assertEqual((liability.state, liability.uncollected, liability.waived_by_id), ("waived", 0, self.fay))

    def test_days_are_the_companys(self):
        """STL-04: an order of 1 July in Shanghai is none of June, wherever the superior who looks is."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self.company.order_check_agreement = "warn"
        self.tom.tz = "UTC"
        for moment in ("2026-06-30 15:59:00", "2026-06-30 16:30:00"):
            with freeze_time(moment):
                self._order(10).action_confirm()
        with freeze_time("2026-06-30 16:40:00"):
            agreement = self._approved()
            agreement.with_user(self.tom).action_verbal()
            self.assertEqual(agreement.first_order_on, day("07-01"))

    def test_approval_after_the_order_is_none(self):
        """STL-04: the superior agrees a day late: the order's day is found and counts."""
        self.company.order_check_agreement = "warn"
        agreement = self._approved()
        order = self._order(10)
        order.action_confirm()
        self.assertEqual(agreement.first_order_on, day("06-09"))
        with freeze_time("2026-06-10 09:00:00"):
            agreement.with_user(self.tom).action_verbal()
            self.assertIn("nobody approved verbally", agreement.warning)

    def test_payment_ready(self):
        """STL-07: the salesperson tells finance with one button."""
        agreement = self._approved()
        with self.assertRaises(UserError):
            agreement.action_payment_ready()
        self._file(agreement)
        agreement.with_user(self.ann).action_payment_ready()
        activity = agreement.activity_ids.filtered(lambda activity: "payment is ready" in (activity.summary or ""))
        self.assertEqual(activity.user_id, self.dora)

    def test_others_do_not_see_it(self):
        """Design, invariant 4: own, team, finance."""
        agreement = self._agreement()
        bob = self._user("settlement-bob")
        Agreement = self.env["sales.settlement.agreement"]
        self.assertFalse(Agreement.with_user(bob).search([("id", "=", agreement.id)]))
        for user in (self.ann, self.tom, self.fay):
            self.assertTrue(Agreement.with_user(user).search([("id", "=", agreement.id)]))
