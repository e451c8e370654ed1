# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from .commission_line import ACCEPTED, DISPUTED, SILENT, WAITING

_logger = logging.getLogger(__name__)

LIVELY = ("message_", "activity_", "my_activity_")


class SalesCommissionStatement(models.Model):
    """One salesperson's month: what he earned, what was corrected, and whether he agrees."""

    _name = "sales.commission.statement"
    _description = "Commission Statement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, user_id"
    _mail_post_access = "read"

    _user_period_uniq = models.Constraint("UNIQUE (period_id, user_id)", "A salesperson has one statement for a period.")

    period_id = fields.Many2one("sales.commission.period", required=True, readonly=True, index=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", string="Salesperson", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="period_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(related="period_id.date_from", store=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("to_check", "To check"),
            ("disputed", "Disputed"),
            ("checked", "Checked"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
        tracking=True,
        group_expand=True,
        help="Open: lines still come in. To check: sent to the salesperson. Disputed: a line waits for a decision.\n"
        "Checked: accepted, decided, or no answer in time. Closed: nothing changes any more.",
    )
    sent_on = fields.Datetime(readonly=True)
    deadline = fields.Datetime(readonly=True, help="Lines can be disputed until then; silence counts as accepting.")
    line_ids = fields.One2many(
        "sales.commission.line", "statement_id", string="Lines", readonly=True, domain=[("state", "=", "booked")]
    )
    line_count = fields.Integer(compute="_compute_amounts", string="Number of Lines")
    earned_amount = fields.Monetary(compute="_compute_amounts", string="Earned")
    correction_amount = fields.Monetary(
        compute="_compute_amounts", string="Corrections", help="Refunds, decisions and corrections of earlier lines."
    )
    amount_total = fields.Monetary(compute="_compute_amounts", string="Commission")
    deduction_amount = fields.Monetary(
        compute="_compute_deductions", string="Deductions", help="Shown apart from what was earned."
    )
    payout_amount = fields.Monetary(compute="_compute_deductions", string="To Pay")
    can_accept = fields.Boolean(compute="_compute_can_accept")

    @api.depends("user_id", "period_id.name")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = f"{statement.user_id.name}, {statement.period_id.name}"

    @api.depends("line_ids.amount", "line_ids.state", "line_ids.corrects_id")
    def _compute_amounts(self):
        sums = {
            (statement.id, bool(corrects)): (amount, count)
            for statement, corrects, amount, count in self._sum_lines()
        }
        for statement in self:
            statement.earned_amount, earned_count = sums.get((statement.id, False), (0.0, 0))
            statement.correction_amount, correction_count = sums.get((statement.id, True), (0.0, 0))
            statement.amount_total = statement.earned_amount + statement.correction_amount
            statement.line_count = earned_count + correction_count

    def _sum_lines(self):
        """(statement, whether they correct, sum, count) of the booked lines, in two queries."""
        Line = self.env["sales.commission.line"]
        booked = [("statement_id", "in", self.ids), ("state", "=", "booked")]
        for corrects, operator in ((False, "="), (True, "!=")):
            for statement, amount, count in Line._read_group(
                [*booked, ("corrects_id", operator, False)], ["statement_id"], ["amount:sum", "__count"]
            ):
                yield statement, corrects, amount, count

    @api.depends("amount_total")
    def _compute_deductions(self):
        for statement in self:
            statement.deduction_amount = sum(deduction["amount"] for deduction in statement._get_deductions())
            statement.payout_amount = statement.amount_total - statement.deduction_amount

    def _get_deductions(self):
        """What is taken off, apart from earnings (INC-08): list of {label, amount}; other systems extend it."""
        return []

    @api.depends("state", "user_id", "deadline")
    @api.depends_context("uid")
    def _compute_can_accept(self):
        for statement in self:
            statement.can_accept = not statement._accept_hindrance()

    # --- guards ---

    @api.model_create_multi
    def create(self, vals_list):
        statements = super().create(vals_list)
        statements.period_id._check_open()
        return statements

    def write(self, vals):
        if any(not name.startswith(LIVELY) for name in vals):
            self.period_id._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_lines(self):
        self.period_id._check_open()
        for statement in self:
            if statement.line_ids:
                raise UserError(self.env._(
                    "Statement '%(statement)s' has commission lines and cannot be deleted.",
                    statement=statement.display_name))

    # --- the salesperson's check ---

    def action_accept(self):
        """Accept all lines of one's own statement that are not disputed."""
        for statement in self:
            statement.check_access("read")
            hindrance = statement._accept_hindrance()
            if hindrance:
                raise UserError(hindrance)
            # nobody has write access to statements; the check above is the right to accept
            statement.sudo()._accept(ACCEPTED)
            statement.sudo().message_post(body=self.env._(
                "%(user)s has accepted the lines: %(amount)s.",
                user=self.env.user.name, amount=statement._format(statement.amount_total)))

    def _accept_hindrance(self):
        """Why the current user cannot accept this statement, "" if he can."""
        self.ensure_one()
        if self.user_id != self.env.user:
            return self.env._(
                "Only %(user)s accepts statement '%(statement)s'.", user=self.user_id.name, statement=self.display_name)
        if self.state not in ("to_check", "disputed"):
            return self.env._("Statement '%(statement)s' does not wait for an answer.", statement=self.display_name)
        return ""

    def _accept(self, answer):
        self.ensure_one()
        self.line_ids.filtered(lambda line: line.answer == WAITING).write({"answer": answer})
        self._refresh_state()

    def _refresh_state(self):
        """State after an answer or a decision, from the answers to the lines."""
        for statement in self:
            answers = set(statement.line_ids.mapped("answer"))
            state = "disputed" if DISPUTED in answers else "to_check" if WAITING in answers else "checked"
            if statement.state != state:
                statement.write({"state": state})

    def _log_dispute(self, line):
        self._refresh_state()
        self.message_post(
            body=self.env._(
                "%(user)s disputes %(line)s (%(amount)s): %(reason)s", user=line.user_id.name, line=line.display_name,
                amount=self._format(line.amount), reason=line.dispute_reason),
            partner_ids=self._deciders().partner_id.ids,
        )

    def _log_decision(self, line):
        self._refresh_state()
        outcome = dict(line._fields["answer"]._description_selection(self.env))[line.answer]
        self.message_post(
            body=self.env._(
                "%(user)s about %(line)s: %(outcome)s. %(reason)s", user=line.decided_by_id.name,
                line=line.display_name, outcome=outcome, reason=line.decision_reason),
            partner_ids=self.user_id.partner_id.ids,
        )

    def _deciders(self):
        """Leaders of the salesperson's teams; he himself never is one."""
        self.ensure_one()
        return self.user_id.crm_team_member_ids.crm_team_id.user_id - self.user_id

    def _format(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    # --- sending, deadline, later lines ---

    def _send(self):
        """Ask the salespeople to check: the deadline starts."""
        now = fields.Datetime.now()
        for company, statements in self.grouped("company_id").items():
            statements.write({
                "state": "to_check",
                "sent_on": now,
                "deadline": now + timedelta(days=company.commission_check_days),
            })
        for statement in self:
            statement.message_post(
                body=statement.env._(
                    "Your commission of %(period)s is %(amount)s. Check the lines and dispute what is wrong until "
                    "%(deadline)s (UTC).",
                    period=statement.period_id.name, amount=statement._format(statement.amount_total),
                    deadline=fields.Datetime.to_string(statement.deadline)),
                partner_ids=statement.user_id.partner_id.ids,
            )

    def _lines_added(self):
        """New lines came to these statements: who had checked, or disputes other lines, is asked again."""
        asked = self.filtered(lambda statement: statement.state in ("to_check", "checked", "disputed"))
        asked._send()
        asked._refresh_state()

    @api.model
    def _pass_deadlines(self):
        """Silence until the deadline counts as accepting; a statement that fails is logged and waits."""
        for statement in self.search([("state", "=", "to_check"), ("deadline", "<", fields.Datetime.now())]):
            try:
                with self.env.cr.savepoint():
                    statement._accept(SILENT)
                    statement.message_post(
                        body=self.env._("No answer until the deadline: the lines count as accepted."))
            except Exception:
                _logger.exception("The deadline of commission statement %s could not be passed", statement.id)
