# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine.geofence import NO_FIX, Place, is_measure, judge_place
from .visit import DENIED, DONE, FORGOTTEN, IN_PROGRESS, PLANNED, TIMEOUT, UNSUPPORTED

LOCATION_ERRORS = (DENIED, TIMEOUT, UNSUPPORTED, NO_FIX)


class SalesVisit(models.Model):
    """Checking in and out: what the phone calls, and what repairs a check-out that never came."""

    _inherit = "sales.visit"

    def action_check_in(self, latitude=None, longitude=None, accuracy=None, error=None):
        """Start the visit here and now.

        :param latitude, longitude: degrees, as the device reports them
        :param accuracy: metres, as the device reports it
        :param error: instead of a place: denied, timeout, unsupported or no_fix
        :return: ``{"result", "reason"}``: the verdict and its explanation in one sentence
        :raise UserError: not the own visit, not planned, another one is open, or values that are no place
        """
        self.ensure_one()
        self._check_own()
        if self.state != PLANNED:
            raise UserError(self.env._(
                "You already checked in at %(customer)s. Plan a new visit to go there again.",
                customer=self.partner_id.name))
        fix = self._read_fix(latitude, longitude, accuracy, error)
        now = fields.Datetime.now()
        open_visit = self.search([("employee_id", "=", self.employee_id.id), ("state", "=", IN_PROGRESS)])
        open_visit = open_visit - open_visit._repair_forgotten()
        if open_visit:
            raise UserError(self.env._(
                "You are still checked in at %(customer)s. Check out there first.",
                customer=open_visit.partner_id.name))
        # The judged fields are not the user's to write; the rights are checked above.
        self.sudo().write(self._prepare_check_in_vals(fix, error, now))
        return {"result": self.result, "reason": self.reason}

    def action_open_check_out(self):
        """Ask for the result and the next step, then check out."""
        self.ensure_one()
        self._check_own()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check Out") if self.state == IN_PROGRESS else self.env._("Add the Result"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("sales_kpi.sales_visit_view_form_check_out").id, "form")],
            "target": "new",
        }

    def action_check_out(self):
        """Finish the visit; it needs its result, and the next step where the company asks for one (VIS-05, VIS-07).

        A visit that was left open on its day keeps no check-out time: nobody knows it.
        """
        self.ensure_one()
        self._check_own()
        if self.state not in (IN_PROGRESS, FORGOTTEN):
            raise UserError(self.env._(
                "There is nothing to check out of: you are not checked in at %(customer)s.",
                customer=self.partner_id.name))
        if not (self.note or "").strip():
            raise UserError(self.env._(
                "Write down what came out of the visit to %(customer)s: without a result it does not count.",
                customer=self.partner_id.name))
        if self.company_id.visit_next_step_required and not (self.next_step_id and self.next_step_date):
            raise UserError(self.env._(
                "Agree on a next step with %(customer)s and choose its day before you check out.",
                customer=self.partner_id.name))
        now = fields.Datetime.now()
        vals = {"state": DONE}
        if self.state == FORGOTTEN or self._local_date(now) != self.visit_date:
            vals["check_out_forgotten"] = True
        else:
            vals["check_out"] = now
        # As at check-in: the rights are checked above.
        self.sudo().write(vals)
        if self.next_step_id:
            self.activity_schedule(
                activity_type_id=self.next_step_id.id,
                date_deadline=self.next_step_date or self.visit_date,
                user_id=self.env.uid,
            )
        return {"type": "ir.actions.act_window_close"}

    def action_set_customer_place(self):
        """Take the place of this check-in as the place of the customer, for the visits to come."""
        self.ensure_one()
        if not self.env.user.has_group("sales_kpi.group_kpi_manager"):
            raise UserError(self.env._("Only a manager may say where a customer is. Ask yours to do it."))
        if self.user_id == self.env.user:
            raise UserError(self.env._(
                "Your own visits would be verified by it: ask another manager to say where %(customer)s is.",
                customer=self.partner_id.name))
        self.check_access("write")
        if not (self.check_in_latitude or self.check_in_longitude):
            raise UserError(self.env._("This visit has no coordinates, or they were deleted after their time."))
        self.partner_id.write({
            "partner_latitude": self.check_in_latitude, "partner_longitude": self.check_in_longitude
        })

    @api.model
    def _read_fix(self, latitude, longitude, accuracy, error):
        """The Place the device reports, None where it reports an error. Anything else is refused."""
        if error is not None:
            if error not in LOCATION_ERRORS:
                raise UserError(self.env._("The device sent an unknown location error. Reload the page and try again."))
            return None
        try:
            if not all(is_measure(value) for value in (latitude, longitude, accuracy)):
                raise ValueError
            return Place(latitude, longitude, accuracy)
        except ValueError:
            raise UserError(self.env._(
                "The device sent no valid location: latitude is -90 to 90, longitude -180 to 180 degrees, accuracy is "
                "in metres. Reload the page and try again.")) from None

    def _prepare_check_in_vals(self, fix, error, now):
        # Coordinates and trade with a customer are not readable for every salesperson; only the verdict shows.
        partner = self.partner_id.sudo()
        radius = self.company_id.visit_radius
        verdict = judge_place(fix, self._get_customer_place(partner), radius)
        known = fix is not None and fix.is_known
        return {
            "state": IN_PROGRESS,
            "check_in": now,
            "check_in_latitude": fix.latitude if known else 0,
            "check_in_longitude": fix.longitude if known else 0,
            "check_in_accuracy": round(fix.accuracy) if known else 0,
            "fix_source": "device" if known else "none",
            "allowed_radius": radius,
            "distance": round(verdict.distance or 0),
            "result": verdict.result,
            "result_reason": error or verdict.reason,
            "customer_kind": self._get_customer_kind(partner, self._local_date(now)),
        }

    @api.model
    def _get_customer_place(self, partner):
        """Own coordinates; a contact person is where the company is."""
        if not (partner.partner_latitude or partner.partner_longitude) and partner.type == "contact":
            partner = partner.parent_id or partner
        return Place(partner.partner_latitude, partner.partner_longitude)

    def _get_customer_kind(self, partner, day):
        domain = Domain("partner_id", "child_of", partner.commercial_partner_id.id) & Domain(
            "company_id", "=", self.company_id.id
        )
        bought = self.env["sale.order"].sudo().search_count(
            domain & Domain("state", "=", "sale") & Domain("date_order", "<", fields.Datetime.to_datetime(day)), limit=1
        ) or self.env["account.move"].sudo().search_count(
            domain & Domain("state", "=", "posted") & Domain("move_type", "=", "out_invoice")
            & Domain("invoice_date", "<", day), limit=1
        )
        return "old" if bought else "new"

    def _repair_forgotten(self):
        """Take visits out of "at the customer" that were left open on an earlier day; return those.

        They stay visible as forgotten until the person adds the result.
        """
        now = fields.Datetime.now()
        forgotten = self.filtered(lambda visit: visit.visit_date < visit._local_date(now))
        # Nobody may write this state by hand; it follows from the clock alone.
        forgotten.sudo().write({"state": FORGOTTEN, "check_out_forgotten": True})
        forgotten.flush_recordset(["state"])  # before the index on open visits meets the next check-in
        return forgotten

    @api.model
    def _cron_repair_forgotten(self):
        self.search([("state", "=", IN_PROGRESS)])._repair_forgotten()

    @api.autovacuum
    def _gc_coordinates(self, limit=10_000):
        """Delete coordinates after the days the company keeps them; verdict and distance stay."""
        domain = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("check_in", "<", fields.Datetime.now() - timedelta(days=company.visit_retention_days))
            for company in self.env["res.company"].search([])
        ) & (Domain("check_in_latitude", "!=", 0) | Domain("check_in_longitude", "!=", 0))
        visits = self.search(domain, limit=limit)
        visits.write({"check_in_latitude": 0, "check_in_longitude": 0})
        return len(visits), self.search_count(domain)
