# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import doctest
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import BaseCase, freeze_time, tagged

from ..engine import reading as engine
from .test_policies import PolicyCase


@tagged("post_install", "-at_install")
class TestReceiptEngine(BaseCase):
    """When a person is asked to accept a policy (POL-06, CON-01)."""

    def test_doctests(self):
        result = doctest.testmod(engine)
        self.assertGreater(result.attempted, 0)
        self.assertFalse(result.failed)

    @settings(deadline=None, derandomize=True, database=None)
    @given(st.integers(0, 24), st.lists(st.integers(1, 400), max_size=12))
    def test_asked_again_exactly_when_the_last_acceptance_is_old(self, months, gaps):
        """Day by day, against a plain diary: who accepts at once is asked again after so many months, never before."""
        today, accepted = date(2026, 1, 31), []
        for gap in gaps:
            today += timedelta(days=gap)
            state = "accepted" if accepted else None
            number = engine.next_round(state, len(accepted), accepted and accepted[-1], months, today)
            due = not accepted or (months and today >= accepted[-1] + relativedelta(months=months))
            self.assertEqual(number, len(accepted) + 1 if due else None)
            if number:
                accepted.append(today)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 02:00:00")  # Monday
class TestPolicyReceipts(PolicyCase):
    """Informed, with a receipt; reminded; reviewed; explained (POL-03, POL-06, POL-07, POL-09, CON-01, SAN-10)."""

    def setUp(self):
        super().setUp()
        self.policy = self._issued("Rewards and penalties")
        self.version = self.policy.version_ids

    def _accept(self, user):
        return self.version.with_user(user).action_accept()

    # --- read and accept ---

    def test_everybody_reads_and_accepts_himself(self):
        """POL-06, SAN-10: the system of rewards and penalties is known: Ann's task, her receipt, nobody else's."""
        ann = self.ann.user_id
        self.assertEqual(len(self._tasks(ann, "policy_read")), 1)
        self.assertEqual(self._tasks(ann, "policy_read").date_deadline, date(2026, 6, 8))
        mine = self.version.with_user(ann)
        self.assertEqual((mine.to_accept, mine.my_due_on), (True, date(2026, 6, 8)))
        self.assertEqual(mine.search([("to_accept", "=", True)]), mine)
        self._accept(ann)

        receipt = self._receipts(self.policy, self.ann)
        self.assertEqual((receipt.state, receipt.accepted_by_id, receipt.on_paper), ("accepted", ann, False))
        self.assertFalse(self._tasks(ann, "policy_read"))
        self.assertFalse(mine.search([("to_accept", "=", True)]))
        self.assertEqual(len(self._tasks(self.bob.user_id, "policy_read")), 1)
        self.assertEqual(set((self._receipts(self.policy) - receipt).mapped("state")), {"pending"})
        with self.assertRaises(UserError):
            self._accept(ann)

    def test_nobody_accepts_for_somebody_else(self):
        receipt = self._receipts(self.policy, self.ann)
        for user in (self.bob.user_id, self.sue, self.carl, self.olga, self.ida):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                receipt.with_user(user).action_accept()
        for user in (self.ann.user_id, self.ida):
            with self.subTest(writes=user.name), self.assertRaises(AccessError):
                receipt.with_user(user).write({"state": "accepted"})
        with self.assertRaises(UserError):
            receipt.unlink()

    def test_on_paper_for_people_without_a_user(self):
        """POL-06: the clerk records Rob's signature; the supervisor cannot."""
        receipt = self._receipts(self.policy, self.rob)
        with self.assertRaises(AccessError):
            receipt.with_user(self.sue).action_accept()
        receipt.with_user(self.carl).action_accept()
        self.assertEqual((receipt.state, receipt.on_paper, receipt.accepted_by_id), ("accepted", True, self.carl))

    def test_who_sees_whose_receipts(self):
        seen = {
            self.ann.user_id: self.ann, self.sue: self.ann | self.bob | self.sue_employee, self.tom: self.zoe,
            self.carl: self._receipts(self.policy).employee_id,
        }
        for user, people in seen.items():
            with self.subTest(user=user.name):
                self.assertEqual(self._seen(user, "sales.policy.receipt").sudo().employee_id, people)

    def test_one_receipt_for_a_version_and_a_person(self):
        """Issued, and the daily work done twice: still one; who joins is asked, who leaves the audience no longer."""
        count = len(self._receipts(self.policy))
        self._day_passes()
        self._day_passes()
        self.assertEqual(len(self._receipts(self.policy)), count)
        kim = self._salesperson("kim", self.sue_team)
        self._day_passes()
        self.assertEqual(len(self._tasks(kim.user_id, "policy_read")), 1)

        self.policy.write({"scope": "team", "team_ids": [Command.set(self.tom_team.ids)]})
        self._day_passes()
        self.assertEqual(self._receipts(self.policy, kim).state, "void")
        self.assertFalse(self._tasks(kim.user_id, "policy_read"))
        self.policy.scope = "company"
        self._day_passes()
        self.assertEqual(self._receipts(self.policy, kim).state, "pending")
        self.assertEqual(len(self._tasks(kim.user_id, "policy_read")), 1)

    def test_a_new_version_is_read_anew(self):
        """POL-08: what was not read of the older version need not be read any more; what was accepted is kept."""
        self._accept(self.ann.user_id)
        with freeze_time("2026-06-10 02:00:00"):
            second = self._next_version(self.policy)
            second.action_issue()
        self.assertEqual(self._receipts(self.policy, self.ann).mapped("state"), ["accepted", "pending"])
        self.assertEqual(self._receipts(self.policy, self.bob).mapped("state"), ["void", "pending"])
        self.assertEqual(len(self._tasks(self.bob.user_id, "policy_read")), 1)

    def test_secrets_are_accepted_every_year(self):
        """CON-01: accepted on 3 June 2026, again from 3 June 2027 on."""
        self.policy.repeat_months = 12
        with freeze_time("2026-06-03 02:00:00"):
            self._accept(self.ann.user_id)
        for today, states in (("2027-06-02", ["accepted"]), ("2027-06-03", ["accepted", "pending"])):
            with self.subTest(today=today), freeze_time(f"{today} 02:00:00"):
                self._day_passes()
                self.assertEqual(self._receipts(self.policy, self.ann).mapped("state"), states)
        with freeze_time("2027-06-05 02:00:00"):
            self._accept(self.ann.user_id)
        self.assertEqual(self._receipts(self.policy, self.ann).mapped("round"), [1, 2])
        self.assertEqual(self._receipts(self.policy, self.ann).mapped("state"), ["accepted", "accepted"])

    def test_who_has_not_is_reminded_once(self):
        """POL-06: 7 days to read; on the 9th Bob is reminded, Ida told how many; Ann has accepted."""
        self._accept(self.ann.user_id)
        bob = self._receipts(self.policy, self.bob)
        with freeze_time("2026-06-08 02:00:00"):
            self._day_passes()
            self.assertFalse(bob.reminded_on)
        for today in ("2026-06-09", "2026-06-10"):
            with freeze_time(f"{today} 02:00:00"):
                self._day_passes()
                late = self._receipts(self.policy).search([("is_late", "=", True), ("policy_id", "=", self.policy.id)])
        self.assertEqual(late.employee_id, self._receipts(self.policy).employee_id - self.ann)
        self.assertEqual(bob.reminded_on, date(2026, 6, 9))
        messages = self.env["mail.message"].search([
            ("model", "=", self.version._name), ("res_id", "=", self.version.id),
            ("message_type", "=", "user_notification"),
            ("notified_partner_ids", "in", self.bob.user_id.partner_id.ids)])
        self.assertEqual(len(messages), 1)
        self.assertNotIn(self.ann.user_id.partner_id, messages.notified_partner_ids)
        task = self._tasks(self.ida, "policy_late")
        self.assertEqual(len(task), 1)
        self.assertIn(str(len(late)), task.summary)

    # --- review and effect ---

    def test_yearly_review(self):
        """POL-03, POL-07 review=12 months: from 1 June 2027 on the owner is asked, once; reviewed: in another year."""
        self.assertEqual(self.policy.next_review_on, date(2027, 6, 1))
        for today, tasks in (("2027-05-31", 0), ("2027-06-01", 1), ("2027-06-02", 1)):
            with self.subTest(today=today), freeze_time(f"{today} 02:00:00"):
                self._day_passes()
                self.assertEqual(len(self._tasks(self.ida, "policy_review")), tasks)
        with freeze_time("2027-06-10 02:00:00"):
            with self.assertRaises(AccessError):
                self.policy.with_user(self.sue).action_reviewed()
            self.policy.with_user(self.ida).action_reviewed()
            self._day_passes()
        self.assertEqual(self.policy.next_review_on, date(2028, 6, 10))
        self.assertFalse(self._tasks(self.ida, "policy_review"))

    def test_effect_of_a_policy(self):
        """POL-07: three entries of its rule, one waived: 3 entries, a third of what was decided lifted."""
        self.rule.policy_id = self.policy
        self.assertEqual(self.policy.rule_ids, self.rule)
        for day in (2, 3, 4):
            self._punch(self.ann, f"2026-06-0{day} 08:40")
        self._run()
        entries = self._entries(self.ann)
        entries[0].with_user(self.sue).decide("waive", "The bus")
        for entry in entries[1:]:
            entry.with_user(self.ann.user_id).action_accept()
        self.assertEqual((self.policy.entry_count, self.policy.lifted_share), (3, 33))
        domain = self.policy.action_view_entries()["domain"]
        self.assertEqual(self.env["sales.discipline.violation"].search(domain), entries)

    # --- interpretation ---

    def test_the_interpreter_answers_and_it_is_kept(self):
        """POL-09 interpreter=MGR: Ann asks, Sue answers, Bob reads it with the policy; it stays as it is."""
        self.policy.interpreter_id = self.sue
        action = self.policy.with_user(self.ann.user_id).action_ask()
        question = self.env["sales.policy.question"].with_user(self.ann.user_id).with_context(
            **action["context"]).create({"question": "Does 08:25 mean at the door?"})
        self.assertEqual(len(self._tasks(self.sue, "policy_question")), 1)
        for user in (self.ann.user_id, self.bob.user_id, self.ida):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                question.with_user(user).answer = "At the door"
        question.with_user(self.sue).answer = "At the post"
        self.assertFalse(self._tasks(self.sue, "policy_question"))
        self.assertEqual((question.answered_by_id, question.answered_on.date()), (self.sue, date(2026, 6, 1)))
        self.assertIn("At the post", self.policy.with_user(self.bob.user_id).question_ids.mapped("answer"))
        for vals in ({"answer": "Somewhere"}, {"question": "Does it matter?"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                question.with_user(self.sue).write(vals)

    def test_nobody_asks_about_what_is_not_for_him(self):
        self.policy.write({"scope": "team", "team_ids": [Command.set(self.tom_team.ids)]})
        with self.assertRaises(AccessError):
            self.env["sales.policy.question"].with_user(self.ann.user_id).create({
                "policy_id": self.policy.id, "question": "What does it say?"})

    # --- size ---

    def test_queries_do_not_grow_with_the_people(self):
        """Design 6.6: issuing for 40 people more costs as many queries."""
        def queries():
            policy = self._policy("Size")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            policy.version_ids.with_user(self.ida).action_issue()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        people = [self._employee(f"Person {number}") for number in range(40)]
        many = queries()
        self.assertGreaterEqual(len(self.env["sales.policy.receipt"].search([
            ("employee_id", "in", [person.id for person in people])])), 40)
        self.assertLessEqual(many, few + 2)
