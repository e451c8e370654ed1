# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain

LINES = 10


class SalesMyDay(models.AbstractModel):
    _inherit = "sales.my.day"

    @api.model
    def _get_card_sequence(self):
        return {**super()._get_card_sequence(), "team_visits": 15}

    @api.model
    def _card_team_visits(self):
        """This week's visits of the people the user leads, against their quota (VIS-03); no card for who leads nobody."""
        if not self.env.user.has_group("sales_kpi.group_kpi_manager"):
            return None
        today = fields.Date.context_today(self)
        monday = fields.Date.start_of(today, "week")
        # Calendar, scope and leave are not readable for every manager; only names and numbers are shown.
        team = self._get_team()
        Rule = self.env["sales.discipline.rule"].sudo()
        quotas = {employee_id: quota for employee_id, quota in Rule._get_visit_quotas(team, today).items() if quota}
        if not quotas:
            return None
        made = Rule._count_visits(team, monday, today)
        counts = {employee_id: made.get((employee_id, monday), 0) for employee_id in quotas}
        met = sum(counts[employee_id] >= quota for employee_id, quota in quotas.items())
        bound = team.browse(quotas).sorted(lambda person: (counts[person.id] - quotas[person.id], person.name))
        return {
            "icon": "fa fa-users",
            "title": self.env._("My Team's Visits"),
            "figures": [
                {"label": self.env._("Verified this week"), "value": f"{sum(counts.values())}/{sum(quotas.values())}"},
                {
                    "label": self.env._("Quota met"),
                    "value": f"{met}/{len(quotas)}",
                    "tone": "success" if met == len(quotas) else "",
                },
            ],
            "lines": [
                self._prepare_team_visits_line(person, counts[person.id], quotas[person.id], monday)
                for person in bound[:LINES]
            ],
            "action": self._prepare_visits_action(Domain("employee_id", "in", bound.ids), monday),
            "action_label": self.env._("All visits of the team this week"),
        }

    @api.model
    def _get_team(self):
        """Members of the teams that the user leads, and the employees below him (sudo), in the current company."""
        user = self.env.user
        # sudo: employees are the HR officer's to read; these are the leader's own people, and their names leave here
        return self.env["hr.employee"].sudo().search(
            Domain("company_id", "=", self.env.company.id)
            & Domain("user_id", "!=", user.id)
            & (
                Domain("id", "child_of", user.employee_ids.ids)
                | Domain("user_id.crm_team_member_ids", "any", [
                    ("active", "=", True), ("crm_team_id.user_id", "=", user.id),
                ])
            )
        )

    @api.model
    def _prepare_team_visits_line(self, person, count, quota, monday):
        missing = quota - count
        return {
            "title": person.name,
            "subtitle": self.env._("%(missing)s missing", missing=missing) if missing > 0 else self.env._("Quota met"),
            "value": f"{count}/{quota}",
            "tone": "" if missing > 0 else "success",
            "action": self._prepare_visits_action(Domain("employee_id", "=", person.id), monday),
        }

    @api.model
    def _prepare_visits_action(self, whose, monday):
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sales_kpi.sales_visit_action"),
            "domain": list(whose & Domain("visit_date", ">=", monday)),
            "context": {"search_default_group_employee": 1},
        }
