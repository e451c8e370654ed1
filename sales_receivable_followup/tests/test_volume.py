# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time

from .volume_common import AFTER_MIDNIGHT, EVENING, SENT, VolumeCase, day, moment


class TestVolumeCheck(VolumeCase):
    """The salesperson checks his figures (VOL): 30 t sent on 5 July, 34 t are right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._goods(cls.of_ann, day("06-10"), (cls.paper, 30, cls.ton, 400))
        cls._pay(cls.invoice, 5000, day("06-20"))
        cls.statement = None

    def setUp(self):
        super().setUp()
        self.statement = self._send()
        self.check = self._check(self.statement, self.ann)
        self.line = self._line_of(self.check, self.of_ann)

    def _object(self, at=EVENING, user=None):
        with freeze_time(at):
            self._answer(user or self.ann, self.line, "4 t of 28 June are missing.")

    def _recheck(self, volume=34.0):
        with freeze_time("2026-07-06 01:00:00"):
            self._answer(self.fay, self.line, "Found the note.", volume=volume)

    def _escalate(self):
        with freeze_time("2026-07-06 02:00:00"):
            self._answer(self.ann, self.line, "It was 36 t.")

    def test_sent_with_the_statement(self):
        """VOL-01: volume and collections per customer, to answer until 24:00 in Shanghai, by activity and mail."""
        self.assertEqual(
            [self.line.volume, self.line.collections, self.line.missing_weight], [30.0, 5000.0, 1],
            "the invoice of 100 without a product has no weight, which is said",
        )
        self.assertEqual(
            [self.check.state, self.check.sent_at, self.check.last_day, self.check.deadline, self.check.is_late],
            ["sent", moment(SENT), day("07-05"), moment("2026-07-05 16:00:00"), False],
        )
        self.assertEqual(self.check.activity_ids.user_id, self.ann)
        mail = self.env["mail.mail"].search([("model", "=", "sales.volume.check"), ("res_id", "=", self.check.id)])
        self.assertIn("30.000 t", mail.body_html)
        self.assertEqual(mail.recipient_ids, self.ann.partner_id)

    def test_once_however_often_the_action_runs(self):
        before = self.env["sales.volume.check"].search([])
        with freeze_time("2026-07-05 03:00:00"):
            self._run_cron("volume_check_cron")
        self.assertEqual(self.env["sales.volume.check"].search([]), before)
        with self.assertRaisesRegex(UserError, "already"):
            self.statement.with_user(self.fay).action_send_volume()

    def test_objection_at_half_past_eleven(self):
        """VOL ex. 1: sent 5 July 10:00, objection 5 July 23:30: finance checks again."""
        self._object()

        self.assertEqual([self.line.state, self.check.state], ["objected", "disputed"])
        self.assertEqual(self.check.activity_ids.user_id, self.fay, "who issued the statement looks again")
        self.assertIn("28 June", self.check.message_ids[0].body)
        self.assertIn(self.fay.partner_id, self.check.message_ids[0].partner_ids)

    def test_objection_after_midnight_is_refused(self):
        """VOL ex. 1: 6 July 00:01: refused, figures locked, even before the scheduled action has come round."""
        with freeze_time(SENT):
            action = self.line.with_user(self.ann).action_answer()
            dialog = self.env["sales.volume.answer"].with_user(self.ann).with_context(**action["context"])
            answer = dialog.create({"reason": "Too late"})
        with freeze_time(AFTER_MIDNIGHT):
            self.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "24:00"):
                answer.action_apply()
            with self.assertRaises(UserError):
                self.line.with_user(self.ann).action_answer()
            with self.assertRaisesRegex(UserError, "24:00"):
                self.check.with_user(self.ann).action_accept()
        self.assertEqual([self.line.state, self.check.state], ["open", "sent"])

    def test_the_last_second_counts(self):
        self._object(at="2026-07-05 16:00:00")
        self.assertEqual(self.check.state, "disputed")

    def test_silence_accepts(self):
        """VOL-04: nothing at 23:59, accepted and locked after midnight."""
        with freeze_time("2026-07-05 15:59:00"):
            self._run_cron("volume_check_cron")
        self.assertEqual(self.check.state, "sent")
        with freeze_time(AFTER_MIDNIGHT):
            self._run_cron("volume_check_cron")
        self.assertEqual([self.check.state, self.check.silent, bool(self.check.activity_ids)], ["accepted", True, False])

    def test_more_days_if_the_company_says_so(self):
        """VOL-02 with one day more: the objection of 6 July 00:01 counts."""
        self.statement.void_reason = "Again"
        self.statement.action_void()
        self.company.volume_answer_days = 1
        check = self._check(self._send(), self.ann).filtered(lambda row: row.state == "sent")
        self.line = self._line_of(check, self.of_ann)
        self._object(at=AFTER_MIDNIGHT)
        self.assertEqual([self.check.state, check.state, check.last_day], ["void", "disputed", day("07-06")])

    def test_accepted_by_button(self):
        with freeze_time(EVENING):
            self.check.with_user(self.ann).action_accept()
        self.assertEqual([self.check.state, self.check.silent], ["accepted", False])

    def test_second_look_keeps_both_values(self):
        """VOL ex. 2: re-check changes 30 t to 34 t: both are kept; she agrees and it is settled."""
        self._object()
        self._recheck()
        self.assertEqual(
            [self.line.volume, self.line.volume_rechecked, self.line.volume_final, self.line.answer],
            [30.0, 34.0, 34.0, "Found the note."],
        )
        self.assertEqual([self.line.answered_by_id, self.check.state], [self.fay, "rechecked"])
        self.assertEqual(self.check.activity_ids.user_id, self.ann)
        self.assertEqual([self.check.volume, self.check.volume_final, self.check.answer_last_day], [30, 34, day("07-06")])
        with freeze_time("2026-07-06 02:00:00"):
            self.check.with_user(self.ann).action_accept()
        self.assertEqual([self.line.state, self.check.state, self.check.silent], ["agreed", "settled", False])

    def test_silence_after_the_second_look_agrees(self):
        self._object()
        self._recheck()
        with freeze_time("2026-07-06 16:01:00"):
            self._run_cron("volume_check_cron")
        self.assertEqual([self.check.state, self.check.silent, self.line.volume_final], ["settled", True, 34.0])

    def test_still_disagreed_goes_to_the_manager(self):
        """VOL ex. 2, VOL-03: the unresolved rest goes to Tom, who decides 35 t with a reason."""
        self._object()
        self._recheck()
        self._escalate()
        self.assertEqual([self.check.state, self.check.activity_ids.user_id], ["escalated", self.tom])
        with freeze_time("2026-07-07 02:00:00"):
            self._answer(self.tom, self.line, "Both weighed it: 35 t.", volume=35.0)
        self.assertEqual(
            [self.line.volume, self.line.volume_rechecked, self.line.volume_decided, self.line.volume_final],
            [30.0, 34.0, 35.0, 35.0],
        )
        self.assertEqual([self.check.state, self.line.decided_by_id], ["settled", self.tom])
        self.assertFalse(self.check.activity_ids)

    def test_finance_takes_it_from_the_ledger(self):
        """4 t are entered and 1,000 paid after the statement: the button reads both, live, for this customer alone."""
        later = self._goods(self.of_ann, day("06-28"), (self.paper, 4000, self.paper.uom_id, 1))
        self._goods(self.of_bob, day("06-28"), (self.paper, 9, self.ton, 400))
        self._pay(later, 1000, day("06-29"))
        self._object()
        action = self.line.with_user(self.fay).action_answer()
        dialog = self.env["sales.volume.answer"].with_user(self.fay).with_context(**action["context"])
        answer = dialog.create({"reason": "Entered late."})
        answer.action_recompute()
        self.assertEqual([answer.volume, answer.collections], [34.0, 6000.0])
        with freeze_time("2026-07-06 01:00:00"):
            answer.action_apply()
        self.assertEqual([self.line.volume, self.line.collections], [30.0, 5000.0])
        self.assertEqual([self.line.volume_final, self.line.collections_final], [34.0, 6000.0])

    def test_nobody_decides_his_own(self):
        """Ann is in finance too and sales administrator: neither second look nor decision about her own figures."""
        self.ann.group_ids |= self.env.ref("sales_receivable_followup.group_arrears_finance")
        self._object()
        with self.assertRaises(UserError):
            self.line.with_user(self.ann).action_answer()
        self.assertFalse(self.line.with_user(self.ann).next_step)
        self._recheck()
        self.check.sudo()._set({"manager_id": False})
        self.ann.group_ids |= self.env.ref("sales_team.group_sale_manager")
        self._escalate()
        self.assertNotIn(self.ann, self.check._deciders())
        with self.assertRaises(UserError):
            self.line.with_user(self.ann)._answer("decide", "Mine", 99, 99)

    def test_without_a_manager_sales_administration_decides(self):
        self.north.user_id = False
        self.check.sudo()._set({"manager_id": False})
        self._object()
        self._recheck()
        self._escalate()
        self.assertIn(self.sam, self.check._deciders())
        with self.assertRaises(AccessError):
            self.line.with_user(self.tom).read(["volume"])
        with freeze_time("2026-07-07 02:00:00"):
            self._answer(self.sam, self.line, "34 t it is.")
        self.assertEqual([self.check.state, self.line.volume_final], ["settled", 34.0])

    def test_each_step_belongs_to_one_role(self):
        """Server-side, whatever button the client shows."""
        steps = {"object": self._object, "recheck": self._recheck, "escalate": self._escalate}
        entitled = {"object": self.ann, "recheck": self.fay, "escalate": self.ann, "decide": self.tom}
        for question, user in entitled.items():
            for other in (self.ann | self.bob | self.tom | self.fay | self.zoe) - user:
                with (
                    self.subTest(question=question, user=other.login), freeze_time(EVENING),
                    self.assertRaises(UserError),
                ):
                    self.line.with_user(other)._answer(question, "Because", 1.0, 1.0)
            if question in steps:
                steps[question]()

    def test_a_reason_is_needed(self):
        with freeze_time(EVENING), self.assertRaisesRegex(UserError, "say why"):
            self.line.with_user(self.ann)._answer("object", "  ", 0, 0)

    def test_locked_means_locked(self):
        """Nothing is written past the methods: not by RPC, not by the superuser; settled takes no step more."""
        for record, vals in ((self.check, {"state": "sent"}), (self.line, {"volume": 1.0})):
            for user in (self.ann, self.fay, self.env.user):
                with self.subTest(record=record._name, user=user.login):
                    with self.assertRaises(UserError):
                        record.with_user(user).write(vals)
                    with self.assertRaises(UserError):
                        record.with_user(user).unlink()
            with self.assertRaises(UserError):
                record.sudo().write(vals)
            with self.assertRaises(UserError):
                record.sudo().unlink()
        with freeze_time(EVENING):
            self.check.with_user(self.ann).action_accept()
            for question in ("object", "recheck", "escalate", "decide"):
                for user in (self.ann, self.fay, self.tom):
                    with self.assertRaises(UserError):
                        self.line.with_user(user)._answer(question, "Because", 1.0, 1.0)
            with self.assertRaises(UserError):
                self.check.with_user(self.ann).action_accept()

    def test_void_statement_takes_its_figures_along(self):
        self._object()
        self.statement.void_reason = "Wrong month"
        self.statement.action_void()
        self.assertEqual([self.check.state, self.check.activity_ids.ids], ["void", []])
        with freeze_time(EVENING), self.assertRaises(UserError):
            self.line.with_user(self.fay)._answer("recheck", "Because", 1.0, 1.0)
