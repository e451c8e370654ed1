# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta

from odoo import api, models

from ..engine.finding import Segment


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    @api.model_create_multi
    def create(self, vals_list):
        employees = super().create(vals_list)
        if any(vals.get("user_id") for vals in vals_list):
            # record rules of the ledger name the employees of a user, and their domains are cached
            self.env.registry.clear_cache()
        return employees

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            self.env.registry.clear_cache()
        return result

    def _discipline_segments(self, date_from, date_to):
        """Who these employees were between two local dates: list of Segment, one for each version in force.

        An employee is judged by the calendar, job, department and place of that day; before his first version by the
        first one. Teams have no history in Odoo: the present ones count. Queries do not depend on the number of people.
        """
        # sudo: of the versions only calendar, job, place and dates are read
        versions = self.env["hr.version"].sudo().search_fetch(
            [("employee_id", "in", self.ids)],
            ["employee_id", "date_version", "resource_calendar_id", "job_id", "work_location_id", "department_id"],
            order="employee_id, date_version, id",
        )
        by_employee = versions.grouped(lambda version: version.employee_id.id)
        # what is read below, of all at once: Odoo would read every column of a thousand at a time
        self.fetch(["resource_id", "user_id", "company_id"])
        teams = self._discipline_teams()
        segments = []
        for employee in self:
            dated = by_employee.get(employee.id, versions.browse())
            for index, version in enumerate(dated):
                start = version.date_version if index else date.min
                end = dated[index + 1].date_version - timedelta(days=1) if index + 1 < len(dated) else date.max
                if start <= date_to and end >= date_from:
                    segments.append(
                        employee._discipline_segment(version, max(start, date_from), min(end, date_to), teams)
                    )
        return segments

    def _discipline_segment(self, version, date_from, date_to, teams):
        calendar = version.resource_calendar_id
        path = version.department_id.parent_path or ""
        return Segment(
            employee_id=self.id,
            resource_id=self.resource_id.id,
            date_from=date_from,
            date_to=date_to,
            calendar_id=calendar.id or 0,
            tz=calendar.tz or self.tz or self.company_id.resource_calendar_id.tz or "UTC",
            job_id=version.job_id.id,
            work_location_id=version.work_location_id.id,
            department_ids=frozenset(int(part) for part in path.split("/") if part),
            team_ids=teams.get(self.user_id.id, frozenset()),
        )

    def _discipline_teams(self):
        """{user id: ids of the sales teams he is a member of}."""
        members = self.env["crm.team.member"].sudo()._read_group(
            [("user_id", "in", self.user_id.ids)], ["user_id"], ["crm_team_id:array_agg"]
        )
        return {user.id: frozenset(team_ids) for user, team_ids in members}

    def _discipline_lang(self):
        """Language of letters to this person; whoever may print the letter may know it."""
        person = self.sudo()
        return person.user_id.lang or person.lang or person.company_id.partner_id.lang or self.env.lang
