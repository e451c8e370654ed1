# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .commission_common import CommissionCase


@tagged("post_install", "-at_install")
@freeze_time("2026-09-15 08:00:00")
class TestCommissionCheck(CommissionCase):
    """The salesperson checks his lines, the manager decides disputes, nobody judges himself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sudo().commission_check_days = 5

    def setUp(self):
        super().setUp()
        for amount in (1000, 500):
            self._pay(self._invoice(amount, "2026-06-01"), "2026-06-10")
        self._pay(self._invoice(700, "2026-06-01", user=self.bo), "2026-06-10")
        self._pay(self._invoice(300, "2026-06-01", user=self.mia), "2026-06-10")
        self._run("2026-06-01")
        self._period("2026-06-01").with_user(self.kay).action_send()
        statements = {s.user_id: s for s in self._period("2026-06-01").statement_ids}
        self.of_ann, self.of_bo, self.of_mia = (statements[user] for user in (self.ann, self.bo, self.mia))
        self.line = self.of_ann.line_ids.filtered(lambda line: line.amount == 5)

    def _dispute(self, line=None, user=None):
        (line or self.line).with_user(user or self.ann).dispute("The customer paid 600")

    def test_accept_all(self):
        self.assertEqual((self.of_ann.state, str(self.of_ann.deadline)), ("to_check", "2026-09-20 08:00:00"))

        self.of_ann.with_user(self.ann).action_accept()

        self.assertEqual(self.of_ann.state, "checked")
        self.assertEqual(set(self.of_ann.line_ids.mapped("answer")), {"accepted"})
        self.assertIn("Ann has accepted", self.of_ann.message_ids[0].body)

    def test_a_granted_dispute_books_the_difference_and_later_runs_respect_it(self):
        """5.00 booked, 6.00 granted: +1.00 in the same period; the night does not take it back."""
        self._dispute()
        self.assertEqual((self.of_ann.state, self.line.answer), ("disputed", "disputed"))
        self.assertIn("The customer paid 600", self.of_ann.message_ids[0].body)
        self.assertIn(self.mia.partner_id, self.of_ann.message_ids[0].partner_ids)

        answer = Form(self.env["sales.commission.answer"].with_user(self.mia).with_context(
            self.line.with_user(self.mia).action_decide()["context"]))  # fmt: skip
        answer.reason, answer.amount = "Receipt seen", 6
        answer.save().action_grant()

        self.assertEqual((self.line.answer, self.line.decided_by_id, self.line.amount), ("granted", self.mia, 5))
        self.assertEqual(self.of_ann.amount_total, 16)
        self.assertIn("Receipt seen", self.of_ann.message_ids[0].body)
        self.assertEqual(self._run("2026-06-01").change_count, 0)

    def test_a_rejected_dispute_leaves_the_line(self):
        self._dispute()
        self.line.with_user(self.mia).decide(False, "The bank shows 500")

        self.assertEqual((self.line.answer, self.of_ann.amount_total), ("rejected", 15))
        self.assertEqual(self.of_ann.state, "to_check")
        with self.assertRaisesRegex(UserError, "answered or decided"):
            self._dispute()

    def test_only_the_salesperson_accepts_and_disputes(self):
        for user in (self.mia, self.kay):
            with self.assertRaisesRegex(UserError, "Only Ann"):
                self.of_ann.with_user(user).action_accept()
            with self.assertRaisesRegex(UserError, "Only Ann"):
                self._dispute(user=user)
        with self.assertRaises(AccessError):
            self.of_ann.with_user(self.bo).action_accept()
        with self.assertRaises(AccessError):
            self._dispute(user=self.bo)

    def test_nobody_decides_about_himself_or_another_team(self):
        self._dispute()
        own = self.of_mia.line_ids
        self._dispute(own, self.mia)
        foreign = self.of_bo.line_ids
        self._dispute(foreign, self.bo)

        with self.assertRaisesRegex(UserError, "Nobody decides about his own"):
            own.with_user(self.mia).decide(True, "mine", 99)
        with self.assertRaisesRegex(UserError, "Nobody decides about his own"):
            self.line.with_user(self.ann).decide(True, "mine", 99)
        with self.assertRaises(AccessError):
            foreign.with_user(self.mia).decide(False, "not my team")
        own.with_user(self.kay).decide(False, "seen")
        self.assertEqual(own.answer, "rejected")

    def test_after_the_deadline_silence_accepts_and_disputes_are_refused(self):
        with freeze_time("2026-09-20 08:00:01"):
            with self.assertRaisesRegex(UserError, "deadline.*has passed"):
                self._dispute()
            self.env["sales.commission.statement"].sudo()._pass_deadlines()

        self.assertEqual((self.of_ann.state, set(self.of_ann.line_ids.mapped("answer"))), ("checked", {"silent"}))

    def test_one_bad_statement_does_not_stop_the_deadlines(self):
        Statement = self.registry["sales.commission.statement"]
        accept = Statement._accept

        def explode(statement, answer):
            if statement == self.of_ann:
                raise ZeroDivisionError("a statement with a bug")
            return accept(statement, answer)

        with (
            freeze_time("2026-09-20 08:00:01"),
            patch.object(Statement, "_accept", explode),
            self.assertLogs("odoo.addons.sales_kpi.models.commission_statement", "ERROR"),
        ):
            self.env["sales.commission.statement"].sudo()._pass_deadlines()

        self.assertEqual([s.state for s in (self.of_ann, self.of_bo, self.of_mia)], ["to_check", "checked", "checked"])

    def test_a_dispute_holds_up_the_closing(self):
        self._dispute()
        for statement in (self.of_bo, self.of_mia):
            statement.with_user(statement.user_id).action_accept()
        period = self._period("2026-06-01").with_user(self.kay)

        with self.assertRaisesRegex(UserError, "Ann \\(Disputed\\)"):
            period.action_close()
        self.line.with_user(self.mia).decide(False, "The bank shows 500")
        self.of_ann.with_user(self.ann).action_accept()
        period.action_close()

        self.assertEqual(set(period.statement_ids.mapped("state")), {"closed"})

    def test_new_lines_are_checked_again(self):
        self.of_ann.with_user(self.ann).action_accept()
        with freeze_time("2026-09-17 08:00:00"):
            self._pay(self._invoice(100, "2026-06-01"), "2026-06-12")
            self._run("2026-06-01")

        self.assertEqual((self.of_ann.state, str(self.of_ann.deadline)), ("to_check", "2026-09-22 08:00:00"))

    def test_new_lines_of_a_disputed_statement_are_checked_too(self):
        """They come after the deadline of the dispute: Ann gets five days for them, and the dispute stays open."""
        self._dispute()
        with freeze_time("2026-09-25 08:00:00"):
            invoice = self._invoice(100, "2026-06-01")
            self._pay(invoice, "2026-06-12")
            self._run("2026-06-01")

            self.assertEqual((self.of_ann.state, str(self.of_ann.deadline)), ("disputed", "2026-09-30 08:00:00"))
            self._dispute(self._lines(invoice).with_env(self.env))
        self.assertEqual(self._lines(invoice).answer, "disputed")

    def test_a_form_shows_nobody_elses_line(self):
        """Bo names Ann's line in a dispute: neither the form nor the saved question tells him what it says."""
        answer = self.env["sales.commission.answer"].with_user(self.bo)
        with self.assertRaises(AccessError):
            answer.onchange({"line_id": self.line.id}, ["line_id"], {"line_reason": {}, "amount": {}})
        with self.assertRaises(AccessError):
            # reading the field is what is refused
            answer.create({"line_id": self.line.id, "question": "dispute", "reason": "?"}).line_reason  # noqa: B018

    def test_a_run_that_has_ended_is_not_written(self):
        run = self.line.run_id.with_user(self.kay)
        for vals in ({"state": "draft"}, {"date_from": "2026-01-01"}):
            with self.assertRaises(UserError):
                run.write(vals)
        draft = run.create({"plan_id": self.plan.id, "date_from": "2026-06-01"})
        draft.date_from = "2026-07-15"
        self.assertEqual(str(draft.date_from), "2026-07-01")

    def test_terms_that_were_used_stay_used(self):
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            self.plan.version_ids.with_user(self.kay).write({"used": False})

    def test_an_answered_line_holds_up_undo(self):
        self._dispute()

        with self.assertRaisesRegex(UserError, "Ann has answered"):
            self.line.run_id.with_user(self.kay).action_undo()

    def test_everybody_sees_what_is_his(self):
        """Ann herself, Mia her team and herself, Kay all; another company nobody."""
        for user, expected in (
            (self.ann, self.of_ann), (self.bo, self.of_bo), (self.mia, self.of_ann | self.of_mia),
            (self.kay, self.of_ann | self.of_bo | self.of_mia),
        ):
            with self.subTest(user.name):
                self.assertEqual(self.env["sales.commission.statement"].with_user(user).search([]), expected)
                lines = self.env["sales.commission.line"].with_user(user).search([])
                self.assertEqual(lines.sudo().statement_id, expected)
        other = self.env["res.company"].sudo().create({"name": "Other"})
        self.kay.sudo().write({"company_ids": [(4, other.id)]})
        found = self.env["sales.commission.line"].with_user(self.kay).with_context(allowed_company_ids=other.ids)
        self.assertFalse(found.search([]))

    def test_nobody_writes_the_ledger_by_hand(self):
        for user in (self.ann, self.mia, self.kay):
            for record in (self.line, self.of_ann):
                with self.assertRaises(AccessError):
                    record.with_user(user).write({"state": "undone"})

    def test_the_printed_statement_shows_lines_and_total(self):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "sales_kpi.report_commission_statement", self.of_ann.ids
        )

        self.assertIn(self.line.invoice_name, html.decode())
        self.assertIn("15.00", html.decode())
