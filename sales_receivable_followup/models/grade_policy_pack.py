# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What whoever loads a policy pack asks of grading policies; a loader finds these methods by name."""

from odoo import fields, models
from odoo.exceptions import UserError

from .grade_policy import ARCHIVED


class SalesCustomerGradePolicy(models.Model):
    _inherit = "sales.customer.grade.policy"

    def _policy_pack_archive(self):
        self.action_archive_policy()

    def _policy_pack_restore(self):
        self.filtered(lambda policy: policy.state == ARCHIVED).action_draft()


class SalesCustomerGradePolicyVersion(models.Model):
    _inherit = "sales.customer.grade.policy.version"

    def _policy_pack_frozen(self):
        return self.filtered("judged")

    def _policy_pack_successor(self, valid_from):
        """The same grades from a date: {this version and its grades: the new ones}."""
        newest = max(self.policy_id.version_ids.mapped("valid_from"))
        if valid_from <= newest:
            raise UserError(self.env._(
                "Customers were graded by the version of '%(policy)s' from %(newest)s. Choose a later date for the new "
                "grades.", policy=self.policy_id.name, newest=newest))
        new = self.copy({"valid_from": fields.Date.to_date(valid_from)})
        return {self: new, **dict(zip(self.grade_ids.sorted(), new.grade_ids.sorted(), strict=True))}

    def _policy_pack_check(self):
        """Grades may be empty in a draft: they are filled in before the policy is activated."""
        if self.policy_id.state == "active":
            self._check_complete()


class SalesCustomerGrade(models.Model):
    _inherit = "sales.customer.grade"

    def _policy_pack_frozen(self):
        return self.version_id._policy_pack_frozen()
