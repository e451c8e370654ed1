# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time

from .common import LedgerCase, day


class TestDeliveryNote(LedgerCase):
    """SLG-01: the copy of a delivery note is with finance, and the delivery in the ledger, within a day."""

    def _states(self, picking, *days):
        return [self._note(picking, on).state for on in days]

    def test_one_day_over(self):
        """SLG ex. 1: delivery 12 June, ledger entry 14 June: 1 day over."""
        order = self._order()
        picking = self._deliver(order, 10, "06-12")
        self._invoice(order, "06-14")
        note = self._note(picking)
        self.assertEqual(
            [str(note.delivered_on), str(note.entered_on), note.days_over, note.state],
            [day("06-12"), day("06-14"), 1, "late"],
        )
        self.company.delivery_copy_days = 2
        self.assertEqual([self._note(picking).days_over, self._note(picking).state], [0, "entered"])

    def test_waiting_then_missing(self):
        """Delivered on the 12th, nothing entered: in time on the 13th, missing from the 14th on."""
        picking = self._deliver(self._order(), 10, "06-12")
        self.assertEqual(self._states(picking, "06-12", "06-13", "06-14"), ["waiting", "waiting", "missing"])
        self.assertEqual(self._note(picking, "06-20").days_over, 7)
        self.assertFalse(self.env["sales.delivery.note"].with_context(ledger_as_of=day("06-11")).search(
            [("company_id", "=", self.company.id)]))

    def test_part_of_it_is_not_enough(self):
        """10 delivered, 4 entered on the 13th and 6 on the 20th: in the ledger on the 20th."""
        order = self._order()
        picking = self._deliver(order, 10, "06-12")
        self._invoice(order, "06-13", quantity=4)
        self.assertEqual([self._note(picking, "06-19").state, self._note(picking, "06-19").entered_on], ["missing", False])
        self._invoice(order, "06-20")
        self.assertEqual([str(self._note(picking).entered_on), self._note(picking).days_over], [day("06-20"), 7])

    def test_first_delivery_takes_the_first_invoice(self):
        """6 on the 12th, 4 on the 16th; 6 entered on the 13th: the first is entered, the second is not."""
        order = self._order()
        first, second = self._deliver(order, 6, "06-12"), self._deliver(order, 4, "06-16")
        self._invoice(order, "06-13", quantity=6)
        self.assertEqual([self._note(first).state, self._note(second).state], ["entered", "missing"])

    def test_entered_before_the_delivery(self):
        order = self._order()
        self._invoice(order, "06-11")
        picking = self._deliver(order, 10, "06-12")
        self.assertEqual([self._note(picking).state, self._note(picking).days_over], ["entered", 0])

    def test_what_came_back_needs_no_entry(self):
        """10 delivered, all returned on the 20th: missing until then, nothing to enter afterwards."""
        order = self._order()
        picking = self._deliver(order, 10, "06-12")
        self._return(picking, 10, "06-20")
        self.assertEqual(self._states(picking, "06-19", "06-20"), ["missing", "returned"])

    def test_a_draft_invoice_is_no_entry(self):
        order = self._order()
        picking = self._deliver(order, 10, "06-12")
        order._create_invoices()
        self.assertEqual(self._note(picking).state, "missing")

    def test_deliveries_before_the_start_are_left_alone(self):
        picking = self._deliver(self._order(), 10, "06-12")
        self.company.delivery_copy_from = day("06-13")
        self.assertFalse(self._note(picking).exists())

    def test_copy_received(self):
        """Finance notes it, once, without a right on transfers; nobody else may."""
        picking = self._deliver(self._order(), 10, "06-12")
        note = self._note(picking)
        for user in (self.ann, self.tom):
            with self.assertRaises(UserError):
                note.with_user(user).action_copy_received()
        with self.assertRaises(AccessError):
            picking.with_user(self.fay).read(["name"])
        with freeze_time("2026-06-13 03:00:00"):
            note.with_user(self.fay).action_copy_received()
        self.assertEqual([str(picking.ledger_copy_at), picking.ledger_copy_by_id], ["2026-06-13 03:00:00", self.fay])
        with self.assertRaisesRegex(UserError, "already"):
            self._note(picking).with_user(self.fay).action_copy_received()

    def test_finance_is_told_of_missing_copies(self):
        """The scheduled action names the overdue delivery; nothing is sent when nothing is missing."""
        picking = self._deliver(self._order(), 10, "06-12")
        sent = []
        for now in ("2026-06-13 02:00:00", "2026-06-14 02:00:00"):
            before = self.env["mail.message"].search([], order="id desc", limit=1)
            with freeze_time(now), self.enter_registry_test_mode():
                self.env.ref("sales_receivable_stock.delivery_note_cron").method_direct_trigger()
            self.env.invalidate_all()
            sent.append(self.env["mail.message"].search([
                ("id", ">", before.id), ("body", "ilike", picking.name), ("partner_ids", "in", self.fay.partner_id.ids),
            ]))
        self.assertFalse(sent[0])
        self.assertEqual(len(sent[1]), 1)
        self.assertIn("1 days over", sent[1].body)

    def test_who_sees_which_deliveries(self):
        """Ann her customers', Tom his team's, Fay all, Bob and another company none."""
        picking = self._deliver(self._order(), 10, "06-12")
        note = self._note(picking)
        for user, seen in ((self.ann, True), (self.tom, True), (self.fay, True), (self.bob, False)):
            found = note.with_user(user).search([("id", "=", note.id)])
            self.assertEqual(bool(found), seen, user.login)
        self.assertEqual(
            note.with_user(self.ann).web_read({"order_id": {"fields": {"display_name": {}}}, "name": {}})[0]["name"],
            picking.name,
        )
        with self.assertRaises(AccessError):
            note.with_user(self.bob).action_copy_received()
        other = self.setup_other_company()["company"]
        self.fay.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(note.with_user(self.fay).search([("id", "=", note.id)]))
