# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from functools import cache

from odoo import fields, models

from .scope_mixin import SCOPES

WIDTH = {scope: width for width, (scope, _label) in enumerate(SCOPES)}


class SalesDisciplineRule(models.Model):
    """Whom a rule binds (POL-01), and which of several rules judges a person on a day."""

    _name = "sales.discipline.rule"
    _inherit = ["sales.discipline.rule", "sales.discipline.scope"]

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

        @cache
        def prevailing(day):
            own = self._rank(day)
            return [rival for rival in rivals if rival._rank(day) > own]

        def judged_elsewhere(finding):
            for segment in by_employee.get(finding.employee_id, ()):
                if segment.date_from <= finding.day <= segment.date_to:
                    return any(rival._binds(segment) for rival in prevailing(finding.day))
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
