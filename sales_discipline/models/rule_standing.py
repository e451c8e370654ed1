# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain

from ..engine.ladder import NO_SANCTION


class SalesDisciplineRule(models.Model):
    """How one person stands towards the rules: the user, or the employee named in the context."""

    _inherit = "sales.discipline.rule"

    standing_count = fields.Integer(
        string="Count Now", compute="_compute_standing", help="Offences that count in the present window."
    )
    standing_next = fields.Char(string="The Next One", compute="_compute_standing", help="What one more would cost.")
    standing_until = fields.Date(
        string="First Lapses After", compute="_compute_standing", help="Last day on which the oldest of them counts."
    )
    standing_lapses = fields.Char(
        string="When They Lapse", compute="_compute_standing", help="Each offence, and the last day on which it counts."
    )
    in_standing = fields.Boolean(
        compute="_compute_standing", search="_search_in_standing", help="Binds the person, or counts something of his."
    )

    @api.depends_context("uid", "lang", "tz", "discipline_employee_id")
    def _compute_standing(self):
        rows = {row.rule.id: row for row in self._standing_of_person()}
        for rule in self:
            row = rows.get(rule.id)
            rule.in_standing = bool(row)
            rule.standing_count = row.now.count if row else 0
            rule.standing_next = row.next_text if row else False
            rule.standing_until = row.first_lapse if row else False
            rule.standing_lapses = row.lapse_text() if row else False

    def _search_in_standing(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("id", "in", [row.rule.id for row in self._standing_of_person()])
        return domain if True in value else ~domain

    @api.model
    def _standing_of_person(self):
        person = self._standing_employee()
        person._check_discipline_standing()
        return person._discipline_standing()[person.id] if person else []

    @api.model
    def _standing_employee(self):
        """The employee named in the context, else the user's own in the companies he works in."""
        Employee = self.env["hr.employee"].with_context(active_test=False)
        employee_id = self.env.context.get("discipline_employee_id")
        if employee_id:
            return Employee.browse(int(employee_id)).exists()
        # sudo: whoever has no right on employees has himself
        found = Employee.sudo().search(
            [("user_id", "=", self.env.uid), ("company_id", "in", self.env.companies.ids)], order="id")
        own = found.filtered(lambda employee: employee.company_id == self.env.company) or found
        return own[:1].sudo(False)

    def _judging(self, segment, day):
        """Of these rules of one company, those that judge a person as he is in this Segment: one a group (POL-04)."""
        if not segment:
            return self.browse()
        groups = {}
        # sudo: whom a rule binds is not said to everybody; only whether it binds this person is used
        for rule in self.sudo().filtered(lambda rule: rule._version_on(day) and rule._binds(segment)):
            groups.setdefault(rule._offence_key(), []).append(rule)
        return self.browse(max(rules, key=lambda rule: rule._rank(day)).id for rules in groups.values())

    def action_view_standing_entries(self):
        """The entries of the person behind the count."""
        self.ensure_one()
        person = self._standing_employee()
        person._check_discipline_standing()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "sales.discipline.violation",
            "view_mode": "list,kanban,form",
            "domain": [("rule_id", "=", self.id), ("employee_id", "=", person.id)],
        }


class SalesDisciplineRuleVersion(models.Model):
    _inherit = "sales.discipline.rule.version"

    def _step_at(self, occurrence):
        """The line of the ladder for the offence of that number, empty where it costs nothing."""
        self.ensure_one()
        step = self._to_engine().ladder.step_at(occurrence)
        return self.step_ids.filtered(lambda line: step.kind != NO_SANCTION and line._to_engine() == step)[:1]

    def _next_text(self, occurrence, **how):
        """What the offence of that number costs, in a few words; ``how`` to write them."""
        line = self._step_at(occurrence)
        if not line:
            return self.env._("no sanction")
        text = line._text(**how)
        if line.amount and not self.company_id.sudo()._discipline_fines_from():
            return self.env._("%(sanction)s (fines are switched off)", sanction=text)
        return text
