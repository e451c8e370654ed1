# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.date_utils import time_to_float

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    _inherit = "res.company"

    discipline_morning_hour = fields.Float(
        string="Morning List At", default=8.0, help="Local hour from which the list of a working day is ready."
    )
    discipline_morning_channel_id = fields.Many2one(
        "discuss.channel", string="Post Names To", domain="[('channel_type', '=', 'channel')]", ondelete="set null",
        help="Each working morning the channel is told what was confirmed, with names. Empty: nothing is posted.",
    )

    _discipline_morning_hour_range = models.Constraint(
        "CHECK (discipline_morning_hour >= 0 AND discipline_morning_hour < 24)",
        "The hour of the morning list is between 0 and 23:59.",
    )

    @api.constrains("discipline_morning_channel_id")
    def _check_discipline_morning_channel(self):
        for company in self:
            # sudo: an administrator need not be a member of the channel
            channel = company.sudo().discipline_morning_channel_id
            if channel and (channel.channel_type != "channel" or not channel.group_public_id):
                raise ValidationError(self.env._(
                    "Names are posted only where Odoo asks for a group: '%(channel)s' is open to guests or is a private "
                    "chat. Choose a channel with an authorized group.",
                    channel=channel.name))


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    discipline_morning_hour = fields.Float(related="company_id.discipline_morning_hour", readonly=False)
    discipline_morning_channel_id = fields.Many2one(related="company_id.discipline_morning_channel_id", readonly=False)


class SalesDisciplineMorning(models.Model):
    """The scheduled action: a list for each company that has rules in force, and a message where one is wanted."""

    _inherit = "sales.discipline.morning"

    @api.model
    def _cron_morning(self):
        commit = self.env["ir.cron"]._commit_progress
        companies = self.env["sales.discipline.rule"].search([("state", "=", "active")]).company_id
        commit(remaining=len(companies))
        for company in companies:
            try:
                self._begin_morning(company)
                self.env.flush_all()
            except Exception:
                self.env.cr.rollback()
                self.env.invalidate_all()
                _logger.exception("Morning list of company %s has failed", company.id)
            if not commit(1):
                break

    @api.model
    def _begin_morning(self, company):
        """Today's list when its hour has come; posted once, and only where the company has chosen a channel."""
        if time_to_float(company._discipline_now().time()) < company.discipline_morning_hour:
            return
        morning = self._of_today(company)
        if morning and not morning.posted_on and company.discipline_morning_channel_id:
            morning._post()
