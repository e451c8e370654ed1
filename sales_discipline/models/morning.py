# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..engine.ladder import CASES
from ..engine.morning import since
from .violation import CONFIRMED, POSTED, UNDECIDED
from .violation_decision import CLERK

LOOK_BACK = 31  # days in which a working day, or a list, is looked for


class SalesDisciplineMorning(models.Model):
    """What the clerk reads out at the morning meeting of a working day (SAN-05, ATT-06).

    It is brought up to date until it is posted or its day is over; then it stays as what was read out.
    """

    _name = "sales.discipline.morning"
    _description = "Discipline Morning List"
    _order = "date desc, id desc"
    _rec_name = "date"
    _check_company_auto = True

    _day_uniq = models.Constraint("UNIQUE (company_id, date)", "A company has one morning list a day.")

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True)
    date_from = fields.Date(string="Looks Back To", required=True, readonly=True)
    announce_ids = fields.Many2many(
        "sales.discipline.violation", "sales_discipline_morning_announce_rel", string="To Be Announced", readonly=True,
        help="What happened since the list before.",
    )
    confirmed_ids = fields.Many2many(
        "sales.discipline.violation", "sales_discipline_morning_confirmed_rel", readonly=True,
        help="What was confirmed since the list before, corrections too.",
    )
    sheet_ids = fields.Many2many(
        "sales.discipline.period.sheet", "sales_discipline_morning_sheet_rel", string="Must Come to Pay", readonly=True,
        help="Sheets of closed months that are not settled.",
    )
    announce_count = fields.Integer(compute="_compute_counts", string="Number to Be Announced")
    confirmed_count = fields.Integer(compute="_compute_counts", string="Number Confirmed")
    sheet_count = fields.Integer(compute="_compute_counts", string="Number Who Must Pay")
    posted_on = fields.Datetime(readonly=True, help="When the confirmed entries were posted to the channel.")
    can_post = fields.Boolean(compute="_compute_can_post")

    @api.depends("announce_ids", "confirmed_ids", "sheet_ids")
    def _compute_counts(self):
        for morning in self:
            morning.announce_count = len(morning.announce_ids)
            morning.confirmed_count = len(morning.confirmed_ids)
            morning.sheet_count = len(morning.sheet_ids)

    @api.depends_context("uid")
    @api.depends("posted_on")
    def _compute_can_post(self):
        for morning in self:
            morning.can_post = (
                not morning.posted_on and morning.sudo().company_id.discipline_morning_channel_id
                and morning._is_today() and bool(morning._to_post())
            )

    def _is_today(self):
        self.ensure_one()
        return self.date == self.company_id._discipline_today()

    # --- what is on it ---

    @api.model
    def action_open_today(self):
        """Show today's list, up to date; on a rest day the earlier ones."""
        if not self.env.user.has_group(CLERK):
            raise AccessError(self.env._("Only the info clerk reads the morning list."))
        # sudo: lists are written by nobody directly; the right was checked above
        morning = self.sudo()._of_today(self.env.company)
        if not morning:
            return self.env["ir.actions.actions"]._for_xml_id("sales_discipline.morning_action")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Morning List"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "res_id": morning.id,
        }

    @api.model
    def _of_today(self, company):
        """The list of the company's day, made or brought up to date; none on a rest day."""
        today = company._discipline_today()
        worked = self._worked_days(company, today)
        if today not in worked:
            return self.browse()
        morning = self.search([("company_id", "=", company.id), ("date", "=", today)])
        if not morning:
            last = self.search([
                ("company_id", "=", company.id), ("date", "<", today),
                ("date", ">=", today - timedelta(days=LOOK_BACK)),
            ], limit=1)
            morning = self.create({
                "company_id": company.id, "date": today, "date_from": since(today, worked, last.date or None),
            })
        if not morning.posted_on:
            morning._refresh()
        return morning

    def _refresh(self):
        self.ensure_one()
        self.write({
            "announce_ids": self.env["sales.discipline.violation"].search(self._announce_domain()),
            "confirmed_ids": self.env["sales.discipline.violation"].search(self._confirmed_domain()),
            "sheet_ids": self.env["sales.discipline.period.sheet"].search(
                [("company_id", "=", self.company_id.id), ("amount_due", "!=", 0)], order="period_id, employee_id"),
        })

    def _announce_domain(self):
        return Domain([
            ("company_id", "=", self.company_id.id), ("revision", "=", 0),
            ("state", "in", (*UNDECIDED, CONFIRMED, POSTED)),
            ("fact_date", ">=", self.date_from), ("fact_date", "<", self.date),
        ]) & ~(
            # cases, and what managers propose, are read out when somebody has decided them
            Domain("state", "in", UNDECIDED) & (Domain("step_kind", "in", CASES) | Domain("rule_id.kind", "=", "manual"))
        )

    def _confirmed_domain(self):
        start, stop = (self._utc_midnight(day) for day in (self.date_from, self.date))
        return Domain([
            ("company_id", "=", self.company_id.id), ("state", "in", (CONFIRMED, POSTED)),
            ("confirmed_on", ">=", start), ("confirmed_on", "<", stop),
        ])

    def _utc_midnight(self, day):
        """When a local day of the company begins, as naive UTC."""
        tz = self.company_id._discipline_now().tzinfo.zone
        return pytz.timezone(tz).localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _worked_days(self, company, today):
        """Local days of the last weeks, today too, on which the company works; public holidays are left out."""
        days = [today - timedelta(days=number) for number in range(LOOK_BACK, -1, -1)]
        # sudo: who reads the list need not read working schedules
        calendar = company.sudo().resource_calendar_id
        weekly = set(calendar.attendance_ids.mapped("dayofweek"))
        if not weekly or calendar.flexible_hours:
            return {day for day in days if day.weekday() < 5}
        tz = pytz.timezone(calendar.tz or "UTC")
        intervals = calendar._work_intervals_batch(
            tz.localize(datetime.combine(days[0], time.min)), tz.localize(datetime.combine(today, time.max)), tz=tz,
            domain=[("time_type", "=", "leave"), ("company_id", "in", [False, company.id])],
        )[False]
        return {start.astimezone(tz).date() for start, _stop, _hours in intervals}

    # --- what the channel is told ---

    def action_post(self):
        """Post the confirmed entries now instead of waiting for the hour."""
        self.ensure_one()
        if not self.env.user.has_group(CLERK):
            raise AccessError(self.env._("Only the info clerk posts the morning list."))
        self.check_access("read")
        # sudo: lists are written by nobody directly; the right was checked above
        morning = self.sudo()
        if morning.posted_on:
            raise UserError(self.env._("The list of %(date)s has been posted already.", date=morning.date))
        if not morning._is_today():
            raise UserError(self.env._("The list of %(date)s is over: post today's.", date=morning.date))
        if not morning.company_id.discipline_morning_channel_id:
            raise UserError(self.env._(
                "%(company)s posts no names: an administrator may choose a channel in the settings.",
                company=morning.company_id.name))
        morning._refresh()
        morning._post()

    def _to_post(self):
        """Confirmed entries that still stand; undecided ones, corrections and cases are nobody else's business."""
        return self.confirmed_ids.filtered(
            lambda entry: entry.state in (CONFIRMED, POSTED) and entry.step_kind not in (False, "none", *CASES)
            and not entry.corrects_id and not entry.correction_ids.filtered(
                lambda correction: correction.state in (CONFIRMED, POSTED)))

    def _post(self):
        """Post to the company's channel, in its language, once."""
        self.ensure_one()
        morning = self.with_context(lang=self.company_id.partner_id.lang or self.env.lang)
        entries = morning._to_post().sorted(lambda entry: (entry.employee_id.name, entry.fact_date, entry.id))
        if entries:
            body = self.env["ir.qweb"].with_context(lang=morning.env.lang)._render(
                "sales_discipline.morning_message", {"morning": morning, "entries": entries})
            self.company_id.discipline_morning_channel_id.message_post(
                body=body, message_type="comment", subtype_xmlid="mail.mt_comment",
                author_id=self.env.ref("base.partner_root").id,
            )
        self.posted_on = fields.Datetime.now()
