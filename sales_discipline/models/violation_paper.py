# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .violation import POSTED, PROPOSED, WITHDRAWN
from .violation_decision import CLERK

DIALOG = "sales.discipline.decision"


class SalesDisciplineViolation(models.Model):
    """Papers of an appeal, and the receipt of a notice: received is not admitted (SAN-11)."""

    _inherit = "sales.discipline.violation"

    paper_ids = fields.One2many("sales.discipline.paper", "violation_id", string="Papers", readonly=True)
    acknowledged_on = fields.Datetime(
        string="Receipt Acknowledged", readonly=True,
        help="The person confirms that he has read the notice. He does not thereby accept the facts.",
    )
    acknowledged_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    can_acknowledge = fields.Boolean(compute="_compute_can_acknowledge")
    can_file_receipt = fields.Boolean(compute="_compute_can_acknowledge")

    @api.depends("state", "acknowledged_on", "notified_on")
    @api.depends_context("uid")
    def _compute_can_acknowledge(self):
        clerk = self.env.user.has_group(CLERK)
        for entry in self:
            is_open = not entry.acknowledged_on and bool(entry.notified_on) and entry.state not in (
                PROPOSED, POSTED, WITHDRAWN)
            person = entry.sudo().employee_id.user_id.filtered("active")
            entry.can_acknowledge = is_open and person == self.env.user
            entry.can_file_receipt = is_open and clerk and person != self.env.user

    # --- receipt ---

    def action_acknowledge(self):
        """The person confirms that he has received the notice; whether he accepts the facts is another question."""
        return self.acknowledge()

    def action_file_receipt(self):
        """Ask the clerk for the letter that the person has signed."""
        self._check_may_acknowledge(self.env["ir.attachment"], asks=True)
        return self._ask("receipt", self.env._("Signed Receipt"))

    def acknowledge(self, attachment_ids=()):
        """Record the receipt of the notice: the person himself, or the clerk with the letter he has signed.

        :param attachment_ids: ids of files that the caller may read; their content is copied
        """
        files = self._readable_files(attachment_ids)
        self._check_may_acknowledge(files)
        # entries are written by nobody directly; the right was checked above
        entries = self.sudo()
        entries.write({"acknowledged_on": fields.Datetime.now(), "acknowledged_by_id": self.env.uid})
        entries._file_papers(files, "signed")
        text = self.env._("Receipt acknowledged, recorded by %(user)s.", user=self.env.user.name)
        entries._message_log_batch(bodies=dict.fromkeys(self.ids, text))

    def _check_may_acknowledge(self, files, asks=False):
        self.check_access("read")
        clerk = self.env.user.has_group(CLERK)
        for entry in self:
            person = entry.sudo().employee_id.user_id.filtered("active")
            if person != self.env.user:
                if not clerk:
                    raise AccessError(self.env._(
                        "Only the person concerned acknowledges entry '%(entry)s'; what is signed on paper the info "
                        "clerk records.",
                        entry=entry.display_name))
                if person and not files and not asks:
                    raise UserError(self.env._(
                        "%(person)s acknowledges entry '%(entry)s' in Odoo. If the letter was signed on paper, attach "
                        "it.",
                        person=person.name, entry=entry.display_name))
            if entry.acknowledged_on:
                raise UserError(self.env._(
                    "The receipt of entry '%(entry)s' has been acknowledged already.", entry=entry.display_name))
            if not entry.notified_on or entry.state in (PROPOSED, WITHDRAWN):
                raise UserError(self.env._(
                    "There is no notice of entry '%(entry)s' to acknowledge: nobody has been told of it yet, or it was "
                    "withdrawn.",
                    entry=entry.display_name))
            if entry.period_id.state == "closed":
                raise UserError(self.env._(
                    "Entry '%(entry)s' belongs to a closed period, which takes no more receipts.",
                    entry=entry.display_name))

    # --- papers ---

    @api.model
    def _readable_files(self, attachment_ids):
        """:raise AccessError: one of the files is not the caller's to read, so he cannot hand it in either"""
        ids = list(attachment_ids or ())
        if any(not isinstance(one, int) for one in ids):
            raise UserError(self.env._("Files are named by the numbers of their attachments."))
        files = self.env["ir.attachment"].browse(ids).exists()
        if len(files) != len(set(ids)):
            raise UserError(self.env._("One of the files is gone: attach it again."))
        files.sudo(False).check_access("read")
        if any(one.type != "binary" for one in files):
            raise UserError(self.env._("A link is no file: attach the file itself."))
        return files

    def _file_papers(self, files, kind):
        """Keep copies of the files with each of these entries; what was uploaded for them goes away."""
        if not files:
            return
        self.env["sales.discipline.paper"].sudo().create([
            {"violation_id": entry.id, "kind": kind, "name": one.name, "content": one.sudo().datas}
            for entry in self
            for one in files
        ])
        files.sudo().filtered(
            lambda one: one.res_model == DIALOG and not one.res_id and one.create_uid == self.env.user
        ).unlink()

    def _are_about(self, user):
        return self.sudo().employee_id.user_id == user
