# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import freeze_time

from ..models.arrears_statement_item import ADDED, CHANGED, MERGED, REMOVED
from .common import JULY, JUNE, ArrearsCase, day

AUGUST = day("08-01")


class TestHostileLedger(ArrearsCase):
    """What bookkeepers do to a month after its statement was issued: the next one explains all of it."""

    def _changes(self, statement, customer=None):
        return {
            (item.kind, item.name, item.balance)
            for item in statement.prior_item_ids
            if not customer or item.customer_id == customer.id
        }

    def test_hostile_ledger(self):
        """Proof, continuity, ageing and the explanation of every change hold (design: invariant 1)."""
        self.company.arrears_advance_account_ids = self.advance
        bank = self.company_data["default_journal_bank"]
        opener, exporter, redrafter = (self._customer(name) for name in ("Opener", "Exporter", "Redrafter"))
        giver, taker = self._customer("Giver"), self._customer("Taker")
        gone, kept = self._customer("Gone"), self._customer("Kept")

        with freeze_time("2026-07-03 09:00:00"):
            self._entry([(self.receivable, opener, 900)], day("06-01"))  # opening balance in a general journal
            self._entry([(self.advance, opener, -200)], day("06-12"), journal=bank)
            foreign_invoice = self._invoice(exporter, 100, day("06-20"), currency=self.foreign)  # at 2.0: 50
            foreign_payment = self._entry(
                [(self.receivable, exporter, -62.5, self.foreign, -100)], day("06-25"), journal=bank,  # at 1.6
            )
            redrafted = self._invoice(redrafter, 400, day("06-15"))
            given = self._invoice(giver, 70, day("06-10"))
            taken = self._entry([(self.receivable, taker, -70)], day("06-28"), journal=bank)
            self._invoice(gone, 30, day("06-05"), due=day("06-10"))
            self._invoice(kept, 5, day("06-05"))
            june = self._statement(JUNE, issue=True)
        self._assert_sound(june)
        issued = self._snapshot(june)

        with freeze_time("2026-07-10 09:00:00"):
            self._open_items(foreign_invoice, foreign_payment).reconcile()
            exchange = self._open_items(foreign_invoice).matched_credit_ids.exchange_move_id
            exchange |= self._open_items(foreign_payment).matched_debit_ids.exchange_move_id
            self.assertTrue(exchange)
            redrafted.button_draft()
            redrafted.write({"invoice_line_ids": [Command.update(redrafted.invoice_line_ids.id, {"price_unit": 410})]})
            redrafted.action_post()
            self._open_items(given, taken).reconcile()
            late = self._invoice(opener, 11, day("06-30"))
            gone_id = gone.id
            self.env["base.partner.merge.automatic.wizard"].create({
                "dst_partner_id": kept.id, "partner_ids": [Command.set((gone | kept).ids)],
            }).action_merge()
            self.assertFalse(gone.exists())
        with freeze_time("2026-08-03 09:00:00"):
            july = self._statement(JULY, issue=True)

        self._assert_sound(july)
        self.assertEqual(self._snapshot(june), issued, "The issued statement is what it was.")
        self.assertIn((ADDED, late.name, 11), self._changes(july, opener))
        self.assertIn((CHANGED, redrafted.name, 10), self._changes(july, redrafter))
        moved = {(item.kind, item.customer_id, item.customer_name, item.balance)
                 for item in july.prior_item_ids if item.kind == MERGED}
        self.assertEqual(moved, {(MERGED, gone_id, "Gone", -30), (MERGED, kept.id, "Kept", 30)})
        if exchange.date <= june.date_to:
            self.assertEqual({kind for kind, *_ in self._changes(july, exporter)}, {ADDED})
            self.assertEqual(sum(balance for *_, balance in self._changes(july, exporter)), 12.5)
        else:
            self.assertFalse(self._changes(july, exporter))
            self.assertEqual(self._line(july, exporter, currency=self.foreign).exchange_difference, 12.5)
        self.assertEqual(
            [self._line(july, giver).cross_customer, self._line(july, taker).cross_customer], [70, -70],
        )
        self.assertEqual(self._line(july, opener).previous_closing, 900)
        self.assertEqual(self._line(july, opener, account=self.advance).deposits, -200)
        self.assertEqual(self._line(july, kept).due_31_60, 35)

        with freeze_time("2026-09-03 09:00:00"):
            august = self._statement(AUGUST, issue=True)
        self._assert_sound(august)
        self.assertFalse(august.prior_item_ids, "What July has explained is not explained again.")

    def test_exchange_difference_dated_after_a_locked_month(self):
        """With June locked, the difference of a June match falls into July; June's ageing still ties to its closing."""
        exporter = self._customer("Exporter")
        with freeze_time("2026-07-03 09:00:00"):
            invoice = self._invoice(exporter, 100, day("06-20"), currency=self.foreign)
            payment = self._entry(
                [(self.receivable, exporter, -62.5, self.foreign, -100)], day("06-25"),
                journal=self.company_data["default_journal_bank"],
            )
            self.company.fiscalyear_lock_date = day("06-30")
        with freeze_time("2026-07-10 09:00:00"):
            self._open_items(invoice, payment).reconcile()
            june = self._statement(JUNE, issue=True)
        with freeze_time("2026-08-03 09:00:00"):
            july = self._statement(JULY, issue=True)

        self._assert_sound(june)
        self._assert_sound(july)
        self.assertEqual(self._line(june, exporter, currency=self.foreign).deposits, -12.5)
        self.assertFalse(july.prior_item_ids)
        self.assertEqual(self._line(july, exporter, currency=self.foreign).exchange_difference, 12.5)

    def test_deleted_redated_and_unposted_items_are_named(self):
        """Removed from June by deleting, by moving it into July and by resetting it to draft: three explanations."""
        customer = self._customer()
        with freeze_time("2026-07-03 09:00:00"):
            deleted, redated, unposted = (
                self._entry([(self.receivable, customer, amount)], day("06-20")) for amount in (1, 2, 4)
            )
            june = self._statement(JUNE, issue=True)
        with freeze_time("2026-07-10 09:00:00"):
            (deleted | redated | unposted).button_draft()
            deleted.with_context(force_delete=True).unlink()
            redated.write({"name": False, "date": day("07-10")})
            redated.action_post()
        with freeze_time("2026-08-03 09:00:00"):
            july = self._statement(JULY)

        self._assert_sound(july)
        self.assertEqual(june.closing, 7)
        removed = july.prior_item_ids.filtered(lambda item: item.kind == REMOVED)
        self.assertEqual(removed.mapped("balance"), [-1, -2, -4])
        self.assertEqual(len(set(removed.mapped("explanation"))), 3)
        self.assertEqual([self._line(july, customer).opening, self._line(july, customer).other], [0, 2])

    def test_changes_that_net_to_nothing_are_still_explained(self):
        """-10 and +10 for one customer leave no prior-period movement, but issuing lists both."""
        customer = self._customer()
        with freeze_time("2026-07-03 09:00:00"):
            first = self._entry([(self.receivable, customer, 10)], day("06-20"))
            self._statement(JUNE, issue=True)
        with freeze_time("2026-07-10 09:00:00"):
            first.button_cancel()
            second = self._entry([(self.receivable, customer, 10)], day("06-21"))
        with freeze_time("2026-08-03 09:00:00"):
            july = self._statement(JULY, issue=True)

        self._assert_sound(july)
        self.assertEqual({(REMOVED, -10), (ADDED, 10)}, {(item.kind, item.balance) for item in july.prior_item_ids})
        self.assertIn(second.name, july.prior_item_ids.mapped("name"))

    def test_account_added_later_starts_without_prior_movement(self):
        """An account that June did not cover opens with its ledger balance; its items are no 'changes'."""
        customer = self._customer()
        self._entry([(self.advance, customer, -50)], day("06-10"))
        self._invoice(customer, 10, day("06-10"))
        with freeze_time("2026-07-03 09:00:00"):
            self._statement(JUNE, issue=True)
        self.company.arrears_advance_account_ids = self.advance
        with freeze_time("2026-08-03 09:00:00"):
            july = self._statement(JULY, issue=True)
        self._assert_sound(july)
        self._entry([(self.advance, customer, -7)], day("06-11"))
        with freeze_time("2026-09-03 09:00:00"):
            august = self._statement(AUGUST, issue=True)

        line = self._line(july, customer, account=self.advance)
        self.assertEqual([line.previous_closing, line.prior_movement, line.opening], [-50, 0, -50])
        self.assertFalse(july.prior_item_ids)
        self._assert_sound(august)
        self.assertEqual(august.prior_item_ids.mapped("balance"), [-7])

    def _snapshot(self, statement):
        self.env.invalidate_all()
        return [
            rows.sorted("id").read([name for name, field in rows._fields.items() if field.store])
            for rows in (statement.line_ids, statement.item_ids, statement.account_line_ids)
        ]
