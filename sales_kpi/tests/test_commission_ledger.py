# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from psycopg2 import errors

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .commission_common import CommissionCase


@tagged("post_install", "-at_install")
@freeze_time("2026-09-15 08:00:00")
class TestCommissionLedger(CommissionCase):
    """Runs append differences; what is closed stays closed."""

    def _snapshot(self, lines):
        lines.invalidate_recordset()
        return [
            tuple(row.items()) for row in lines.read(
                ["fact_key", "revision", "amount", "base_amount", "period_id", "write_date", "answer"], load=None)
        ]  # fmt: skip

    def _june(self):
        """1,000 invoiced and paid in June, booked and closed; returns invoice, payment."""
        invoice = self._invoice(1000, "2026-06-01")
        payment = self._pay(invoice, "2026-06-10")
        self._run("2026-06-01")
        self._close("2026-06-01")
        return invoice, payment

    def test_the_same_run_twice_books_once(self):
        self._pay(self._invoice(1000, "2026-06-01"), "2026-06-10")
        self._run("2026-06-01")

        again = self._run("2026-06-01")

        self.assertEqual((again.change_count, self._amounts()), (0, [10]))

    def test_a_simulation_shows_and_writes_nothing(self):
        self._pay(self._invoice(1000, "2026-06-01"), "2026-06-10")
        run = self.env["sales.commission.run"].with_user(self.kay).create({
            "plan_id": self.plan.id, "date_from": "2026-06-20"})  # fmt: skip

        run.action_simulate()

        self.assertEqual((run.amount_total, run.preview_ids.mapped("amount")), (10, [10]))
        self.assertFalse(self._lines())
        self.assertFalse(self._period("2026-06-01"))

        run.action_apply()
        self.assertEqual(self._amounts(), [10])
        self.assertFalse(run.preview_ids)

    def test_a_run_that_broke_off_is_repeated_as_if_nothing_had_happened(self):
        """Rolled back after the lines were written and before the statements were told: repeated, the same entries."""
        self._pay(self._invoice(1000, "2026-06-01"), "2026-06-10")
        Statement = type(self.env["sales.commission.statement"])
        with patch.object(Statement, "_lines_added", side_effect=errors.SerializationFailure):
            with self.assertRaises(errors.SerializationFailure), self.env.cr.savepoint():
                self._run("2026-06-01")
        self.env.invalidate_all()
        self.assertFalse(self._lines())

        self._run("2026-06-01")

        self.assertEqual([(line.revision, line.amount) for line in self._lines()], [(0, 10)])

    def test_a_second_run_of_a_plan_at_the_same_time_is_refused(self):
        Plan = type(self.env["sales.commission.plan"])
        with patch.object(Plan, "try_lock_for_update", lambda self, **kwargs: self.browse()):
            with self.assertRaisesRegex(UserError, "Collected money.*already running"):
                self._run("2026-06-01")

    def test_unreconciling_after_closing_is_a_correction_in_the_open_period(self):
        """June closed with 10.00; the payment is un-reconciled in September: -10.00 in July, June untouched."""
        invoice, payment = self._june()
        entry = self._lines()
        before = self._snapshot(entry)
        self._unmatch(payment)

        self._run("2026-06-01")

        correction = self._lines() - entry
        self.assertEqual((correction.amount, correction.revision, correction.corrects_id), (-10, 1, entry))
        self.assertEqual((correction.period_id.name, correction.period_id.state), ("2026-07", "open"))
        self.assertIn("no longer earns", correction.reason)
        self.assertEqual(self._snapshot(entry), before)

        self._match(invoice, payment.move_id)
        self._run("2026-06-01")
        self.assertEqual(sum(self._amounts()), 10)

    def test_corrections_use_the_terms_of_the_original_period(self):
        """Two instalments in closed June at 1 %, 5 % from July: a June payment that is found later earns 1 %."""
        self.plan.version_ids.create({"plan_id": self.plan.id, "valid_from": "2026-07-01", "rate": 5})
        invoice = self._invoice(1000, "2026-06-01")
        self._pay(invoice, "2026-06-10", 400)
        self._run("2026-06-01")
        self._close("2026-06-01")

        self._pay(invoice, "2026-06-28", 600)
        self._run("2026-06-01")

        late = self._lines()[-1]
        self.assertEqual((late.amount, late.version_id.rate, late.period_id.name), (6, 1, "2026-07"))

    def test_an_invoice_that_changes_hands_is_taken_from_one_and_given_to_the_other(self):
        invoice, _payment = self._june()
        invoice.invoice_user_id = self.bo

        self._run("2026-06-01")

        self.assertEqual(
            [(line.user_id, line.amount, line.period_id.name) for line in self._lines().sorted("revision")],
            [(self.ann, 10, "2026-06"), (self.ann, -10, "2026-07"), (self.bo, 10, "2026-07")],
        )

    def test_closed_means_closed(self):
        """Not by write, not by unlink, not by a new line or period, not for the superuser."""
        self._june()
        line, period = self._lines().sudo(), self._period("2026-06-01").sudo()
        statement = period.statement_ids

        for attempt in (
            lambda: line.write({"amount": 1}),
            line.unlink,
            lambda: line.create(line.copy_data({"revision": 7})[0]),
            lambda: statement.write({"state": "open"}),
            statement.unlink,
            lambda: period.write({"state": "open"}),
            period.unlink,
            lambda: period.create({"company_id": period.company_id.id, "date_from": "2026-05-01"}),
            lambda: statement.create({"period_id": period.id, "user_id": self.bo.id}),
        ):
            with self.assertRaisesRegex(UserError, "closed|part of the ledger"):
                attempt()

    def test_an_open_period_is_closed_in_order_and_after_the_others(self):
        self._pay(self._invoice(1000, "2026-06-01"), "2026-06-10")
        self._run("2026-06-01")
        period = self._period("2026-06-01").with_user(self.kay)

        with self.assertRaisesRegex(UserError, "2026-06 cannot be closed yet.*Ann \\(Open\\)"):
            period.action_close()
        self.env["sales.discipline.period"].sudo().create({
            "company_id": self.env.company.id, "date_from": "2026-06-01"})  # fmt: skip
        with self.assertRaisesRegex(UserError, "Discipline period 2026-06 is still open"):
            period.action_close()

    def test_an_undone_run_stays_undone_until_the_facts_change(self):
        invoice = self._invoice(1000, "2026-06-01")
        self._pay(invoice, "2026-06-10", 400)
        run = self._run("2026-06-01")
        run.with_user(self.kay).action_undo()

        self._run("2026-06-01")
        self.assertFalse(self._lines())

        invoice.invoice_user_id = self.bo
        self._run("2026-06-01")
        self.assertEqual([(line.user_id, line.amount) for line in self._lines()], [(self.bo, 4)])

    def test_undone_lines_are_booked_again_on_request(self):
        self._pay(self._invoice(1000, "2026-06-01"), "2026-06-10")
        self._run("2026-06-01").with_user(self.kay).action_undo()

        self._run("2026-06-01", rebook_undone=True)

        self.assertEqual(self._amounts(), [10])

    def test_undo_refuses_what_is_closed_or_has_a_later_run(self):
        invoice = self._invoice(1000, "2026-06-01")
        payment = self._pay(invoice, "2026-06-10")
        run = self._run("2026-06-01")
        self._unmatch(payment)
        later = self._run("2026-06-01")

        with self.assertRaisesRegex(UserError, "undo that one first"):
            run.with_user(self.kay).action_undo()

        later.with_user(self.kay).action_undo()
        self.assertEqual(sum(self._amounts()), 10)
        self._close("2026-06-01")
        with self.assertRaisesRegex(UserError, "2026-06, which is closed"):
            run.with_user(self.kay).action_undo()

    def test_a_version_that_has_computed_is_read_only(self):
        self._june()
        version = self.plan.version_ids

        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            version.write({"rate": 2})
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            version.unlink()
        with self.assertRaisesRegex(ValidationError, "closed up to 2026-06-30"):
            version.create({"plan_id": self.plan.id, "valid_from": "2026-06-15", "rate": 2})

    def test_only_administrators_run_undo_send_and_close(self):
        self._pay(self._invoice(1000, "2026-06-01"), "2026-06-10")
        run, period = self._run("2026-06-01"), self._period("2026-06-01")

        for call in (run.action_apply, run.action_simulate, run.action_undo, period.action_send, period.action_close):
            with self.subTest(call.__name__), self.assertRaises(AccessError):
                getattr(call.__self__.with_user(self.mia), call.__name__)()

    def test_the_nightly_run_books_what_changed_and_notes_what_fails(self):
        """A plan without a rate is noted by name and does not stop the other one."""
        broken = self._make_plan(rate=0)
        invoice = self._invoice(1000, "2026-06-01")
        payment = self._pay(invoice, "2026-06-10")
        cron = self.env.ref("sales_kpi.commission_cron").sudo()

        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._amounts(), [10])
        self.assertIn("has no rate", broken.last_error)
        self.assertFalse(self.plan.last_error)

        self._unmatch(payment)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(sum(self._amounts()), 0)
        self.assertEqual(len(self.plan.run_ids), 2, "nights without a difference leave no run")
