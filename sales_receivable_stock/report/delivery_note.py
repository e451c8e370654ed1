# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from . import delivery_query as query

_logger = logging.getLogger(__name__)

FINANCE = "sales_receivable_followup.group_arrears_finance"
RETURNED, WAITING, MISSING, LATE, ENTERED = "returned", "waiting", "missing", "late", "entered"
#: Rows of the list in a mail; the rest is counted.
MAILED = 50


class DeliveryNote(models.Model):
    """Deliveries to customers and when they stood in the sales ledger (SLG-01).

    The ledger is what counts: the date of the posted invoice that covers the delivery. The context key
    ``ledger_as_of`` asks how it stood on another day than today.
    """

    _name = "sales.delivery.note"
    _description = "Delivery Note in the Sales Ledger"
    _auto = False
    _order = "delivered_on desc, id desc"

    name = fields.Char(string="Delivery Note", readonly=True)
    picking_id = fields.Many2one("stock.picking", string="Transfer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    order_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    delivered_on = fields.Date(readonly=True)
    entered_on = fields.Date(
        string="In the Ledger On", readonly=True, help="Date of the invoice with which all of the delivery was entered.",
    )
    days_over = fields.Integer(
        readonly=True, aggregator=None, help="Days beyond those that the settings allow.",
    )
    ledger_copy_at = fields.Datetime(string="Copy Received On", readonly=True)
    ledger_copy_by_id = fields.Many2one("res.users", string="Copy Received By", readonly=True)
    state = fields.Selection(
        [
            (WAITING, "To enter"),
            (MISSING, "Missing"),
            (ENTERED, "Entered"),
            (LATE, "Entered late"),
            (RETURNED, "Returned"),
        ],
        readonly=True,
        help="To enter: still in time. Missing: overdue in the ledger. Returned: all of it came back, nothing to enter.",
    )

    @property
    def _table_query(self):
        self._flush_ledger()
        return query.delivery_notes(self._ledger_day())

    @api.model
    def _flush_ledger(self):
        """The queries are no searches on the models that they read, so nobody else flushes these."""
        for model in ("stock.move", "stock.picking", "sale.order", "sale.order.line", "account.move", "account.move.line",
                      "res.company"):
            self.env[model].flush_model()

    @api.model
    def _ledger_day(self):
        return fields.Date.to_date(self.env.context.get("ledger_as_of")) or fields.Date.context_today(self)

    def action_copy_received(self):
        """Note that the copy of the delivery note is with finance. Right: finance."""
        self.check_access("read")
        if not self.env.user.has_group(FINANCE):
            raise UserError(self.env._("Only finance notes that the copy of a delivery note has come."))
        known = self.filtered("ledger_copy_at")
        if known:
            raise UserError(self.env._(
                "%(note)s: the copy came on %(day)s already.",
                note=known[0].name, day=format_date(self.env, known[0].ledger_copy_at),
            ))
        # sudo: finance needs no right on transfers to take their copies
        pickings = self.picking_id.sudo()
        pickings.write({"ledger_copy_at": fields.Datetime.now(), "ledger_copy_by_id": self.env.uid})
        for picking in pickings:
            picking.message_post(body=self.env._(
                "%(user)s has the copy of the delivery note.", user=self.env.user.name,
            ))
        self.env.invalidate_all()
        return True

    # ------------------------------------------------------------
    # Scheduled action
    # ------------------------------------------------------------

    @api.model
    def _cron_tell_missing(self):
        """Mail finance, company by company, the deliveries that are overdue in the ledger."""
        companies = self.env["res.company"].search([("delivery_copy_mail", "=", True)])
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(companies))
        for company in companies:
            try:
                with self.env.cr.savepoint():
                    self._tell_missing(company)
            except Exception:
                _logger.exception("Missing delivery notes of company %s could not be told", company.id)
            if not commit(1):
                break

    @api.model
    def _tell_missing(self, company):
        notes = self.with_context(ledger_as_of=company._arrears_today()).search(
            [("company_id", "=", company.id), ("state", "=", MISSING)], order="days_over desc, id",
        )
        if not notes:
            return
        finance = self.env.ref(FINANCE).all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids and user.id != api.SUPERUSER_ID,
        )
        for lang, users in finance.grouped("lang").items():
            env = notes.with_context(lang=lang).env
            env["mail.thread"].message_notify(
                partner_ids=users.partner_id.ids,
                subject=env._("%(count)s deliveries are not in the sales ledger yet", count=len(notes)),
                body=notes.with_env(env)._get_mail_body(),
            )

    def _get_mail_body(self):
        rows = Markup().join(
            Markup("<li>%s</li>") % self.env._(
                "%(note)s, %(customer)s, delivered on %(day)s: %(days)s days over", note=note.name,
                customer=note.partner_id.sudo().display_name or "", day=format_date(self.env, note.delivered_on),
                days=note.days_over,
            )
            for note in self[:MAILED]
        )
        more = len(self) - MAILED
        return Markup("<p>%s</p><ul>%s</ul>%s<p><a href='%s/odoo/delivery-notes'>%s</a></p>") % (
            self.env._("Enter these deliveries, or ask for the copies of their delivery notes:"), rows,
            Markup("<p>%s</p>") % self.env._("and %(count)s more.", count=more) if more > 0 else "",
            self.get_base_url(), self.env._("Open the list"),
        )
