# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from .rule import ACTIVE

MANUAL = "manual"


class SalesDisciplineRule(models.Model):
    """The kind behind what managers propose by hand (SAN-09): it holds deadlines and deciders, and is never run."""

    _inherit = "sales.discipline.rule"

    kind = fields.Selection(selection_add=[(MANUAL, "Proposals of managers")], ondelete={MANUAL: "cascade"})

    def _detect_manual(self, segments, date_from, date_to):
        """Nothing is found by itself."""
        return []

    def _next_run(self):
        return super()._next_run() if self.kind != MANUAL else self.env["sales.discipline.run"]

    @api.model
    def _manual_rule(self, company):
        """The company's rule for proposals of managers, made when the first one is needed.

        :raise UserError: the company has archived it
        """
        # sudo: a manager proposes without the right to write rules
        rules = self.sudo().with_company(company).search(
            [("kind", "=", MANUAL), ("company_id", "=", company.id)], order="id")
        active = rules.filtered(lambda rule: rule.state == ACTIVE)[:1]
        if active:
            return active
        if rules:
            raise UserError(self.env._(
                "Managers of %(company)s propose nothing at present: rule '%(rule)s' is not active. An administrator "
                "activates it under Configuration > Rules.",
                company=company.name, rule=rules[0].name))
        return rules.with_user(SUPERUSER_ID).create({
            "name": self.env._("Proposal of a manager"),
            "code": "MANUAL",
            "kind": MANUAL,
            "company_id": company.id,
            "owner_id": SUPERUSER_ID,
            "decider_policy": "officer",
            "state": ACTIVE,
            "sequence": 1000,
            "version_ids": [fields.Command.create({"valid_from": date(2000, 1, 1), "reset": "never"})],
        })


class SalesDisciplineRun(models.Model):
    """What managers have proposed is no finding of a run: no run changes it."""

    _inherit = "sales.discipline.run"

    def _changes(self, employees):
        if self.rule_id.kind == MANUAL:
            return [], {}, self.env["sales.discipline.violation"]
        return super()._changes(employees)


class SalesDisciplineRuleVersion(models.Model):
    """Terms of the kind manual: the proposal itself says what follows, so its ladder is empty."""

    _inherit = "sales.discipline.rule.version"

    @api.depends("kind")
    def _compute_summary(self):
        manual = self.filtered(lambda version: version.kind == MANUAL)
        manual.summary = self.env._("What a manager proposes, reward or penalty; the decider decides each one")
        return super(SalesDisciplineRuleVersion, self - manual)._compute_summary()

    def _check_complete(self):
        return super(
            SalesDisciplineRuleVersion, self.filtered(lambda version: version.kind != MANUAL)
        )._check_complete()
