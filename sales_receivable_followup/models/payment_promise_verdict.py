# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount, format_date, split_every

from ..engine.promise import BROKEN, KEPT, OPEN, judge
from .credit_request_mixin import FINANCE
from .payment_promise import TEAM, WITHDRAWN
from .payment_promise_query import receipts

_logger = logging.getLogger(__name__)


class SalesPaymentPromise(models.Model):
    """What becomes of a promise: kept, broken or withdrawn, and who is told (DUN-04)."""

    _inherit = "sales.payment.promise"

    # --- judging ---

    def _verdicts(self):
        """{promise id: engine's verdict} by what is booked today; one query for each company."""
        result = {}
        for model in ("account.move.line", "account.partial.reconcile", "res.partner", f"{self._name}.item", self._name):
            self.env[model].flush_model()
        for company, promises in self.grouped("company_id").items():
            today = company._arrears_today()
            # sudo: who took a promise has no accounting rights, and sees here what came in for it only
            trade, advance = company.sudo()._arrears_accounts()
            accounts = trade | advance
            booked = {}
            for promise_id, day, amount in self.env.execute_query(
                receipts(company.id, company.sudo().currency_id.id, accounts.ids, promises.ids),
            ) if accounts else ():
                booked.setdefault(promise_id, []).append((day, float(amount)))
            for promise in promises:
                result[promise.id] = judge(
                    promise.amount, promise.taken_on, promise.promised_on, booked.get(promise.id, ()), today,
                    promise.currency_id.rounding, company.sudo().promise_booking_days)
        return result

    def _judge(self):
        """Write down which of these open promises are kept or broken today; frozen from then on.

        :return: the promises that were judged
        """
        verdicts = self._verdicts()
        judged = self.filtered(lambda promise: promise.state == OPEN and verdicts[promise.id].state != OPEN)
        for promise in judged:
            verdict = verdicts[promise.id]
            promise.write({
                "state": verdict.state, "judged_on": promise.company_id._arrears_today(),
                "judged_received": promise.currency_id.round(verdict.received),
            })
        judged._tell()
        return judged

    @api.model
    def _cron_judge(self, batch_size=200):
        """Every day, by each company's own date: the promises that are kept by now, or broken since yesterday."""
        todo = [
            batch
            for company, promise_ids in self._read_group([("state", "=", OPEN)], ["company_id"], ["id:array_agg"])
            for batch in split_every(batch_size, sorted(promise_ids), self.browse)
        ]
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=sum(map(len, todo)))
        for promises in todo:
            self._judge_safely(promises)
            if not commit(len(promises)):
                break

    @api.model
    def _judge_safely(self, promises):
        """A promise that cannot be judged does not stop the others."""
        try:
            with self.env.cr.savepoint():
                promises._silent()._judge()
                self.env.flush_all()
        except psycopg2.OperationalError:
            raise  # two at once: the run is repeated
        except Exception:
            self.env.invalidate_all()
            if len(promises) > 1:
                for promise in promises:
                    self._judge_safely(promise)
            else:
                _logger.exception("Promise %s could not be judged", promises.id)

    def _silent(self):
        return self.with_context(tracking_disable=True, mail_create_nosubscribe=True, mail_activity_quick_update=True)

    # --- withdrawing ---

    def _is_withdrawable(self):
        """Who took it on the day he took it; afterwards the team's leader or finance: it would spare the customer."""
        user, owner = self.env.user, self.sudo().user_id  # sudo: who leads the team is no secret
        return user.has_group(FINANCE) or (user.has_group(TEAM) and owner.sale_team_id.user_id == user != owner) or (
            self.taken_by_id == user and self.company_id._arrears_today() == self.written_on)

    def action_withdraw(self, reason=None):
        """The promise was a mistake: it is neither kept nor broken. Right: see _is_withdrawable."""
        self.check_access("read")
        for promise in self:
            if promise.state != OPEN:
                raise UserError(self.env._(
                    "%(promise)s is no longer open: what was judged stays as it is.", promise=promise.display_name))
            if not promise._is_withdrawable():
                raise AccessError(self.env._(
                    "%(promise)s: who took it withdraws it on the same day; after that finance or the leader of the "
                    "salesperson's team does.", promise=promise.display_name))
        if not (reason or "").strip():
            return self.env["sales.order.credit.reason"]._open(self, "withdraw")
        for promise in self.sudo():  # sudo: nobody changes a promise by hand; who may was checked above
            promise.write({
                "state": WITHDRAWN, "withdrawn_by_id": self.env.uid, "withdraw_reason": reason.strip(),
                "withdrawn_on": promise.company_id._arrears_today(),
            })
        self.sudo()._tell()
        return True

    # --- in words ---

    def _sentence(self):
        """Why a promise stands as it does."""
        self.ensure_one()
        names = {
            "received": format_amount(self.env, self.received, self.currency_id),
            "amount": format_amount(self.env, self.amount, self.currency_id),
            "missing": format_amount(self.env, self.missing, self.currency_id),
            "taken": format_date(self.env, self.taken_on), "promised": format_date(self.env, self.promised_on),
        }
        if self.state == WITHDRAWN:
            return self.env._(
                "Withdrawn on %(day)s by %(user)s: %(reason)s", day=format_date(self.env, self.withdrawn_on),
                user=self.sudo().withdrawn_by_id.name, reason=self.withdraw_reason)
        if self.state == KEPT:
            names["judged"] = format_date(self.env, min(self.judged_on, self.promised_on))
            return self.env._(
                "Kept: %(received)s came in from %(taken)s to %(judged)s; %(amount)s were promised by %(promised)s.", **names)
        if self.state == BROKEN:
            if self.is_partly:
                return self.env._(
                    "Broken, kept in part: of %(amount)s promised on %(taken)s, %(received)s came in by %(promised)s; "
                    "%(missing)s are missing.", **names)
            return self.env._(
                "Broken: of %(amount)s promised on %(taken)s, nothing came in by %(promised)s.", **names)
        if self.is_partly:
            return self.env._("Open: %(received)s of %(amount)s are in; %(missing)s by %(promised)s.", **names)
        return self.env._("Open: %(amount)s by %(promised)s; nothing is in yet.", **names)

    def _announce(self):
        """The customer's chatter tells of a new promise, and the salesperson is reminded on its day."""
        Promise = self.sudo()._silent()  # sudo: who may take a promise need not be allowed to change the customer
        Promise.browse(self.ids)._log_on_customers(lambda promise: promise.env._(
            "Promise to pay: %(amount)s by %(day)s, taken by %(user)s. Reason: %(reason)s",
            amount=format_amount(promise.env, promise.amount, promise.currency_id), user=promise.taken_by_id.name,
            day=format_date(promise.env, promise.promised_on), reason=promise.reason))
        for promise in Promise.browse(self.ids):
            told = promise.with_context(lang=promise._language())
            told._remind(promise.promised_on, told.env._(
                "Promised for today: is %(amount)s in?",
                amount=format_amount(told.env, promise.amount, promise.currency_id)))

    def _tell(self):
        """The customer's chatter says what became of these promises; a broken one is a task for the salesperson."""
        self._log_on_customers(lambda promise: promise._sentence())
        self.activity_unlink(["mail.mail_activity_data_call"])
        for promise in self.filtered(lambda promise: promise.state == BROKEN):
            told = promise.with_context(lang=promise._language())
            told._remind(promise.judged_on, told.env._(
                "Promise broken, %(missing)s are missing: call the customer",
                missing=format_amount(told.env, promise.missing, promise.currency_id)))

    def _log_on_customers(self, sentence):
        """Log on each customer what is to be said of his promises."""
        of_customers = {}
        for promise in self:
            text = sentence(promise.with_context(lang=promise._language()))
            of_customers.setdefault(promise.partner_id.id, []).append(text)
        if of_customers:
            self.env["res.partner"].browse(of_customers)._message_log_batch(
                {partner_id: "\n".join(texts) for partner_id, texts in of_customers.items()})

    def _language(self):
        return (self.user_id or self.taken_by_id).lang or self.env.lang

    def _remind(self, day, summary):
        """An activity for the salesperson, or who took the promise where he cannot see it."""
        self.ensure_one()
        for user in (self.user_id, self.taken_by_id):
            reader = self.with_user(user).with_context(allowed_company_ids=self.company_id.ids) if user.active else None
            if reader and self.company_id in user.company_ids and reader.has_access("read"):
                self.activity_schedule(
                    "mail.mail_activity_data_call", date_deadline=day, summary=summary, user_id=user.id)
                return
