# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import logging

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ..report.arrears_statement_xlsx import StatementWorkbook
from .arrears_statement import DRAFT

_logger = logging.getLogger(__name__)

PENDING, DONE, FAILED = "pending", "done", "failed"
XLSX, PDF = "xlsx", "pdf"
MIMETYPES = {XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", PDF: "application/pdf"}
REPORT = "sales_receivable_followup.arrears_statement_report"


class ArrearsStatementDocument(models.Model):
    """The PDF or the XLSX of an issued statement, with the hash of its bytes.

    Made by the scheduled action after the issue: printing tens of thousands of lines takes its time, and no printer
    must keep a statement from being issued.
    """

    _name = "sales.arrears.statement.document"
    _description = "Arrears Statement Document"
    _order = "statement_id desc, kind desc"
    _rec_name = "kind"

    _kind_uniq = models.Constraint("UNIQUE (statement_id, kind)", "A statement has one document of a kind.")

    statement_id = fields.Many2one(
        "sales.arrears.statement", required=True, readonly=True, index=True, ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    kind = fields.Selection([(PDF, "PDF"), (XLSX, "Excel (XLSX)")], required=True, readonly=True)
    state = fields.Selection(
        [(PENDING, "To make"), (DONE, "Made"), (FAILED, "Failed")],
        required=True, default=PENDING, readonly=True, index=True,
    )
    error = fields.Char(readonly=True, help="Why there is no document.")
    attachment_id = fields.Many2one(
        "ir.attachment", readonly=True, copy=False, index="btree_not_null", ondelete="restrict",
    )
    sha256 = fields.Char(
        string="SHA-256", readonly=True, copy=False,
        help="Hash of the file when it was made. Who has the file can check with any tool that it is the issued one.",
    )
    made_at = fields.Datetime(string="Made On", readonly=True, copy=False)
    is_changed = fields.Boolean(
        string="Changed", compute="_compute_is_changed", help="The stored file is no longer the one that was made.",
    )

    @api.depends("attachment_id", "sha256")
    def _compute_is_changed(self):
        # Forms ask for the size of files in place of their bytes.
        for document, whole in zip(self, self.with_context(bin_size=False), strict=True):
            # sudo: only whether the bytes are the same is told
            document.is_changed = document.state == DONE and document.sha256 != _sha256(whole.sudo().attachment_id.raw)

    def action_download(self):
        """Open the file. Right: read access to the document, checked again by the attachment."""
        self.ensure_one()
        self.check_access("read")
        if not self.attachment_id:
            raise UserError(self.env._("The document is not made yet: %(reason)s", reason=self.error or ""))
        return {"type": "ir.actions.act_url", "url": f"/web/content/{self.attachment_id.id}?download=true"}

    def action_make_again(self):
        """Queue what failed once more. Right: finance, who may write the statement."""
        self.statement_id.check_access("write")
        # sudo: nobody edits documents by hand
        self.filtered(lambda document: document.state == FAILED).sudo().write({"state": PENDING, "error": False})
        self._trigger()

    def _trigger(self):
        self.env.ref("sales_receivable_followup.arrears_statement_document_cron").sudo()._trigger()

    @api.model
    def _cron_make(self, batch_size=10):
        """Make the documents of issued statements that wait for it, XLSX first."""
        due = [("state", "=", PENDING), ("statement_id.state", "!=", DRAFT)]
        documents = self.search(due, limit=batch_size, order="kind desc, id")
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(documents) if len(documents) < batch_size else self.search_count(due))
        for document in documents:
            locked = document.try_lock_for_update().filtered_domain(due)
            # Committed before the work starts: a worker killed for taking too long must not try for ever.
            locked.write({"state": FAILED, "error": self.env._("Took too long or was interrupted.")})
            if not commit(1):
                break
            locked._make()
            commit()

    def _make(self):
        """Make and hash the file; what goes wrong is written on the document."""
        for document in self:
            try:
                with self.env.cr.savepoint():
                    document._store(document._render())
            except psycopg2.OperationalError:
                raise  # two at once: the scheduler repeats the job
            except Exception as error:
                if not isinstance(error, UserError):
                    _logger.exception("Arrears statement: document %s was not made", document.id)
                document.error = str(error)

    def _render(self):
        """The file's bytes, in the language of who issued the statement (the company's if that was the system)."""
        statement = self.statement_id.with_company(self.company_id)
        issuer = statement.issued_by_id if statement.issued_by_id.id != SUPERUSER_ID else self.company_id.partner_id
        statement = statement.with_context(lang=issuer.lang)
        if self.kind == XLSX:
            return StatementWorkbook(statement).build()
        report = self.env.ref(REPORT).with_env(statement.env)
        if report.get_wkhtmltopdf_state() == "install":
            raise UserError(self.env._("There is no PDF printer (wkhtmltopdf) on this server."))
        return report._render_qweb_pdf(report.report_name, res_ids=statement.ids)[0]

    def _store(self, content):
        attachment = self.env["ir.attachment"].create({
            "name": f"{self.statement_id.name.replace('/', '-')}.{self.kind}",
            "raw": content,
            "mimetype": MIMETYPES[self.kind],
            "res_model": self._name,
            "res_id": self.id,
        })
        self.write({
            "attachment_id": attachment.id, "sha256": _sha256(content), "made_at": fields.Datetime.now(),
            "state": DONE, "error": False,
        })


def _sha256(content):
    """Hexadecimal hash of bytes (64 characters); of nothing for a file that is gone."""
    return hashlib.sha256(content or b"").hexdigest()
