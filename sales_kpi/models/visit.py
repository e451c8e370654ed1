# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..engine.geofence import BEYOND, CANNOT_TELL, IMPRECISE, NO_FIX, NO_TARGET, OUTSIDE, VERIFIED, WITHIN

PLANNED, IN_PROGRESS, FORGOTTEN, DONE, CANCELLED = "planned", "in_progress", "forgotten", "done", "cancelled"
DENIED, TIMEOUT, UNSUPPORTED = "denied", "timeout", "unsupported"

# Who and when is fixed once somebody checked in; what came out of it once it is done. The rest only the server writes.
PLAN_FIELDS = {"partner_id", "employee_id", "company_id", "planned_date"}
REPORT_FIELDS = {"note", "next_step_id", "next_step_date"}


class SalesVisit(models.Model):
    """One visit to a customer: planned, checked in with a place, checked out with a result (VIS-05, VIS-07).

    The place is judged once, at check-in, by the radius of that day; the verdict and the distance stay when the
    coordinates are deleted.
    """

    _name = "sales.visit"
    _description = "Customer Visit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "visit_date desc, check_in desc, id desc"
    _mail_post_access = "read"
    _check_company_auto = True

    _one_open = models.UniqueIndex(
        "(employee_id) WHERE state = 'in_progress'", "Nobody can be at two customers at the same time."
    )
    _person_day_idx = models.Index("(employee_id, visit_date)")
    _out_after_in = models.Constraint(
        "CHECK (check_out IS NULL OR check_out >= check_in)", "A check-out cannot be before its check-in."
    )

    # plan
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, index=True, tracking=True)
    employee_id = fields.Many2one(
        "hr.employee",
        string="Salesperson",
        required=True,
        check_company=True,
        default=lambda self: self.env.user.employee_id,
        tracking=True,
    )
    user_id = fields.Many2one(related="employee_id.user_id", store=True, index=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    planned_date = fields.Date(string="Planned For", required=True, default=fields.Date.context_today, tracking=True)
    visit_date = fields.Date(
        string="Date",
        compute="_compute_visit_date",
        store=True,
        help="The day of the check-in where the salesperson lives; until then the planned day.",
    )
    state = fields.Selection(
        [
            (PLANNED, "Planned"),
            (IN_PROGRESS, "At the customer"),
            (FORGOTTEN, "Check-out forgotten"),
            (DONE, "Done"),
            (CANCELLED, "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        index=True,
        default=PLANNED,
        tracking=True,
    )
    # check-in
    check_in = fields.Datetime(readonly=True, copy=False)
    check_in_latitude = fields.Float("Latitude", digits=(10, 7), readonly=True, copy=False, aggregator=None)
    check_in_longitude = fields.Float("Longitude", digits=(10, 7), readonly=True, copy=False, aggregator=None)
    check_in_accuracy = fields.Integer(
        "Accuracy (m)", readonly=True, copy=False, aggregator=None,
        help="Radius of the circle in which the device says it was.",
    )
    fix_source = fields.Selection(
        [("device", "Device"), ("none", "None")], string="Source of the Place", readonly=True, copy=False
    )
    allowed_radius = fields.Integer(
        "Allowed Radius (m)", readonly=True, copy=False, aggregator=None,
        help="The setting at the time of the check-in.",
    )
    distance = fields.Integer("Distance (m)", readonly=True, copy=False, aggregator="avg")
    result = fields.Selection(
        [(VERIFIED, "Verified"), (OUTSIDE, "Outside"), (CANNOT_TELL, "Cannot tell")],
        string="Place",
        readonly=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="Verified: the check-in was within the allowed radius around the customer.\n"
        "Outside: it was farther away, whatever the accuracy of the device.\n"
        "Cannot tell: there was no location, an imprecise one, or the customer has none.",
    )
    result_reason = fields.Selection(
        [
            (WITHIN, "Within the allowed radius"),
            (BEYOND, "Beyond the allowed radius"),
            (IMPRECISE, "Location too imprecise"),
            (NO_TARGET, "Customer without coordinates"),
            (NO_FIX, "No location found"),
            (DENIED, "Location refused"),
            (TIMEOUT, "No location in time"),
            (UNSUPPORTED, "Device without location"),
        ],
        string="Because",
        readonly=True,
        copy=False,
    )
    reason = fields.Char(
        string="Explanation", compute="_compute_reason", help="Why the place has this result, in one sentence."
    )
    customer_kind = fields.Selection(
        [("new", "New customer"), ("old", "Old customer")],
        readonly=True,
        copy=False,
        help="Old: had a confirmed order or a posted invoice before the day of the visit.",
    )
    # check-out
    check_out = fields.Datetime(readonly=True, copy=False)
    check_out_forgotten = fields.Boolean(
        readonly=True, copy=False, help="The result was not recorded on the day of the visit, so it does not count."
    )
    duration_minutes = fields.Integer("Duration (min)", compute="_compute_duration_minutes", store=True)
    note = fields.Text("Result", copy=False, help="What was talked about and what came out of it.")
    next_step_id = fields.Many2one(
        "mail.activity.type",

        domain="[('res_model', '=', 'sales.visit')]",
        copy=False,
        help="What was agreed: a sample, a trial order, a factory tour... It is planned as your next activity.",
    )
    next_step_date = fields.Date("Next Step On", copy=False)
    counted = fields.Boolean(
        compute="_compute_counted",
        store=True,
        help="Counts for the weekly quota: the place is verified and the result was recorded on the same day.",
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")

    @api.depends("partner_id", "visit_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for visit in self:
            day = fields.Date.to_string(visit.visit_date) if visit.visit_date else ""
            visit.display_name = f"{visit.partner_id.display_name or ''} {day}".strip()

    @api.depends("planned_date", "check_in")
    def _compute_visit_date(self):
        for visit in self:
            visit.visit_date = visit._local_date(visit.check_in) if visit.check_in else visit.planned_date

    @api.depends("check_in", "check_out")
    def _compute_duration_minutes(self):
        for visit in self:
            seconds = (visit.check_out - visit.check_in).total_seconds() if visit.check_out else 0
            visit.duration_minutes = int(seconds // 60)

    @api.depends("state", "result", "check_out_forgotten")
    def _compute_counted(self):
        for visit in self:
            visit.counted = visit.state == DONE and visit.result == VERIFIED and not visit.check_out_forgotten

    @api.depends("result_reason", "distance", "allowed_radius", "check_in_accuracy")
    @api.depends_context("lang")
    def _compute_reason(self):
        for visit in self:
            figures = {
                "distance": visit.distance, "radius": visit.allowed_radius, "accuracy": visit.check_in_accuracy
            }
            match visit.result_reason:
                case "within":
                    reason = self.env._("%(distance)s m from the customer; up to %(radius)s m count as there.", **figures)
                case "beyond":
                    reason = self.env._("%(distance)s m from the customer; only up to %(radius)s m count as there.", **figures)
                case "imprecise":
                    reason = self.env._(
                        "%(distance)s m from the customer, but the device is only sure to %(accuracy)s m: try again "
                        "outdoors next time.", **figures)
                case "no_target":
                    reason = self.env._("The customer has no coordinates yet, so there is nothing to compare with.")
                case "denied":
                    reason = self.env._("Location was refused on the device: allow it for this site in the browser's settings.")
                case "timeout":
                    reason = self.env._("The device found no location in time: try again outdoors or near a window next time.")
                case "no_fix":
                    reason = self.env._("The device could not find its location: check that location is switched on.")
                case "unsupported":
                    reason = self.env._("This browser offers no location, or the connection is not secure (https).")
                case _other:
                    reason = False
            visit.reason = reason

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_is_mine(self):
        for visit in self:
            visit.is_mine = visit.user_id == self.env.user

    @api.onchange("next_step_id")
    def _onchange_next_step_id(self):
        self.next_step_date = self.next_step_id and self.next_step_id._get_date_deadline()

    @api.constrains("partner_id", "company_id")
    def _check_partner_company(self):
        for visit in self:
            partner_company = visit.partner_id.company_id
            if partner_company and partner_company != visit.company_id:
                raise ValidationError(self.env._(
                    "%(customer)s belongs to %(other)s and cannot be visited for %(company)s.",
                    customer=visit.partner_id.name, other=partner_company.name, company=visit.company_id.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_made(self):
        for visit in self:
            if visit.state not in (PLANNED, CANCELLED):
                raise UserError(self.env._(
                    "The visit to %(customer)s was made and stays. Only planned or cancelled visits can be deleted.",
                    customer=visit.partner_id.name))

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if not self.env.su:
            # The context, and the defaults that people save, come from outside too.
            for name in [name for name in values if self._fields[name].readonly and self._fields[name].store]:
                values[name] = PLANNED if name == "state" else False
        return values

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_written_fields(vals.keys())
        return super().create(vals_list)

    def write(self, vals):
        self._check_written_fields(vals.keys())
        return super().write(vals)

    def _check_written_fields(self, names):
        """What is judged is written by the check-in and check-out only, not by forms, imports or RPC."""
        if self.env.su:
            return
        for name in names:
            field = self._fields.get(name)
            if field and field.readonly and field.store:
                raise UserError(self.env._(
                    "'%(field)s' of a visit is set by checking in and out and cannot be entered.",
                    field=field.get_description(self.env, ["string"])["string"]))
        for visit in self:
            if visit.state != PLANNED and PLAN_FIELDS.intersection(names):
                raise UserError(self.env._(
                    "The visit to %(customer)s is no longer a plan: customer, salesperson and date stay. "
                    "Plan another visit instead.", customer=visit.partner_id.name))
            if visit.state in (DONE, CANCELLED) and REPORT_FIELDS.intersection(names):
                raise UserError(self.env._(
                    "The visit to %(customer)s is finished: its result stays. Add a message in its history instead.",
                    customer=visit.partner_id.name))

    def action_cancel(self):
        for visit in self._check_own():
            if visit.state != PLANNED:
                raise UserError(self.env._(
                    "Only a planned visit can be cancelled; the one to %(customer)s was already started.",
                    customer=visit.partner_id.name))
        # The state is not the user's to write; that it is his visit and a plan is checked above.
        self.sudo().write({"state": CANCELLED})

    def _check_own(self):
        """Only the person himself checks in and out; managers look on."""
        self.check_access("write")
        for visit in self:
            if visit.user_id != self.env.user:
                raise UserError(self.env._(
                    "This is the visit of %(person)s: only %(person)s can check in, check out or cancel it.",
                    person=visit.employee_id.name))
        return self

    def _local_date(self, moment):
        """The date of a UTC moment where the salesperson lives."""
        # The time zone of an employee is not readable for every salesperson.
        timezone = pytz.timezone(self.employee_id.sudo()._get_tz())
        return pytz.utc.localize(moment).astimezone(timezone).date()

    @api.model
    def _counted_domain(self, employees, date_from, date_to):
        """Visits that count for a quota."""
        return (
            Domain("employee_id", "in", employees.ids)
            & Domain("visit_date", ">=", date_from)
            & Domain("visit_date", "<=", date_to)
            & Domain("counted", "=", True)
        )
