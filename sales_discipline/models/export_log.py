# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
import logging
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request

_logger = logging.getLogger(__name__)

ADMINISTRATOR = "sales_discipline.group_discipline_administrator"
# Besides the records of the suite: customers, what they buy and owe, and the staff.
WATCHED = {"account.move", "account.move.line", "crm.lead", "hr.employee", "res.partner", "sale.order"}


class SalesExportLog(models.Model):
    """Who took which records out of the system, and how many (CON-02). Written by the system, changed by nobody."""

    _name = "sales.export.log"
    _description = "Export Log"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "exported_on desc, id desc"
    _mail_post_access = "read"

    _day_idx = models.Index("(user_id, model, exported_on)")

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    exported_on = fields.Datetime(required=True, readonly=True, index=True)
    model = fields.Char(string="Technical Name", required=True, readonly=True)
    model_label = fields.Char(string="Records Of", compute="_compute_model_label")
    record_count = fields.Integer(string="Records", required=True, readonly=True)
    field_names = fields.Text(string="Fields", readonly=True)
    selection = fields.Text(
        readonly=True, help="The condition by which the records were chosen; empty when they were picked one by one or "
        "taken by a program.")
    alerted = fields.Boolean(
        string="Alert", readonly=True,
        help="With this export more records of the kind have left within a day than Settings allow without an alert.")

    @api.depends("model")
    @api.depends_context("lang")
    def _compute_model_label(self):
        for log in self:
            log.model_label = self.env["ir.model"]._get(log.model).name or log.model

    @api.depends("model", "user_id", "record_count")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for log in self:
            log.display_name = self.env._(
                "%(count)s x %(model)s by %(user)s",
                count=log.record_count, model=log.model_label, user=log.user_id.name)

    @api.model
    def _is_watched(self, model):
        return model in WATCHED or model.startswith("sales.")

    @api.model
    def _record(self, records, field_names):
        """Note an export that has been made. What fails here is logged: it must not take the export away."""
        # sudo: who exports has no right on the log
        log = self.sudo().with_context(tracking_disable=True)
        try:
            with self.env.cr.savepoint():
                log = log.create({
                    "company_id": self.env.company.id,
                    "user_id": self.env.uid,
                    "exported_on": fields.Datetime.now(),
                    "model": records._name,
                    "record_count": len(records),
                    "field_names": ", ".join(map(str, field_names)),
                    "selection": self._selection_of_request(records._name),
                })
        except Exception:
            _logger.exception("An export of %s %s by user %s is not in the export log",
                              len(records), records._name, self.env.uid)
        try:
            with self.env.cr.savepoint():
                log._alert()
        except Exception:
            _logger.exception("Nobody was told of export %s", log.id)

    @api.model
    def _selection_of_request(self, model):
        """The condition that the Export dialog was opened with."""
        if not request or not request.httprequest.path.startswith("/web/export/"):
            return False
        asked = json.loads(request.params.get("data") or "{}")
        if asked.get("model") != model or asked.get("ids"):
            return False
        return str(asked.get("domain") or [])

    def _alert(self):
        """Tell the administrators when more has left within a day than the company allows without asking."""
        limit = self.company_id.discipline_export_alert
        taken = sum(self.search([
            ("user_id", "=", self.user_id.id),
            ("model", "=", self.model),
            ("company_id", "=", self.company_id.id),
            ("exported_on", ">", self.exported_on - timedelta(days=1)),
        ]).mapped("record_count"))
        if not limit or taken <= limit:
            return
        self.alerted = True
        for user in self._alert_users():
            # shown in the web client, without a mail of its own
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                "sales_discipline.activity_type_export", user_id=user.id,
                summary=self.with_context(lang=user.lang).display_name)

    def _alert_users(self):
        """The administrators of the company, the exporter left out; where there is no other, the general manager."""
        administrators = self.env.ref(ADMINISTRATOR).all_user_ids.filtered(
            lambda user: user.active and not user._is_superuser() and self.company_id in user.company_ids)
        return (administrators or self.company_id.discipline_general_manager_id) - self.user_id or (
            self.company_id.discipline_general_manager_id - self.user_id)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("The export log is written by the system and changed by nobody."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_old(self):
        if not self.env.context.get("discipline_purge"):
            raise UserError(self.env._(
                "Lines of the export log go when the time in Settings, Discipline is over, and not before."))

    @api.autovacuum
    def _gc_export_log(self):
        """Lines older than the company keeps them."""
        today = fields.Datetime.now()
        for company in self.env["res.company"].search([("discipline_export_months", ">", 0)]):
            self.with_context(discipline_purge=True).search([
                ("company_id", "=", company.id),
                ("exported_on", "<", today - relativedelta(months=company.discipline_export_months)),
            ]).unlink()


class Base(models.AbstractModel):
    """Every export, by the Export button or by a program, passes through here."""

    _inherit = "base"

    def export_data(self, fields_to_export):
        exported = super().export_data(fields_to_export)
        log = self.env["sales.export.log"]
        if log._is_watched(self._name):
            log._record(self, fields_to_export)
        return exported
