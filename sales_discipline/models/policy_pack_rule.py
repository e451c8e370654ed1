# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError

from .rule import ARCHIVED


class SalesDisciplineRule(models.Model):
    """What loading a policy pack needs to know of rules."""

    _inherit = "sales.discipline.rule"

    def _policy_pack_gap(self, cells):
        """A rule of a kind that no installed add-on can check is left out."""
        kind = cells.get("kind")
        if kind and kind not in dict(self._fields["kind"]._description_selection(self.env)):
            return self.env._("No installed add-on checks the kind '%(kind)s'.", kind=kind)
        return ""

    def _policy_pack_archive(self):
        self.action_archive_rule()

    def _policy_pack_restore(self):
        self.filtered(lambda rule: rule.state == ARCHIVED).action_draft()


class SalesDisciplineRuleVersion(models.Model):
    _inherit = "sales.discipline.rule.version"

    def _policy_pack_frozen(self):
        """The version itself once it has judged: it can only be followed by another one (POL-08)."""
        return self.filtered("judged")

    def _policy_pack_successor(self, valid_from):
        """The same terms from a date: {this version and its steps: the new ones}."""
        newest = max(self.rule_id.version_ids.mapped("valid_from"))
        if valid_from <= newest:
            raise UserError(self.env._(
                "The version of '%(rule)s' from %(newest)s has judged. Choose a later date for the new terms.",
                rule=self.rule_id.name, newest=newest))
        new = self.copy({"valid_from": valid_from})
        return {self: new, **dict(zip(self.step_ids.sorted(), new.step_ids.sorted(), strict=True))}

    def _policy_pack_check(self):
        self._check_complete()
        self._check_ladder_is_whole()


class SalesDisciplineRuleStep(models.Model):
    _inherit = "sales.discipline.rule.step"

    def _policy_pack_frozen(self):
        return self.version_id._policy_pack_frozen()
