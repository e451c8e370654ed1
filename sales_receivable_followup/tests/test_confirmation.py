# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
from urllib.parse import parse_qs, urlsplit

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import JUNE, ArrearsCase, day

LETTER = "sales_receivable_followup.report_arrears_confirmation"
ASKED, ANSWER_TIME = "2026-07-03 09:00:00", "2026-07-05 10:00:00"


class ConfirmationCase(ArrearsCase):
    """Ann sells to Acme, Bob to Borealis; Fay of finance asks both to confirm June: 900.00 each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bob = cls._user("ann"), cls._user("bob")
        cls.fay = cls._user("fay", "sales_receivable_followup.group_arrears_finance")
        cls.acme = cls._customer("Acme", user=cls.ann, email="acme@example.com")
        cls.borealis = cls._customer("Borealis", user=cls.bob, email="borealis@example.com")
        cls.env["sales.customer.assignment"].search([]).date_from = day("01-01")
        for customer in (cls.acme, cls.borealis):
            cls._invoice(customer, 300, day("05-10"), due=day("06-09"))
            cls._pay(cls._invoice(customer, 1000, day("06-02"), due=day("07-02")), 400, day("06-20"))
        with freeze_time(ASKED):
            cls.statement = cls.env["sales.arrears.statement"].with_user(cls.fay).create({"month": JUNE})
            cls.statement.action_issue()

    def _ask(self):
        with freeze_time(ASKED):
            self.statement.action_ask_customers()
            self._run_cron()
        return self._of(self.acme), self._of(self.borealis)

    def _run_cron(self):
        cron = self.env.ref("sales_receivable_followup.arrears_confirmation_cron")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _of(self, customer):
        return self.statement.sudo().confirmation_ids.filtered(lambda row: row.customer_id == customer.id)

    def _events(self, confirmation):
        return [(log.event, log.by_token) for log in confirmation.log_ids.sorted("id")]


class TestConfirmation(ConfirmationCase):
    """Customers are asked, reminded once and listed; only finance asks, nobody but the customer answers (ARS-04)."""

    def test_each_customer_is_asked_once_by_mail_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["sales_receivable_followup"], ["zh_CN"])
        self.acme.lang = "zh_CN"
        acme, borealis = self._ask()
        self.statement.action_ask_customers()

        self.assertEqual(len(self.statement.confirmation_ids), 2)
        self.assertEqual([acme.state, acme.user_id, str(acme.sent_at)], ["sent", self.ann, ASKED])
        self.assertEqual(str(acme.token_expires_at), "2026-08-02 09:00:00", "30 days after it was sent")
        self.assertGreaterEqual(len(acme.token), 40)
        self.assertNotEqual(acme.token, borealis.token)
        self.assertEqual(acme.mail_id.recipient_ids, self.acme)
        for figure in ("900.00", acme.token):
            self.assertIn(figure, acme.mail_id.body_html)
        self.assertIn("对账", acme.mail_id.subject)
        self.assertNotIn("Borealis", acme.mail_id.body_html)

    def test_customer_without_address_is_listed_with_the_reason(self):
        self.acme.email = False
        acme, borealis = self._ask()

        self.assertEqual([acme.state, borealis.state], ["failed", "sent"])
        self.assertIn("no email address", acme.error)
        self.acme.email = "acme@example.com"
        acme.with_user(self.fay).action_send()
        self._run_cron()
        self.assertEqual([acme.state, acme.error], ["sent", False])

    def test_reminded_once_after_seven_days(self):
        """7 days: not on the 6th, on the 7th once; who has answered is not reminded."""
        acme, borealis = self._ask()
        with freeze_time(ANSWER_TIME):
            borealis._answer(True, answer="confirmed", name="Bo", reason="", ip_address="1.2.3.4")
        for moment in ("2026-07-10 08:59:00", "2026-07-10 09:00:00", "2026-07-20 09:00:00"):
            with freeze_time(moment):
                self._run_cron()

        self.assertEqual([str(acme.reminded_at), borealis.reminded_at], ["2026-07-10 09:00:00", False])
        self.assertIn("once more", acme.mail_id.body_html)
        unanswered = self.env["sales.arrears.confirmation"].with_user(self.fay).search([
            ("state", "=", "sent"), ("reminded_at", "!=", False),
        ])
        self.assertEqual(unanswered, acme)

    def test_addresses_are_forgotten_after_a_year(self):
        """An answer of 5 July 2026 keeps its IP address until 5 July 2027, its name and time for good."""
        acme, _borealis = self._ask()
        with freeze_time(ANSWER_TIME):
            acme._answer(True, answer="confirmed", name="Al", reason="", ip_address="1.2.3.4")
        for moment, address in (("2027-07-05 10:00:00", "1.2.3.4"), ("2027-07-05 10:00:01", False)):
            with freeze_time(moment):
                self.env["sales.arrears.confirmation.log"].sudo()._gc_ip_addresses()  # as the scheduled action does
            self.assertEqual(acme.log_ids.mapped("ip_address"), [address])
        self.assertEqual([(log.event, str(log.moment)) for log in acme.log_ids], [("confirmed", ANSWER_TIME)])

    def test_dispute_is_the_salespersons_task(self):
        acme, _borealis = self._ask()
        with freeze_time(ANSWER_TIME):
            acme._answer(True, answer="disputed", name="Al", reason="<b>INV 7</b> is paid", ip_address="1.2.3.4")

        activity = acme.activity_ids
        self.assertEqual([activity.user_id, activity.summary], [self.ann, "Acme disputes the balance"])
        self.assertIn("&lt;b&gt;INV 7", activity.note)
        self.assertEqual(acme.with_user(self.ann).activity_ids.mapped("summary"), ["Acme disputes the balance"])
        self.assertEqual(acme.with_user(self.fay).activity_ids.mapped("summary"), ["Acme disputes the balance"])
        acme.with_user(self.ann).activity_feedback(["mail.mail_activity_data_todo"], feedback="Receipt found")
        self.assertIn("Receipt found", "".join(acme.message_ids.mapped("body")))
        self.assertFalse(acme.activity_ids)
        line = self.env["sales.arrears.statement.line"].with_user(self.ann).search([("customer_id", "=", self.acme.id)])
        self.assertEqual([line.confirmation_state, line.confirmation_id.reason], ["disputed", "<b>INV 7</b> is paid"])

    def test_an_answer_is_final_and_complete(self):
        acme, _borealis = self._ask()
        for answer, name, reason, refusal in (
            ("disputed", "Al", " ", "what is wrong"), ("confirmed", " ", "", "your name"),
            ("sent", "Al", "", "Only the customer"),
        ):
            with self.subTest(answer=answer), self.assertRaisesRegex(UserError, refusal):
                acme._answer(True, answer=answer, name=name, reason=reason, ip_address="")
        acme._answer(True, answer="confirmed", name="Al", reason="", ip_address="")

        with self.assertRaisesRegex(UserError, "answered already"):
            acme._answer(True, answer="disputed", name="Al", reason="No", ip_address="")
        with self.assertRaisesRegex(UserError, "answered or cancelled"):
            acme.with_user(self.fay).action_send()

    def test_salesperson_sees_his_own_and_nothing_secret(self):
        """Ann reads and prints Acme's letter, nothing of Borealis, no token, and answers for nobody."""
        acme, borealis = self._ask()
        Confirmation = self.env["sales.arrears.confirmation"].with_user(self.ann)

        self.assertEqual(Confirmation.search([]), acme)
        page = self._letter(acme, self.ann)
        self.assertEqual([row[1] for row in page], ["300.00", "1,000.00", "0.00", "400.00", "0.00", "900.00", "300.00"])
        with self.assertRaises(AccessError):
            borealis.with_user(self.ann).read(["state"])
        with self.assertRaises(AccessError):
            self._letter(borealis, self.ann)
        with self.assertRaises(AccessError):
            acme.with_user(self.ann).read(["token"])
        with self.assertRaises(AccessError):
            acme.with_user(self.fay).read(["token"])
        messages = self.env["mail.message"].with_user(self.ann).search([("body", "ilike", acme.token)])
        self.assertFalse(messages)
        for user in (self.ann, self.fay):
            with self.assertRaises(AccessError):
                acme.with_user(user).write({"state": "confirmed"})
        with self.assertRaises(AccessError):
            acme.with_user(self.ann).action_send()
        with self.assertRaises(AccessError):
            self.statement.with_user(self.ann).action_ask_customers()
        confirmation, may_answer = Confirmation._get_for_customer(acme.id, None, "1.2.3.4")
        self.assertFalse(may_answer)
        with self.assertRaisesRegex(UserError, "Only the customer"):
            confirmation._answer(may_answer, answer="confirmed", name="Ann", reason="", ip_address="")

    @freeze_time(ANSWER_TIME)
    def test_void_takes_the_question_back(self):
        acme, borealis = self._ask()
        borealis._answer(True, answer="confirmed", name="Bo", reason="", ip_address="")
        borealis.mail_id.state = "sent"
        self.statement.void_reason = "Wrong"
        self.statement.action_void()
        self._run_cron()
        self._run_cron()

        self.assertEqual([acme.state, acme.mail_id.state, borealis.state], ["cancelled", "cancel", "confirmed"])
        self.assertFalse(acme.void_told_at, "Who never got the question is told nothing.")
        self.assertEqual(str(borealis.void_told_at), ANSWER_TIME)
        self.assertIn("no longer counts", borealis.mail_id.body_html)
        told = self.env["mail.mail"].sudo().search([("subject", "ilike", "disregard"), ("state", "=", "outgoing")])
        self.assertEqual(told.recipient_ids, self.borealis)
        for row in (acme, borealis):
            with self.assertRaisesRegex(UserError, "taken back"):
                row.browse(row.id)._get_for_customer(row.id, row.token, "1.2.3.4")
        with self.assertRaisesRegex(UserError, "not issued"):
            self.statement.action_ask_customers()

    def _letter(self, confirmation, user):
        action = self.env.ref("sales_receivable_followup.arrears_confirmation_report").with_user(user)
        page = html.fromstring(action._render_qweb_html(LETTER, confirmation.ids)[0])
        return [[" ".join(cell.text_content().split()) for cell in row] for row in page.cssselect(".o_balance_lines tbody tr")]


