# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import day
from .promise_common import PromiseCase

LOGGERS = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@freeze_time("2026-06-10 09:00:00")
@tagged("post_install", "-at_install")
class TestPaymentPromise(PromiseCase):
    """DUN-04: promised with a reason, once per item; kept or broken by what came in."""

    def test_kept_on_the_day_that_the_money_is_there(self):
        invoice = self._invoice(self.buyer, 1_000, day("05-01"))
        promise = self._promise(1_000, day("06-20"), [invoice])
        self._pay(invoice, 400, day("06-12"))
        with freeze_time("2026-06-12 09:00:00"):
            self._judge()
            self.assertEqual((promise.state, promise.received, promise.missing, promise.is_partly), ("open", 400, 600, True))
        self._pay(invoice, 600, day("06-20"))
        with freeze_time("2026-06-20 09:00:00"):
            self._judge()
        self.assertEqual((promise.state, promise.received, str(promise.judged_on)), ("kept", 1_000, "2026-06-20"))
        self.assertEqual(
            promise.verdict.replace("\xa0", " "),
            "Kept: $ 1,000.00 came in from 06/10/2026 to 06/20/2026; $ 1,000.00 were promised by 06/20/2026.")
        self.assertFalse(promise.activity_ids)

    def test_broken_the_day_after_and_late_money_changes_nothing(self):
        invoice = self._invoice(self.buyer, 1_000, day("05-01"))
        promise = self._promise(1_000, day("06-20"), [invoice])
        self._pay(invoice, 400, day("06-12"))
        with freeze_time("2026-06-20 09:00:00"):
            self._judge()
            self.assertEqual(promise.state, "open")
        with freeze_time("2026-06-21 09:00:00"):
            self._judge()
            self._pay(invoice, 600, day("06-21"))
            self._judge()
        self.assertEqual((promise.state, promise.received, promise.missing), ("broken", 400, 600))
        sentence = (
            "Broken, kept in part: of $ 1,000.00 promised on 06/10/2026, $ 400.00 came in by 06/20/2026; $ 600.00 are "
            "missing.")
        self.assertEqual(promise.verdict.replace("\xa0", " "), sentence)
        self.assertIn(sentence, self.buyer.message_ids[0].preview.replace("\xa0", " "))
        activity = promise.activity_ids
        self.assertEqual((activity.user_id, str(activity.date_deadline)), (self.ann, "2026-06-21"))
        self.assertIn("Promise broken", activity.summary)
        self.assertEqual(
            (self.buyer.with_user(self.ann).payment_promise_count, self.buyer.payment_promise_broken_count), (1, 1))

    def test_days_for_booking(self):
        """A receipt of the 20th that is booked on the 22nd counts, one of the 21st does not."""
        self.company.promise_booking_days = 2
        customers = [self._customer(name, self.ann) for name in ("In time", "Late")]
        invoices = [self._invoice(customer, 100, day("05-01")) for customer in customers]
        promises = [
            self._promise(100, day("06-20"), [invoice], customer=customer)
            for customer, invoice in zip(customers, invoices, strict=True)
        ]
        for on, states in (("22", ["kept", "open"]), ("23", ["kept", "broken"])):
            with freeze_time(f"2026-06-{on} 09:00:00"):
                if on == "22":
                    self._pay(invoices[0], 100, day("06-20"))
                    self._pay(invoices[1], 100, day("06-21"))
                self._judge()
            self.assertEqual([promise.state for promise in promises], states)
        self.assertIn("from 06/10/2026 to 06/20/2026", promises[0].verdict)

    def test_the_day_is_the_companys(self):
        """16:30 UTC on the 20th is the 21st in Shanghai."""
        self.company.partner_id.tz = "Asia/Shanghai"
        promise = self._promise(100, day("06-20"))
        for hour, state in (("15:30", "open"), ("16:30", "broken")):
            with freeze_time(f"2026-06-20 {hour}:00"):
                self._judge()
            self.assertEqual(promise.state, state)

    def test_what_counts_as_money(self):
        """Neither what came before, even that day, nor a credit note, nor a write-off."""
        invoice = self._invoice(self.buyer, 1_000, day("05-01"))
        self._pay(invoice, 100, day("06-09"))
        self._pay(invoice, 30, day("06-10"))
        promise = self._promise(500, day("06-20"), [invoice])
        credit = self._refund(self.buyer, 300, day("06-11"))
        self._open_items(invoice, credit).reconcile()
        written_off = self._entry([(self.receivable, self.buyer, -50)], day("06-11"))
        self._open_items(invoice, written_off).reconcile()
        self.assertEqual(promise.received, 0)
        self._pay(invoice, 120, day("06-11"))
        self.env.invalidate_all()
        with freeze_time("2026-06-15 09:00:00"):
            self.assertEqual(promise.received, 120)

    def test_whatever_he_owes(self):
        """Without items any payment counts, matched or not, on advance accounts too; not what another promise names."""
        named, other = self._invoice(self.buyer, 300, day("05-01")), self._invoice(self.buyer, 700, day("05-01"))
        self._promise(300, day("06-20"), [named])
        self._pay(other, 60, day("06-10"))
        promise = self._promise(800, day("06-20"))
        self._pay(other, 10, day("06-10"))
        self._pay(named, 300, day("06-11"))
        self._pay(other, 200, day("06-11"))
        bank = self.company_data["default_journal_bank"]
        self.company.arrears_advance_account_ids = self.advance
        self._entry([(self.receivable, self.buyer, -390)], day("06-12"), journal=bank)
        self._entry([(self.advance, self.buyer, -250)], day("06-12"), journal=bank)
        self._entry([(self.receivable, self.buyer, 50)], day("06-12"), journal=bank)
        with freeze_time("2026-06-21 09:00:00"):
            self.env.invalidate_all()
            self.assertEqual(promise.received, 800)
            self._judge()
            self.assertEqual(promise.state, "kept")

    def test_in_the_currency_of_the_items(self):
        """EUR 1,000 promised, EUR 1,000 paid at another rate: kept; in dollars the booked value counts."""
        invoice = self._invoice(self.buyer, 1_000, day("06-01"), currency=self.foreign)
        promise = self._promise(1_000, day("06-30"), [invoice], currency_id=self.foreign.id)
        self._pay(invoice, 1_000, day("06-26"), currency_id=self.foreign.id)
        with freeze_time("2026-06-27 09:00:00"):
            self._judge()
        self.assertEqual((promise.state, promise.received), ("kept", 1_000))
        with self.assertRaisesRegex(UserError, "in the currency of all of the items"):
            self._promise(
                1, day("06-30"), [self._invoice(self.buyer, 5, day("06-01"))], currency_id=self.foreign.id)

    def test_once_per_item(self):
        """DUN-04.promise_allowed=once per item; withdrawn ones do not count."""
        first, second = self._invoice(self.buyer, 100, day("05-01")), self._invoice(self.buyer, 100, day("05-02"))
        promise = self._promise(100, day("06-10"), [first])
        with self.assertRaisesRegex(UserError, r"was promised for already \(Boya School: .*, open\).*once per item"):
            self._promise(200, day("06-30"), [first, second])
        promise.action_withdraw("Wrong customer")
        promise = self._promise(100, day("06-10"), [first])
        with freeze_time("2026-06-11 09:00:00"):
            self._judge()
            self.assertEqual(promise.state, "broken")
            with self.assertRaisesRegex(UserError, "broken.*once per item"):
                self._promise(100, day("06-30"), [first])
            self.company.promise_allowed = "again"
            again = self._promise(100, day("06-30"), [first])
            with self.assertRaisesRegex(UserError, "is promised for already"):
                self._promise(100, day("06-30"), [first])
        self.assertEqual((promise.state, again.state), ("broken", "open"))

    def test_one_promise_for_whatever_he_owes_at_a_time(self):
        self._promise(100, day("06-20"))
        with self.assertRaisesRegex(UserError, "Wait for that day, or name the items"):
            self._promise(100, day("06-30"))
        self._promise(100, day("06-30"), customer=self._customer("Other", self.ann))

    def test_bad_input_changes_nothing(self):
        mine, foreign = self._invoice(self.buyer, 100, day("05-01")), self._invoice(self._customer("Foreign"), 9, day("05-01"))
        paid = self._invoice(self.buyer, 50, day("05-01"))
        self._pay(paid, 50, day("06-01"))
        for message, arguments, values in (
            ("given today or before, and is written down", (100, day("06-09")), {"taken_on": day("06-01")}),
            ("given today or before, and is written down", (100, day("06-20")), {"taken_on": day("06-11")}),
            ("covers open items of this customer", (9, day("06-20"), [foreign]), {}),
            ("covers open items of this customer", (50, day("06-20"), [paid]), {}),
            ("only .*100.00 are open", (100.01, day("06-20"), [mine]), {}),
        ):
            with self.subTest(message=message), self.assertRaisesRegex(UserError, message), self.env.cr.savepoint():
                self._promise(*arguments, **values)
        self.assertFalse(self.env["sales.payment.promise"].search([]))

    def test_what_was_said_is_not_changed(self):
        promise = self._promise(100, day("06-20"), state="kept", judged_received=100, taken_by_id=self.bob.id)
        self.assertEqual((promise.state, promise.judged_received, promise.taken_by_id), ("open", 0, self.ann))
        promise.note = "Called twice"
        for values in ({"amount": 1}, {"promised_on": day("07-20")}, {"state": "kept"}, {"judged_received": 100}):
            for user in (self.ann, self.tom, self.fay):
                with self.assertRaisesRegex(AccessError, "not changed afterwards"):
                    promise.with_user(user).write(values)
        with self.assertRaises(UserError):
            promise.sudo().unlink()
        entered = self._promise(5, day("06-20"), user=self.fay, customer=self._customer("X", self.ann), taken_by_id=self.bob.id)
        self.assertEqual(entered.taken_by_id, self.bob)

    def test_withdrawing_has_a_name_and_a_reason(self):
        """Who took it on the same day; later it would spare the customer, so the leader or finance does."""
        promise = self._promise(100, day("06-20"))
        self.assertTrue(promise.may_withdraw)
        action = promise.action_withdraw()
        self.assertEqual((action["res_model"], promise.state), ("sales.order.credit.reason", "open"))
        with freeze_time("2026-06-11 09:00:00"):
            self.env.invalidate_all()
            self.assertFalse(promise.may_withdraw)
            with self.assertRaisesRegex(AccessError, "on the same day"):
                promise.action_withdraw("Wrong")
            wizard = Form(self.env["sales.order.credit.reason"].with_user(self.tom).with_context(action["context"]))
            wizard.reason = "Was another customer"
            wizard.save().action_apply()
        self.assertEqual(
            (promise.state, promise.withdrawn_by_id, promise.verdict),
            ("withdrawn", self.tom, f"Withdrawn on 06/11/2026 by {self.tom.name}: Was another customer"))
        self.assertFalse(promise.activity_ids)
        with freeze_time("2026-07-01 09:00:00"):
            self._judge()
        self.assertEqual(promise.state, "withdrawn")
        with self.assertRaisesRegex(UserError, "no longer open"):
            promise.with_user(self.fay).action_withdraw("Again")

    @mute_logger(*LOGGERS)
    def test_own_customers_without_accounting_rights(self):
        """Ann hers, Tom his team's, finance all; the form offers the open items without a right to the books."""
        invoice = self._invoice(self.buyer, 1_000, day("05-01"))
        self._pay(invoice, 400, day("06-01"))
        self.assertFalse(self.ann.has_group("account.group_account_readonly"))
        with Form(self.env["sales.payment.promise"].with_user(self.ann)) as form:
            form.partner_id = self.buyer
            with form.item_ids.edit(0) as item:
                self.assertEqual((item.name, item.amount), (invoice.name, 600))
                item.is_covered = True
            self.assertEqual(form.amount, 600)
            form.promised_on = day("06-20")
            form.reason = "On holiday"
        promise = form.record
        self.assertEqual((promise.item_ids.name, promise.item_ids.amount, promise.names_items), (invoice.name, 600, True))
        Promise = self.env["sales.payment.promise"]
        for user, seen in ((self.ann, True), (self.tom, True), (self.fay, True), (self.bob, False)):
            self.assertEqual(bool(Promise.with_user(user).search([])), seen, user.login)
        with self.assertRaises(AccessError):
            self._promise(1, day("06-20"), user=self.bob)
        with self.assertRaises(AccessError):
            promise.with_user(self.bob).action_withdraw("Not mine")
        with Form(Promise.with_user(self.bob)) as form:
            form.partner_id = self.buyer
            self.assertEqual(len(form.item_ids), 0)
            form.partner_id = self._customer("Mine", self.bob)
            form.amount, form.promised_on, form.reason = 5, day("06-20"), "x"

    def test_reminded_on_the_day(self):
        promise = self._promise(100, day("06-20"))
        activity = promise.activity_ids
        self.assertEqual((activity.user_id, str(activity.date_deadline)), (self.ann, "2026-06-20"))
        self.assertIn("Promised for today", activity.summary)
        self.assertIn("Waits for a payment of his own", self.buyer.message_ids[0].preview)

    def test_changed_invoices_keep_their_promise(self):
        """The bookkeeper may change his entry; what comes in for the invoice still counts."""
        invoice = self._invoice(self.buyer, 1_000, day("05-01"))
        promise = self._promise(1_000, day("06-20"), [invoice])
        invoice.button_draft()
        invoice.invoice_date_due = day("06-30")
        invoice.action_post()
        self._pay(invoice, 1_000, day("06-15"))
        with freeze_time("2026-06-16 09:00:00"):
            self._judge()
        self.assertEqual((promise.state, promise.item_ids.name), ("kept", invoice.name))

    def test_money_counts_once_for_a_changed_invoice_in_instalments(self):
        """DUN-04: both instalments of 1,000 promised, their dates changed, 500 and 300 paid: 200 are missing."""
        invoice = self._invoice(self.buyer, 1_000, day("05-01"))
        invoice.button_draft()
        halves = [Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (10, 20)]
        invoice.invoice_payment_term_id = self.env["account.payment.term"].create({"name": "Halves", "line_ids": halves})
        invoice.action_post()
        promise = self._promise(1_000, day("06-20"), [invoice])
        self.assertEqual(len(promise.item_ids), 2)
        invoice.button_draft()
        halves = invoice.invoice_payment_term_id
        invoice.write({"invoice_payment_term_id": False, "invoice_date_due": day("06-30")})
        invoice.invoice_payment_term_id = halves
        invoice.action_post()
        self.assertLess(len(promise.item_ids.move_line_id), 2)
        for amount in (500, 300):
            self._pay(invoice, amount, day("06-15"))
        with freeze_time("2026-06-16 09:00:00"):
            self.env.invalidate_all()
            self.assertEqual((promise.received, promise.missing), (800, 200))

    @mute_logger("odoo.addons.sales_receivable_followup.models.payment_promise_verdict")
    def test_one_bad_promise_does_not_stop_the_night(self):
        bad, good = self._promise(100, day("06-10")), self._promise(
            100, day("06-10"), customer=self._customer("Good", self.ann))
        judge = type(good)._tell

        def tell(promises):
            if bad.id in promises.ids:
                raise ValueError("broken data")
            judge(promises)

        with freeze_time("2026-06-11 09:00:00"), patch.object(type(good), "_tell", tell):
            self._judge()
        self.assertEqual((bad.state, good.state), ("open", "broken"))

    def test_as_many_queries_for_many_promises(self):
        """Invariant 6: what came in for 40 promises is found with the queries for 4."""
        Promise = self.env["sales.payment.promise"]

        def count():
            promises = Promise.search([])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            verdicts = promises._verdicts()
            return len(verdicts), self.env.cr.sql_log_count - before

        for number in range(4):
            self._promise(10, day("06-20"), customer=self._customer(f"C{number}", self.ann))
        count()
        small = count()
        for number in range(4, 40):
            self._promise(10, day("06-20"), customer=self._customer(f"C{number}", self.ann))
        self.assertEqual([small, count()], [(4, small[1]), (40, small[1])])
