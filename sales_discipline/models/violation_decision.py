# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import ledger
from .violation import (
    APPEALED,
    CONFIRMED,
    NOTIFIED,
    OVERTURNED,
    POSTED,
    PROPOSED,
    TO_DECIDE,
    UNDECIDED,
    WAIVED,
    WITH_DECIDER,
)

CLERK = "sales_discipline.group_discipline_clerk"
OFFICER = "sales_discipline.group_discipline_officer"
ADMINISTRATOR = "sales_discipline.group_discipline_administrator"
# decision: states it can be taken in
DECISIONS = {
    "uphold": WITH_DECIDER,
    "waive": UNDECIDED,
    "overturn": UNDECIDED,
    "reverse": (CONFIRMED, POSTED),
}


class SalesDisciplineViolation(models.Model):
    """Answer of the person, decision of the decider (SAN-06, SAN-11). Every right is checked here, on the server."""

    _inherit = "sales.discipline.violation"

    can_answer = fields.Boolean(compute="_compute_rights")
    can_decide = fields.Boolean(compute="_compute_rights")
    can_reverse = fields.Boolean(compute="_compute_rights")

    def _compute_rights(self):
        for entry in self:
            may_decide = entry._may_decide()
            entry.can_answer = entry.state in (PROPOSED, NOTIFIED) and entry.final_on and entry._may_answer()
            entry.can_decide = entry.state in UNDECIDED and may_decide
            entry.can_reverse = (
                entry.state in (CONFIRMED, POSTED) and may_decide and self.env.user.has_group(OFFICER)
            )

    # --- answer ---

    def action_accept(self):
        """The person accepts the facts: confirmed at once, but for what a person decides in any case."""
        self._check_may_answer()
        # entries are written by nobody directly; the right was checked above
        entries = self.sudo()
        to_decide = entries.filtered(lambda entry: entry._needs_decision())
        (entries - to_decide)._answer("accepted", CONFIRMED)
        to_decide._answer("accepted", TO_DECIDE)
        to_decide._ask_decider()

    def action_appeal(self):
        """Ask for the reason of the appeal."""
        self._check_may_answer()
        return self._ask("appeal", self.env._("Appeal"))

    def appeal(self, note, attachment_ids=()):
        """The person objects: frozen until the decider has decided.

        :param str note: why; required
        :param attachment_ids: ids of papers and photos that the caller may read; their content is copied
        """
        files = self._readable_files(attachment_ids)
        self._check_may_answer()
        self._check_note(note)
        entries = self.sudo()
        entries._answer("appealed", APPEALED, note)
        entries._ask_decider()
        entries._file_papers(files, "appeal" if self._are_about(self.env.user) else "signed")

    def _answer(self, answer, state, note=False):
        self.activity_ids.unlink()
        self.write({
            "state": state,
            "answer": answer,
            "answer_note": note,
            "answered_on": fields.Datetime.now(),
            "answered_by_id": self.env.uid,
            "to_print": False,
        })

    def _ask_decider(self):
        """Start the decider's time and tell him."""
        for deadline, entries in self._by_deadline("decision_days").items():
            entries.write({"decision_deadline": deadline})
        activity_type = self.env.ref("sales_discipline.activity_type_decide")
        self._plan_activities(activity_type, "decider_id", "decision_deadline")

    def _may_answer(self):
        """The person himself; for a person without a user, the clerk who writes down what he says."""
        self.ensure_one()
        # an archived user cannot log in any more
        person = self.sudo().employee_id.user_id.filtered("active")
        return person == self.env.user if person else self.env.user.has_group(CLERK)

    def _check_may_answer(self):
        self.check_access("read")
        now = fields.Datetime.now()
        for entry in self:
            if not entry._may_answer():
                raise AccessError(self.env._(
                    "Only the person concerned answers entry '%(entry)s'; "
                    "for people without a user the info clerk does.",
                    entry=entry.display_name))
            if entry.state not in (PROPOSED, NOTIFIED):
                raise UserError(self.env._(
                    "Entry '%(entry)s' has been answered or decided already.", entry=entry.display_name))
            if not entry.final_on:
                raise UserError(self.env._(
                    "Entry '%(entry)s' still grows from day to day: end that first (file the report), then answer.",
                    entry=entry.display_name))
            if entry.answer_deadline and entry.answer_deadline < now:
                raise UserError(self.env._(
                    "The time to answer entry '%(entry)s' is over. Ask the decider to waive it.",
                    entry=entry.display_name))

    # --- decision ---

    def action_uphold(self):
        """Ask for the reason of a decision; the decision itself is ``decide``."""
        return self._ask_decision("uphold", self.env._("Uphold"))

    def action_waive(self):
        return self._ask_decision("waive", self.env._("Waive"))

    def action_overturn(self):
        return self._ask_decision("overturn", self.env._("Overturn"))

    def action_reverse(self):
        return self._ask_decision("reverse", self.env._("Reverse"))

    def decide(self, decision, note):
        """Decide entries.

        uphold: the appeal is rejected, the entry is confirmed. waive: the facts are right, nothing follows.
        overturn: the facts are wrong. reverse: a confirmed or posted entry is taken back by a correction in the open
        period. What is waived, overturned or reversed does not count; later entries are numbered anew.

        :param str decision: uphold, waive, overturn or reverse
        :param str note: why; required
        :raise AccessError: not the decider, the issuer, or the person himself
        """
        self._check_may_decide(decision)
        self._check_note(note)
        # entries are written by nobody directly; the right was checked above
        self.sudo()._decide(decision, note)

    def _decide(self, decision, note):
        self.activity_ids.unlink()
        states = {"uphold": CONFIRMED, "waive": WAIVED, "overturn": OVERTURNED}
        decided = {"decided_on": fields.Datetime.now(), "decided_by_id": self.env.uid, "decision_note": note}
        if decision == "reverse":
            for entry in self:
                entry._reverse(decided)
        else:
            self.write({**decided, "state": states[decision], "pinned": decision != "uphold", "to_print": False})
        for entry in self:
            entry.message_post(
                body=self.env._("Decided by %(user)s: %(note)s", user=self.env.user.name, note=note),
                partner_ids=entry.user_id.partner_id.ids,
            )
        # what was decided counts for others, and what was on hold meanwhile is looked at again
        self.env["sales.discipline.run"]._trigger_judging()

    def _reverse(self, decided):
        """Book the opposite of what stands for the fact, in the open period."""
        self.ensure_one()
        rows = self.search([
            ("company_id", "=", self.company_id.id), ("fact_key", "=", self.fact_key),
        ], order="revision")
        undecided = rows.filtered(lambda row: row.state in UNDECIDED)
        if undecided:
            raise UserError(self.env._(
                "Entry '%(undecided)s' of the same fact is not decided yet: decide it before reversing '%(entry)s'.",
                undecided=undecided[0].display_name, entry=self.display_name))
        standing = ledger.standing([row._to_engine() for row in rows])
        if standing == ledger.NOTHING:
            raise UserError(self.env._("Entry '%(entry)s' has been reversed already.", entry=self.display_name))
        periods = self.env["sales.discipline.period"]._posting_periods(self.company_id, {self.fact_date})
        period = periods[self.fact_date]
        period._touch()
        return self.with_context(tracking_disable=True).create({
            **{name: self[name] for name in (
                "fact_key", "fact_date", "final_on", "quantity", "due_at", "actual_at", "evidence_model", "evidence_id",
                "evidence_note", "occurrence")},
            **{name: self[name].id for name in ("company_id", "rule_id", "version_id", "employee_id", "issuer_id")},
            **decided,
            "revision": rows[-1].revision + 1,
            "digest": rows[-1].digest,
            "state": CONFIRMED,
            "pinned": True,
            "step_kind": False,
            **self._prepare_effect(ledger.NOTHING.effect - standing.effect),
            "period_id": period.id,
            "corrects_id": self.id,
            "reason": self.env._(
                "%(facts)s Reverses entry %(number)s: %(note)s",
                facts=self.evidence_note or "", number=self.id, note=decided["decision_note"]),
        })

    def _may_decide(self):
        """The decider, or a role above his; never the issuer, never the person himself."""
        self.ensure_one()
        user, entry = self.env.user, self.sudo()
        if user in (entry.issuer_id, entry.employee_id.user_id):
            return False
        if user == entry.decider_id:
            return True
        above = ADMINISTRATOR if entry.decider_role == "administrator" else OFFICER
        return user.has_group(above)

    def _check_may_decide(self, decision):
        if decision not in DECISIONS:
            raise UserError(self.env._(
                "'%(decision)s' is no decision. Choose one of: %(known)s.",
                decision=decision, known=", ".join(DECISIONS)))
        self.check_access("read")
        for entry in self:
            if not entry._may_decide() or (decision == "reverse" and not self.env.user.has_group(OFFICER)):
                raise AccessError(self.env._(
                    "You do not decide entry '%(entry)s': %(decider)s does, or the sales administration; never the "
                    "issuer, and nobody about himself.",
                    entry=entry.display_name, decider=entry.sudo().decider_id.name or "-"))
            if entry.state not in DECISIONS[decision]:
                raise UserError(self.env._(
                    "Entry '%(entry)s' cannot be decided this way in its present state.", entry=entry.display_name))

    def _check_note(self, note):
        if not (note or "").strip():
            raise UserError(self.env._("Give a reason: it stays with the entry."))

    def _ask_decision(self, decision, title):
        self._check_may_decide(decision)
        return self._ask(decision, title)

    def _ask(self, decision, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "sales.discipline.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_violation_ids": self.ids, "default_decision": decision},
        }
