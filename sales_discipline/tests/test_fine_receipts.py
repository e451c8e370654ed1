# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import OFFICER
from .handover_common import HandoverCase


@tagged("post_install", "-at_install")
@freeze_time("2026-07-06 02:00:00")
class TestFineReceipts(HandoverCase):
    """SAN-04, ATT-06: fines are handed to the info clerk, who keeps the book."""

    def test_receipts_and_balance(self):
        """Of 40 Ann hands in 15, then 25: numbered by the year, collected by Carl, nothing is open."""
        sheet = self._sheets()[self.ann]
        first = self._receive(sheet, 15, note="Morning meeting")
        self.assertEqual((sheet.amount_capped, sheet.amount_received, sheet.amount_due), (40, 15, 25))
        second = self._receive(sheet, 25, method="payroll", date="2026-07-03")
        self.assertEqual((sheet.amount_received, sheet.amount_due), (40, 0))
        self.assertEqual((first | second).mapped("name"), ["FR/2026/0001", "FR/2026/0002"])
        self.assertEqual(
            [(r.employee_id, r.period_id.name, r.amount, r.method, str(r.date), r.collector_id) for r in first | second],
            [(self.ann, "2026-06", 15, "cash", "2026-07-06", self.carl),
             (self.ann, "2026-06", 25, "payroll", "2026-07-03", self.carl)],
        )

    def test_each_company_has_a_book_of_its_own(self):
        """Numbers are drawn per company and year, and begin with 1."""
        sheet = self._sheets()[self.ann]
        self._receive(sheet, 1)
        other = self._company("Other Ltd")
        Receipt = self.env["sales.discipline.fine.receipt"]
        with freeze_time("2027-01-04 02:00:00"):
            self.assertEqual(self._receive(sheet, 1).name, "FR/2027/0001")
            self.assertEqual(
                Receipt._next_numbers(other, other._discipline_today(), 3),
                ["FR/2027/0001", "FR/2027/0002", "FR/2027/0003"])
            self.assertEqual(self._receive(sheet, 1).name, "FR/2027/0002")
        self.assertEqual(self._receive(sheet, 1).name, "FR/2026/0002")

    def test_never_more_than_the_closing_says(self):
        """40 to collect, 15 received: 25.01 is refused with the figures, and nothing is written."""
        sheet = self._sheets()[self.ann]
        self._receive(sheet, 15)
        with self.assertRaises(UserError) as caught:
            self._receive(sheet, 25.01)
        for figure in ("Ann", "2026-06", "40.00", "15.00", "25.00", "25.01"):
            self.assertIn(figure, str(caught.exception))
        self.assertEqual((sheet.amount_received, len(sheet.receipt_ids)), (15, 1))
        self._receive(sheet, 25)
        for nothing_left in (lambda: self._receive(sheet, 0.01), sheet.with_user(self.carl).action_receive):
            with self.assertRaisesRegex(UserError, "balance is .*0.00"):
                nothing_left()

    def test_the_cap_limits_what_the_clerk_takes(self):
        """SAN-12: of 40 the month allows 30; 30 are taken, not a cent of the 10 that are carried on."""
        self.company.discipline_fine_cap = 30
        sheet = self._sheets()[self.ann]
        with self.assertRaises(UserError):
            self._receive(sheet, 40)
        self._receive(sheet, 30)
        self.assertEqual((sheet.amount_due, sheet.amount_carried), (0, 10))

    def test_what_is_no_amount_is_refused_in_words(self):
        sheet = self._sheets()[self.ann]
        for amount in (0, -5, 0.001, "20", None, False):
            with self.subTest(amount=amount), self.assertRaises(UserError):
                self._receive(sheet, amount)
        for how in ({"method": "card"}, {"date": "2026-07-07"}, {"date": "2026-05-31"}):
            with self.subTest(how=how), self.assertRaises(UserError):
                self._receive(sheet, 5, **how)
        self.assertFalse(sheet.receipt_ids)

    def test_a_wrong_receipt_gets_a_counter_receipt(self):
        """20 typed for 10: cancelled with the reason, both stay with their numbers; the balance is 40 again."""
        sheet = self._sheets()[self.ann]
        wrong = self._receive(sheet, 20)
        with self.assertRaisesRegex(UserError, "Say why"):
            wrong.with_user(self.carl).cancel(" ")
        counter = wrong.browse(wrong.with_user(self.carl).cancel("Mistyped: it was 10"))
        self.assertEqual(
            [(r.name, r.amount, r.note, r.cancels_id, r.status) for r in wrong | counter],
            [("FR/2026/0001", 20, False, wrong.browse(), "cancelled"),
             ("FR/2026/0002", -20, "Mistyped: it was 10", wrong, "counter")],
        )
        self.assertEqual((sheet.amount_received, sheet.amount_due), (0, 40))
        for again in (wrong, counter):
            with self.assertRaises(UserError):
                again.with_user(self.carl).cancel("Again")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute(
                "INSERT INTO sales_discipline_fine_receipt (name, company_id, sheet_id, date, amount, method,"
                " collector_id, cancels_id) SELECT 'X', company_id, sheet_id, date, amount, method, collector_id,"
                " cancels_id FROM sales_discipline_fine_receipt WHERE id = %s", [counter.id])

    def test_no_receipt_is_changed_or_deleted(self):
        """Not by the clerk, not by the superuser, not by import."""
        sheet = self._sheets()[self.ann]
        receipt = self._receive(sheet, 20)
        for attempt in (
            lambda: receipt.with_user(self.carl).write({"amount": 10}),
            lambda: receipt.with_user(self.carl).unlink(),
            lambda: receipt.with_user(self.carl).create({"sheet_id": sheet.id, "amount": 1, "method": "cash"}),
            lambda: receipt.sudo().write({"amount": 10}),
            lambda: receipt.sudo().write({"date": "2026-07-01"}),
            lambda: receipt.sudo().unlink(),
        ):
            with self.assertRaises(UserError):
                attempt()
        loaded = self.env["sales.discipline.fine.receipt"].sudo().load([".id", "amount"], [[str(receipt.id), "1"]])
        self.assertIn("never changed", loaded["messages"][0]["message"])
        self.assertEqual(receipt.amount, 20)

    def test_nobody_collects_his_own(self):
        """Clara is a salesperson and a clerk: Carl takes her 20, she takes Ann's."""
        sheets = self._sheets()
        clara = self.clara.user_id
        for attempt in (
            lambda: self._receive(sheets[self.clara], 20, clara),
            sheets[self.clara].with_user(clara).action_receive,
            lambda: self.env["sales.discipline.fine.receipt"].with_user(clara).sudo().create(
                {"sheet_id": sheets[self.clara].id, "amount": 20, "method": "cash"}),
        ):
            with self.assertRaisesRegex(AccessError, "Nobody collects his own"):
                attempt()
        self.assertFalse(sheets[self.clara].with_user(clara).can_receive)
        self.assertTrue(sheets[self.ann].with_user(clara).can_receive)
        self._receive(sheets[self.ann], 20, clara)
        receipt = self._receive(sheets[self.clara], 20)
        with self.assertRaisesRegex(AccessError, "Nobody collects his own"):
            receipt.with_user(clara).cancel("I never paid")
        self.assertEqual(sheets[self.clara].amount_received, 20)

    def test_who_sees_and_takes_what(self):
        """A salesperson sees his own receipts, a manager his team's; neither of them writes one."""
        sheets = self._sheets()
        receipts = self._receive(sheets[self.ann], 5) | self._receive(sheets[self.zoe], 5)
        seen = {
            user: receipts.with_user(user).search([]).employee_id
            for user in (self.ann.user_id, self.zoe.user_id, self.bob.user_id, self.sue, self.tom, self.carl, self.olga)
        }
        everybody = self.ann | self.zoe
        self.assertEqual(
            seen,
            {self.ann.user_id: self.ann, self.zoe.user_id: self.zoe, self.bob.user_id: self.env["hr.employee"],
             self.sue: self.ann, self.tom: self.zoe, self.carl: everybody, self.olga: everybody})
        stranger = self._user("stranger", OFFICER, company=self._company("Other Ltd"))
        for user in (self.ann.user_id, self.sue, stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._receive(sheets[self.ann], 5, user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                receipts[0].with_user(user).cancel("Please")

    def test_what_was_taken_too_much_is_paid_back(self):
        """June: 40 taken. The 2nd is reversed in July: -20, paid back with a receipt of -20 and not a cent more.

        While she has handed in only 30 of the 40, nothing is paid back in cash: she owes 10 herself.
        """
        june = self._sheets()[self.ann]
        self._receive(june, 30)
        second = self._entries(self.ann)[1]
        with freeze_time("2026-08-05 02:00:00"):
            second.with_user(self.olga).decide("reverse", "The clock was wrong")
            self._entries(self.ann).filtered(lambda entry: entry.state in ("proposed", "notified"))._answer(
                "accepted", "confirmed")
            july = self._sheets("2026-07")[self.ann]
            self.assertEqual((july.amount_capped, july.amount_due), (-20, -20))
            with self.assertRaisesRegex(UserError, "still owes .*10.00 of 2026-06"):
                self._receive(july, 20)
            self._receive(june, 10)
            with self.assertRaises(UserError):
                self._receive(july, 20.01)
            receipt = self._receive(july, 20)
        self.assertEqual((receipt.amount, july.amount_due), (-20, 0))

    def test_the_closing_stays_as_it_is(self):
        """A receipt changes what is received, and nothing of what the closing has written (design 6.3)."""
        sheet = self._sheets()[self.ann]
        closing = [name for name, field in sheet._fields.items() if field.store and name not in (
            "amount_received", "amount_due", "write_date", "write_uid", "receipt_ids")]
        before = sheet.read(closing), sheet.violation_ids.read(["state", "amount", "points", "sheet_id"])
        self._receive(sheet, 20)
        self.env.flush_all()
        sheet.invalidate_recordset()
        self.assertEqual((sheet.read(closing), sheet.violation_ids.read(["state", "amount", "points", "sheet_id"])), before)

    def test_the_dialog_proposes_the_whole_balance(self):
        """Two taps: the balance and today are filled in; a smaller amount may be typed."""
        sheet = self._sheets()[self.ann]
        action = sheet.with_user(self.carl).action_receive()
        dialog = Form(self.env[action["res_model"]].with_user(self.carl).with_context(action["context"]))
        self.assertEqual((dialog.amount, str(dialog.date), dialog.method), (40, "2026-07-06", "cash"))
        dialog.amount = 10
        shown = dialog.save().action_record()
        receipt = self.env[shown["res_model"]].browse(shown["res_id"])
        self.assertEqual((receipt.amount, sheet.amount_due), (10, 30))
        cancel = receipt.with_user(self.carl).action_cancel()
        dialog = Form(self.env[cancel["res_model"]].with_user(self.carl).with_context(cancel["context"]))
        dialog.reason = "Wrong person"
        dialog.save().action_cancel()
        self.assertEqual(sheet.amount_due, 40)

    def test_the_dialog_by_rpc(self):
        """Who fills in nothing but the sheet records the whole balance of today."""
        sheet = self._sheets()[self.ann]
        dialog = self.env["sales.discipline.fine.receipt.record"].with_user(self.carl).create({"sheet_id": sheet.id})
        dialog.action_record()
        self.assertEqual((sheet.receipt_ids.amount, str(sheet.receipt_ids.date)), (40, "2026-07-06"))

    def test_many_receipts_need_as_many_queries_as_few(self):
        """Receipts of 3 sheets and of 30 are numbered and written with the same number of queries."""
        period = self._close("2026-06")
        self.patch(self.registry["hr.employee"], "_avatar_generate_svg", lambda employee: False)
        people = self.env["hr.employee"].create([
            {"name": f"Person {number}", "company_id": self.company.id} for number in range(36)])
        # closed months get no sheets by hand, so they are put into the table
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO sales_discipline_period_sheet (period_id, company_id, employee_id, amount_capped, amount_due)"
            " SELECT %s, %s, unnest(%s), 20, 20 RETURNING id", [period.id, self.company.id, people.ids])
        ids = [row[0] for row in self.env.cr.fetchall()]
        counts = []
        for part in (ids[:3], ids[3:6], ids[6:]):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["sales.discipline.fine.receipt"].create([
                {"sheet_id": sheet_id, "amount": 20, "method": "payroll"} for sheet_id in part])
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
