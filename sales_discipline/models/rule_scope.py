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
WIDTH = {scope: width for width, (scope, _label) in enumerate(SCOPES)}


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
    offence_group = fields.Char(
        help="Of the rules of one group only one judges a person on a day: the one with the highest priority, then "
        "the narrowest scope, then the newest version. Empty: the rules of the same kind form one group; of those "
        "about records, the ones about the same records under the same condition.",
    )
    # the public model: whoever writes rules need not manage the employees (same ids)
    employee_ids = fields.Many2many("hr.employee.public", string="Persons", check_company=True)
    job_ids = fields.Many2many("hr.job", string="Job Positions", check_company=True)
    work_location_ids = fields.Many2many("hr.work.location", string="Work Locations", check_company=True)
    team_ids = fields.Many2many("crm.team", string="Sales Teams", check_company=True)
    department_ids = fields.Many2many("hr.department", string="Departments", check_company=True)

    @api.constrains("scope", "employee_ids", "job_ids", "work_location_ids", "team_ids", "department_ids")
    def _check_scope_is_filled(self):
        labels = dict(self._fields["scope"]._description_selection(self.env))
        for rule in self:
            if rule.scope != "company" and not rule[rule.scope + "_ids"]:
                raise ValidationError(self.env._(
                    "Rule '%(rule)s' binds '%(scope)s', but none are chosen. Choose some or bind the whole company.",
                    rule=rule.name, scope=labels[rule.scope]))

    def _binds(self, segment):
        """Whether the rule binds a person as he is in this Segment (jobs, teams... in force then)."""
        self.ensure_one()
        if self.scope == "company":
            return True
        bound = set(self[self.scope + "_ids"].ids)
        if self.scope in ("team", "department"):
            return bool(bound & getattr(segment, self.scope + "_ids"))
        return getattr(segment, self.scope + "_id") in bound

    def _prevailing_elsewhere(self, segments):
        """A function that tells whether another rule of the offence group judges the person of a finding that day."""
        rivals = self.search([
            ("company_id", "=", self.company_id.id),
            ("state", "=", "active"),
            ("id", "!=", self.id),
        ]).filtered(
            lambda rule: rule._offence_key() == self._offence_key()
            # rules that count once a day are each judged (ATT-02)
            and not (self.daily_group and rule.daily_group == self.daily_group)
        )
        by_employee = {}
        for segment in segments if rivals else ():
            by_employee.setdefault(segment.employee_id, []).append(segment)

        def judged_elsewhere(finding):
            for segment in by_employee.get(finding.employee_id, ()):
                if segment.date_from <= finding.day <= segment.date_to:
                    own = self._rank(finding.day)
                    return any(rival._binds(segment) and rival._rank(finding.day) > own for rival in rivals)
            return False

        return judged_elsewhere

    def _offence_key(self):
        """What the rules of one offence group have in common."""
        return self.offence_group or self.kind

    def _rank(self, day):
        """Sort key among rules that bind the same person on a day: the greatest judges."""
        version = self._version_on(day)
        if not version:
            return ()
        return (self.priority, -WIDTH[self.scope], version.valid_from, self.id)
