# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from dataclasses import replace

from odoo import api, fields, models

from .rule import ACTIVE
from .violation import OVERTURNED


class SalesDisciplineRule(models.Model):
    """Several rules that one event breaks: late at post and at the morning meeting is one offence (ATT-02)."""

    _inherit = "sales.discipline.rule"

    daily_group = fields.Char(
        string="One Offence a Day With",
        tracking=True,
        help="Rules with the same word here are all checked, but what a person breaks of them on one day counts once: "
        "the rule with the highest priority stands, then the first of the list. Its entry names the others. Empty: "
        "each rule counts by itself.",
    )
    daily_rule_ids = fields.Many2many(
        "sales.discipline.rule", string="Counts Once With", compute="_compute_daily_rule_ids",
        help="The active rules of the same group; the first of them that was broken stands.",
    )

    @api.depends("daily_group", "company_id", "state", "priority", "sequence")
    def _compute_daily_rule_ids(self):
        for rule in self:
            rule.daily_rule_ids = rule._daily_rivals()

    def write(self, vals):
        if "daily_group" in vals:
            vals = {**vals, "daily_group": (vals["daily_group"] or "").strip() or False}
        result = super().write(vals)
        if vals.keys() & {"daily_group", "sequence"}:
            self._judge_again()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([
            {**vals, "daily_group": (vals.get("daily_group") or "").strip() or False} for vals in vals_list
        ])

    def _daily_rivals(self):
        """The other active rules of the group, by the order in which they stand; of a rule not yet saved too."""
        self.ensure_one()
        group = (self.daily_group or "").strip()
        if not group:
            return self.browse()
        return self.search([
            ("company_id", "=", self.company_id.id),
            ("state", "=", ACTIVE),
            ("daily_group", "=", group),
            ("id", "!=", self._origin.id),
        ]).sorted(lambda rule: rule._daily_rank())

    def _daily_rank(self):
        return -self.priority, self.sequence, self.id

    def _one_offence_a_day(self, findings):
        """(findings, keys of those that another rule of the group counts); both kinds of sentences name the others.

        :param findings: {fact key: Finding} of this rule
        """
        self.ensure_one()
        rivals = self._daily_rivals() if findings else self.browse()
        if not rivals:
            return findings, set()
        broken = defaultdict(self.browse)
        people = self.env["hr.employee"].browse({finding.employee_id for finding in findings.values()})
        days = [finding.day for finding in findings.values()]
        for rival in rivals:
            for employee_id, day in rival._offences_that_count(people, min(days), max(days)):
                broken[employee_id, day] |= rival
        named, elsewhere = {}, set()
        for key, finding in findings.items():
            others = broken[finding.employee_id, finding.day]
            if others and others[0]._daily_rank() < self._daily_rank():
                elsewhere.add(key)
                text = self.env._("Counted once a day, by rule '%(rule)s'.", rule=others[0].name)
            elif others:
                text = self.env._(
                    "Breaks '%(rules)s' too: counted once a day.", rules="', '".join(others.mapped("name")))
            else:
                text = ""
            named[key] = replace(finding, sentence=f"{finding.sentence} {text}") if text else finding
        return named, elsewhere

    def _offences_that_count(self, people, date_from, date_to):
        """{(employee id, local date)} that break the rule; not those whose facts were found to be wrong.

        A waived offence still is that day's offence: nothing follows from the others either.
        """
        findings = self._detect(people, date_from, date_to)
        wrong = self.env["sales.discipline.violation"].search_fetch([
            ("rule_id", "=", self.id), ("state", "=", OVERTURNED), ("fact_key", "in", list(findings)),
        ], ["fact_key", "digest"])
        wrong = {(row.fact_key, row.digest) for row in wrong}
        return {
            (finding.employee_id, finding.day)
            for key, finding in findings.items()
            if (key, finding.digest) not in wrong
        }