@tagged("post_install", "-at_install")
class TestConfirmationPage(ConfirmationCase, HttpCase):
    """The page by token and by portal login: GET shows, POST with CSRF answers, every use is logged."""

    def setUp(self):
        super().setUp()
        self.acme_row, self.borealis_row = self._ask()
        self.url = f"/my/balances/{self.acme_row.id}"
        self.token = self.acme_row.token
        self.env.flush_all()

    def _get(self, url=None, token=None, now=ANSWER_TIME):
        with freeze_time(now):
            response = self.url_open(f"{url or self.url}?access_token={token or self.token}")
        self.env.invalidate_all()
        return response

    def _post(self, page, now=ANSWER_TIME, **values):
        form = html.fromstring(page.text).cssselect("form[action$='/answer']")[0]
        data = {field.get("name"): field.get("value") or "" for field in form.cssselect("input")}
        with freeze_time(now):
            response = self.url_open(form.get("action"), data=data | values)
        self.env.invalidate_all()
        return response

    def test_customer_confirms_by_link(self):
        """Acme sees 900.00 and its items, confirms as Al; a second answer finds it answered."""
        page = self._get()
        self.assertEqual(self.acme_row.state, "sent", "Opening the page is no answer.")
        for text in ("Acme", "900.00", "400.00", self.statement.name):
            self.assertIn(text, page.text)
        self.assertNotIn("Borealis", page.text)

        answered = self._post(page, answer="confirmed", name="Al")

        self.assertEqual([self.acme_row.state, self.acme_row.answered_by], ["confirmed", "Al"])
        self.assertEqual(str(self.acme_row.answered_at), ANSWER_TIME)
        self.assertIn("Thank you", answered.text)
        self._post(page, answer="disputed", name="Al", reason="No")
        self.assertEqual(self.acme_row.state, "confirmed")
        events = self._events(self.acme_row)
        self.assertEqual(events[0], ("viewed", True))
        self.assertEqual(events.count(("confirmed", True)), 1)
        log = self.acme_row.log_ids.filtered(lambda row: row.event == "confirmed")
        self.assertEqual([log.ip_address, str(log.moment)], ["127.0.0.1", ANSWER_TIME])

    def test_dispute_needs_a_reason(self):
        page = self._get()
        refused = self._post(page, answer="disputed", name="Al")
        self.assertIn("Enter what is wrong", refused.text)
        self.assertEqual(self.acme_row.state, "sent")

        self._post(refused, answer="disputed", name="Al", reason="Invoice 7 is paid")

        self.assertEqual([self.acme_row.state, self.acme_row.reason], ["disputed", "Invoice 7 is paid"])
        self.assertEqual(self.acme_row.activity_ids.user_id, self.ann)

    @mute_logger("odoo.http")
    def test_answer_by_get_or_without_csrf_is_refused(self):
        data = {"access_token": self.token, "answer": "confirmed", "name": "Al"}
        with freeze_time(ANSWER_TIME):
            by_get = self.url_open(f"{self.url}/answer?access_token={self.token}&answer=confirmed&name=Al")
            forged = self.url_open(f"{self.url}/answer", data=data)
        self.env.invalidate_all()

        self.assertEqual([by_get.status_code, forged.status_code], [405, 400])
        self.assertEqual(self.acme_row.state, "sent")

    def test_wrong_and_foreign_tokens_show_nothing(self):
        for token in ("wrong", "é", self.borealis_row.token):
            with self.subTest(token=token):
                page = self._get(token=token)
                self.assertNotIn("900.00", page.text)
                self.assertIn("/web/login", page.url)
        self.assertFalse(self.acme_row.log_ids)
        letter = self._get(url=f"{self.url}", token=f"{self.borealis_row.token}&report_type=pdf")
        self.assertIn("/web/login", letter.url)

    def test_link_expires_after_thirty_days(self):
        """2 August 09:00 still works, a second later it does not, and that is logged."""
        self.assertIn("900.00", self._get(now="2026-08-02 09:00:00").text)
        expired = self._get(now="2026-08-02 09:00:01")

        self.assertIn("expired", expired.text)
        self.assertNotIn("900.00", expired.text)
        self.assertEqual(self._events(self.acme_row), [("viewed", True), ("expired", True)])

    def test_new_link_makes_the_old_one_worthless(self):
        self.acme_row.with_user(self.fay).action_send()
        with freeze_time(ANSWER_TIME):
            self._run_cron()

        self.assertNotIn("900.00", self._get().text)
        self.assertIn("900.00", self._get(token=self.acme_row.token).text)

    def test_letter_by_link(self):
        letter = self._get(token=f"{self.token}&report_type=html")

        self.assertIn("Letter of Balance Confirmation", letter.text)
        self.assertIn("900.00", letter.text)

    def test_portal_user_answers_his_own_only(self):
        """Acme's buyer has a login: he finds Acme in his list, answers without a link, and cannot see Borealis."""
        buyer = new_test_user(self.env, "buyer", groups="base.group_portal", password="buyer-of-acme")
        buyer.partner_id.parent_id = self.acme
        self.env.flush_all()
        self.authenticate("buyer", "buyer-of-acme")
        listed = self.url_open("/my/balances")
        self.assertIn(self.url, listed.text)
        self.assertNotIn(f"/my/balances/{self.borealis_row.id}\"", listed.text)
        self.assertNotIn("900.00", self.url_open(f"/my/balances/{self.borealis_row.id}").text)
        with freeze_time(ANSWER_TIME):
            page = self.url_open(self.url)

        self.assertIn("900.00", self._get(now="2026-09-01 09:00:00").text, "Logged in, an old link does no harm.")

        self._post(page, answer="confirmed")

        self.assertEqual([self.acme_row.state, self.acme_row.answered_by], ["confirmed", buyer.name])
        self.assertEqual(set(self._events(self.acme_row)), {("viewed", False), ("expired", True), ("confirmed", False)})

    def test_salesperson_is_refused_a_colleagues_page_and_letter(self):
        self.authenticate("ann", "ann")
        self.assertNotIn("900.00", self.url_open(f"/my/balances/{self.borealis_row.id}").text)
        self.assertNotEqual(self.url_open(f"/report/html/{LETTER}/{self.borealis_row.id}").status_code, 200)
        self.assertIn("900.00", self.url_open(f"/report/html/{LETTER}/{self.acme_row.id}").text)
        own = self.url_open(self.url).text
        self.assertIn("900.00", own)
        self.assertNotIn("/answer", own)

    def test_page_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["sales_receivable_followup"], ["zh_CN"])
        self.acme.lang = "zh_CN"
        self.env.flush_all()

        self.assertIn("余额无误", self._get().text)
        link = re.search(r"href=\"([^\"]*/my/balances/[^\"]*)\"", self.acme_row.mail_id.body_html)[1].replace("&amp;", "&")
        self.assertEqual(parse_qs(urlsplit(link).query)["access_token"], [self.token])
