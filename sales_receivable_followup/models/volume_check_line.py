# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.volume import AGREED, DECIDED, DISPUTED, ESCALATED, OBJECTED, OPEN, RECHECKED, SENT
from .snapshot_link import SnapshotLink
from .volume_check_notice import FINANCE

OBJECT, RECHECK, ESCALATE, DECIDE = "object", "recheck", "escalate", "decide"
QUESTIONS = (OBJECT, RECHECK, ESCALATE, DECIDE)


class VolumeCheckLine(models.Model):
    """LEDGER: one customer's volume and collections in a salesperson's check.

    Plain columns, written by one SQL statement; a later value never takes the place of an earlier one (VOL ex. 2).
    """

    _name = "sales.volume.check.line"
    _description = "Volume and Collections of a Customer"
    _order = "month desc, customer_name, customer_id, id"
    _rec_name = "customer_name"

    _log_access = False  # who and when stands on the check

    check_id = fields.Many2one("sales.volume.check", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = SnapshotLink("res.company", required=True, readonly=True)
    currency_id = SnapshotLink("res.currency", required=True, readonly=True)
    month = fields.Date(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Salesperson", readonly=True, index="btree_not_null", ondelete="restrict",
    )
    unit = fields.Selection(related="check_id.unit")
    customer_id = fields.Integer(string="Customer ID", readonly=True, aggregator=None)
    customer_name = fields.Char(string="Customer", readonly=True)
    customer_ref = fields.Char(string="Customer Reference", readonly=True)
    volume = fields.Float(
        digits=(16, 3), readonly=True, help="Invoices less credit notes of the month, in the unit of the check.",
    )
    collections = fields.Monetary(readonly=True, help="Receipts of the month.")
    missing_weight = fields.Integer(
        string="Lines Without Weight", readonly=True,
        help="Invoice lines whose product has no weight: they count as 0 tons. Enter the weight on the product.",
    )
    state = fields.Selection(
        [
            (OPEN, "No objection"),
            (OBJECTED, "Objection"),
            (RECHECKED, "Checked again"),
            (AGREED, "Agreed"),
            (ESCALATED, "With the manager"),
            (DECIDED, "Decided"),
        ],
        required=True, readonly=True, default=OPEN,
    )
    objection = fields.Text(readonly=True)
    objected_at = fields.Datetime(string="Objected On", readonly=True)
    volume_rechecked = fields.Float(string="Volume After Re-Check", digits=(16, 3), readonly=True, aggregator=None)
    collections_rechecked = fields.Monetary(string="Collections After Re-Check", readonly=True, aggregator=None)
    answer = fields.Text(string="Answer of Finance", readonly=True)
    answered_by_id = fields.Many2one("res.users", string="Re-Checked By", readonly=True, ondelete="restrict")
    answered_at = fields.Datetime(string="Re-Checked On", readonly=True)
    escalation = fields.Text(string="Why to the Manager", readonly=True)
    volume_decided = fields.Float(digits=(16, 3), readonly=True, aggregator=None)
    collections_decided = fields.Monetary(readonly=True, aggregator=None)
    decision = fields.Text(string="Manager's Decision", readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime(string="Decided On", readonly=True)
    volume_final = fields.Float(
        string="Volume That Counts", digits=(16, 3), readonly=True,
        help="As decided, else as checked again, else as sent.",
    )
    collections_final = fields.Monetary(
        string="Collections That Count", readonly=True, help="As decided, else as checked again, else as sent.",
    )
    volume_text = fields.Char(compute="_compute_volume_text")
    next_step = fields.Selection(
        [(OBJECT, "Object"), (RECHECK, "Check again"), (ESCALATE, "Turn to the manager"), (DECIDE, "Decide")],
        compute="_compute_next_step", help="What you can do about this line now.",
    )

    @api.depends("volume_final", "check_id.unit")
    def _compute_volume_text(self):
        for line in self:
            line.volume_text = line.check_id._format_volume(line.volume_final)

    @api.depends("state", "check_id.state", "check_id.deadline", "check_id.answer_deadline")
    @api.depends_context("uid")
    def _compute_next_step(self):
        for line in self:
            line.next_step = next((question for question in QUESTIONS if not line._hindrance(question)), False)

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse()
        return super().create(vals_list)

    def write(self, vals):
        self._refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._refuse()

    def _refuse(self):
        """:raise UserError: nobody writes these rows but the SQL that makes them and the methods below"""
        raise UserError(self.env._(
            "Figures that were sent to a salesperson stay. Object, check again and decide by the buttons on them.",
        ))

    def _set(self, vals):
        """Write what only the methods below may write. Private, hence out of reach for RPC and imports."""
        return super().write(vals)

    def _hindrance(self, question):
        """Why the current user cannot object to, check again, escalate or decide this line; "" if he can."""
        self.ensure_one()
        user, check = self.env.user, self.check_id.sudo()  # sudo: teams and groups of others are read, not shown
        own = self.user_id == user
        lively = (SENT, DISPUTED, RECHECKED, ESCALATED)
        entitled, state, check_states = {
            OBJECT: (own, OPEN, lively),
            RECHECK: (user.has_group(FINANCE) and not own, OBJECTED, lively),
            ESCALATE: (own, RECHECKED, (RECHECKED,)),
            DECIDE: (user in check._deciders() and not own, ESCALATED, lively),
        }[question]
        if not entitled:
            return {
                OBJECT: self.env._("Only %(user)s objects to his own figures.", user=self.user_id.name or "-"),
                RECHECK: self.env._("Only finance checks figures again, and nobody his own."),
                ESCALATE: self.env._("Only %(user)s turns to the manager.", user=self.user_id.name or "-"),
                DECIDE: self.env._("Only the sales manager decides, and nobody about his own figures."),
            }[question]
        if self.state != state or check.state not in check_states:
            return self.env._("%(customer)s: this step is not to be done now.", customer=self.customer_name)
        if question == OBJECT:
            return check.with_env(self.env)._window_hindrance(check.deadline, check.last_day)
        if question == ESCALATE:
            return check.with_env(self.env)._window_hindrance(check.answer_deadline, check.answer_last_day)
        return ""

    def _check_hindrance(self, question):
        self.check_access("read")
        hindrance = self._hindrance(question)
        if hindrance:
            raise UserError(hindrance)

    # ------------------------------------------------------------
    # The way of an objection
    # ------------------------------------------------------------

    def action_answer(self):
        """Open the dialog of what the user can do about this line now."""
        self.ensure_one()
        self.check_access("read")
        if not self.next_step:
            raise UserError(self.env._("%(customer)s: there is nothing for you to do.", customer=self.customer_name))
        return {
            "type": "ir.actions.act_window",
            "name": self.customer_name,
            "res_model": "sales.volume.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id, "default_question": self.next_step},
        }

    def _answer(self, question, reason, volume, collections):
        """Take one step after its rights, state and time are checked.

        :param volume, collections: the right figures, for a second look or a decision
        """
        self.ensure_one()
        self.check_id.sudo().lock_for_update()  # sudo: who may take the step may hold the check meanwhile
        self._check_hindrance(question)
        if not (reason or "").strip():
            raise UserError(self.env._("%(customer)s: say why.", customer=self.customer_name))
        # sudo: nobody has write access to figures; the hindrance above is the right
        getattr(self.sudo(), f"_{question}")(reason.strip(), volume, collections)

    def _object(self, reason, _volume, _collections):
        self._set({"state": OBJECTED, "objection": reason, "objected_at": fields.Datetime.now()})
        check = self.check_id
        check._follow_lines()
        check._hand_to(check._finance(), self.env._("Check figures again"), self.env._(
            "%(user)s objects to %(customer)s: %(reason)s",
            user=self.user_id.name, customer=self.customer_name, reason=reason,
        ))

    def _recheck(self, reason, volume, collections):
        self._set({
            "state": RECHECKED, "answer": reason, "answered_by_id": self.env.uid, "answered_at": fields.Datetime.now(),
            "volume_rechecked": volume, "collections_rechecked": collections,
            "volume_final": volume, "collections_final": collections,
        })
        check = self.check_id
        check._follow_lines()
        self._tell_change(self.volume, self.collections, reason)
        if check.state == RECHECKED:
            check._hand_to(check.user_id, self.env._("Agree, or turn to your manager"), self.env._(
                "Finance has checked your figures again. Agree, or turn to your manager by 24:00; silence agrees.",
            ))

    def _escalate(self, reason, _volume, _collections):
        self._set({"state": ESCALATED, "escalation": reason})
        check = self.check_id
        manager = check._manager_of(check.user_id, check.company_id)
        if not check.manager_id.active:
            check._set({"manager_id": manager.id})
        check._follow_lines()
        check._hand_to(check._deciders(), self.env._("Decide about disputed figures"), self.env._(
            "%(user)s still disagrees about %(customer)s: %(reason)s",
            user=self.user_id.name, customer=self.customer_name, reason=reason,
        ), alone=check.state == ESCALATED)

    def _decide(self, reason, volume, collections):
        before = self.volume_final, self.collections_final
        self._set({
            "state": DECIDED, "decision": reason, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now(),
            "volume_decided": volume, "collections_decided": collections,
            "volume_final": volume, "collections_final": collections,
        })
        self.check_id._follow_lines()
        self._tell_change(*before, reason)
        if self.check_id.state not in (ESCALATED, DISPUTED, RECHECKED):
            self.check_id.activity_unlink(["mail.mail_activity_data_todo"])

    def _tell_change(self, volume, collections, reason):
        """Tell salesperson and finance what came of it, both values beside each other."""
        check = self.check_id
        check.message_post(
            body=self.env._(
                "%(customer)s: volume %(volume_before)s, now %(volume)s; collections %(collections_before)s, now "
                "%(collections)s. %(reason)s", customer=self.customer_name,
                volume_before=check._format_volume(volume), volume=check._format_volume(self.volume_final),
                collections_before=self.currency_id.format(collections),
                collections=self.currency_id.format(self.collections_final), reason=reason,
            ),
            partner_ids=check.user_id.filtered("active").partner_id.ids,
        )

    def _from_ledger(self):
        """Volume and collections of this line's customer as the ledger has them now."""
        self.ensure_one()
        return self.check_id.statement_id._volume_of(self.customer_id, self.unit)
