# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from .violation import CONFIRMED, NOTIFIED, PROPOSED, TO_DECIDE, WAIVED, WITH_DECIDER

_logger = logging.getLogger(__name__)

BATCH = 500


class SalesDisciplineViolation(models.Model):
    """Telling people, and what follows from silence."""

    _inherit = "sales.discipline.violation"

    @api.model
    def _trigger_notices(self):
        cron = self.env.ref("sales_discipline.notice_cron", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()

    @api.model
    def _cron_notices_and_deadlines(self):
        """Tell people about new entries; take silence as an answer when its time is over."""
        now = fields.Datetime.now()
        steps = [
            (self._to_tell_domain(), "_tell"),
            (Domain("state", "=", NOTIFIED) & Domain("answer_deadline", "<", now), "_accept_silence"),
            (Domain("state", "in", WITH_DECIDER) & Domain("decision_deadline", "<", now), "_hand_up"),
        ]
        for domain, method in steps:
            self._in_batches(domain, method)

    @api.model
    def _in_batches(self, domain, method):
        """Run a method on the entries of a domain it leaves; an entry it fails on is skipped until the next time."""
        commit = self.env["ir.cron"]._commit_progress
        failed = []
        commit(remaining=self.search_count(domain))
        while entries := self.search(domain & Domain("id", "not in", failed), limit=BATCH, order="id"):
            try:
                getattr(entries, method)()
                self.env.flush_all()
            except Exception:
                self.env.cr.rollback()
                self.env.invalidate_all()
                failed += entries._one_by_one(method)
            if not commit(len(entries)):
                break
        if failed:
            commit(remaining=0)

    def _one_by_one(self, method):
        """Run a method on each entry in its own transaction; ids of those it failed on."""
        failed = []
        for entry in self:
            try:
                getattr(entry, method)()
                self.env.flush_all()
                self.env["ir.cron"]._commit_progress()
            except Exception:
                self.env.cr.rollback()
                self.env.invalidate_all()
                _logger.exception("Discipline entry %s: %s has failed", entry.id, method)
                failed.append(entry.id)
        return failed

    # --- notices ---

    @api.model
    def _to_tell_domain(self):
        """Proposals nobody has been told about, that no longer grow and are not too old for a notice."""
        today = fields.Date.context_today(self)
        return Domain("state", "=", PROPOSED) & Domain("to_print", "=", False) & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("final_on", ">=", today - timedelta(days=company.discipline_notice_age))
            for company in self.env["res.company"].search([])
        )

    def _tell(self):
        """Notice by activity for people with a user; the others go on the clerk's list of notices to print."""
        reachable = self.filtered("user_id.active")
        (self - reachable).write({"to_print": True})
        reachable._start_answer_window()
        activity_type = self.env.ref("sales_discipline.activity_type_answer")
        reachable._plan_activities(activity_type, "user_id", "answer_deadline")

    def _start_answer_window(self):
        now = fields.Datetime.now()
        for deadline, entries in self._by_answer_deadline().items():
            entries.with_context(tracking_disable=True).write({
                "state": NOTIFIED,
                "notified_on": now,
                "answer_deadline": deadline,
                "to_print": False,
            })

    def _plan_activities(self, activity_type, user_field, deadline_field):
        """One activity for each entry, in one go; shown in the web client, without a mail of its own."""
        self._make_followers(user_field)
        model_id = self.env["ir.model"]._get_id(self._name)
        quick = {"mail_activity_quick_update": True, "discipline_followers_made": True}
        self.env["mail.activity"].with_context(**quick).create([
            {
                "activity_type_id": activity_type.id,
                "res_model_id": model_id,
                "res_id": entry.id,
                "user_id": entry[user_field].id,
                # the local day: in the Americas its end is already the next one in UTC
                "date_deadline": pytz.utc.localize(entry[deadline_field]).astimezone(
                    pytz.timezone(entry._calendar().tz or "UTC")).date(),
                "summary": entry.reason,
            }
            for entry in self.filtered(user_field)
        ])

    def _make_followers(self, user_field):
        """Whoever is given an activity follows its document: all of them at once, where Odoo asks for each user."""
        partners = {entry.id: entry[user_field].partner_id for entry in self if entry[user_field].partner_id.active}
        # sudo: followers are Odoo's own bookkeeping; whoever plans the activity may make its user one anyway
        followers = self.env["mail.followers"].sudo()
        known = {
            (follower.res_id, follower.partner_id)
            for follower in followers.search_fetch(
                [("res_model", "=", self._name), ("res_id", "in", list(partners))], ["res_id", "partner_id"])
        }
        default, _internal, external = self.env["mail.message.subtype"].default_subtypes(self._name)
        followers.create([
            {
                "res_model": self._name,
                "res_id": entry_id,
                "partner_id": partner.id,
                "subtype_ids": [Command.set((external if partner.partner_share else default).ids)],
            }
            for entry_id, partner in partners.items()
            if (entry_id, partner) not in known
        ])

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        if self.env.context.get("discipline_followers_made"):
            return True
        return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)

    def action_mark_printed(self):
        """The clerk has handed over the printed notice: from now on the person may answer."""
        if not self.env.user.has_group("sales_discipline.group_discipline_clerk"):
            raise AccessError(self.env._("Only the info clerk hands over printed notices."))
        self.check_access("read")
        for entry in self:
            if entry.state != PROPOSED:
                raise UserError(self.env._(
                    "Entry '%(entry)s' is no longer a proposal, so there is no notice to hand over.",
                    entry=entry.display_name))
            if not entry.to_print:
                raise UserError(self.env._(
                    "There is no notice of entry '%(entry)s' to hand over: it still grows, it is too old for one, or the "
                    "person is told in Odoo.",
                    entry=entry.display_name))
        # entries are written by nobody directly
        self.sudo()._start_answer_window()

    # --- silence ---

    def _accept_silence(self):
        """No answer in time: the facts are accepted; cases and proposals of managers go to the decider."""
        self.activity_ids.unlink()
        to_decide = self.filtered(lambda entry: entry._needs_decision())
        confirmed = self - to_decide
        for entries, state in ((confirmed, CONFIRMED), (to_decide, TO_DECIDE)):
            entries.with_context(tracking_disable=True).write({
                "state": state, "answer": "silent", "answered_on": fields.Datetime.now(),
            })
        to_decide._ask_decider()
        bodies = {
            **dict.fromkeys(confirmed.ids, self.env._("No answer in time: confirmed.")),
            **dict.fromkeys(to_decide.ids, self.env._("No answer in time: the decider decides.")),
        }
        self._message_log_batch(bodies=bodies)

    def _hand_up(self):
        """The decider kept silent: the next role decides, and after the last one the entry is dropped."""
        self.activity_ids.unlink()
        lapsed = self.filtered(lambda entry: not entry._set_next_decider())
        lapsed.with_context(tracking_disable=True).write({
            "state": WAIVED,
            "pinned": True,
            "decided_on": fields.Datetime.now(),
            "decision_note": self.env._("Lapsed: nobody has decided in time."),
        })
        if lapsed:
            lapsed._message_log_batch(bodies=dict.fromkeys(lapsed.ids, lapsed[0].decision_note))
            self.env["sales.discipline.run"]._trigger_judging()
        (self - lapsed)._ask_decider()
