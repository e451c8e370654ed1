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


class SalesDisciplineRule(models.Model):
    """Whom a rule binds (POL-01), and which of several rules judges a person on a day."""

    _inherit = "sales.discipline.rule"

    scope = fields.Selection(SCOPES, required=True, default="company", tracking=True)
    priority = fields.Integer(
        default=0,
        tracking=True,
        help="Among rules of the same offence group the highest priority judges. At equal priority the narrower "
        "scope wins, then the newest version.",
    )
    employee_ids = fields.Many2many("hr.employee", string="Persons", check_company=True)
    job_ids = fields.Many2many("hr.job", string="Job Positions", check_company=True)
    work_location_ids = fields.Many2many("hr.work.location", string="Work Locations", check_company=True)
    team_ids = fields.Many2many("crm.team", string="Sales Teams", check_company=True)
    department_ids = fields.Many2many("hr.department", string="Departments", check_company=True)

    @api.constrains("scope", "employee_ids", "job_ids", "work_location_ids", "team_ids", "department_ids")
    def _check_scope_is_filled(self):
        for rule in self:
            if rule.scope != "company" and not rule[rule.scope + "_ids"]:
                raise ValidationError(self.env._(
                    "Rule '%(rule)s' binds chosen %(scope)s, but none are chosen. Choose them or bind the whole company.",
                    rule=rule.name,
                    scope=dict(self._fields["scope"]._description_selection(self.env))[rule.scope].lower(),
                ))
