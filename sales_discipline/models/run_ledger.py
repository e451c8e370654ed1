# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import Counter
from datetime import date
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..engine import ledger
from ..engine.judge import Fact, judge
from ..engine.ledger import Action
from ..engine.window import window_end, window_start
from .violation import CONFIRMED, PROPOSED, WITHDRAWN

SILENT = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_create_nolog": True}


class SalesDisciplineRun(models.Model):
    """From findings to ledger rows: judge, compare, write only the difference."""

    _inherit = "sales.discipline.run"

    def _changes(self, employees):
        """What the ledger needs to say about these employees: (list of ledger.Change, {fact key: Finding}).

        Findings tell the facts of the run's own dates; around them, in the windows that count together with them,
        the ledger does.
        """
        rule = self.rule_id
        findings, counted_elsewhere = rule._one_offence_a_day(rule._detect(employees, self.date_from, self.date_to))
        judged_from, judged_to, counted_from = self._judged_span()
        violations = self._ledger_rows(employees, counted_from, judged_to)
        rows = [violation._to_engine() for violation in violations]
        facts = [
            Fact(
                key, finding.employee_id, finding.day, Decimal(finding.quantity), finding.digest, bool(finding.final_on)
            )
            for key, finding in findings.items()
            if key not in counted_elsewhere
        ]
        outside = violations.filtered(lambda row: not self.date_from <= row.fact_date <= self.date_to)
        facts += self._facts_on_record(outside, ledger.by_fact(rows))
        facts = rule._with_base_pay(facts)
        pinned = ledger.pins(rows)
        verdicts = judge(
            facts,
            [version._to_engine() for version in rule.version_ids],
            ledger.excluded(facts, pinned),
            rule.company_id._discipline_fines_from(),
            self._line_model()._currency_unit(self.company_id),
        )
        before_span = {row.fact_key for row in violations if row.fact_date < judged_from}
        targets = ledger.targets(facts, verdicts, pinned)
        changes = ledger.difference(
            {key: target for key, target in targets.items() if key not in before_span},
            [row for row in rows if row.fact_key not in before_span],
        )
        return changes, findings, violations

    def _judged_span(self):
        """(first day judged, last day judged, first day that counts): the run's dates and the windows around them."""
        versions = self.rule_id.version_ids.sorted("valid_from")
        in_force = versions.filtered(lambda version: version._in_force_from() <= self.date_from)[-1:]
        following = versions.filtered(lambda version: version._in_force_from() > self.date_from)
        judged_to, counted_from = self.date_to, self.date_from
        for version in in_force | following:
            first_day = max(self.date_from, version._in_force_from())
            counted_from = min(counted_from, window_start(version.reset, first_day, version.rolling_days))
            if first_day <= window_end(version.reset, self.date_to, version.rolling_days):
                judged_to = max(judged_to, window_end(version.reset, self.date_to, version.rolling_days))
        return self.date_from, judged_to, counted_from

    def _ledger_rows(self, employees, date_from, date_to):
        """The ledger of these employees between two local dates, by revision; nothing while terms are tried."""
        if self.version_id:
            return self.env["sales.discipline.violation"]
        domain = [("rule_id", "=", self.rule_id.id), ("employee_id", "in", employees.ids)]
        if date_from > date.min:
            domain.append(("fact_date", ">=", date_from))
        if date_to < date.max:
            domain.append(("fact_date", "<=", date_to))
        names = [
            "fact_key", "revision", "state", "step_kind", *self._line_model()._prepare_effect(ledger.NOTHING.effect), "digest",
            "occurrence", "pinned", "fact_date", "quantity", "final_on", "employee_id", "version_id",
        ]
        return self.env["sales.discipline.violation"].search_fetch(domain, names, order="fact_key, revision")

    def _facts_on_record(self, violations, rows_by_fact):
        """Facts as the ledger knows them, for days that no finding covers: what still stands."""
        return [
            Fact(key, last.employee_id.id, last.fact_date, Decimal(last.quantity), last.digest, bool(last.final_on))
            for key, revisions in violations.grouped("fact_key").items()
            if ledger.standing(rows_by_fact[key]) != ledger.NOTHING
            for last in [revisions.filtered(lambda row: row.state != WITHDRAWN)[-1:]]
        ]

    # --- lines ---

    def _line_model(self):
        """The model, none of the lines: asking for those would read what earlier chunks have written."""
        return self.env["sales.discipline.run.line"]

    def _prepare_lines(self, changes, findings, violations, done=False):
        by_revision = {(row.fact_key, row.revision): row for row in violations}
        employees = {row.fact_key: row.employee_id.id for row in violations}
        days = {row.fact_key: row.fact_date for row in violations}
        prepare_effect = self._line_model()._prepare_effect
        lines = []
        for change in changes:
            finding = findings.get(change.fact_key)
            row = by_revision.get((change.fact_key, change.revision))
            lines.append({
                "run_id": self.id,
                "action": change.action.value,
                "employee_id": finding.employee_id if finding else employees[change.fact_key],
                "fact_date": finding.day if finding else days[change.fact_key],
                "fact_key": change.fact_key,
                "revision": change.revision,
                "violation_id": row.id if row and change.row else False,
                "occurrence": change.target.verdict.occurrence if change.target.verdict else 0,
                "step_kind": change.kind,
                **prepare_effect(change.effect),
                "reason": finding.sentence if finding else row.evidence_note if row else False,
                "before": row._snapshot() if row and change.action in (Action.UPDATE, Action.WITHDRAW) else False,
                "done": done,
            })
        return lines

    # --- writing ---

    def _insert_lines(self, lines):
        if lines:
            self._line_model()._insert_rows(lines[0], [tuple(line.values()) for line in lines])
            self.invalidate_recordset(["line_ids"])

    def _apply_changes(self, changes, findings, violations):
        """Write the changes, then the run's own lines and counts."""
        if not changes:
            return
        by_revision = {(row.fact_key, row.revision): row for row in violations}
        latest = {row.fact_key: row for row in violations}  # they come by revision
        lines = self._prepare_lines(changes, findings, violations, done=True)
        words = self._words(changes)
        self._lock_rows(violations.browse(line["violation_id"] for line in lines if line["violation_id"]))
        periods = self._posting_periods(line["fact_date"] for line in lines)
        for change, line in zip(changes, lines, strict=True):
            row = by_revision.get((change.fact_key, change.revision))
            if change.action is Action.WITHDRAW:
                row.with_context(**SILENT)._withdraw()
            elif change.action is Action.UPDATE:
                vals = self._prepare_entry(change, line, findings, latest[change.fact_key], words)
                row.with_context(**SILENT)._update_proposal(vals, change.raises)
        nothing = violations.browse()
        added = [
            (change, line)
            for change, line in zip(changes, lines, strict=True)
            if change.action in (Action.PROPOSE, Action.CORRECT)
        ]
        entries = self._create_entries([
            {
                **self._prepare_entry(change, line, findings, latest.get(change.fact_key, nothing), words),
                "company_id": self.company_id.id,
                "rule_id": self.rule_id.id,
                "employee_id": line["employee_id"],
                "fact_key": change.fact_key,
                "revision": change.revision,
                "fact_date": line["fact_date"],
                "issuer_id": self.rule_id.owner_id.id,
                "period_id": periods[line["fact_date"]].id,
                "corrects_id": latest.get(change.fact_key, nothing).id,
                "state": CONFIRMED if change.action is Action.CORRECT else PROPOSED,
            }
            for change, line in added
        ])
        for (change, _line), entry in zip(added, entries, strict=True):
            by_revision[change.fact_key, change.revision] = entry
        for line in lines:
            line["violation_id"] = by_revision[line["fact_key"], line["revision"]].id
        self._insert_lines(lines)
        self._log_on_entries(lines, findings)
        counts = Counter(line["action"] for line in lines)
        self.write({f"{action}_count": self[f"{action}_count"] + count for action, count in counts.items()})

    def _prepare_entry(self, change, line, findings, last, words):
        """Values that both a new entry and an updated proposal carry; ``last`` is the latest row of the fact."""
        verdict = change.target.verdict
        finding = findings.get(change.fact_key)
        version_id = (
            verdict.version.key if verdict else (last.version_id or self.rule_id._version_on(line["fact_date"])).id
        )
        vals = {
            "run_id": self.id,
            "version_id": version_id,
            "digest": change.target.digest or last.digest,
            "occurrence": line["occurrence"] or last.occurrence,
            "step_kind": change.kind or False,
            **self._line_model()._prepare_effect(change.effect),
        }
        if finding:
            vals.update(
                quantity=finding.quantity,
                final_on=finding.final_on,
                due_at=finding.due_at,
                actual_at=finding.actual_at,
                evidence_model=finding.evidence_model,
                evidence_id=finding.evidence_id,
                evidence_note=finding.sentence,
            )
        elif change.row is None and last:
            kept = last.read([
                "quantity", "final_on", "due_at", "actual_at", "evidence_model", "evidence_id", "evidence_note",
            ])[0]
            vals.update({name: value for name, value in kept.items() if name != "id"})
        vals["reason"] = self._reason(change, vals, last, words)
        return vals

    def _words(self, changes):
        """What the reasons of many entries have in common: {state: its sanction in words}, {version id: its window}."""
        return (
            {state: self._sanction_text(state) for state in {change.target.state for change in changes}},
            {version.id: version._window_text() for version in self.rule_id.version_ids},
        )

    def _reason(self, change, vals, last, words):
        """One plain sentence: what was seen, which offence it is, what follows."""
        sanctions, windows = words
        facts = vals.get("evidence_note") or last.evidence_note or ""
        if change.action is Action.CORRECT:
            return self.env._(
                "%(facts)s Corrects entry %(number)s: now %(sanction)s.",
                facts=facts, number=last.id, sanction=sanctions[change.target.state])
        return self.env._(
            "%(facts)s Offence no. %(number)s %(window)s: %(sanction)s.",
            facts=facts,
            number=vals["occurrence"],
            window=windows[vals["version_id"]],
            sanction=sanctions[change.target.state])

    def _sanction_text(self, state):
        return self._line_model()._sanction_text(state, self.currency_id)

    def _log_on_entries(self, lines, findings):
        """Say on the entries what a later run changed: lowering is automatic, but never silent."""
        texts = {
            "correct": self.env._("Corrected by a run, see the entry that corrects this one."),
            "update": self.env._("Updated by a run: the facts or the number of the offence have changed."),
            "withdraw": self.env._("Withdrawn by a run: the facts no longer support it."),
            "hold": self.env._("The facts have changed; looked at again after the appeal is decided."),
        }
        Violation = self.env["sales.discipline.violation"]
        entries = {line["violation_id"]: texts[line["action"]] for line in lines if line["action"] in texts}
        corrected = Violation.browse(
            entry_id for entry_id in entries if entries[entry_id] == texts["correct"]
        ).mapped("corrects_id")
        bodies = {entry_id: text for entry_id, text in entries.items() if text != texts["correct"]}
        bodies.update(dict.fromkeys(corrected.ids, texts["correct"]))
        # the facts are there, and yet the entry goes: their sentence says why (ATT-02)
        bodies.update({
            line["violation_id"]: self.env._("Withdrawn by a run: %(facts)s", facts=line["reason"])
            for line in lines
            if line["action"] == "withdraw" and line["fact_key"] in findings and self.rule_id.daily_group
        })
        if bodies:
            Violation.browse(bodies)._message_log_batch(bodies=bodies)

    def _posting_periods(self, days):
        """{local date: open period its entries are posted to}, touched so that a closing at the same moment fails."""
        periods = self.env["sales.discipline.period"]._posting_periods(self.company_id, set(days))
        self.env["sales.discipline.period"].union(*periods.values())._touch()
        return periods

    def _lock_rows(self, violations):
        """Lock entries that are about to change; a quiet serialization failure repeats the chunk."""
        if violations:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM sales_discipline_violation WHERE id IN %s FOR NO KEY UPDATE", tuple(violations.ids)
                ),
                log_exceptions=False,
            )
