# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..engine.stand_in import is_away, stand_ins

OFFICER = "sales_discipline.group_discipline_officer"


class SalesDisciplineDeputy(models.Model):
    """Who decides in the place of somebody who is away (AUT-06)."""

    _name = "sales.discipline.deputy"
    _description = "Deputy of a Decider"
    _order = "user_id, sequence, id"
    _rec_names_search = ["user_id", "deputy_id"]

    _not_oneself = models.Constraint("CHECK (user_id != deputy_id)", "Nobody is his own deputy. Choose somebody else.")
    _dates_ordered = models.Constraint(
        "CHECK (date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "A deputyship ends on or after the day it starts.",
    )

    sequence = fields.Integer(default=10, help="Who is asked first when somebody has several deputies.")
    user_id = fields.Many2one(
        "res.users", string="Decider", required=True, index=True, ondelete="cascade", default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]", context={"active_test": False},
    )
    deputy_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="cascade",
        domain="[('share', '=', False), ('company_ids', 'in', company_id), ('id', '!=', user_id)]",
        help="Never decides about himself or about what he has issued, like everybody else.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", default=lambda self: self.env.company
    )
    moment = fields.Selection(
        [("away", "While on approved leave, or gone"), ("dates", "On these days")],
        string="When", required=True, default="away",
        help="While on approved leave, or gone: whenever a leave of the decider is approved for the moment, or he is "
        "archived.\nOn these days: from the first to the last day, on leave or not.",
    )
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To", help="Last day. Empty: until further notice.")

    @api.depends("user_id.name", "deputy_id.name")
    def _compute_display_name(self):
        # sudo: the names alone, of users whom not everybody may look up
        for row in self:
            row.display_name = self.env._(
                "%(deputy)s for %(user)s", deputy=row.sudo().deputy_id.name, user=row.sudo().user_id.name)

    @api.constrains("moment", "date_from")
    def _check_dates(self):
        for row in self:
            if row.moment == "dates" and not row.date_from:
                raise ValidationError(self.env._(
                    "%(row)s: set the first day in 'From', or choose 'While on approved leave, or gone'.",
                    row=row.display_name))

    @api.constrains("user_id", "deputy_id", "company_id")
    def _check_people(self):
        # sudo: which companies they work in, which is the administrator's to read
        for row in self:
            for user in row.sudo().user_id | row.sudo().deputy_id:
                if user.share or row.company_id not in user.company_ids:
                    raise ValidationError(self.env._(
                        "%(user)s does not work in %(company)s: choose an internal user of that company.",
                        user=user.name, company=row.company_id.name))

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_may_name()
        self.env["sales.discipline.violation"]._trigger_notices()
        return rows

    def write(self, vals):
        self._check_may_name()
        result = super().write(vals)
        self._check_may_name()
        self.env["sales.discipline.violation"]._trigger_notices()
        return result

    def _check_may_name(self):
        """:raise AccessError: somebody else than the sales administration names a deputy for another person"""
        if self.env.su or self.env.user.has_group(OFFICER):
            return
        for row in self:
            if row.user_id != self.env.user:
                raise AccessError(self.env._(
                    "You name deputies for yourself only; for %(user)s the sales administration does.",
                    user=row.sudo().user_id.name))

    # --- who is represented now ---

    @api.model
    def _stand_ins(self, companies=None):
        """{company: {user: users who act for him now}}, of those who are away and have a deputy who is there.

        The number of queries does not depend on the number of people.

        :param companies: None: all of them
        """
        # sudo: whoever decides need not see the leaves of others; only that somebody is away is used
        rows = self.sudo().search([] if companies is None else [("company_id", "in", companies.ids)])
        found = {company: {} for company in companies or ()}
        if not rows:
            return found
        now = fields.Datetime.now()
        on_leave = self._on_leave(rows.user_id | rows.deputy_id, now)
        absent = on_leave | (rows.user_id | rows.deputy_id).filtered(lambda user: not user.active)
        for company, named in rows.grouped("company_id").items():
            deputies, away = {}, set(absent)
            for row in named:
                if row._covers(now) if row.moment == "dates" else row.user_id in absent:
                    away.add(row.user_id)
                    deputies.setdefault(row.user_id, []).append(row.deputy_id)
            acting = {user: stand_ins(user, deputies, away) for user in deputies}
            found[company] = {user: users for user, users in acting.items() if users}
        return found

    def _covers(self, now):
        """Whether it is one of the days of this row, where its decider is."""
        self.ensure_one()
        today = self._local_day(self.user_id.tz or self.company_id.resource_calendar_id.tz, now)
        return self.date_from <= today and (not self.date_to or today <= self.date_to)

    @api.model
    def _local_day(self, tz_name, now):
        try:
            tz = pytz.timezone(tz_name or "UTC")
        except pytz.UnknownTimeZoneError:
            # a broken profile must not stop the entries of the others
            tz = pytz.utc
        return pytz.utc.localize(now).astimezone(tz).date()

    @api.model
    def _on_leave(self, users, now):
        """Those of the users for whom an approved leave covers this moment, in their employee's time zone."""
        day = fields.Date.add(now.date(), days=-1), fields.Date.add(now.date(), days=1)
        # sudo: only that somebody is away now; no kind or reason of a leave is read
        leaves = self.env["hr.leave"].sudo().search_fetch(
            [
                ("employee_id.user_id", "in", users.ids),
                ("state", "=", "validate"),
                ("request_date_from", "<=", day[1]),
                ("request_date_to", ">=", day[0]),
            ],
            ["employee_id", "request_date_from", "request_date_to", "request_unit_half", "request_unit_hours",
             "date_from", "date_to"],
        )
        away = users.browse()
        for employee, own in leaves.grouped("employee_id").items():
            absences = [
                (leave.request_date_from, leave.request_date_to,
                 *((leave.date_from, leave.date_to) if leave.request_unit_half or leave.request_unit_hours
                   else (None, None)))
                for leave in own
            ]
            if is_away(now, self._local_day(employee.tz, now), absences):
                away |= employee.user_id
        return away
