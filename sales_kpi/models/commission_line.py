# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.commission import Figures
from ..engine.commission_ledger import Row

WAITING, ACCEPTED, SILENT, DISPUTED = "waiting", "accepted", "silent", "disputed"
REJECTED, GRANTED = "rejected", "granted"


class SalesCommissionLine(models.Model):
    """The ledger: one row for each receipt or refund (revision 0), and one for each later difference.

    Written by runs and decisions only. The revisions of a fact add up; nothing booked is ever changed.
    """

    _name = "sales.commission.line"
    _description = "Commission Line"
    _inherit = ["sales.commission.entry.mixin"]
    _order = "fact_date desc, id desc"
    _check_company_auto = True

    _fact_revision_uniq = models.UniqueIndex(
        "(company_id, fact_key, revision)", "The ledger already has this revision of the fact."
    )
    _plan_date_idx = models.Index("(plan_id, fact_date)")

    plan_id = fields.Many2one("sales.commission.plan", required=True, readonly=True, index=True, ondelete="restrict")
    version_id = fields.Many2one(ondelete="restrict")
    user_id = fields.Many2one(ondelete="restrict")
    company_id = fields.Many2one(ondelete="restrict")
    run_id = fields.Many2one("sales.commission.run", readonly=True, index="btree_not_null", ondelete="restrict")
    period_id = fields.Many2one(
        "sales.commission.period", string="Posting Period", required=True, readonly=True, index=True, ondelete="restrict"
    )
    statement_id = fields.Many2one(
        "sales.commission.statement", required=True, readonly=True, index=True, ondelete="restrict"
    )
    corrects_key = fields.Char(readonly=True)
    corrects_id = fields.Many2one(
        "sales.commission.line", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    is_correction = fields.Boolean(compute="_compute_is_correction", store=False)
    state = fields.Selection(
        [("booked", "Booked"), ("undone", "Undone")], required=True, readonly=True, default="booked", index=True,
        help="Undone: its run was taken back. It counts nothing, and later runs respect that until the facts change.",
    )
    decision = fields.Boolean(readonly=True)
    # the salesperson's check
    answer = fields.Selection(
        [
            (WAITING, "Not checked"),
            (ACCEPTED, "Accepted"),
            (SILENT, "No answer in time"),
            (DISPUTED, "Disputed"),
            (REJECTED, "Dispute rejected"),
            (GRANTED, "Dispute granted"),
        ],
        required=True,
        readonly=True,
        default=WAITING,
    )
    dispute_reason = fields.Text(readonly=True)
    disputed_on = fields.Datetime(readonly=True)
    decision_reason = fields.Text(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    decided_on = fields.Datetime(readonly=True)
    can_dispute = fields.Boolean(compute="_compute_rights")
    can_decide = fields.Boolean(compute="_compute_rights")

    @api.depends("invoice_name", "payment_name", "revision")
    def _compute_display_name(self):
        for line in self:
            name = f"{line.invoice_name} / {line.payment_name}"
            line.display_name = f"{name} ({line.revision})" if line.revision else name

    @api.depends("corrects_id")
    def _compute_is_correction(self):
        for line in self:
            line.is_correction = bool(line.corrects_id)

    @api.depends("answer", "state", "statement_id.state", "statement_id.deadline")
    @api.depends_context("uid")
    def _compute_rights(self):
        for line in self:
            line.can_dispute = not line._dispute_hindrance()
            line.can_decide = not line._decision_hindrance()

    # --- guards ---

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.period_id._check_open()
        return lines

    def write(self, vals):
        self.period_id._check_open()
        result = super().write(vals)
        self.period_id._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        for line in self:
            raise UserError(self.env._(
                "Commission line '%(line)s' is part of the ledger and is never deleted. Undo its run instead.",
                line=line.display_name))

    # --- buttons ---

    def action_dispute(self):
        """Ask for the reason of a dispute."""
        return self._open_answer("dispute")

    def action_decide(self):
        """Ask for the decision about a dispute."""
        return self._open_answer("decide")

    def _open_answer(self, question):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "sales.commission.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id, "default_question": question},
        }

    # --- dispute ---

    def dispute(self, reason):
        """Dispute a line of one's own until the deadline.

        :param str reason: what is wrong with it
        :raise UserError: not one's own, not under check, or too late
        """
        self.ensure_one()
        self.check_access("read")
        hindrance = self._dispute_hindrance()
        if hindrance:
            raise UserError(hindrance)
        if not (reason or "").strip():
            raise UserError(self.env._("Say what is wrong with line '%(line)s'.", line=self.display_name))
        # nobody has write access to the ledger; the check above is the right to dispute
        line = self.sudo()
        line.write({"answer": DISPUTED, "dispute_reason": reason, "disputed_on": fields.Datetime.now()})
        line.statement_id._log_dispute(line)

    def decide(self, granted, reason, amount=0.0):
        """Decide about a disputed line.

        :param bool granted: whether the salesperson is right
        :param str reason: why; he reads it
        :param float amount: what the line should have said, in company currency; the difference is booked
        :raise UserError: no open dispute, or no right to decide it
        """
        self.ensure_one()
        self.check_access("read")
        hindrance = self._decision_hindrance()
        if hindrance:
            raise UserError(hindrance)
        if not (reason or "").strip():
            raise UserError(self.env._("Say why line '%(line)s' is decided so.", line=self.display_name))
        # nobody has write access to the ledger; the check above is the right to decide
        line = self.sudo()
        line.write({
            "answer": GRANTED if granted else REJECTED,
            "decision_reason": reason,
            "decided_by_id": self.env.uid,
            "decided_on": fields.Datetime.now(),
        })
        if granted:
            line._book_decision(line.currency_id.round(amount - line.amount))
        line.statement_id._log_decision(line)

    def _dispute_hindrance(self):
        """Why the current user cannot dispute this line, "" if he can."""
        self.ensure_one()
        statement = self.statement_id
        if self.user_id != self.env.user:
            return self.env._("Only %(user)s can dispute line '%(line)s'.", user=self.user_id.name, line=self.display_name)
        if self.state != "booked" or self.answer not in (WAITING, ACCEPTED) or self.kind == "decision":
            return self.env._("Line '%(line)s' cannot be disputed: it is answered or decided.", line=self.display_name)
        if statement.state not in ("to_check", "disputed"):
            return self.env._(
                "Statement '%(statement)s' is not being checked: lines are disputed between its sending and its "
                "deadline.", statement=statement.display_name)
        if statement.deadline and statement.deadline < fields.Datetime.now():
            return self.env._(
                "The deadline of statement '%(statement)s' has passed. Ask your manager for a correction.",
                statement=statement.display_name)
        return ""

    def _decision_hindrance(self):
        """Why the current user cannot decide about this line, "" if he can."""
        self.ensure_one()
        if self.answer != DISPUTED or self.period_id.state == "closed":
            return self.env._("Line '%(line)s' has no open dispute.", line=self.display_name)
        if self.user_id == self.env.user:
            return self.env._("Nobody decides about his own commission: line '%(line)s'.", line=self.display_name)
        # the record rules let a manager read his team only, so group and rule together make the right
        if not self.env.user.has_group("sales_kpi.group_kpi_manager") or not self.has_access("read"):
            return self.env._("Only a manager of %(user)s decides about line '%(line)s'.",
                              user=self.user_id.name, line=self.display_name)
        return ""

    def _book_decision(self, difference):
        """Book what a granted dispute changes, and pin the fact to it as long as its outcome stays the same."""
        self.ensure_one()
        last = self.search(
            [("company_id", "=", self.company_id.id), ("fact_key", "=", self.fact_key)], order="revision desc", limit=1
        )
        self.create({
            **self._prepare_decision_vals(difference),
            "revision": last.revision + 1,
            "outcome": last.outcome,
        })

    def _prepare_decision_vals(self, difference):
        copied = (
            "company_id", "currency_id", "user_id", "version_id", "plan_id", "period_id", "statement_id",
            "invoice_currency_id",
        )
        return {
            **{name: self[name].id for name in copied},
            **{name: self[name] for name in (
                "fact_key", "fact_date", "document_id", "invoice_name", "partner_name", "payment_move_id",
                "payment_name", "rate",
            )},
            "kind": "decision",
            "amount": difference,
            "decision": True,
            "answer": ACCEPTED,
            "corrects_key": self.fact_key,
            "corrects_id": self.id,
            "decision_reason": self.decision_reason,
            "decided_by_id": self.decided_by_id.id,
            "decided_on": self.decided_on,
        }

    def _to_engine(self, units, rebook=False):
        """The line as the ledger algebra reads it; units: smallest unit of each currency, by id."""
        self.ensure_one()
        own, company = units[self.invoice_currency_id.id], units[self.currency_id.id]
        figures = Figures(
            round(self.receipt_amount / own), round(self.net_amount / own),
            round(self.base_amount / company), round(self.amount / company),
        )
        undone = self.state == "undone"
        return Row(
            self.fact_key, self.revision, self.user_id.id, self.fact_date, self.version_id.id, figures,
            self.outcome or "", self.decision and not (undone and rebook), undone,
        )
