# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

ACTIONS = [
    ("propose", "Propose"),
    ("correct", "Correct"),
    ("update", "Update"),
    ("withdraw", "Withdraw"),
    ("hold", "On hold: appealed"),
]


class SalesDisciplineRunLine(models.Model):
    """One change of a run: shown by a simulation, done by an application."""

    _name = "sales.discipline.run.line"
    _description = "Discipline Run Line"
    _inherit = ["sales.plain.row.mixin", "sales.discipline.sanction.mixin"]
    _order = "run_id, employee_id, fact_date, id"

    run_id = fields.Many2one("sales.discipline.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    action = fields.Selection(ACTIONS, required=True)
    employee_id = fields.Many2one("hr.employee", required=True, ondelete="cascade")
    fact_date = fields.Date(required=True)
    fact_key = fields.Char(required=True)
    revision = fields.Integer(aggregator=None)
    violation_id = fields.Many2one(
        "sales.discipline.violation", string="Entry", index="btree_not_null", ondelete="set null"
    )
    occurrence = fields.Integer(aggregator=None)
    step_kind = fields.Char()
    amount = fields.Monetary(help="What the entry books after this change.")
    reason = fields.Char()
    before = fields.Json(help="What an updated or withdrawn entry said before, to take the run back.")
    done = fields.Boolean(help="Applied to the ledger; unset for lines of a simulation.")
