# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
import random
import time
from psycopg2 import errors

from odoo import api, fields, models
from odoo.tools import SQL

from .run import DONE, INTERRUPTED, RUNNING

_logger = logging.getLogger(__name__)

CHUNK = 5000  # employees in one transaction
ATTEMPTS = 6
CONFLICTS = (
    errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable, errors.UniqueViolation,
)


class SalesDisciplineRun(models.Model):
    """How runs go on: chunk by chunk, two at once, killed half-way; and the scheduled action that starts them."""

    _inherit = "sales.discipline.run"

    @api.model
    def _chunk_size(self):
        return CHUNK

    def _employees(self, after=0, limit=None):
        return self.env["hr.employee"].with_context(active_test=False).search(
            [("company_id", "=", self.company_id.id), ("id", ">", after)], order="id", limit=limit
        )

    def _start(self):
        total = self.env["hr.employee"].with_context(active_test=False).search_count(
            [("company_id", "=", self.company_id.id)]
        )
        self.line_ids.unlink()
        self.write({
            "state": RUNNING,
            "started_on": fields.Datetime.now(),
            "ended_on": False,
            "note": False,
            "employee_done": 0,
            "employee_total": total,
            "last_employee_id": 0,
            **dict.fromkeys(("propose_count", "correct_count", "update_count", "withdraw_count", "hold_count"), 0),
        })

    def _lock_rule(self):
        """Whether this transaction may write the ledger of the rule: one run of a rule at a time.

        Every chunk also writes the locked row, so that a transaction which began before another's chunk was committed
        gets a serialization failure here, before it could compare with a ledger of yesterday.
        """
        self.rule_id.flush_recordset()
        self.env.cr.execute(SQL(
            "SELECT id FROM sales_discipline_rule WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED", self.rule_id.id
        ), log_exceptions=False)
        if not self.env.cr.fetchone():
            return False
        self.env.cr.execute(SQL(
            "UPDATE sales_discipline_rule SET last_run_on = %s WHERE id = %s", fields.Datetime.now(), self.rule_id.id
        ), log_exceptions=False)
        self.rule_id.invalidate_recordset(["last_run_on"], flush=False)
        return True

    def _judge_chunk(self):
        """Judge the next employees; done when there are no more. The rule is locked."""
        self.ensure_one()
        run = self.with_context(lang=self.company_id.partner_id.lang or self.env.lang)
        employees = run._employees(self.last_employee_id, self._chunk_size())
        if employees:
            run._apply_changes(*run._changes(employees))
            self.write({
                "employee_done": self.employee_done + len(employees),
                "last_employee_id": employees[-1].id,
            })
        if len(employees) < self._chunk_size() or self.employee_done >= self.employee_total:
            self.write({"state": DONE, "ended_on": fields.Datetime.now()})
            self.env["sales.discipline.violation"]._trigger_notices()
        self.env.flush_all()
        return len(employees)

    def _go_on(self):
        """Judge chunk after chunk, each in a transaction of its own; False when another run has the rule.

        A chunk that meets a serialization failure is rolled back and repeated. Commits, so for scheduled actions only.
        """
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=max(self.employee_total - self.employee_done, 1))
        attempt = 0
        while self.state == RUNNING:
            try:
                if not self._lock_rule():
                    self.env.cr.rollback()
                    return False
                judged = self._judge_chunk()
                time_left = commit(judged)
            except CONFLICTS as conflict:
                self.env.cr.rollback()
                self.env.invalidate_all()
                attempt += 1
                if attempt == ATTEMPTS:
                    raise
                _logger.info("Run %s: chunk repeated after %s", self.id, type(conflict).__name__)
                time.sleep(random.uniform(0.0, 0.2) * 2**attempt)
                continue
            attempt = 0
            if not time_left:
                break
        return True

    # --- scheduled action ---

    @api.model
    def _trigger_judging(self):
        """Ask for an extra run of the scheduled action, soon and outside this transaction."""
        cron = self.env.ref("sales_discipline.judge_cron", raise_if_not_found=False)
        if cron:
            # whoever punches in or asks for leave has no right on scheduled actions
            cron.sudo()._trigger()

    @api.model
    def _cron_judge(self):
        """Go on with runs that were cut off, then judge every active rule that is due."""
        commit = self.env["ir.cron"]._commit_progress
        for run in self.search([("state", "=", RUNNING)], order="id"):
            run._go_on_safely()
        rules = self.env["sales.discipline.rule"].search([("state", "=", "active")])
        commit(remaining=len(rules))
        for rule in rules:
            run = rule._next_run()
            if run:
                run._go_on_safely()
            if not commit(1):
                break
        commit(remaining=0)

    def _go_on_safely(self):
        """A rule that cannot be judged is noted on its run and does not stop the others."""
        try:
            if self._go_on():
                self._after_run()
            elif self.automatic and not self.employee_done:
                # the run that has the rule does the same work
                self.write({
                    "state": INTERRUPTED,
                    "ended_on": fields.Datetime.now(),
                    "note": self.env._("Already running: another run of this rule is at work."),
                })
                self.env["ir.cron"]._commit_progress()
        except Exception as error:
            self.env.cr.rollback()
            self.env.invalidate_all()
            _logger.exception("Discipline run %s has failed", self.id)
            self.write({"state": INTERRUPTED, "ended_on": fields.Datetime.now(), "note": str(error)})
            self.env["ir.cron"]._commit_progress()

    def _after_run(self):
        """Note on the rule how far it has looked; forget runs between two nights that found nothing new."""
        if self.state != DONE:
            return
        if self.automatic:
            self.rule_id.write({
                "seen_write_date": self.seen_write_date,
                **({"last_full_on": self.date_to} if self.full else {}),
            })
            if not self.full and not self.line_ids:
                self.unlink()
        self.env["ir.cron"]._commit_progress()
