# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain

from .visit import DONE, FORGOTTEN, IN_PROGRESS, PLANNED

PLACE_TONES = {"verified": "success", "outside": "danger", "cannot_tell": "warning"}


class SalesMyDay(models.AbstractModel):
    _inherit = "sales.my.day"

    @api.model
    def _get_card_sequence(self):
        return {**super()._get_card_sequence(), "visits": 10}

    @api.model
    def _card_visits(self):
        """Visits of today and what is still open, with the buttons to check in and out."""
        Visit = self.env["sales.visit"]
        employee = self.env.user.employee_id
        card = {
            "type": "visits",
            "icon": "fa fa-map-marker",
            "title": self.env._("Visits Today"),
        }
        if not employee:
            return {**card, "empty": self.env._(
                "Your user is not linked to an employee, so nobody can check in. Ask the administrator to link it.")}
        today = fields.Date.context_today(self)
        own = Domain("employee_id", "=", employee.id)
        visits = Visit.search(
            own & (
                Domain("state", "in", (IN_PROGRESS, FORGOTTEN))
                | Domain("state", "=", PLANNED) & Domain("planned_date", "=", today)
                | Domain("state", "=", DONE) & Domain("visit_date", "=", today)
            ),
            order="check_in, id",
        )
        order = (IN_PROGRESS, FORGOTTEN, PLANNED, DONE)
        busy = IN_PROGRESS in visits.mapped("state")
        return {
            **card,
            "figures": self._get_visit_figures(employee, today),
            "lines": [
                self._prepare_visit_line(visit, busy)
                for visit in visits.sorted(lambda visit: order.index(visit.state))
            ],
            "empty": self.env._("No visit is planned for today. Plan one and check in when you are there."),
            "note": self.env._(
                "Your location is read only when you tap Check In, to compare it with the customer's place."),
            "action": self.env["ir.actions.act_window"]._for_xml_id("sales_kpi.sales_visit_action_plan"),
            "action_label": self.env._("Plan a visit"),
        }

    @api.model
    def _prepare_visit_line(self, visit, busy):
        line = {
            "id": visit.id,
            "title": visit.partner_id.display_name,
            "action": {
                "type": "ir.actions.act_window",
                "res_model": visit._name,
                "res_id": visit.id,
                "views": [(False, "form")],
            },
        }
        if visit.state == PLANNED:
            line["subtitle"] = visit.partner_id.city or visit.partner_id.street or ""
            line["can_check_in"] = not busy
            return line
        day = fields.Datetime.context_timestamp(visit, visit.check_in)
        line["subtitle"] = self.env._("Checked in at %(time)s", time=day.strftime("%H:%M"))
        line["badge"] = {
            "value": dict(visit._fields["result"]._description_selection(self.env))[visit.result],
            "tone": PLACE_TONES[visit.result],
        }
        if visit.state == IN_PROGRESS:
            line["check_out_label"] = self.env._("Check Out")
        elif visit.state == FORGOTTEN:
            line["subtitle"] = self.env._("Check-out forgotten on %(day)s", day=fields.Date.to_string(visit.visit_date))
            line["check_out_label"] = self.env._("Add the Result")
        else:
            line["subtitle"] = self.env._(
                "Done, %(minutes)s min", minutes=visit.duration_minutes)
        return line

    @api.model
    def _get_visit_figures(self, employee, today):
        """How many of this week's visits count, and what the quota in force asks for."""
        Visit = self.env["sales.visit"]
        monday = fields.Date.start_of(today, "week")
        counted = Visit.search_count(Visit._counted_domain(employee, monday, today))
        # Calendar, scope and leave are not readable for every salesperson; only the number is shown.
        quotas = self.env["sales.discipline.rule"].sudo()._get_visit_quotas(employee.sudo(), today)
        quota = quotas.get(employee.id)
        week_label = self.env._("Verified this week")
        if not quota:
            return [{"label": week_label, "value": str(counted)}]
        return [
            {
                "label": week_label,
                "value": f"{counted}/{quota}",
                "tone": "success" if counted >= quota else "",
            },
        ]
