# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

DRAFT, SUBMITTED = "draft", "submitted"
CLERK = "sales_discipline.group_discipline_clerk"
# What its author writes, until it is submitted.
CONTENT = {"employee_id", "date", "results", "problems", "plan"}


class SalesDailyLog(models.Model):
    """What a salesperson did on a day, what stood in the way and what comes next (LOG-01, LOG-02).

    When it was filed is set by the server; from then on nobody changes it, only the chatter goes on.
    """

    _name = "sales.daily.log"
    _description = "Daily Log"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _mail_post_access = "read"

    _day_uniq = models.Constraint("UNIQUE (employee_id, date)", "An employee has one daily log for a day.")

    employee_id = fields.Many2one(
        "hr.employee", required=True, ondelete="restrict", default=lambda self: self.env.user.employee_id
    )
    user_id = fields.Many2one(related="employee_id.user_id", store=True, index=True)
    company_id = fields.Many2one(related="employee_id.company_id", store=True, index=True)
    date = fields.Date(required=True, index=True, default=fields.Date.context_today)
    facts = fields.Text(
        compute="_compute_facts", store=True, help="What the system knows of the day: meetings and activities done."
    )
    results = fields.Text(help="What was done, and with which result.")
    problems = fields.Text(help="What stood in the way, and what help is needed.")
    plan = fields.Text(string="Next Steps", help="What comes next.")
    state = fields.Selection(
        [(DRAFT, "Draft"), (SUBMITTED, "Submitted")], required=True, readonly=True, default=DRAFT, tracking=True
    )
    submitted_on = fields.Datetime(readonly=True, copy=False)
    can_submit = fields.Boolean(compute="_compute_can_submit")

    @api.depends("employee_id.name", "date")
    def _compute_display_name(self):
        for log in self:
            log.display_name = f"{log.sudo().employee_id.name or ''} {log.date or ''}".strip()

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_submit(self):
        for log in self:
            log.can_submit = log.state == DRAFT and log._is_own()

    # --- facts of the day ---

    @api.depends("employee_id", "date", "state")
    def _compute_facts(self):
        # what a form has not saved yet may name anybody: the facts of his day are shown to him alone
        complete = self.filtered(lambda log: log.employee_id and log.date and (isinstance(log.id, int) or log._is_own()))
        facts = complete._get_facts() if complete else {}
        for log in self:
            lines = sorted(facts.get(log, ()), key=lambda fact: (fact[0] is None, fact[0] or datetime.min, fact[1]))
            tz = log._tz()
            log.facts = "\n".join(
                f"{pytz.utc.localize(at).astimezone(tz):%H:%M} {text}" if at else text for at, text in lines
            )

    def _get_facts(self):
        """What the system knows of the days of these logs; add-ons extend it with facts of their own.

        :return: {log: [(naive UTC datetime or None, text)]}
        """
        facts = defaultdict(list)
        # people's own meetings and activities, whatever they may read otherwise
        self.sudo()._add_meetings(facts)
        self.sudo()._add_activities(facts)
        return facts

    def _add_meetings(self, facts):
        """Meetings of the day that the person organised or accepted; private ones stay private."""
        attendees = self.env["calendar.attendee"].search([
            ("partner_id", "in", self.user_id.partner_id.ids),
            ("state", "=", "accepted"),
            ("event_id.active", "=", True),
            ("event_id.privacy", "!=", "private"),
            ("event_id.start", "<", datetime.combine(max(self.mapped("date")), time.max) + timedelta(days=1)),
            ("event_id.stop", ">=", datetime.combine(min(self.mapped("date")), time.min) - timedelta(days=1)),
        ])
        by_partner = attendees.grouped("partner_id")
        for log in self:
            for attendee in by_partner.get(log.user_id.partner_id, ()):
                event = attendee.event_id
                if event.allday:
                    if event.start_date <= log.date <= event.stop_date:
                        facts[log].append((None, self.env._("Meeting: %(name)s", name=event.name)))
                elif log._local_date(event.start) == log.date:
                    facts[log].append((event.start, self.env._("Meeting: %(name)s", name=event.name)))

    def _add_activities(self, facts):
        """Activities the person has done that day; Odoo keeps them archived."""
        done = self.env["mail.activity"].with_context(active_test=False).search([
            ("active", "=", False),
            ("user_id", "in", self.user_id.ids),
            ("date_done", "in", self.mapped("date")),
        ])
        by_day = done.grouped(lambda activity: (activity.user_id, activity.date_done))
        for log in self:
            for activity in by_day.get((log.user_id, log.date), ()):
                what = activity.summary or activity.activity_type_id.name
                facts[log].append((None, f"{what}: {activity.res_name}" if activity.res_name else what))

    def _tz(self):
        """The employee's time zone; judged times are read in it."""
        # sudo: the time zone alone
        employee = self.employee_id.sudo()
        return pytz.timezone(employee.resource_calendar_id.tz or employee.tz or "UTC")

    def _local_date(self, moment):
        return pytz.utc.localize(moment).astimezone(self._tz()).date()

    # --- guards ---

    @api.constrains("date", "employee_id")
    def _check_not_ahead(self):
        now = fields.Datetime.now()
        for log in self:
            if log.date > log._local_date(now):
                raise ValidationError(self.env._(
                    "%(date)s has not come yet: a daily log is written on its day or later.", date=log.date))

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if not self.env.su:
            # the context, and the defaults that people save, come from outside too
            for name in values.keys() - CONTENT:
                values[name] = DRAFT if name == "state" else False
        return values

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_given(vals)
        logs = super().create(vals_list)
        logs._check_own()
        return logs

    def write(self, vals):
        self._check_given(vals)
        if vals.keys() & CONTENT:
            for log in self.filtered(lambda log: log.state == SUBMITTED):
                raise UserError(self.env._(
                    "Daily log '%(log)s' was submitted and stays as it is. Add what is missing as a comment.",
                    log=log.display_name))
        result = super().write(vals)
        if "employee_id" in vals:
            self._check_own()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        for log in self.filtered(lambda log: log.state == SUBMITTED):
            raise UserError(self.env._(
                "Daily log '%(log)s' was submitted and is never deleted.", log=log.display_name))

    def _check_given(self, vals):
        """:raise AccessError: a user sets what only the server sets, such as the time of filing"""
        own = CONTENT | {name for name in vals if name.startswith(("message_", "activity_"))}
        if not self.env.su and vals.keys() - own:
            raise AccessError(self.env._(
                "These fields of a daily log are set by the system: %(fields)s.",
                fields=", ".join(sorted(vals.keys() - own))))

    def _check_own(self):
        """:raise AccessError: a user writes a log in somebody else's name"""
        for log in self:
            if not self.env.su and not log._is_own():
                raise AccessError(self.env._(
                    "Everybody writes his own daily log; the info clerk does for people without a user."))

    def _is_own(self):
        """The person himself; for a person without a user, the clerk who writes down what he reports (LOG-09)."""
        self.ensure_one()
        # sudo: only who the user is
        person = self.sudo().employee_id.user_id
        return person == self.env.user if person else self.env.user.has_group(CLERK)

    # --- filing ---

    def action_submit(self):
        """File these logs now. The time of filing is the server's; what was filed can no longer be changed."""
        self.check_access("write")
        for log in self:
            if not log._is_own():
                raise AccessError(self.env._("Everybody submits his own daily log."))
            if log.state == SUBMITTED:
                raise UserError(self.env._("Daily log '%(log)s' was submitted already.", log=log.display_name))
            if not (log.results or "").strip():
                raise UserError(self.env._(
                    "Daily log '%(log)s' has no results yet: write what was done before submitting it.",
                    log=log.display_name))
        # users set neither state nor time themselves
        self.sudo().write({"state": SUBMITTED, "submitted_on": fields.Datetime.now()})

    def action_refresh_facts(self):
        """Look again at what the system knows of the day."""
        self.check_access("write")
        drafts = self.filtered(lambda log: log.state == DRAFT)
        # computed by the system, from the person's own records
        drafts.sudo()._compute_facts()

    @api.model
    def action_today(self):
        """Open today's log of the current user, made when there is none."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Daily Log"),
            "res_model": self._name,
            "res_id": self._today().id,
            "view_mode": "form",
        }

    @api.model
    def _today(self):
        """Today's log of the current user.

        :raise UserError: the user has no employee in this company
        """
        employee = self.env.user.employee_id
        if not employee:
            raise UserError(self.env._(
                "User %(user)s has no employee in company %(company)s, so there is no daily log to write. "
                "Ask the HR officer to link them.", user=self.env.user.name, company=self.env.company.name))
        today = self.new({"employee_id": employee.id})._local_date(fields.Datetime.now())
        log = self.search([("employee_id", "=", employee.id), ("date", "=", today)])
        return log or self.create({"employee_id": employee.id, "date": today})
