# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models

from ..engine.ledger import Action


class SalesDisciplineRunLine(models.Model):
    _inherit = "sales.discipline.run.line"

    cause = fields.Char(string="Why", help="Why the entry does not stand any longer.")


class SalesDisciplineRun(models.Model):
    """Why a run withdraws: said on its line and on the entry."""

    _inherit = "sales.discipline.run"

    def _prepare_lines(self, changes, findings, violations, done=False):
        lines = super()._prepare_lines(changes, findings, violations, done)
        gone = {
            change.fact_key for change in changes
            if change.fact_key not in findings and change.target.verdict is None
            and change.action in (Action.WITHDRAW, Action.CORRECT)
        }
        latest = {row.fact_key: row for row in violations if row.fact_key in gone}
        causes = self._causes(self.env["sales.discipline.violation"].union(*latest.values()))
        for line in lines:
            line["cause"] = causes.get(line["fact_key"], False)
        return lines

    def _causes(self, entries):
        """{fact key: why nothing is found any more}, with the same number of queries for all of them."""
        if not entries:
            return {}
        missing = self._without_evidence(entries)
        excused = self._excused_by_now(entries)
        texts = {}
        for entry in entries:
            if entry in missing:
                texts[entry.fact_key] = self.env._("The record it was read from was deleted.")
            elif entry in excused:
                texts[entry.fact_key] = self.env._("Approved leave or a public holiday covers the day now.")
            else:
                texts[entry.fact_key] = self.env._(
                    "The evidence no longer shows an offence: it was corrected, the terms have changed, or the rule no "
                    "longer judges this person.")
        return texts

    def _without_evidence(self, entries):
        missing = entries.browse()
        for model, rows in entries.filtered("evidence_id").grouped("evidence_model").items():
            there = set(self.env[model].browse(rows.mapped("evidence_id")).exists().ids) if model in self.env else set()
            missing |= rows.filtered(lambda entry, there=there: entry.evidence_id not in there)
        return missing

    def _excused_by_now(self, entries):
        """Those on whose local day a leave or holiday lies."""
        days = entries.mapped("fact_date")
        # sudo: only that somebody is excused, never why
        leaves = self.env["resource.calendar.leaves"].sudo().search_fetch(
            [
                ("time_type", "=", "leave"),
                ("resource_id", "in", [False, *entries.employee_id.sudo().resource_id.ids]),
                ("company_id", "in", [False, self.company_id.id]),
                ("date_from", "<=", datetime.combine(max(days), time.max) + timedelta(days=1)),
                ("date_to", ">=", datetime.combine(min(days), time.min) - timedelta(days=1)),
            ],
            ["resource_id", "calendar_id", "date_from", "date_to"],
        )

        def is_excused(entry):
            person = entry.employee_id.sudo()
            calendar = person.resource_calendar_id
            tz = pytz.timezone(calendar.tz or "UTC")
            start, stop = (
                tz.localize(datetime.combine(entry.fact_date, moment)).astimezone(pytz.utc).replace(tzinfo=None)
                for moment in (time.min, time.max)
            )
            return any(
                leave.date_from <= stop and leave.date_to >= start
                and (leave.resource_id == person.resource_id
                     or (not leave.resource_id and leave.calendar_id in (calendar.browse(), calendar)))
                for leave in leaves
            )

        return entries.filtered(is_excused)

    def _log_on_entries(self, lines, findings):
        told = [line for line in lines if line["action"] == "withdraw" and line["cause"]]
        bodies = {
            line["violation_id"]: self.env._("Withdrawn by a run. %(cause)s", cause=line["cause"]) for line in told
        }
        if bodies:
            self.env["sales.discipline.violation"].browse(bodies)._message_log_batch(bodies=bodies)
        return super()._log_on_entries([line for line in lines if line not in told], findings)
