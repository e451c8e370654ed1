# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..engine.ledger import State
from .sanction_mixin import MONEY_KINDS
from .violation import PROPOSED, TO_DECIDE
from .violation_decision import OFFICER

SUPERVISOR = "sales_discipline.group_discipline_supervisor"
MERIT = "merit"


class SalesDisciplineViolation(models.Model):
    """A manager proposes a reward or a penalty for somebody of his team; the role above decides (SAN-09)."""

    _inherit = "sales.discipline.violation"

    @api.model
    def _propose(self, employee, day, kind, effect, reason):
        """Write the entry of a proposal: a merit waits for the decider, a penalty first for the person's answer.

        :param employee: hr.employee
        :param kind: of the sanction, or ``merit``
        :param effect: Effect of the engine; a merit has negative points
        :param str reason: what the person did
        :return: the entry, with full rights
        :raise AccessError: who does not lead this person proposes nothing for him
        """
        self._check_may_propose(employee)
        company, today = employee.company_id, fields.Date.context_today(self)
        if day > today:
            raise UserError(self.env._("%(date)s is not over yet: propose what has happened.", date=day))
        effect = self._with_money(employee, day, kind, effect)
        rule = self.env["sales.discipline.rule"]._manual_rule(company)
        version = rule._version_on(day)
        if not version:
            raise UserError(self.env._(
                "Rule '%(rule)s' is not in force on %(date)s: choose a later date.", rule=rule.name, date=day))
        digest = sha256(repr((kind, effect.components, reason)).encode()).hexdigest()[:16]
        # sudo: the ledger is written by nobody directly; the right was checked above
        ledger, fact_key = self.sudo(), f"{rule.id}/{employee.id}/{day}/{digest}"
        if ledger.search_count([("company_id", "=", company.id), ("fact_key", "=", fact_key)], limit=1):
            raise UserError(self.env._(
                "The same has been proposed for %(person)s and %(date)s already.", person=employee.name, date=day))
        period = self.env["sales.discipline.period"].sudo()._posting_periods(company, {day})[day]
        period._touch()
        entry = self.env["sales.discipline.run"].sudo()._create_entries([{
            "company_id": company.id,
            "rule_id": rule.id,
            "version_id": version.id,
            "employee_id": employee.id,
            "fact_key": fact_key,
            "revision": 0,
            "fact_date": day,
            "final_on": today,
            "digest": digest,
            "evidence_note": reason,
            "step_kind": kind,
            **self._prepare_effect(effect),
            "issuer_id": self.env.uid,
            "period_id": period.id,
            "state": TO_DECIDE if kind == MERIT else PROPOSED,
            "reason": self.env._(
                "%(facts)s Proposed by %(user)s: %(sanction)s.",
                facts=reason, user=self.env.user.name,
                sanction=self._sanction_text(State(kind, effect), company.currency_id)),
        }])
        if kind == MERIT:
            entry._ask_decider()
        else:
            self._trigger_notices()
        return entry

    def _with_money(self, employee, day, kind, effect):
        """The effect with what a part of the base pay comes to.

        :raise UserError: money where none may be taken, or no pay is known
        """
        company = employee.company_id
        if not (effect.amount or effect.pay_percent or kind in MONEY_KINDS):
            return effect
        fines_from = company._discipline_fines_from()
        if not fines_from or day < fines_from:
            raise UserError(self.env._(
                "Fines of %(company)s are switched off on %(date)s: propose a warning, points or extra duty instead.",
                company=company.name, date=day))
        pay = self.env["sales.discipline.rule"]._base_pay_reader(employee.ids)(employee.id, day)
        if effect.pay_percent and not pay:
            raise UserError(self.env._(
                "No base pay of %(person)s is known on %(date)s: have it entered on the employee, or propose a sum.",
                person=employee.name, date=day))
        return effect.with_pay(pay, self._currency_unit(company))

    @api.model
    def _may_be_proposed_for(self):
        """Domain of the employees for whom the user may propose something: his team, for the sales administration
        everybody; nobody for himself."""
        user = self.env.user
        domain = Domain("company_id", "in", self.env.companies.ids) & (
            Domain("user_id", "=", False) | Domain("user_id", "!=", user.id))
        if user.has_group(OFFICER):
            return domain
        if not user.has_group(SUPERVISOR):
            return Domain.FALSE
        members = self.env["crm.team.member"].sudo().search([("crm_team_id.user_id", "=", user.id)])
        # sudo: the ids of the employees of the user himself
        own = user.sudo().employee_ids.ids
        return domain & (Domain("user_id", "in", members.user_id.ids) | Domain("id", "child_of", own))

    def _check_may_propose(self, employee):
        # sudo: whom a user leads is asked of all employees, of whom he may read the public part only
        allowed = self.env["hr.employee"].sudo().search_count(
            self._may_be_proposed_for() & Domain("id", "=", employee.id), limit=1)
        if not allowed:
            raise AccessError(self.env._(
                "You propose rewards and penalties for the people of your own team only, and not for yourself."))
