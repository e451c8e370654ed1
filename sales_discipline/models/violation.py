# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.ladder import CASES
from ..engine.ledger import NOTHING, Row, Status
from .sanction_mixin import STEP_KINDS

PROPOSED, NOTIFIED, APPEALED, TO_DECIDE = "proposed", "notified", "appealed", "to_decide"
CONFIRMED, POSTED = "confirmed", "posted"
WAIVED, OVERTURNED, WITHDRAWN = "waived", "overturned", "withdrawn"
UNDECIDED = (PROPOSED, NOTIFIED, APPEALED, TO_DECIDE)
# The decider has it: nobody else, and no run, changes it.
WITH_DECIDER = (APPEALED, TO_DECIDE)
# How the engine sees the states.
STATUS = {
    PROPOSED: Status.OPEN,
    NOTIFIED: Status.OPEN,
    APPEALED: Status.HELD,
    TO_DECIDE: Status.HELD,
    CONFIRMED: Status.SETTLED,
    POSTED: Status.SETTLED,
    WAIVED: Status.VOID,
    OVERTURNED: Status.VOID,
    WITHDRAWN: Status.VOID,
}
# What an entry of a closed period may still get: talk about it, not its figures.
LIVELY = ("message_", "activity_", "my_activity_", "rating_", "user_id")


