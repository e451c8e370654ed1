# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from functools import cache

from odoo import models
from odoo.exceptions import UserError


class SalesDisciplineRule(models.Model):
    """From evidence to findings: the detector of the kind, then the question whether this rule judges."""

    _inherit = "sales.discipline.rule"

    def _detect(self, employees, date_from, date_to):
        """{fact key: Finding} of this rule.

        :param employees: hr.employee records (sudo) of the rule's company
        :param date_from: first local date, ``date_to``: last one, both included
        """
        self.ensure_one()
        detector = getattr(self, f"_detect_{self.kind}", None)
        if detector is None:
            raise UserError(self.env._(
                "Rule '%(rule)s' has the kind '%(kind)s', which no installed add-on can check. Archive the rule.",
                rule=self.name, kind=self.kind))
        date_from = max(date_from, min((version._in_force_from() for version in self.version_ids), default=date_from))
        segments = [
            segment
            for segment in employees._discipline_segments(date_from, date_to)
            if self._binds(segment)
        ]
        if not segments or date_from > date_to:
            return {}
        judged_elsewhere = self._prevailing_elsewhere(segments)
        return {
            self._fact_key(finding.employee_id, finding.day): finding
            for finding in detector(segments, date_from, date_to)
            if not judged_elsewhere(finding)
        }

    def _fact_key(self, employee_id, day):
        """Natural key of an offence in its company: rule, person, local date (never a punch id)."""
        return f"{self.id}/{employee_id}/{day}"

    def _version_on(self, day):
        """The version in force on a day, empty before the first (POL-08)."""
        dated = self.version_ids.filtered(lambda version: version._in_force_from() <= day)
        return max(dated, key=lambda version: version.valid_from, default=dated)

    def _version_reader(self):
        """``_version_on`` for the days of many people: each day is looked up once."""
        return cache(self._version_on)
