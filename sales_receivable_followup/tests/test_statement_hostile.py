# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import freeze_time

from ..models.arrears_statement_item import ADDED, CHANGED, MERGED, REMOVED
from .common import JULY, JUNE, ArrearsCase, day

AUGUST = day("08-01")


class TestHostileLedger(ArrearsCase):
    """What bookkeepers do to a month after its statement was issued: the next one explains all of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]

    def _changes(self, statement, customer):
        return {
            (item.kind, item.name, item.balance)
            for item in statement.prior_item_ids if item.customer_id == customer.id
        }

    def test_hostile_ledger(self):
        """Proof, continuity, ageing and the explanation of every change hold (design: invariant 1)."""
        self.company.arrears_advance_account_ids = self.advance
        opener, exporter, redrafter, giver, taker, gone, kept = (
            self._customer(name) for name in ("Opener", "Exporter", "Redrafter", "Giver", "Taker", "Gone", "Kept")
        )
        gone_id = gone.id
        with freeze_time("2026-07-03 09:00:00"):
            self._entry([(self.receivable, opener, 900)], day("06-01"))  # opening balance in a general journal
            self._entry([(self.advance, opener, -200)], day("06-12"), journal=self.bank)
            invoice = self._invoice(exporter, 100, day("06-20"), currency=self.foreign)  # at 2.0: 50
            payment = self._entry(
                [(self.receivable, exporter, -62.5, self.foreign, -100)], day("06-25"), journal=self.bank,  # at 1.6
            )
            redrafted = self._invoice(redrafter, 400, day("06-15"))
            given = self._invoice(giver, 70, day("06-10"))
            taken = self._entry([(self.receivable, taker, -70)], day("06-28"), journal=self.bank)
            self._invoice(gone, 30, day("06-05"), due=day("06-10"))
            self._invoice(kept, 5, day("06-05"))
            june = self._statement(JUNE, issue=True)
            self._assert_sound(june)
        issued = self._snapshot(june)

        with freeze_time("2026-07-10 09:00:00"):
            self._open_items(invoice, payment).reconcile()
            redrafted.button_draft()
            self._reprice(redrafted, 410)
            redrafted.action_post()
            self._open_items(given, taken).reconcile()
            late = self._invoice(opener, 11, day("06-30"))
            self._merge(gone, into=kept)
        with freeze_time("2026-08-03 09:00:00"):
            july = self._statement(JULY, issue=True)

        self._assert_sound(july)
        self.assertEqual(self._snapshot(june), issued, "The issued statement is what it was.")
        self.assertEqual(self._changes(july, opener), {(ADDED, late.name, 11)})
        self.assertEqual(self._changes(july, redrafter), {(CHANGED, redrafted.name, 10)})
        self.assertEqual(
            {(item.kind, item.customer_id, item.customer_name, item.balance)
             for item in july.prior_item_ids if item.customer_id in (gone_id, kept.id)},
            {(MERGED, gone_id, "Gone", -30), (MERGED, kept.id, "Kept", 30)},
        )
        # Odoo dates the difference of 50 against 62.50 in June, which is not locked.
        self.assertEqual({(kind, balance) for kind, _name, balance in self._changes(july, exporter)}, {(ADDED, 12.5)})
        self.assertEqual(self._line(july, exporter, currency=self.foreign).opening, 0)
        self.assertEqual([self._line(july, customer).cross_customer for customer in (giver, taker)], [70, -70])
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
                [(self.receivable, exporter, -62.5, self.foreign, -100)], day("06-25"), journal=self.bank,
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
