# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
from datetime import date

from odoo import fields, models

from ..engine.window import window_end

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    _inherit = "res.company"

    discipline_notice_mail = fields.Boolean(
        string="Notices by E-Mail", default=True,
        help="Who has a user is told by e-mail too, in his language; the activity in Odoo he gets either way.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    discipline_notice_mail = fields.Boolean(related="company_id.discipline_notice_mail", readonly=False)


class SalesDisciplineViolation(models.Model):
    """The notice as a letter and as an e-mail: what was seen, what follows, what comes next, how to appeal (SAN-11)."""

    _inherit = "sales.discipline.violation"

    def _tell(self):
        result = super()._tell()
        self.filtered("user_id.active")._mail_notices()
        return result

    def _mail_notices(self):
        """Queue one e-mail each; a mail that cannot be written is logged and stops no notice."""
        template = self.env.ref("sales_discipline.mail_template_notice", raise_if_not_found=False)
        entries = self.filtered(
            lambda entry: entry.company_id.discipline_notice_mail and entry.user_id.partner_id.email)
        if not template or not entries:
            return
        try:
            with self.env.cr.savepoint():
                template.send_mail_batch(entries.ids, email_layout_xmlid="mail.mail_notification_light")
        except Exception:
            _logger.exception("Discipline entries %s: no e-mail could be written", entries.ids)

    def _next_offence_text(self):
        """What one more offence would cost while this one counts; on paper money has its currency."""
        self.ensure_one()
        return self.version_id._next_text(self.occurrence + 1, money=self.company_id.currency_id.format)

    def _counts_until(self):
        """Last local day on which this offence makes the next one dearer; None = for good."""
        self.ensure_one()
        last = window_end(self.version_id.reset, self.fact_date, self.version_id.rolling_days)
        return None if last == date.max else last
