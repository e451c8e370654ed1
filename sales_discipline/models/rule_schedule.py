# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.date_utils import time_to_float

from .violation import UNDECIDED

# Kinds whose evidence are punches.
PUNCH_KINDS = ("late",)


class SalesDisciplineRule(models.Model):
    """When a rule is judged by itself, and over which days."""

    _inherit = "sales.discipline.rule"

    last_full_on = fields.Date(
        readonly=True, copy=False, help="Local day on which all open periods were last judged; empty: do it again."
    )
    seen_write_date = fields.Datetime(
        readonly=True, copy=False, help="Change of evidence up to which the rule has been judged (database clock)."
    )

    def write(self, vals):
        for rule in self:
            # both belong to what the versions have judged; the entries stay with their company
            changed = vals.get("kind", rule.kind) != rule.kind or vals.get("company_id", rule.company_id.id) != (
                rule.company_id.id
            )
            if changed and any(rule.version_ids.mapped("judged")):
                raise UserError(self.env._(
                    "Rule '%(rule)s' has judged: its kind and its company stay. Archive it and make a new one.",
                    rule=rule.name))
        result = super().write(vals)
        if vals.keys() & {"scope", "priority", "offence_group", "employee_ids", "job_ids", "work_location_ids",
                          "team_ids", "department_ids", "state"}:
            self._judge_again()
        return result

    def _judge_again(self):
        """All open periods again: the rule, its scope or its terms have changed."""
        active = self.filtered(lambda rule: rule.state == "active")
        if active:
            # a rule may also gain or lose people to the others of its company
            rivals = self.search([("state", "=", "active"), ("company_id", "in", active.company_id.ids)])
            (active | rivals).write({"last_full_on": False})
            self.env["sales.discipline.run"]._trigger_judging()

    @api.model
    def _judge_days(self, company, date_from, date_to):
        """Have days judged again that no run would look at by itself; the scheduled action takes the runs up."""
        rules = self.search([("company_id", "=", company.id), ("state", "=", "active"), ("kind", "in", PUNCH_KINDS)])
        waiting = self.env["sales.discipline.run"].search([
            ("rule_id", "in", rules.ids), ("state", "=", "running"), ("employee_done", "=", 0),
            ("date_from", "<=", date_from), ("date_to", ">=", date_to),
        ])
        runs = waiting.create([
            {"rule_id": rule.id, "date_from": date_from, "date_to": date_to} for rule in rules - waiting.rule_id
        ])
        for run in runs:
            run._start()
        runs._trigger_judging()

    def _lock(self):
        """Whether this transaction may write the ledger of the rule: one run of a rule at a time.

        Whoever gets the lock also writes the row, so that a transaction which began before another's chunk was
        committed meets a serialization failure here, before it could compare with a ledger of yesterday.
        """
        self.ensure_one()
        self.flush_recordset()
        self.env.cr.execute(SQL(
            "SELECT id FROM sales_discipline_rule WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED", self.id
        ), log_exceptions=False)
        if not self.env.cr.fetchone():
            return False
        self.env.cr.execute(SQL(
            "UPDATE sales_discipline_rule SET last_run_on = %s WHERE id = %s", fields.Datetime.now(), self.id
        ), log_exceptions=False)
        self.invalidate_recordset(["last_run_on"], flush=False)
        return True

    def _commit_next_run(self):
        """Start and commit the run that is due, if any and if no other run of the rule is at work."""
        run = self.env["sales.discipline.run"]
        if self._lock():
            run = self._next_run()
        self.env["ir.cron"]._commit_progress()
        return run

    def _next_run(self):
        """Start the run that is due now: all open periods once a day, else from the earliest day touched; or none."""
        self.ensure_one()
        Run = self.env["sales.discipline.run"]
        if Run.search_count([("rule_id", "=", self.id), ("state", "=", "running")], limit=1):
            return Run
        now = self._local_now()
        touched_from, seen = self._touched()
        full = self.last_full_on != now.date() and (
            not self.last_full_on or time_to_float(now.time()) >= self.company_id.discipline_run_hour
        )
        starts = [touched_from] if touched_from else []
        if full:
            starts.append(self._open_from())
        starts = [start for start in starts if start <= now.date()]
        if not starts or not self.version_ids:
            return Run
        first = max(min(starts), min(self.version_ids.mapped("valid_from")))
        if first > now.date():
            return Run
        run = Run.create({
            "rule_id": self.id,
            "date_from": first,
            "date_to": now.date(),
            "automatic": True,
            "full": full,
            "seen_write_date": seen,
        })
        run._start()
        return run

    def _local_now(self):
        tz = pytz.timezone(self.company_id.resource_calendar_id.tz or "UTC")
        return pytz.utc.localize(fields.Datetime.now()).astimezone(tz)

    def _known_after(self):
        """Days until the offence of a day can be seen, for kinds that look at more than the day itself."""
        return 0

    def _open_from(self):
        """First local date that is still in an open period, was not judged to its end before its own was closed, or
        whose entry still grows. What belongs to a closed period is booked in the open one.
        """
        first = min(self.version_ids.mapped("valid_from"), default=fields.Date.context_today(self))
        closed = self.env["sales.discipline.period"]._closed_to(self.company_id)
        if not closed:
            return first
        growing = self.env["sales.discipline.violation"].search([
            ("rule_id", "=", self.id), ("state", "in", UNDECIDED), ("final_on", "=", False),
        ], order="fact_date", limit=1)
        complete = self.last_full_on - timedelta(days=self._known_after()) if self.last_full_on else date.max
        return max(first, min(closed + timedelta(days=1), complete, growing.fact_date or date.max))
