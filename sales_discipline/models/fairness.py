# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL

from .violation import CONFIRMED, OVERTURNED, POSTED, WAIVED


class SalesDisciplineFairness(models.Model):
    """How often entries do not stand, by issuer, rule, decider and team (POL-07). One row for each entry that has ended.

    Undecided and withdrawn entries and mere corrections are left out: they say nothing about who was right.
    """

    _name = "sales.discipline.fairness"
    _description = "Fairness of the Entries"
    _auto = False
    _order = "fact_date desc, id desc"
    _rec_name = "violation_id"
    _depends = {
        "sales.discipline.violation": [
            "company_id", "employee_id", "user_id", "rule_id", "issuer_id", "decider_id", "silent_decider_id",
            "decided_by_id", "fact_date", "fact_key", "revision", "state", "answer", "pinned",
        ],
        "crm.team.member": ["user_id", "crm_team_id", "active"],
    }

    violation_id = fields.Many2one("sales.discipline.violation", string="Entry", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    employee_id = fields.Many2one("hr.employee", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    rule_id = fields.Many2one("sales.discipline.rule", readonly=True)
    issuer_id = fields.Many2one("res.users", readonly=True)
    decider_id = fields.Many2one(
        "res.users", readonly=True,
        help="Who has decided; of entries nobody had to decide, who would have; of lapsed ones, who was the last not to.",
    )
    fact_date = fields.Date(string="Date", readonly=True)
    outcome = fields.Selection(
        [
            ("stands", "Stands"),
            (WAIVED, "Waived"),
            (OVERTURNED, "Overturned"),
            ("reversed", "Reversed later"),
        ],
        readonly=True,
    )
    dropped_share = fields.Float(
        string="Waived or Overturned (%)", readonly=True, aggregator="avg", digits=(16, 1),
        help="Share of the entries that do not stand: waived, overturned, or reversed after they were confirmed.",
    )
    overturned_share = fields.Float(
        string="Overturned (%)", readonly=True, aggregator="avg", digits=(16, 1),
        help="Share of the entries that were wrong: overturned, or reversed after they were confirmed.",
    )
    appealed_share = fields.Float(
        string="Appealed (%)", readonly=True, aggregator="avg", digits=(16, 1),
        help="Share of the entries against which the person appealed.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT entry.id, entry.id AS violation_id, entry.company_id, entry.employee_id, entry.user_id, team_id,
                   entry.rule_id, entry.issuer_id, entry.fact_date,
                   coalesce(entry.decided_by_id, entry.decider_id, entry.silent_decider_id) AS decider_id,
                   outcome,
                   CASE WHEN outcome = 'stands' THEN 0.0 ELSE 100.0 END AS dropped_share,
                   CASE WHEN outcome IN ('overturned', 'reversed') THEN 100.0 ELSE 0.0 END AS overturned_share,
                   CASE WHEN entry.answer = 'appealed' THEN 100.0 ELSE 0.0 END AS appealed_share
              FROM sales_discipline_violation AS entry
              LEFT JOIN LATERAL (  -- who is in two teams is counted in the one he joined first
                   SELECT member.crm_team_id AS team_id
                     FROM crm_team_member AS member
                    WHERE member.user_id = entry.user_id AND member.active
                    ORDER BY member.id
                    LIMIT 1
                   ) AS team ON TRUE
             CROSS JOIN LATERAL (
                   SELECT CASE
                       WHEN entry.state IN (%(waived)s, %(overturned)s) THEN entry.state
                       WHEN EXISTS (  -- the latest word on the fact is a decision that takes it back
                            SELECT FROM sales_discipline_violation AS later
                             WHERE later.company_id = entry.company_id AND later.fact_key = entry.fact_key
                               AND later.revision > 0 AND later.pinned AND later.state IN (%(confirmed)s, %(posted)s)
                            ) THEN 'reversed'
                       ELSE 'stands' END AS outcome
                   ) AS ended
             WHERE entry.revision = 0
               AND entry.state IN (%(confirmed)s, %(posted)s, %(waived)s, %(overturned)s)
            """,
            waived=WAIVED, overturned=OVERTURNED, confirmed=CONFIRMED, posted=POSTED,
        )