class SalesDisciplineViolation(models.Model):
    """An entry of the ledger: one offence, or one correction of it, and what follows.

    Written by runs and decisions only. The revisions of a fact add up: revision 0 is the entry, later ones book the
    difference.
    """

    _name = "sales.discipline.violation"
    _description = "Discipline Entry"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.discipline.sanction.mixin"]
    _order = "fact_date desc, id desc"
    _mail_post_access = "read"
    _check_company_auto = True

    _fact_revision_uniq = models.UniqueIndex(
        "(company_id, fact_key, revision)", "The ledger already has this revision of the fact."
    )
    _person_window_idx = models.Index("(rule_id, employee_id, fact_date)")
    _undecided_idx = models.Index("(answer_deadline) WHERE state IN ('proposed', 'notified', 'appealed', 'to_decide')")

    # what happened
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    rule_id = fields.Many2one("sales.discipline.rule", required=True, readonly=True, index=True, ondelete="restrict")
    version_id = fields.Many2one(
        "sales.discipline.rule.version", required=True, readonly=True, index=True, ondelete="restrict"
    )
    employee_id = fields.Many2one("hr.employee", required=True, readonly=True, index=True, ondelete="restrict")
    user_id = fields.Many2one(related="employee_id.user_id", store=True, index=True)
    fact_key = fields.Char(required=True, readonly=True)
    revision = fields.Integer(required=True, readonly=True)
    fact_date = fields.Date(string="Date", required=True, readonly=True, index=True)
    quantity = fields.Integer(readonly=True, aggregator="sum", help="Size of the offence; minutes for lateness.")
    due_at = fields.Datetime(string="Expected", readonly=True)
    actual_at = fields.Datetime(string="Actual", readonly=True)
    evidence_model = fields.Char(readonly=True)
    evidence_id = fields.Many2oneReference(
        model_field="evidence_model", readonly=True, aggregator=None,
        help="The record the figures were read from. It may be gone by now; the figures stay.",
    )
    evidence_note = fields.Char(readonly=True, help="What was seen, in one sentence.")
    digest = fields.Char(readonly=True)
    final_on = fields.Date(
        readonly=True,
        help="Local day on which the offence no longer grew. Empty: it still costs more with every day; the person is "
        "told, and may answer, when that ends.",
    )
    # what follows
    occurrence = fields.Integer(readonly=True, aggregator=None, help="The how manieth offence of its window.")
    step_kind = fields.Selection(
        [*STEP_KINDS, ("merit", "Merit"), ("none", "No sanction")], string="Sanction", readonly=True
    )
    amount = fields.Monetary(readonly=True)
    points = fields.Integer(readonly=True, help="Points taken off; a merit gives points, so its are negative.")
    duty_days = fields.Integer(readonly=True)
    pay_percent = fields.Float(readonly=True)
    absence_days = fields.Integer(readonly=True)
    volume_off = fields.Integer(readonly=True)
    volume_month = fields.Date(
        compute="_compute_volume_month", store=True, help="First day of the month whose volume does not count."
    )
    reason = fields.Char(readonly=True, help="Why this entry exists, in one sentence.")
    corrects_id = fields.Many2one(
        "sales.discipline.violation", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    correction_ids = fields.One2many("sales.discipline.violation", "corrects_id", string="Corrections")
    run_id = fields.Many2one("sales.discipline.run", readonly=True, index="btree_not_null", ondelete="set null")
    period_id = fields.Many2one(
        "sales.discipline.period",
        string="Posting Period",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    sheet_id = fields.Many2one(
        "sales.discipline.period.sheet", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    # who decides
    state = fields.Selection(
        [
            (PROPOSED, "Proposed"),
            (NOTIFIED, "Notified"),
            (APPEALED, "Appealed"),
            (TO_DECIDE, "To Decide"),
            (CONFIRMED, "Confirmed"),
            (POSTED, "Posted"),
            (WAIVED, "Waived"),
            (OVERTURNED, "Overturned"),
            (WITHDRAWN, "Withdrawn"),
        ],
        required=True,
        readonly=True,
        index=True,
        default=PROPOSED,
        group_expand=True,
    )
    pinned = fields.Boolean(
        readonly=True, help="A decision stands behind this state: runs respect it until the facts themselves change."
    )
    issuer_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    decider_id = fields.Many2one("res.users", readonly=True, index=True)
    decider_role = fields.Selection(
        [("supervisor", "Supervisor"), ("officer", "Sales administration"), ("administrator", "Administrator")],
        readonly=True,
    )
    notified_on = fields.Datetime(readonly=True)
    to_print = fields.Boolean(readonly=True, help="The person has no user: the clerk prints the notice.")
    answer_deadline = fields.Datetime(readonly=True)
    answer = fields.Selection(
        [("accepted", "Accepted"), ("appealed", "Appealed"), ("silent", "No answer in time")], readonly=True
    )
    answer_note = fields.Text(string="Statement of the Person", readonly=True)
    answered_on = fields.Datetime(readonly=True)
    answered_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    decision_deadline = fields.Datetime(readonly=True)
    decision_note = fields.Text(string="Reason of the Decision", readonly=True)
    decided_on = fields.Datetime(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    @api.depends("rule_id.name", "employee_id.name", "fact_date", "revision")
    def _compute_display_name(self):
        for violation in self:
            name = f"{violation.rule_id.name}: {violation.sudo().employee_id.name}, {violation.fact_date}"
            violation.display_name = f"{name} ({violation.revision})" if violation.revision else name

    @api.depends("volume_off", "fact_date")
    def _compute_volume_month(self):
        for violation in self:
            violation.volume_month = violation.volume_off and violation.fact_date.replace(day=1)

    # --- guards ---

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries.fetch(["period_id"])
        entries.period_id._check_open()
        return entries

    def write(self, vals):
        if any(not name.startswith(LIVELY) for name in vals):
            self._check_not_frozen()
        result = super().write(vals)
        if "period_id" in vals:
            self.period_id._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        for entry in self:
            raise UserError(self.env._(
                "Entry '%(entry)s' is part of the ledger and is never deleted. Waive or overturn it instead.",
                entry=entry.display_name))

    def _check_not_frozen(self):
        """:raise UserError: one of these entries is in a closed period; not even the superuser writes those"""
        for entry in self.filtered(lambda entry: entry.period_id.state == "closed"):
            raise UserError(self.env._(
                "Entry '%(entry)s' belongs to period %(period)s, which is closed. "
                "Reverse it: that books a correction in the open period.",
                entry=entry.display_name, period=entry.period_id.name))

    # --- what runs do ---

    def _to_engine(self):
        """The entry as the ledger algebra reads it."""
        self.ensure_one()
        return Row(
            self.fact_key,
            self.revision,
            STATUS[self.state],
            self.step_kind or None,
            self._to_effect(),
            self.digest or "",
            self.occurrence,
            self.pinned,
            Decimal(self.quantity),
            bool(self.final_on),
        )

    def _needs_decision(self):
        """Whether a person decides even when the facts are accepted: cases, and what a manager has proposed."""
        self.ensure_one()
        return self.step_kind in CASES or self.rule_id.kind == "manual"

    def _is_last_revision(self):
        self.ensure_one()
        return not self.search_count([
            ("company_id", "=", self.company_id.id),
            ("fact_key", "=", self.fact_key),
            ("revision", ">", self.revision),
        ], limit=1)

    def _withdraw(self, pinned=False):
        """Void, because the facts are gone; ``pinned``: because somebody took the run back."""
        self.write({"state": WITHDRAWN, "pinned": pinned, "to_print": False})
        self.activity_ids.unlink()

    def _update_proposal(self, vals, raises):
        """Change a proposal in place; when it got worse the person is told, and may answer, anew."""
        if raises:
            vals = {**vals, "state": PROPOSED, "notified_on": False, "answer_deadline": False, "to_print": False}
            self.activity_ids.unlink()
        self.write(vals)

    def _snapshot(self):
        """What a run is about to change, as JSON values."""
        self.ensure_one()
        values = self.read([
            "state", "version_id", "digest", "occurrence", "step_kind", *self._prepare_effect(NOTHING.effect), "reason",
            "evidence_note",
            "quantity", "final_on", "due_at", "actual_at", "evidence_model", "evidence_id", "notified_on",
            "answer_deadline", "to_print",
        ], load=None)[0]
        return {
            name: str(value) if value and self._fields[name].type in ("date", "datetime") else value
            for name, value in values.items() if name != "id"
        }

    def _restore(self, values):
        """Say again what a run has changed; who had been told of it is told, and may answer, anew."""
        if values["state"] == NOTIFIED:
            values = {**values, "state": PROPOSED, "notified_on": False, "answer_deadline": False}
        self.write(values)
