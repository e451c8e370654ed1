# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

PENDING, QUEUED, FAILED, CANCELLED = "pending", "queued", "failed", "cancelled"
#: States of a mail that nobody has got.
UNSENT = ("outgoing", "exception")
OWN, TEAM, ALL = "own", "team", "all"
#: The right without which a copy would show its recipient more than he may see on the screen.
GROUPS = {
    OWN: "sales_receivable_followup.group_arrears_user",
    TEAM: "sales_receivable_followup.group_arrears_team",
    ALL: "sales_receivable_followup.group_arrears_finance",
}
REPORT = "sales_receivable_followup.arrears_statement_delivery_report"


class ArrearsStatementDelivery(models.Model):
    """One person's copy of an issued statement: what he may see of it, and the mail that takes it to him.

    Documents made for a person are attached here, not to the statement, because who may read a record may read
    its attachments.
    """

    _name = "sales.arrears.statement.delivery"
    _description = "Arrears Statement Delivery"
    _order = "month desc, statement_id desc, scope, id"

    _recipient_uniq = models.Constraint("UNIQUE (statement_id, user_id)", "A person gets one copy of a statement.")

    statement_id = fields.Many2one("sales.arrears.statement", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    month = fields.Date(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Recipient", required=True, readonly=True, index=True, ondelete="restrict",
    )
    scope = fields.Selection(
        [(OWN, "Own customers"), (TEAM, "Own team"), (ALL, "All customers")], required=True, readonly=True,
    )
    state = fields.Selection(
        [(PENDING, "To send"), (QUEUED, "Mail created"), (FAILED, "Failed"), (CANCELLED, "Cancelled")],
        required=True, default=PENDING, readonly=True, index=True,
    )
    error = fields.Char(readonly=True, help="Why no mail was made.")
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, index="btree_not_null", ondelete="set null",
        groups="base.group_system",
    )
    queued_at = fields.Datetime(string="Mail Created On", readonly=True)

    is_void = fields.Boolean(string="Void", compute="_compute_is_void")
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_count = fields.Integer(string="Lines", compute="_compute_totals")
    closing = fields.Monetary(compute="_compute_totals")
    overdue = fields.Monetary(compute="_compute_totals")

    @api.depends("statement_id", "user_id", "scope")
    def _compute_display_name(self):
        for copy in self:
            copy.display_name = f"{copy.statement_id.sudo().display_name}, {copy.user_id.name}"

    @api.depends("statement_id.state")
    def _compute_is_void(self):
        for copy in self:
            copy.is_void = copy.statement_id.sudo().state == "void"  # sudo: the state belongs to every copy

    @api.depends("statement_id", "user_id", "scope")
    def _compute_totals(self):
        """Figures of the lines in the copy, as far as the reader may see them."""
        groups = self.env["sales.arrears.statement.line"]._read_group(
            [("statement_id", "in", self.statement_id.ids)],
            ["statement_id", "user_id", "team_id"], ["__count", "closing:sum", "overdue:sum"],
        )
        for copy in self:
            mine = [
                amounts for statement, user, team, *amounts in groups
                if statement == copy.statement_id and (
                    copy.scope == ALL or user == copy.user_id
                    or (copy.scope == TEAM and team.sudo().user_id == copy.user_id)
                )
            ]
            copy.line_count = sum(amounts[0] for amounts in mine)
            copy.closing = sum(amounts[1] for amounts in mine)
            copy.overdue = sum(amounts[2] for amounts in mine)

    @api.model
    def _scope_domain(self, statement, user, scope):
        """Domain of the statement lines in a copy."""
        domain = Domain("statement_id", "=", statement.id)
        if scope == ALL:
            return domain
        own = Domain("user_id", "=", user.id)
        return domain & (own | Domain("team_id.user_id", "=", user.id) if scope == TEAM else own)

    def _get_lines(self):
        """The lines of the copy, as far as the reader may see them; raise AccessError if he may not see the copy."""
        self.ensure_one()
        self.check_access("read")
        self._check_not_void()
        return self.env["sales.arrears.statement.line"].search(
            self._scope_domain(self.statement_id, self.user_id, self.scope),
        )

    def _check_not_void(self):
        """:raise UserError: a copy of a void statement is neither shown nor sent any more"""
        gone = self.filtered("is_void")
        if gone:
            raise UserError(self.env._(
                "%(copy)s: the statement is void. The figures that count are in the copy of its next revision.",
                copy=gone[0].display_name,
            ))

    def _cancel(self):
        """Stop what has not been sent; return the users whose copy has left the house."""
        unsent_mails = self.mail_id.filtered(lambda mail: mail.state in UNSENT)
        unsent_mails.cancel()
        held = self.filtered(lambda copy: copy.state == QUEUED and copy.mail_id not in unsent_mails)
        (self - held).write({"state": CANCELLED, "error": False})
        return held.user_id

    def action_send(self):
        """Make the mail of these copies (again). Right: finance, who may write the statement."""
        self.statement_id.check_access("write")
        self._check_not_void()
        self.sudo()._send()  # sudo: nobody edits copies by hand
        return True

    def _send(self):
        """Create one mail per copy; a copy that fails says why and does not stop the others."""
        for copy in self:
            try:
                with self.env.cr.savepoint():
                    copy._create_mail()
            except psycopg2.OperationalError:
                raise  # two at once: the whole transaction is repeated
            except Exception as error:
                if not isinstance(error, UserError):
                    _logger.exception("Arrears statement: no mail for user %s", copy.user_id.id)
                copy.write({"state": FAILED, "error": str(error)})

    def _create_mail(self):
        self.ensure_one()
        user = self.user_id
        if not user.email:
            raise UserError(self.env._("%(user)s has no email address. Enter one and send again.", user=user.name))
        if not user.has_group(GROUPS[self.scope]):
            raise UserError(self.env._(
                "%(user)s may not see these customers. Give the right '%(group)s' and send again.",
                user=user.name, group=self.env.ref(GROUPS[self.scope]).full_name,
            ))
        template = self.env.ref("sales_receivable_followup.arrears_statement_mail_template")
        mail_id = template.send_mail(self.id, email_values={"attachment_ids": self._attach_pdf().ids})
        self.write({"state": QUEUED, "error": False, "mail_id": mail_id, "queued_at": fields.Datetime.now()})

    def _attach_pdf(self):
        """The copy's PDF, rendered with the recipient's rights; none where PDFs cannot be printed."""
        report = self.env.ref(REPORT, raise_if_not_found=False)
        if not report or report.get_wkhtmltopdf_state() == "install":
            return self.env["ir.attachment"]
        content, file_type = (
            report.with_user(self.user_id).with_company(self.company_id).with_context(lang=self.user_id.lang)
            ._render_qweb_pdf(report.report_name, res_ids=self.ids)
        )
        return self.env["ir.attachment"].create({
            "name": f"{self.statement_id.name.replace('/', '-')}.{file_type}",
            "datas": base64.b64encode(content),
            "res_model": self._name,
            "res_id": self.id,
        })

    @api.model
    def _cron_send(self, batch_size=50):
        """Make the mails of copies that have none yet."""
        due = [("state", "=", PENDING)]
        copies = self.search(due, limit=batch_size, order="id")
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(copies) if len(copies) < batch_size else self.search_count(due))
        for copy in copies:
            locked = copy.try_lock_for_update().filtered_domain(due)
            locked._send()
            if not commit(1):
                break
