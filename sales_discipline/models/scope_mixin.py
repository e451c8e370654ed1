# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

# From the narrowest to the widest; at equal priority the narrower scope wins (POL-04).
SCOPES = [
    ("employee", "Persons"),
    ("job", "Job positions"),
    ("work_location", "Work locations"),
    ("team", "Sales teams"),
    ("department", "Departments"),
    ("company", "Whole company"),
]


class SalesDisciplineScope(models.AbstractModel):
    """Whom something binds (POL-01): a rule that judges, a policy that is to be read."""

    _name = "sales.discipline.scope"
    _description = "Discipline Scope"

    scope = fields.Selection(SCOPES, required=True, default="company", tracking=True)
    # the public model: whoever writes rules need not manage the employees (same ids)
    employee_ids = fields.Many2many("hr.employee.public", string="Persons", check_company=True)
    job_ids = fields.Many2many("hr.job", string="Job Positions", check_company=True)
    work_location_ids = fields.Many2many("hr.work.location", string="Work Locations", check_company=True)
    team_ids = fields.Many2many("crm.team", string="Sales Teams", check_company=True)
    department_ids = fields.Many2many("hr.department", string="Departments", check_company=True)

    @api.constrains("scope", "employee_ids", "job_ids", "work_location_ids", "team_ids", "department_ids")
    def _check_scope_is_filled(self):
        labels = dict(self._fields["scope"]._description_selection(self.env))
        for record in self:
            if record.scope != "company" and not record[record.scope + "_ids"]:
                raise ValidationError(self.env._(
                    "'%(name)s' binds '%(scope)s', but none are chosen. Choose some or bind the whole company.",
                    name=record.display_name, scope=labels[record.scope]))

    def _binds(self, segment):
        """Whether a person is bound as he is in this Segment (jobs, teams... in force then)."""
        self.ensure_one()
        if self.scope == "company":
            return True
        bound = set(self[self.scope + "_ids"].ids)
        if self.scope in ("team", "department"):
            return bool(bound & getattr(segment, self.scope + "_ids"))
        return getattr(segment, self.scope + "_id") in bound
