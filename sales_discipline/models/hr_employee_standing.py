# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dataclasses import dataclass, field
from datetime import date

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date

from ..engine import ledger
from ..engine.standing import Standing, standing
from ..engine.window import window_start
from .violation import OVERTURNED, WAIVED, WITHDRAWN


@dataclass(frozen=True)
class RuleStanding:
    """How an employee stands towards a rule today."""

    rule: models.BaseModel
    version: models.BaseModel
    now: Standing = field(repr=False)

    @property
    def next_text(self):
        return self.version._next_text(self.now.occurrence)

    @property
    def first_lapse(self):
        """Last day on which the oldest offence counts; None when there is none, or it counts for good."""
        last = min((last for _day, last in self.now.lapses), default=date.max)
        return None if last == date.max else last

    def lapse_text(self):
        """"3 Jun, 9 Jun: until 30 Jun", in the language of the rule's environment."""
        env = self.rule.env
        by_end = {}
        for day, last in self.now.lapses:
            by_end.setdefault(last, []).append(format_date(env, day))
        return "; ".join(
            env._("%(day)s: for good", day=", ".join(days)) if last == date.max else
            env._("%(day)s: until %(last)s", day=", ".join(days), last=format_date(env, last))
            for last, days in by_end.items()
        )


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def _discipline_standing(self):
        """{employee id: [RuleStanding]} towards each active rule that binds him today, or has something against him.

        Reads the entries with the rights of the user. The number of queries does not depend on the number of employees.
        """
        today = fields.Date.context_today(self)
        # sudo: company, job, place and team of the employees say which rules bind them; rules are read by everybody
        employees = self.sudo()
        rules = self.env["sales.discipline.rule"].search([
            ("state", "=", "active"), ("company_id", "in", employees.company_id.ids),
        ])
        days = self._discipline_offence_days(rules, today)
        segments = {segment.employee_id: segment for segment in employees._discipline_segments(today, today)}
        versions = {rule: [version._to_engine() for version in rule.version_ids] for rule in rules}
        result = {}
        for employee in employees:
            own = rules.filtered(lambda rule, company=employee.company_id: rule.company_id == company)
            judging = own._judging(segments.get(employee.id), today)
            rows = []
            for rule in own:
                offences = days.get((employee.id, rule.id), ())
                now = standing(offences, versions[rule], today, rule.company_id.sudo()._discipline_fines_from())
                if now and (rule in judging or now.count):
                    rows.append(RuleStanding(rule, rule.version_ids.browse(now.version.key), now))
            result[employee.id] = rows
        return result

    def _discipline_offence_days(self, rules, today):
        """{(employee id, rule id): [local date of an offence that stands]} in the present windows of the rules."""
        domains = []
        for rule in rules:
            version = rule._version_on(today)
            if version:
                start = window_start(version.reset, today, version.rolling_days)
                since = Domain("fact_date", ">=", start) if start > date.min else Domain.TRUE
                domains.append(Domain("rule_id", "=", rule.id) & since)
        entries = self.env["sales.discipline.violation"].search_fetch(
            Domain.OR(domains) & Domain("employee_id", "in", self.ids) & Domain("fact_date", "<=", today)
            & Domain("state", "not in", (WAIVED, OVERTURNED, WITHDRAWN)),
            ["rule_id", "employee_id", "fact_key", "fact_date", "revision", "state", "step_kind", "amount", "points",
             "digest", "occurrence", "pinned", "quantity", "final_on"],
        )
        days = {}
        for revisions in entries.grouped("fact_key").values():
            if ledger.standing([row._to_engine() for row in revisions]) != ledger.NOTHING:
                entry = revisions[0]
                days.setdefault((entry.employee_id.id, entry.rule_id.id), []).append(entry.fact_date)
        return days

    def _check_discipline_standing(self):
        """:raise AccessError: not one's own standing, nor that of one's team, and no right to see all of them"""
        user = self.env.user
        if self.env.su or user.has_group("sales_discipline.group_discipline_clerk"):
            allowed = self.sudo().filtered(lambda employee: employee.company_id in user.company_ids)
        else:
            mine = Domain("user_id", "=", user.id)
            if user.has_group("sales_discipline.group_discipline_supervisor"):
                # as the record rule of the entries says it
                mine |= Domain("id", "child_of", user.sudo().employee_ids.ids) | Domain(
                    "user_id.crm_team_member_ids", "any", [("active", "=", True), ("crm_team_id.user_id", "=", user.id)])
            # sudo: whether somebody is of the team is asked of the employees, who are HR's to read
            allowed = self.sudo().with_context(active_test=False).search(Domain("id", "in", self.ids) & mine)
        if self - allowed:
            raise AccessError(self.env._(
                "You see your own standing and that of your team; for others ask the sales administration."))
