# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from ..engine.volume import (
    ACCEPTED,
    AGREED,
    DISPUTED,
    ESCALATED,
    RECHECKED,
    SENT,
    SETTLED,
    VOID,
    answer_window,
    check_state,
)
from .volume_settings import AMOUNT, WEIGHT

_logger = logging.getLogger(__name__)

TODO = "mail.mail_activity_data_todo"
LIVELY = ("message_", "activity_", "my_activity_", "website_message_")


class VolumeCheck(models.Model):
    """One salesperson's volume and collections of a month, and whether he agrees (VOL).

    He accepts or objects line by line until 24:00; finance looks again; who still disagrees goes to the sales manager.
    Silence accepts. Nobody may write a check: the methods here and on its lines do, each for one purpose.
    """

    _name = "sales.volume.check"
    _description = "Check of Volume and Collections"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "month desc, user_id, id"
    _mail_post_access = "read"

    _user_uniq = models.UniqueIndex(
        "(company_id, month, user_id) WHERE state != 'void'", "A salesperson has one check of his figures a month.",
    )

    statement_id = fields.Many2one(
        "sales.arrears.statement", required=True, readonly=True, index=True, ondelete="restrict",
        help="Whose receipts are the collections.",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Salesperson", readonly=True, index="btree_not_null", ondelete="restrict",
        help="Who was responsible for the customers at the end of the month. Empty: not known.",
    )
    manager_id = fields.Many2one(
        "res.users", string="Sales Manager", readonly=True, index="btree_not_null", ondelete="restrict",
        help="Leader of the salesperson's team, who decides what stays disputed. Empty: sales administration does.",
    )
    unit = fields.Selection([(AMOUNT, "Untaxed amount"), (WEIGHT, "Tons")], string="Volume In", required=True, readonly=True)
    state = fields.Selection(
        [
            (SENT, "To check"),
            (DISPUTED, "Objection"),
            (RECHECKED, "Checked again"),
            (ESCALATED, "With the manager"),
            (SETTLED, "Settled"),
            (ACCEPTED, "Accepted"),
            (VOID, "Void"),
        ],
        required=True, readonly=True, default=SENT, index=True, tracking=True,
        help="Objection: finance has to look again. Checked again: the salesperson agrees or turns to the manager. "
        "Settled, accepted, void: locked.",
    )
    sent_at = fields.Datetime(string="Sent On", readonly=True)
    is_late = fields.Boolean(string="Sent Late", readonly=True, help="Sent after the day named in the settings (VOL-01).")
    last_day = fields.Date(string="Object Until", readonly=True, help="24:00 of this day, where the salesperson is.")
    deadline = fields.Datetime(readonly=True, help="The moment after which no objection counts.")
    answer_last_day = fields.Date(
        string="Answer Until", readonly=True,
        help="24:00 of this day; until then the salesperson turns to his manager, if he still disagrees.",
    )
    answer_deadline = fields.Datetime(readonly=True, help="The moment after which finance's second look stands.")
    silent = fields.Boolean(
        string="By Silence", readonly=True, help="Nobody answered in time, so that finance's figures stand (VOL-04).",
    )

    line_ids = fields.One2many("sales.volume.check.line", "check_id", string="Figures", readonly=True)
    line_count = fields.Integer(string="Customers", compute="_compute_totals")
    volume = fields.Float(string="Volume Sent", digits=(16, 3), compute="_compute_totals")
    collections = fields.Monetary(string="Collections Sent", compute="_compute_totals")
    volume_final = fields.Float(string="Volume", digits=(16, 3), compute="_compute_totals")
    collections_final = fields.Monetary(string="Collections", compute="_compute_totals")
    objection_count = fields.Integer(string="Objections", compute="_compute_totals")
    missing_weight = fields.Integer(string="Lines Without Weight", compute="_compute_totals")
    volume_text = fields.Char(compute="_compute_volume_text")
    may_accept = fields.Boolean(compute="_compute_may_accept")

    @api.depends("user_id", "month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for check in self:
            month = check.statement_id.sudo()._get_month_name()  # sudo: the month is no secret of its statement
            check.display_name = f"{check.user_id.name or self.env._('No salesperson')}, {month}"

    @api.depends("line_ids.volume_final", "line_ids.collections_final", "line_ids.state")
    def _compute_totals(self):
        names = ("volume", "collections", "volume_final", "collections_final", "missing_weight")
        Line = self.env["sales.volume.check.line"]
        mine = Domain("check_id", "in", self.ids)
        sums = {
            check: rest
            for check, *rest in Line._read_group(mine, ["check_id"], [*(f"{name}:sum" for name in names), "__count"])
        }
        objections = dict(Line._read_group(mine & Domain("state", "!=", "open"), ["check_id"], ["__count"]))
        nothing = [0] * (len(names) + 1)
        for check in self:
            for name, value in zip((*names, "line_count"), sums.get(check, nothing), strict=True):
                check[name] = value
            check.objection_count = objections.get(check, 0)

    @api.depends("volume_final", "unit")
    def _compute_volume_text(self):
        for check in self:
            check.volume_text = check._format_volume(check.volume_final)

    @api.depends("state", "user_id", "deadline", "answer_deadline")
    @api.depends_context("uid")
    def _compute_may_accept(self):
        for check in self:
            check.may_accept = not check._accept_hindrance()

    def _format_volume(self, volume):
        """A volume as people read it: 34.000 t, or money."""
        if self.unit == WEIGHT:
            return self.env._("%(volume)s t", volume=formatLang(self.env, volume, digits=3))
        return formatLang(self.env, volume, currency_obj=self.currency_id)

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def write(self, vals):
        names = [name for name in vals if not name.startswith(LIVELY)]
        if names:
            raise UserError(self.env._(
                "Check of volume and collections: %(fields)s cannot be entered or imported. Accept, object and answer by "
                "the buttons.", fields=", ".join(self._fields[name].string for name in names if name in self._fields),
            ))
        return super().write(vals)

    def _set(self, vals):
        """Write what only the methods below may write. Private, hence out of reach for RPC and imports."""
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        raise UserError(self.env._("What was sent to a salesperson stays; void the statement if it was wrong."))

    # ------------------------------------------------------------
    # The salesperson
    # ------------------------------------------------------------

    def action_accept(self):
        """Agree with the figures, or with finance's second look at them. Right: the salesperson himself."""
        for check in self:
            check.check_access("read")
            hindrance = check._accept_hindrance()
            if hindrance:
                raise UserError(hindrance)
            # sudo: nobody has write access; the check above is the right to accept
            check.sudo()._accept()
        return True

    def _accept_hindrance(self):
        """Why the current user cannot accept, "" if he can."""
        self.ensure_one()
        if self.user_id != self.env.user:
            return self.env._("Only %(user)s accepts '%(check)s'.", user=self.user_id.name or "-", check=self.display_name)
        if self.state not in (SENT, RECHECKED):
            return self.env._("'%(check)s' does not wait for your answer.", check=self.display_name)
        if self.state == SENT:
            return self._window_hindrance(self.deadline, self.last_day)
        return self._window_hindrance(self.answer_deadline, self.answer_last_day)

    def _window_hindrance(self, deadline, last_day):
        """VOL-04: why it is too late for the salesperson, "" if it is not; does not wait for the scheduled action."""
        if deadline and fields.Datetime.now() <= deadline:
            return ""
        return self.env._(
            "'%(check)s': the time to answer ended on %(day)s at 24:00. Finance's figures stand.",
            check=self.display_name, day=format_date(self.env, last_day),
        )

    def _accept(self, silent=False):
        """The figures stand as they are: sent ones, or those of the second look."""
        self.ensure_one()
        if self.state == RECHECKED:
            self.line_ids.filtered(lambda line: line.state == RECHECKED)._set({"state": AGREED})
            self._follow_lines()
        else:
            self._set({"state": ACCEPTED})
        if silent:
            self._set({"silent": True})
        self.activity_unlink([TODO])
        env = self.with_context(lang=self.user_id.lang).env  # the scheduled action speaks no language of its own
        self.message_post(body=env._("No answer in time: the figures stand.") if silent else env._(
            "%(user)s agrees with the figures.", user=self.user_id.name,
        ))

    def _follow_lines(self):
        """Take the state from the lines; a second look starts the time to answer it."""
        state = check_state(self.line_ids.mapped("state"))
        vals = {"state": state}
        if state == RECHECKED and self.state != RECHECKED:
            window = answer_window(fields.Datetime.now(), self._timezone(), self.company_id.volume_answer_days)
            vals |= {"answer_last_day": window.last_day, "answer_deadline": window.deadline}
        self._set(vals)

    def _timezone(self):
        """Where the salesperson is, else where the company is."""
        return self.user_id.tz or self.company_id.partner_id.tz or "UTC"

    # ------------------------------------------------------------
    # Scheduled action
    # ------------------------------------------------------------

    @api.model
    def _cron_follow(self, batch_size=100):
        """Send what is due; close what nobody answered in time. A company or check that fails is logged and waits."""
        self.env["sales.arrears.statement"]._send_due_volumes()
        now = fields.Datetime.now()
        due = Domain("state", "=", SENT) & Domain("deadline", "<", now) | (
            Domain("state", "=", RECHECKED) & Domain("answer_deadline", "<", now)
        )
        checks = self.search(due, limit=batch_size, order="id")
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(checks))
        for check in checks:
            try:
                with self.env.cr.savepoint():
                    check.try_lock_for_update().filtered_domain(due)._pass_deadline()
            except Exception:
                _logger.exception("Check of volume %s: the deadline could not be passed", check.id)
            if not commit(1):
                break

    def _pass_deadline(self):
        for check in self:
            check._accept(silent=True)
