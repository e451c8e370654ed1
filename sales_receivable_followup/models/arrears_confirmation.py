# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
import secrets
from datetime import timedelta

import psycopg2

from odoo import Command, api, fields, models
from odoo.exceptions import MissingError, UserError
from odoo.fields import Domain
from odoo.tools import consteq, format_date, format_datetime, plaintext2html

from .arrears_confirmation_log import CONFIRMED, DISPUTED, EXPIRED, VIEWED
from .arrears_statement_delivery import UNSENT

_logger = logging.getLogger(__name__)

ASK_TEMPLATE = "sales_receivable_followup.arrears_confirmation_mail_template"
VOID_TEMPLATE = "sales_receivable_followup.arrears_confirmation_void_mail_template"
PENDING, SENT, FAILED, CANCELLED = "pending", "sent", "failed", "cancelled"
ANSWERED = (CONFIRMED, DISPUTED)


class ArrearsConfirmation(models.Model):
    """A customer is asked to confirm his balance in an issued statement (ARS-04): request, answer, evidence.

    Nobody has the right to write it: the methods below do, each for one purpose. The link's token is a secret
    between us and the customer; whoever may read the request, the salesperson too, may not read the token. It is not
    portal.mixin's: core hands that one to whoever may share the record, and accepts it for ever.
    """

    _name = "sales.arrears.confirmation"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Balance Confirmation"
    _order = "month desc, customer_name, id"
    _rec_name = "customer_name"
    _mail_post_access = "read"  # nobody may write, but the salesperson does the task and notes what came of it

    _customer_uniq = models.Constraint(
        "UNIQUE (statement_id, customer_id)", "A customer is asked once about a statement.",
    )

    statement_id = fields.Many2one(
        "sales.arrears.statement", required=True, readonly=True, index=True, ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    month = fields.Date(required=True, readonly=True)
    customer_id = fields.Integer(string="Customer ID", required=True, readonly=True, aggregator=None)
    customer_name = fields.Char(string="Customer", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Contact", readonly=True, index="btree_not_null", ondelete="set null",
        help="Who is asked, as long as the contact exists.",
    )
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True, index="btree_not_null", ondelete="restrict")
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True, index="btree_not_null", ondelete="restrict")
    state = fields.Selection(
        [(PENDING, "To send"), (SENT, "Asked"), (CONFIRMED, "Confirmed"), (DISPUTED, "Disputed"),
         (FAILED, "Mail failed"), (CANCELLED, "Cancelled")],
        required=True, default=PENDING, readonly=True, index=True,
    )
    error = fields.Char(readonly=True, help="Why no mail was made.")
    sent_at = fields.Datetime(string="Asked On", readonly=True)
    reminded_at = fields.Datetime(string="Reminded On", readonly=True)
    void_told_at = fields.Datetime(
        string="Told of Voiding On", readonly=True, help="When a customer who had been asked was told not to mind.",
    )
    answered_at = fields.Datetime(string="Answered On", readonly=True)
    answered_by = fields.Char(readonly=True, help="The name entered with the answer.")
    reason = fields.Text(string="Customer's Reason", readonly=True)
    token = fields.Char(readonly=True, copy=False, groups="base.group_system")
    token_expires_at = fields.Datetime(string="Link Expires On", readonly=True)
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, index="btree_not_null", ondelete="set null", groups="base.group_system",
    )
    log_ids = fields.One2many(
        "sales.arrears.confirmation.log", "confirmation_id", string="Uses of the Page", readonly=True,
        groups="sales_receivable_followup.group_arrears_finance",
    )

    @api.depends("customer_name", "month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for confirmation in self:
            month = confirmation.statement_id.sudo()._get_month_name()  # sudo: the month is no secret of its statement
            confirmation.display_name = f"{confirmation.customer_name}, {month}"

    def _get_page_url(self, with_token=False):
        """Path of the customer's page; with the token only in what goes to the customer."""
        self.ensure_one()
        return f"/my/balances/{self.id}" + (f"?access_token={self.token}" if with_token else "")

    def _get_report_base_filename(self):
        return self.display_name

    # ------------------------------------------------------------
    # What the customer sees
    # ------------------------------------------------------------

    def _get_lines(self):
        """The customer's lines, for whoever may read the request."""
        return self._of_customer("sales.arrears.statement.line", [])

    def _get_items(self):
        """The journal items behind the lines, without those from before the first statement."""
        return self._of_customer("sales.arrears.statement.item", [("kind", "!=", "opening")])

    def _of_customer(self, model, domain):
        self.ensure_one()
        self.check_access("read")
        # sudo: this customer's rows only, to those who may read the request: the customer, his salesperson
        return self.env[model].sudo().search(
            Domain("statement_id", "=", self.statement_id.id) & Domain("customer_id", "=", self.customer_id) & Domain(domain),
        )

    def _get_intro(self):
        """The letter's sentence before the figures, in the language of the environment."""
        date_to = self.statement_id.sudo().date_to  # sudo: the date is no secret of its statement
        return self.env._(
            "According to our books, your balance with %(company)s on %(day)s is as follows. Please compare it with your "
            "books.", company=self.company_id.name, day=format_date(self.env, date_to),
        )

    def _get_answer_text(self):
        values = {"name": self.answered_by, "moment": format_datetime(self.env, self.answered_at, dt_format="short")}
        if self.state == CONFIRMED:
            return self.env._("Thank you. %(name)s confirmed the balance on %(moment)s.", **values)
        return self.env._(
            "%(name)s disputed the balance on %(moment)s. We look into it and come back to you.", **values,
        )

    @api.model
    def _get_for_customer(self, confirmation_id, access_token, ip_address):
        """The request for its page, by token or by the right to read it; every use of it is logged.

        :return: (record as superuser in the customer's language, whether the visitor may answer)
        :raise AccessError, MissingError: neither token nor right, or no such request
        :raise UserError: the link has expired, or the statement was taken back
        """
        asked = self.browse(confirmation_id)
        # sudo: the token stands for the right to read; without it the visitor's own right is checked below
        confirmation = asked.sudo().exists()
        if not confirmation:
            raise MissingError(self.env._("This balance confirmation does not exist."))
        by_token = bool(access_token) and consteq((confirmation.token or "").encode(), access_token.encode())
        confirmation = confirmation.with_context(lang=confirmation.partner_id.lang or self.env.lang)
        if by_token and confirmation.token_expires_at < fields.Datetime.now():
            confirmation._log(EXPIRED, by_token, ip_address)
            by_token = False
            if not asked.has_access("read"):
                raise UserError(confirmation.env._(
                    "This link has expired. Ask your contact at %(company)s for another one.",
                    company=confirmation.company_id.name,
                ))
        if not by_token:
            asked.check_access("read")
        confirmation._log(VIEWED, by_token, ip_address)
        if confirmation.state == CANCELLED or confirmation.statement_id.state == "void":
            raise UserError(confirmation.env._(
                "This statement was taken back by %(company)s; the figures no longer count. You need not answer.",
                company=confirmation.company_id.name,
            ))
        return confirmation.with_context(arrears_by_token=by_token), by_token or self.env.user.share

    def _log(self, event, by_token, ip_address):
        self.env["sales.arrears.confirmation.log"].create({
            "confirmation_id": self.id, "moment": fields.Datetime.now(), "event": event, "by_token": by_token,
            "user_id": False if self.env.user._is_public() else self.env.uid, "ip_address": ip_address,
        })

    def _answer(self, may_answer, answer, name, reason, ip_address):
        """Book the customer's answer, once and for all.

        :param may_answer: what :meth:`_get_for_customer` said
        :param answer: ``confirmed`` or ``disputed``; the latter needs a reason
        :raise UserError: what is missing, or that there is an answer already
        """
        self.ensure_one()
        name, reason = (name or "").strip(), (reason or "").strip()
        if not may_answer or answer not in ANSWERED:
            raise UserError(self.env._("Only the customer answers, by confirming or disputing the balance."))
        if not self.try_lock_for_update() or self.state != SENT:
            raise UserError(self.env._("This balance is answered already; the answer stays as it is."))
        if not name:
            raise UserError(self.env._("Enter your name, please."))
        if answer == DISPUTED and not reason:
            raise UserError(self.env._("Enter what is wrong, please, so that we can put it right."))
        self.write({
            "state": answer, "answered_at": fields.Datetime.now(), "answered_by": name[:100],
            "reason": reason[:2000] or False,
        })
        self._log(answer, self.env.context.get("arrears_by_token", False), ip_address)
        if answer == DISPUTED:
            self._ask_salesperson()

    def _ask_salesperson(self):
        """Put the dispute on the list of the salesperson; of who issued the statement where nobody is known."""
        user = self.user_id or self.statement_id.issued_by_id
        confirmation = self.with_context(lang=user.lang)
        confirmation.activity_schedule(
            "mail.mail_activity_data_todo", user_id=user.id,
            summary=confirmation.env._("%(customer)s disputes the balance", customer=self.customer_name),
            note=plaintext2html(self.reason),
        )

    # ------------------------------------------------------------
    # Ask
    # ------------------------------------------------------------

    def action_send(self):
        """Ask (again), with a new link; the old one is worth nothing then. Right: finance, who may write the statement."""
        self.statement_id.check_access("write")
        answered = self.filtered(lambda confirmation: confirmation.state in (*ANSWERED, CANCELLED))
        if answered:
            raise UserError(self.env._(
                "%(confirmation)s is answered or cancelled; nobody is asked again.", confirmation=answered[0].display_name,
            ))
        # sudo: nobody edits requests by hand
        self.sudo().write({"state": PENDING, "error": False, "reminded_at": False, "token": False})
        self._trigger()
        return True

    def _trigger(self):
        self.env.ref("sales_receivable_followup.arrears_confirmation_cron").sudo()._trigger()

    def _cancel(self):
        """The statement is void: nobody is asked about it any more, who was asked will be told. Answers stay as evidence."""
        unsent = self.filtered(lambda confirmation: confirmation.mail_id.state in UNSENT)
        unsent.mail_id.cancel()
        unsent.filtered(lambda confirmation: not confirmation.reminded_at).write({"sent_at": False})
        self.filtered(lambda confirmation: confirmation.state not in ANSWERED).write({"state": CANCELLED})
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self._trigger()

    @api.model
    def _due_domain(self):
        """Requests to send, those to take back, and those to remind of, each company after its number of days, once."""
        now = fields.Datetime.now()
        silent = Domain("state", "=", SENT) & Domain("reminded_at", "=", False) & Domain("token_expires_at", ">", now)
        taken_back = Domain("statement_id.state", "=", "void") & Domain("sent_at", "!=", False)
        return Domain("state", "=", PENDING) | taken_back & Domain("void_told_at", "=", False) | Domain.OR(
            silent & Domain("company_id", "=", company.id)
            & Domain("sent_at", "<=", now - timedelta(days=company.arrears_reminder_days))
            for company in self.env["res.company"].search([])
        )

    @api.model
    def _cron_send(self, batch_size=100):
        """Make the mails that ask, remind and take back."""
        due = self._due_domain()
        confirmations = self.search(due, limit=batch_size, order="id")
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(confirmations) if len(confirmations) < batch_size else self.search_count(due))
        for confirmation in confirmations:
            confirmation.try_lock_for_update().filtered_domain(due)._send()
            if not commit(1):
                break

    def _send(self):
        """Create one mail per request; one that fails says why and does not stop the others."""
        for confirmation in self:
            try:
                with self.env.cr.savepoint():
                    confirmation._create_mail()
            except psycopg2.OperationalError:
                raise  # two at once: the scheduler repeats the job
            except Exception as error:
                if not isinstance(error, UserError):
                    _logger.exception("Balance confirmation %s: no mail", confirmation.id)
                tried = confirmation._next_mail()[1] if confirmation.state != PENDING else {"state": FAILED}
                confirmation.write({"error": str(error), **tried})

    def _next_mail(self):
        """Return (template, values to write) of the mail that is due: taking back, reminding or asking."""
        now = fields.Datetime.now()
        if self.statement_id.state == "void":
            return VOID_TEMPLATE, {"void_told_at": now}
        if self.state == SENT:
            return ASK_TEMPLATE, {"reminded_at": now}
        return ASK_TEMPLATE, {
            "state": SENT, "sent_at": now, "error": False, "token": secrets.token_urlsafe(32),
            "token_expires_at": now + timedelta(days=self.company_id.arrears_confirmation_days),
        }

    def _create_mail(self):
        self.ensure_one()
        recipient = self.partner_id.browse(self.partner_id.address_get(["invoice"])["invoice"])
        if not recipient.email:
            raise UserError(self.env._("%(customer)s has no email address. Enter one and send again.",
                                       customer=self.customer_name))
        template, values = self._next_mail()
        self.write(values)
        self.mail_id = self.env.ref(template).send_mail(self.id, email_values={
            "recipient_ids": [Command.set(recipient.ids)],
            # Who may read a record may read its messages, and these hold the link.
            "model": False, "res_id": False,
        })
