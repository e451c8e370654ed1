# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

import psycopg2

from odoo import api, models

from ..engine.volume import SENT
from .volume_check import TODO

_logger = logging.getLogger(__name__)

TEMPLATE = "sales_receivable_followup.volume_check_mail_template"
USER, FINANCE = "sales_receivable_followup.group_arrears_user", "sales_receivable_followup.group_arrears_finance"
ADMINISTRATOR = "sales_team.group_sale_manager"


class VolumeCheck(models.Model):
    """Who acts on a check of volume and collections, and how he hears of it: an activity and a mail."""

    _inherit = "sales.volume.check"

    def _deciders(self):
        """VOL-03: the salesperson's sales manager; without one, sales administration. Never himself."""
        self.ensure_one()
        if self.manager_id.active and self.manager_id != self.user_id:
            return self.manager_id
        return self._members(ADMINISTRATOR) - self.user_id

    def _finance(self):
        """Who looks again: who issued the statement, if it is somebody of finance, else all of finance. Never himself."""
        finance = self._members(FINANCE) - self.user_id
        return self.statement_id.issued_by_id & finance or finance

    def _members(self, group):
        """Active employees of the company in a group, without the superuser."""
        users = self.env.ref(group).all_user_ids.filtered(lambda user: user.active and not user.share)
        return users.filtered(lambda user: self.company_id in user.company_ids and user.id != api.SUPERUSER_ID)

    @api.model
    def _manager_of(self, user, company):
        """Leader of the team in which he sells; nobody leads himself."""
        teams = user.crm_team_member_ids.crm_team_id.filtered(lambda team: not team.company_id or team.company_id == company)
        return teams.user_id.filtered("active")[:1] - user

    def _tell_salespeople(self):
        """Put the checks on their salespeople's lists and mail them the figures; one that fails is logged."""
        todo = self.filtered(lambda check: check.state == SENT and check.user_id.active and check.user_id.has_group(USER))
        template = self.env.ref(TEMPLATE)
        for check in todo:
            env = check.with_context(lang=check.user_id.lang).env
            try:
                with self.env.cr.savepoint():
                    check.with_context(mail_activity_quick_update=True).activity_schedule(
                        TODO, summary=env._("Check your figures"), user_id=check.user_id.id, date_deadline=check.last_day,
                    )
                    template.send_mail(check.id)
            except psycopg2.OperationalError:
                raise  # two at once: the whole transaction is repeated
            except Exception:
                _logger.exception("Check of volume %s: %s could not be told", check.id, check.user_id.login)

    def _hand_to(self, users, summary, body, alone=True):
        """The check is now on these people's list, with a mail; it leaves the list of those before, if ``alone``."""
        self.ensure_one()
        if alone:
            self.activity_unlink([TODO])
        readers = users.filtered(lambda user: user.active and user.has_group(USER))
        quiet = self.with_context(mail_activity_quick_update=True)  # the message below tells it
        for user in readers:
            quiet.activity_schedule(
                TODO, summary=summary, user_id=user.id, date_deadline=self.answer_last_day or self.last_day,
            )
        if readers:
            self.message_post(body=body, subject=self.display_name, partner_ids=readers.partner_id.ids)
