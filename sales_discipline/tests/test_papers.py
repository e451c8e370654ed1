# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from base64 import b64decode, b64encode
from datetime import date

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..engine.ladder import Effect
from .common import DisciplineCase

NOW = "2026-06-03 02:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestPapers(DisciplineCase):
    """SAN-11: the person is told in his language, acknowledges, and appeals with papers that only deciders open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.external_report_layout_id = cls.env.ref("web.external_layout_standard")
        cls.wang = cls._employee("Wang")
        for person in (cls.ann, cls.bob, cls.wang):
            cls._punch(person, "2026-06-03 08:40")
        cls._run()

    def setUp(self):
        super().setUp()
        self._tell()
        self.entry = self._entries(self.ann)

    def _upload(self, user, name="metro.txt", content=b"Line 1 stood still", **vals):
        """What the upload widget of the dialog does."""
        return self.env["ir.attachment"].with_user(user).create({
            "name": name, "raw": content, "res_model": "sales.discipline.decision", "res_id": 0, **vals,
        })

    def _text(self, user, entry):
        content, _type = self.env["ir.actions.report"].with_user(user)._render_qweb_html(
            "sales_discipline.report_violation", entry.ids)
        return " ".join(html.fromstring(content).text_content().split())

    def _money(self, amount):
        return " ".join(self.company.currency_id.format(amount).split())

    # --- papers ---

    def test_appeal_with_a_photo(self):
        """By the dialog: Ann and the decider read it, her colleague, another leader and the clerk do not."""
        upload = self._upload(self.ann.user_id)
        action = self.entry.with_user(self.ann.user_id).action_appeal()
        self.env["sales.discipline.decision"].with_user(self.ann.user_id).with_context(**action["context"]).create({
            "note": "The metro stood still", "attachment_ids": [(6, 0, upload.ids)],
        }).action_apply()
        paper = self.entry.paper_ids
        self.assertEqual((self.entry.state, paper.name, paper.kind), ("appealed", "metro.txt", "appeal"))
        self.assertFalse(upload.exists())
        stored = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", paper._name), ("res_id", "=", paper.id), ("res_field", "=", "content")])
        for user in (self.ann.user_id, self.sue, self.olga):
            self.assertEqual(b64decode(paper.with_user(user).content), b"Line 1 stood still", user.name)
            stored.with_user(user).check_access("read")
        for user in (self.bob.user_id, self.tom, self.carl):
            with self.assertRaises(AccessError):
                paper.with_user(user).read(["content"])
            with self.assertRaises(AccessError):
                stored.with_user(user).check_access("read")

    def test_nobody_claims_the_file_of_another_by_its_number(self):
        """Over RPC: Ann names a file of Bob's; nothing happens, nothing is copied, the file stays his."""
        foreign = self._upload(self.bob.user_id, "secret.txt", b"Bob's")
        self.env.flush_all()
        with self.assertRaises(AccessError):
            self.entry.with_user(self.ann.user_id).appeal("Mine", foreign.ids)
        with self.assertRaises(AccessError):
            self.entry.with_user(self.ann.user_id).acknowledge(foreign.ids)
        self.assertEqual((self.entry.state, len(self.entry.paper_ids)), ("notified", 0))
        self.assertEqual(foreign.create_uid, self.bob.user_id)

    def test_papers_are_not_changed(self):
        self.entry.with_user(self.ann.user_id).appeal("Why me", self._upload(self.ann.user_id).ids)
        paper = self.entry.paper_ids
        for user in (self.ann.user_id, self.sue, self.olga, self.ida):
            with self.assertRaises(AccessError):
                paper.with_user(user).write({"content": b64encode(b"forged")})
            with self.assertRaises(AccessError):
                paper.with_user(user).unlink()
            with self.assertRaises(AccessError):
                paper.with_user(user).create({"violation_id": self.entry.id, "name": "x", "content": b64encode(b"x")})

    # --- receipt ---

    def test_acknowledging_is_not_accepting(self):
        """The date is kept, the entry waits for an answer as before, and she can still appeal."""
        entry = self.entry.with_user(self.ann.user_id)
        self.assertTrue(entry.can_acknowledge)
        entry.action_acknowledge()
        self.assertEqual(str(self.entry.acknowledged_on), NOW)
        self.assertEqual((self.entry.acknowledged_by_id, self.entry.state, self.entry.answer),
                         (self.ann.user_id, "notified", False))
        with self.assertRaisesRegex(UserError, "already"):
            entry.action_acknowledge()
        entry.appeal("Why me")

    def test_only_for_oneself(self):
        for user in (self.bob.user_id, self.sue):
            with self.assertRaises(AccessError):
                self.entry.with_user(user).action_acknowledge()
        with self.assertRaisesRegex(UserError, "attach"):
            self.entry.with_user(self.carl).acknowledge()

    def test_the_clerk_files_the_signed_letter(self):
        """Wang has no user: after the letter is handed over the clerk records his signature with a scan."""
        entry = self._entries(self.wang)
        with self.assertRaisesRegex(UserError, "no notice"):
            entry.with_user(self.carl).acknowledge()
        entry.with_user(self.carl).action_mark_printed()
        action = entry.with_user(self.carl).action_file_receipt()
        self.env["sales.discipline.decision"].with_user(self.carl).with_context(**action["context"]).create({
            "attachment_ids": [(6, 0, self._upload(self.carl, "signed.pdf", b"%PDF-1.4").ids)],
        }).action_apply()
        self.assertEqual((entry.acknowledged_by_id, entry.state), (self.carl, "notified"))
        self.assertEqual((entry.paper_ids.kind, entry.paper_ids.with_user(self.carl).name), ("signed", "signed.pdf"))

    # --- letter and mail ---

    def test_warning_letter(self):
        """Rule, what was seen, what follows, what one more costs, until when it counts, deadline, how to appeal."""
        text = self._text(self.ann.user_id, self.entry)
        for part in (
            "Warning Letter: Late", "Arrived at 08:40:00, expected by 08:25: 15 min late.",
            f"One more would cost {self._money(20)}",
            "This one counts until 06/30/2026", "You can answer until 06/08/2026", "press Appeal",
            "By signing I do not accept the facts.", "Signature",
        ):
            self.assertIn(part, text)
        self.ann.tz = "America/New_York"
        self.assertIn("You can answer until 06/08/2026 11:59 PM", self._text(self.ann.user_id, self.entry))
        self.entry.with_user(self.ann.user_id).action_acknowledge()
        self.assertIn("Receipt acknowledged on 06/03/2026", self._text(self.ann.user_id, self.entry))
        self.assertIn("give it to the info clerk", self._text(self.carl, self._entries(self.wang)))

    def test_letter_says_what_was_answered(self):
        """SAN-11: after the answer the letter has no form to fill in, but what the person has said."""
        self.entry.with_user(self.ann.user_id).appeal("The metro stood still")
        text = self._text(self.ann.user_id, self.entry)
        self.assertIn("Appealed The metro stood still", text)
        self.assertNotIn("I appeal, because", text)
        self.assertNotIn("You can answer", text)

    def test_paper_of_a_merit(self):
        """SAN-09: what a manager proposes in somebody's favour is no offence, and needs no answer."""
        merit = self.env["sales.discipline.violation"].with_user(self.sue)._propose(
            self.ann, date(2026, 6, 2), "merit", Effect(points=-5), "Found a new customer")
        text = self._text(self.sue, merit)
        self.assertIn("Points given back 5", text)
        for wrong in ("Occurrence", "Sanction", "Appeals", "You can answer", "Acknowledgement"):
            self.assertNotIn(wrong, text)

    def test_the_letter_of_a_colleague_is_not_printed(self):
        for user in (self.bob.user_id, self.tom):
            with self.assertRaises(AccessError):
                self._text(user, self.entry)

    def test_notice_by_mail_as_the_company_wants_it(self):
        """One e-mail to who has a user and an address, none when the company switched it off."""
        mails = self.env["mail.mail"].search([("model", "=", self.entry._name), ("res_id", "in", self._entries().ids)])
        self.assertEqual(mails.recipient_ids, (self.ann | self.bob).user_id.partner_id)
        [mail] = mails.filtered(lambda mail: mail.res_id == self.entry.id)
        self.assertIn("Late, 06/03/2026: please answer", mail.subject)
        text = " ".join(html.fromstring(mail.body_html).text_content().split())
        self.assertIn("15 min late", text)
        self.assertIn(f"One more would cost: {self._money(20)}.", text)
        self.assertIn("until 6/8/26, 11:59", text)
        self.assertIn(f"/odoo/my-violations/{self.entry.id}", mail.body_html)

        self.company.discipline_notice_mail = False
        self._punch(self.zoe, "2026-06-03 08:40")
        self._run()
        self._tell()
        zoe = self._entries(self.zoe)
        self.assertEqual(zoe.state, "notified")
        self.assertFalse(self.env["mail.mail"].search([("model", "=", zoe._name), ("res_id", "=", zoe.id)]))

    def test_a_mail_that_fails_stops_no_notice(self):
        self.patch(self.registry["mail.template"], "send_mail_batch", lambda *args, **kwargs: 1 / 0)
        self._punch(self.zoe, "2026-06-03 08:40")
        self._run()
        with self.assertLogs("odoo.addons.sales_discipline.models.violation_letter", "ERROR"):
            self._tell()
        self.assertEqual(self._entries(self.zoe).state, "notified")
