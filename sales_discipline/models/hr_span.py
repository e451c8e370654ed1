# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain


class HrEmployee(models.Model):
    """How many people report to one manager: above the limit he cannot coach them (AUT-05)."""

    _inherit = "hr.employee"

    discipline_report_count = fields.Integer(
        string="Direct Reports", compute="_compute_discipline_report_count", groups="hr.group_hr_user")
    discipline_over_span = fields.Boolean(
        string="Leads Too Many", compute="_compute_discipline_report_count", search="_search_discipline_over_span",
        groups="hr.group_hr_user",
        help="More people report to him than the limit in Settings, Discipline.",
    )

    def _compute_discipline_report_count(self):
        counts = dict(self._read_group([("parent_id", "in", self.ids)], ["parent_id"], ["__count"]))
        for employee in self:
            count = counts.get(employee, 0)
            employee.discipline_report_count = count
            employee.discipline_over_span = 0 < employee.company_id.discipline_max_direct_reports < count

    @api.model
    def _search_discipline_over_span(self, operator, value):
        if operator != "in":
            return NotImplemented
        counts = self._read_group([("parent_id", "!=", False)], ["parent_id"], ["__count"])
        return Domain("id", "in", [
            manager.id for manager, count in counts
            if 0 < manager.company_id.discipline_max_direct_reports < count
        ])
