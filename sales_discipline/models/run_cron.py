# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
import random
import time

from psycopg2 import errors

from odoo import api, fields, models

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
        # what an interrupted run has done stays on it: undoing needs it
        done = self.line_ids.filtered("done")
        (self.line_ids - done).unlink()
        counts = ("propose_count", "correct_count", "update_count", "withdraw_count", "hold_count")
        self.write({
            "state": RUNNING,
            "started_on": fields.Datetime.now(),
            "ended_on": False,
            "note": False,
            "employee_done": 0,
            "employee_total": total,
            "last_employee_id": 0,
            **({} if done else dict.fromkeys(counts, 0)),
        })

    def _lock_rule(self):
        return self.rule_id._lock()

    def _judge_chunk(self):
        """Judge the next employees; done when there are no more. The rule is locked."""
        self.ensure_one()
        run = self.with_context(lang=self.company_id.partner_id.lang or self.env.lang)
        employees = run._employees(self.last_employee_id, self._chunk_size())
        if employees:
            run._judge_employees(employees)
            self.write({
                "employee_done": self.employee_done + len(employees),
                "last_employee_id": employees[-1].id,
            })
        if len(employees) < self._chunk_size() or self.employee_done >= self.employee_total:
            self.write({"state": DONE, "ended_on": fields.Datetime.now()})
            self.env["sales.discipline.violation"]._trigger_notices()
        judged = len(employees)
        # memory stays small, however many chunks a night has
        self.env.invalidate_all()
        return judged

    def _go_on(self):
        """Judge chunk after chunk, each in a transaction of its own. Commits, so for scheduled actions only."""
        while self._repeat(self._commit_chunk):
            continue

    def _commit_chunk(self):
        """Judge and commit the next chunk; whether there may be another one to judge now."""
        if self.exists().state != RUNNING:
            return False
        if not self._lock_rule():
            self.env.cr.rollback()
            _logger.info("Run %s: another run of its rule is already running", self.id)
            return False
        return bool(self.env["ir.cron"]._commit_progress(self._judge_chunk()))

    @api.model
    def _repeat(self, work):
        """Result of ``work``, a piece of a transaction that ends with its commit.

        When it meets a serialization failure it is rolled back and repeated: core does so for web requests only.
        """
        for attempt in range(1, ATTEMPTS + 1):
            # other processes have committed in the meantime, and memory stays small
            self.env.invalidate_all()
            try:
                return work()
            except CONFLICTS as conflict:
                self.env.cr.rollback()
                if attempt == ATTEMPTS:
                    raise
                _logger.info("Discipline runs: repeated after %s", type(conflict).__name__)
                time.sleep(random.uniform(0.1, 0.2) * 2**attempt)

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
            run = self._start_next_safely(rule)
            if run:
                run._go_on_safely()
            if not commit(1):
                break
        commit(remaining=self.search_count([("state", "=", RUNNING)]))

    def _start_next_safely(self, rule):
        """The run of a rule that is due, empty when there is none; a rule that cannot even start one is logged."""
        try:
            return self._repeat(rule._commit_next_run) or self.browse()
        except Exception as error:
            self.env.cr.rollback()
            self.env.invalidate_all()
            _logger.exception("Discipline rule %s could not be started", rule.id)
            rule._report_trouble(self.env._("This rule could not be judged: %(error)s", error=error))
            self.env["ir.cron"]._commit_progress()
            return self.browse()

    def _go_on_safely(self):
        """A rule that cannot be judged is noted on its run and does not stop the others."""
        try:
            self._go_on()
            self._repeat(self._commit_end)
        except Exception as error:
            self.env.cr.rollback()
            self.env.invalidate_all()
            _logger.exception("Discipline run %s has failed", self.id)
            self.write({"state": INTERRUPTED, "ended_on": fields.Datetime.now(), "note": str(error)})
            self._report_failure(error)
            self.env["ir.cron"]._commit_progress()

    def _commit_end(self):
        """Note on the rule how far it has looked; forget runs between two nights that found nothing new."""
        run = self.exists()
        if run.state == DONE and run.automatic and run._lock_rule():
            run.rule_id.write({
                "seen_write_date": run.seen_write_date,
                **({"last_full_on": run.date_to} if run.full else {}),
            })
            if run.full and not run.skip_count:
                run.rule_id._trouble_is_over()
            if not run.full and not run.line_ids and not run.skip_count:
                run.unlink()
        self.env["ir.cron"]._commit_progress()
