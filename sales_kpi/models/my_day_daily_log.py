# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.sales_discipline.models.daily_log import DRAFT, SUBMITTED
from odoo.addons.sales_discipline.models.violation import UNDECIDED

LINES = 5


class SalesMyDay(models.AbstractModel):
    _inherit = "sales.my.day"

    @api.model
    def _get_card_sequence(self):
        return {**super()._get_card_sequence(), "daily_log": 30}

    @api.model
    def _card_daily_log(self):
        """Today's log and when it is due, and the logs that are missing and cost more with every day."""
        employee = self.env.user.employee_id
        if not employee:
            return None
        Log = self.env["sales.daily.log"]
        today = Log.new({"employee_id": employee.id})._local_date(fields.Datetime.now())
        log = Log.search([("employee_id", "=", employee.id), ("date", "=", today)])
        missing = self._get_missing_logs(employee, today)
        card = {
            "icon": "fa fa-pencil-square-o",
            "title": self.env._("Daily Log"),
            "lines": [self._prepare_missing_log_line(entry) for entry in missing],
            "badge": self._get_log_badge(log) if log else None,
            "action": self.env["ir.actions.actions"]._for_xml_id("sales_discipline.daily_log_action_today"),
            "action_label": self.env._("Write today's log"),
        }
        if log.state == SUBMITTED:
            at = fields.Datetime.context_timestamp(log.with_context(tz=str(log._tz())), log.submitted_on)
            return {
                **card,
                "text": self.env._("Submitted at %(time)s.", time=f"{at:%H:%M}"),
                "action_label": self.env._("Read today's log"),
            }
        # rules, calendar and leave are not readable for every salesperson; only the time is shown
        due = self.env["sales.discipline.rule"].sudo()._get_log_deadline(employee.sudo(), today)
        if due:
            return {
                **card,
                "badge": self._get_log_badge(log),
                "text": self.env._("Submit it by %(time)s.", time=f"{due:%H:%M}"),
            }
        return {**card, "text": self.env._("No log is due today.")}

    @api.model
    def _get_log_badge(self, log):
        if log.state == SUBMITTED:
            return {"value": self.env._("Submitted"), "tone": "success"}
        if log.state == DRAFT:
            return {"value": self.env._("Draft"), "tone": "info"}
        return {"value": self.env._("Not written"), "tone": "warning"}

    @api.model
    def _get_missing_logs(self, employee, today):
        """Entries of logs that are missing and still grow, the dearest first."""
        return self.env["sales.discipline.violation"].search([
            ("employee_id", "=", employee.id),
            ("rule_id.kind", "=", "daily_log"),
            ("state", "in", UNDECIDED),
            ("final_on", "=", False),
            ("fact_date", "<", today),
        ], order="fact_date", limit=LINES)

    @api.model
    def _prepare_missing_log_line(self, entry):
        Log = self.env["sales.daily.log"]
        log = Log.search([("employee_id", "=", entry.employee_id.id), ("date", "=", entry.fact_date)])
        return {
            "title": self.env._("Missing: %(date)s", date=format_date(self.env, entry.fact_date)),
            "subtitle": self.env._("%(days)s started days late; submit it to stop the count", days=entry.quantity),
            "value": self.env._("%(points)s points", points=entry.points) if entry.points else "",
            "tone": "danger",
            "action": {
                "type": "ir.actions.act_window",
                "res_model": Log._name,
                "res_id": log.id,
                "views": [(False, "form")],
                "context": {"default_date": fields.Date.to_string(entry.fact_date)},
            },
        }
