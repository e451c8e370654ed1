# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time

from .common import JULY, JUNE, ArrearsCase, day
from .test_delivery import DeliveryCase

REASON = "Invoice of another company"


@freeze_time("2026-08-03 09:00:00")
class TestStatementVoid(ArrearsCase):
    """A wrong statement is taken back with a reason, stays as it was, and is issued again (design: invariants 1, 3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._customer()
        cls._invoice(cls.customer, 50, day("05-05"))
        cls.june_invoice = cls._invoice(cls.customer, 100, day("06-05"))
        cls._invoice(cls.customer, 10, day("07-05"))

    def _void(self, statement, reason=REASON):
        statement.void_reason = reason
        statement.action_void()

    def test_void_and_issue_again(self):
        """May 50, June 150 is voided, issued again as revision 1 with 170: July opens with 170."""
        may, june = self._statement(day("05-01"), issue=True), self._statement(JUNE, issue=True)
        frozen = self._snapshot(june)
        self._void(june)
        self._invoice(self.customer, 20, day("06-07"))
        again = self._statement(JUNE, issue=True)
        july = self._statement(JULY, issue=True)

        self.assertEqual(self._snapshot(june), frozen, "The void statement reads as it was issued.")
        self.assertEqual([june.state, june.void_reason, june.voided_by_id], ["void", REASON, self.env.user])
        self.assertEqual(str(june.voided_at), "2026-08-03 09:00:00")
        self.assertIn(REASON, "".join(june.message_ids.mapped("body")))
        self.assertEqual([again.name, again.revision, again.replaced_id], [f"{june.name}-R1", 1, june])
        self.assertEqual([again.previous_id, july.previous_id], [may, again])
        self.assertEqual([june.closing, again.closing, july.previous_closing, july.prior_movement], [150, 170, 170, 0])
        for statement in (again, july):
            self._assert_sound(statement)
        self.assertFalse(july.prior_item_ids, "What the valid revision shows is no change of June.")

    def test_third_issue_is_revision_two_of_the_first_number(self):
        first = self._statement(JUNE, issue=True)
        self._void(first)
        second = self._statement(JUNE, issue=True)
        self._void(second)
        third = self._statement(JUNE, issue=True)
        july = self._statement(JULY, issue=True)

        self.assertEqual([second.name, third.name], [f"{first.name}-R1", f"{first.name}-R2"])
        numbers = [int(statement.name.split("/")[-1]) for statement in (first, july)]
        self.assertEqual(numbers[1] - numbers[0], 1, "Issuing again takes no number of its own.")
        self._assert_sound(third)

    def test_only_the_latest_month_is_voided(self):
        """June under an issued July: July is named as what must go first."""
        june, july = self._statement(JUNE, issue=True), self._statement(JULY, issue=True)
        june.void_reason = july.void_reason = REASON

        with self.assertRaisesRegex(UserError, rf"Void July 2026 \({july.name}\) first"):
            june.action_void()
        self.assertEqual(june.state, "issued")
        (june | july).action_void()

        self.assertEqual([june.state, july.state], ["void", "void"])

    def test_reason_is_needed_and_kept(self):
        june = self._statement(JUNE, issue=True)
        for reason in (False, "  "):
            june.void_reason = reason
            with self.assertRaisesRegex(UserError, "without a reason"):
                june.action_void()
        self._void(june)

        for vals in ({"void_reason": "Another"}, {"state": "issued"}, {"voided_at": False}, {"revision": 3}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                june.sudo().write(vals)
        for method in (june.action_void, june.action_issue, june.action_compute, june.action_send, june.unlink):
            with self.assertRaises(UserError):
                method()
        with self.assertRaises(UserError):
            june.line_ids.sudo().write({"closing": 1})

    def test_draft_cannot_be_voided(self):
        draft = self._statement(JUNE)
        draft.void_reason = REASON

        with self.assertRaisesRegex(UserError, "not issued"):
            draft.action_void()

    def test_draft_that_continued_it_starts_anew(self):
        """July computed on June's closing must not be looked at, let alone issued, with June void."""
        june, july = self._statement(JUNE, issue=True), self._statement(JULY)
        self._void(june)

        self.assertEqual([july.computed_at, july.previous_id.id, len(july.line_ids)], [False, False, 0])
        with self.assertRaisesRegex(UserError, "does not continue"):
            self._statement(day("05-01"), issue=True)
            july.action_issue()

    def test_scheduled_action_leaves_a_voided_month_to_finance(self):
        self.company.arrears_auto_issue = True
        june = self._statement(JUNE, issue=True)
        self._void(june)

        self.env["sales.arrears.statement"]._run(self.company, JUNE)

        draft = self.env["sales.arrears.statement"].search([("company_id", "=", self.company.id), ("state", "=", "draft")])
        self.assertEqual(draft.closing, 150)
        self.assertIn("by hand", draft.issue_error)

    def _snapshot(self, statement):
        self.env.invalidate_all()
        return [
            rows.sorted("id").read([name for name, field in rows._fields.items() if field.store])
            for rows in (statement.line_ids, statement.item_ids, statement.account_line_ids)
        ]


@freeze_time("2026-07-03 09:00:00")
class TestVoidedCopies(DeliveryCase):
    """Whoever got the statement hears that it is void; who did not, never gets it."""

    def setUp(self):
        super().setUp()
        self.statement = self._statement(JUNE, issue=True)
        self.statement.void_reason = REASON

    def _copy(self, user):
        return self.statement.delivery_ids.filtered(lambda copy: copy.user_id == user)

    def test_mails_are_cancelled_and_holders_are_told(self):
        """Ann's mail is sent, Bob's waits, Tom's is not made: Ann is told, Bob's and Tom's never go out."""
        (self._copy(self.ann) | self._copy(self.bob)).action_send()
        sent, waiting = self._copy(self.ann).mail_id, self._copy(self.bob).mail_id
        sent.state = "sent"

        self.statement.with_user(self.fay).action_void()

        self.assertEqual([sent.state, waiting.state], ["sent", "cancel"])
        states = {user: self._copy(user).state for user in (self.ann, self.bob, self.tom)}
        self.assertEqual(states, {self.ann: "queued", self.bob: "cancelled", self.tom: "cancelled"})
        told = self.env["mail.message"].sudo().search([("subject", "ilike", "is void"), ("body", "ilike", REASON)])
        self.assertEqual(told.notified_partner_ids, self.ann.partner_id)

    def test_copies_are_neither_sent_nor_shown_any_more(self):
        self.statement.action_void()
        copy = self._copy(self.ann)

        with self.assertRaisesRegex(UserError, "is void"):
            copy.action_send()
        with self.assertRaisesRegex(UserError, "is void"):
            copy.with_user(self.ann)._get_lines()
        with self.assertRaises(AccessError):
            self.statement.line_ids.with_user(self.ann).read(["closing"])
        self.assertEqual(len(self.statement.line_ids.with_user(self.fay).read(["closing"])), 3)

    def test_nobody_but_finance_voids(self):
        for user in (self.ann, self.tom, self.zoe):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.statement.with_user(user).action_void()
            with self.assertRaises(AccessError):
                self.statement.with_user(user).write({"void_reason": "Mine"})
        self.assertEqual(self.statement.state, "issued")

    def test_next_revision_goes_to_everyone(self):
        self.statement.action_void()
        again = self._statement(JUNE, issue=True)

        self.assertEqual(again.delivery_ids.user_id, self.statement.delivery_ids.user_id)
        self.assertEqual(set(again.delivery_ids.mapped("state")), {"pending"})
