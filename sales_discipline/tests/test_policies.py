# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import DisciplineCase

TEXT = "<p>On post by 08:25.</p>"


class PolicyCase(DisciplineCase):
    """Policies of the showroom: Ida owns and explains them; Gina is the general manager where a test names her."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gina = cls._user("gina")
        cls.rob = cls._employee("Rob")  # no user

    @classmethod
    def _policy(cls, name="Attendance", body=TEXT, **vals):
        return cls.env["sales.policy"].create({
            "name": name, "company_id": cls.company.id, "owner_id": cls.ida.id, "interpreter_id": cls.ida.id,
            "version_ids": [Command.create({"body": body})], **vals,
        })

    @classmethod
    def _issued(cls, name="Attendance", **vals):
        policy = cls._policy(name, **vals)
        policy.version_ids.with_user(cls.ida).action_issue()
        return policy

    @classmethod
    def _next_version(cls, policy, body="<p>On post by 08:15.</p>", **vals):
        return cls.env["sales.policy.version"].with_user(cls.ida).create({
            "policy_id": policy.id, "body": body, **vals,
        })

    def _seen(self, user, model="sales.policy.version", **domain):
        return self.env[model].with_user(user).search([("company_id", "=", self.company.id)])

    def _receipts(self, policy, employee=None):
        receipts = self.env["sales.policy.receipt"].search([("policy_id", "=", policy.id)], order="round, id")
        return receipts.filtered(lambda receipt: receipt.employee_id == employee) if employee else receipts

    def _tasks(self, user, xmlid):
        activity_type = self.env.ref(f"sales_discipline.activity_type_{xmlid}")
        return self.env["mail.activity"].search([
            ("user_id", "=", user.id), ("activity_type_id", "=", activity_type.id)])

    def _day_passes(self):
        with self._cron(), self.assertNoLogs("odoo.addons.sales_discipline.models.policy_cron", "ERROR"):
            self.env["sales.policy"]._cron_policies()


@tagged("post_install", "-at_install")
class TestPolicies(PolicyCase):
    """Policies as documents: whom they bind, their versions, who answers for them (POL)."""

    # --- whom it binds ---

    def test_all_sales_staff_whatever_the_post(self):
        """POL-01 scope=all sales staff: seller, leader, clerk and the man without a login are all bound."""
        policy = self._issued()
        bound = self._receipts(policy).employee_id
        self.assertEqual(
            bound, self.env["hr.employee"].search([("company_id", "=", self.company.id)]))
        self.assertLessEqual(self.ann | self.zoe | self.sue_employee | self.rob, bound)

    def test_field_staff_do_not_see_the_chapter_of_the_internal_posts(self):
        """CON example 2, CON-04: Ann of the field opens the policy list: chapter 3 is absent, by search, RPC and form."""
        internal, field = self.env["hr.department"].create([
            {"name": name, "company_id": self.company.id} for name in ("Internal posts", "Field")])
        desk = self.env["hr.department"].create({
            "name": "Desk", "company_id": self.company.id, "parent_id": internal.id})
        self.ann.department_id, self.bob.department_id = field, desk
        chapter = self._issued("Chapter 3", scope="department", department_ids=[Command.set(internal.ids)])
        common = self._issued("Chapter 2")
        ann, bob = self.ann.user_id, self.bob.user_id

        self.assertEqual(self._seen(ann).policy_id, common)
        self.assertEqual(self._seen(bob).policy_id, common | chapter)
        self.assertEqual(self._seen(ann, "sales.policy"), common)
        for record in (chapter, chapter.version_ids):
            with self.subTest(record=record), self.assertRaises(AccessError):
                record.with_user(ann).read(["display_name"])
        with self.assertRaises(AccessError):
            chapter.version_ids.with_user(ann).action_accept()
        self.assertEqual(self._receipts(chapter).employee_id, self.bob)

        self.ann.department_id = desk
        self.assertEqual(self._seen(ann).policy_id, common | chapter)

    def test_audiences(self):
        """POL-01: departments, jobs, teams and persons; a team's leader reads what binds his team."""
        job = self.env["hr.job"].create({"name": "Presales", "company_id": self.company.id})
        self.bob.job_id = job
        audiences = {
            "team": ({"team_ids": [Command.set(self.tom_team.ids)]}, self.zoe),
            "job": ({"job_ids": [Command.set(job.ids)]}, self.bob),
            "employee": ({"employee_ids": [Command.set((self.ann | self.rob).ids)]}, self.ann | self.rob),
        }
        for scope, (vals, people) in audiences.items():
            with self.subTest(scope=scope):
                policy = self._issued(scope, scope=scope, **vals)
                self.assertEqual(self._receipts(policy).employee_id, people)
                readers = {user for user in (self.ann | self.bob | self.zoe).user_id
                           if policy in self._seen(user, "sales.policy")}
                self.assertEqual(readers, set(people.user_id))
                self.assertEqual(policy in self._seen(self.tom, "sales.policy"), scope == "team")
        with self.assertRaises(ValidationError):
            self._policy("Nobody", scope="job")

    def test_drafts_are_not_for_everybody(self):
        policy = self._policy()
        self.assertFalse(self._seen(self.ann.user_id) | self._seen(self.carl) | self._seen(self.sue))
        self.assertEqual(self._seen(self.olga), policy.version_ids)
        with self.assertRaises(AccessError):
            self._policy().with_user(self.sue).name = "Mine"

    # --- versions ---

    @freeze_time("2026-06-20 02:00:00")
    def test_the_older_version_gives_way_and_is_kept(self):
        """POL-08, POL example 1 as a document: version 2 from 1 July; until 30 June version 1 binds; both are kept."""
        policy = self._issued()
        first = policy.version_ids
        self.assertEqual((first.number, first.valid_from, policy.version_id), (1, date(2026, 6, 20), first))
        second = self._next_version(policy, valid_from="2026-07-01")
        second.action_issue()
        self.assertEqual((first.valid_to, first.state, second.number), (date(2026, 6, 30), "in_force", 2))
        for today, binding, state in (
            ("2026-06-30", first, "in_force"), ("2026-07-01", second, "superseded"),
        ):
            with self.subTest(today=today), freeze_time(f"{today} 02:00:00"):
                self._day_passes()
                self.env.invalidate_all()
                self.assertEqual((policy.version_id, first.state), (binding, state))
        self.assertIn("08:25", first.body)
        self.assertIn(first, self._seen(self.ann.user_id))

    @freeze_time("2026-06-20 02:00:00")
    def test_a_version_does_not_bind_back_in_time(self):
        policy = self._issued()
        for day in ("2026-06-19", "2026-06-20"):
            version = self._next_version(policy, valid_from=day)
            with self.subTest(day=day), self.assertRaises(UserError):
                version.action_issue()

    def test_what_was_issued_is_changed_by_nobody(self):
        """POL-08: history kept: not by its author, not by an administrator, not by the system, not by its attachment."""
        policy = self._policy()
        version = policy.version_ids
        version.write({"document": base64.b64encode(b"%PDF-1.4 signed"), "document_name": "signed.pdf"})
        version.with_user(self.ida).action_issue()
        attachment = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", version._name), ("res_id", "=", version.id), ("res_field", "=", "document")])
        self.assertTrue(attachment)
        attempts = {
            "text": lambda: version.with_user(self.ida).write({"body": "<p>09:00</p>"}),
            "text by the system": lambda: version.write({"body": "<p>09:00</p>"}),
            "day": lambda: version.write({"valid_from": "2020-01-01"}),
            "state": lambda: version.with_user(self.ida).write({"state": "draft"}),
            "translation": lambda: version.with_user(self.ida).update_field_translations("body", {"en_US": {TEXT: "x"}}),
            "attachment": lambda: attachment.with_user(self.ida).write({"raw": b"%PDF-1.4 other"}),
            "delete": lambda: version.with_user(self.ida).unlink(),
            "delete policy": lambda: policy.with_user(self.ida).unlink(),
        }
        for name, attempt in attempts.items():
            with self.subTest(attempt=name), self.assertRaises(UserError):
                attempt()
        self.assertIn("08:25", version.body)

    def test_a_trial_binds_until_a_revised_version_appears(self):
        """POL-02 state=trial, binding."""
        policy = self._policy()
        with freeze_time("2026-06-01 02:00:00"):
            policy.version_ids.with_user(self.ida).action_issue_trial()
        self.assertEqual((policy.state, policy.version_id), ("trial", policy.version_ids))
        self.assertIn(self.ann, self._receipts(policy).employee_id)
        self.assertEqual(self._seen(self.ann.user_id), policy.version_ids)
        with freeze_time("2026-09-01 02:00:00"):
            revised = self._next_version(policy)
            revised.action_issue()
        self.assertEqual((policy.state, policy.version_ids.mapped("state")), ("in_force", ["in_force", "superseded"]))

    def test_withdrawn_without_a_successor(self):
        policy = self._issued()
        with self.assertRaises(AccessError):
            policy.version_ids.with_user(self.olga).action_withdraw()
        policy.version_ids.with_user(self.ida).action_withdraw()
        self.assertEqual((policy.state, set(self._receipts(policy).mapped("state"))), ("superseded", {"void"}))

    def test_a_policy_without_words_is_not_issued(self):
        policy = self._policy(body="<p><br></p>")
        with self.assertRaises(UserError):
            policy.version_ids.with_user(self.ida).action_issue()
        with self.assertRaises(ValidationError):
            policy.version_ids.document = base64.b64encode(b"PK\x03\x04 a spreadsheet")

    # --- how it is made ---

    def test_steps_of_a_draft(self):
        """POL-05: goal and scope, research, draft, test and assess; then it is issued, and revised by the next version."""
        policy = self._policy()
        draft = policy.version_ids.with_user(self.olga)
        steps = [step for step, _label in draft._fields["step"].selection]
        self.assertEqual((draft.step, len(steps)), ("goal", 4))
        for step in steps:
            draft.step = step
        draft.with_user(self.ida).action_issue()
        action = policy.with_user(self.olga).action_new_version()
        revised = self.env["sales.policy.version"].browse(action["res_id"])
        self.assertEqual((revised.number, revised.state, revised.step, revised.body), (2, "draft", "goal", TEXT))
        self.assertEqual(policy.with_user(self.olga).action_new_version()["res_id"], revised.id)

    @freeze_time("2026-06-20 02:00:00")
    def test_the_general_manager_is_consulted(self):
        """AUT-03, AUT-07: the sales administration proposes, the general manager agrees, the administrator issues."""
        self.company.discipline_general_manager_id = self.gina
        policy = self._policy()
        draft = policy.version_ids
        with self.assertRaises(UserError):
            draft.with_user(self.ida).action_issue()
        draft.with_user(self.olga).action_submit()
        self.assertEqual(len(self._tasks(self.gina, "policy_approve")), 1)
        for user in (self.olga, self.ida, self.sue):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                draft.with_user(user).action_approve()
        draft.with_user(self.gina).action_approve()
        self.assertFalse(self._tasks(self.gina, "policy_approve"))
        self.assertEqual(draft.approved_by_id, self.gina)

        draft.with_user(self.olga).body = "<p>On post by 07:00.</p>"
        with self.assertRaises(UserError):  # another text than the one approved
            draft.with_user(self.ida).action_issue()
        draft.with_user(self.olga).action_submit()
        draft.with_user(self.gina).action_return()
        self.assertFalse(draft.submitted_on)
        draft.with_user(self.olga).action_submit()
        draft.with_user(self.gina).action_approve()
        with self.assertRaises(AccessError):
            draft.with_user(self.olga).action_issue()
        draft.with_user(self.ida).action_issue()
        self.assertIn(self.gina.partner_id, policy.message_partner_ids)
        self.assertIn(self.gina.partner_id, policy.message_ids.notified_partner_ids)

    def test_nobody_approves_by_writing(self):
        """AUT-07: the approval is the server's to write."""
        self.company.discipline_general_manager_id = self.gina
        draft = self._policy().version_ids
        for name, value in (("approved_on", "2026-06-01 00:00:00"), ("approved_by_id", self.gina.id), ("state", "in_force")):
            with self.subTest(field=name), self.assertRaises(AccessError):
                draft.with_user(self.ida).write({name: value})
        forged = self.env["sales.policy.version"].with_user(self.ida).with_context(
            default_approved_on="2026-06-01 00:00:00", default_state="in_force"
        ).create({"policy_id": draft.policy_id.id, "body": TEXT})
        self.assertEqual((forged.approved_on, forged.state), (False, "draft"))
