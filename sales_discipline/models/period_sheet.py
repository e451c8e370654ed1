# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class SalesDisciplinePeriodSheet(models.Model):
    """What one employee's entries of a closed month add up to."""

    _name = "sales.discipline.period.sheet"
    _description = "Discipline Closing Sheet"
    _order = "period_id desc, employee_id"
    _rec_name = "employee_id"
    _check_company_auto = True

    _employee_uniq = models.Constraint(
        "UNIQUE (period_id, employee_id)", "An employee has one sheet for a closed month."
    )

    period_id = fields.Many2one(
        "sales.discipline.period", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="period_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    employee_id = fields.Many2one("hr.employee", required=True, readonly=True, index=True, ondelete="restrict")
    user_id = fields.Many2one(related="employee_id.user_id", store=True, index=True)
    violation_ids = fields.One2many("sales.discipline.violation", "sheet_id", string="Entries", readonly=True)
    entry_count = fields.Integer(readonly=True)
    warning_count = fields.Integer(string="Warnings", readonly=True)
    fine_count = fields.Integer(string="Number of Fines", readonly=True)
    amount_total = fields.Monetary(string="Fines", readonly=True)
    amount_carried_in = fields.Monetary(
        string="Carried From Before", readonly=True, help="What could not be collected until this month."
    )
    limited = fields.Boolean(readonly=True, help="Not everything may be collected in one month.")
    amount_limit = fields.Monetary(
        string="Limit", readonly=True, help="What could be collected at most, by the settings and the wage of the month."
    )
    amount_capped = fields.Monetary(
        string="Fines to Collect",
        readonly=True,
        help="Fines of the month and what was carried from before, up to the limit. Negative: to be paid back.",
    )
    amount_carried = fields.Monetary(
        string="Carried On", readonly=True, help="Above the limit: to be collected in later months."
    )
    amount_dropped = fields.Monetary(string="Dropped", readonly=True, help="Above the limit: not collected at all.")
    points_total = fields.Integer(string="Points", readonly=True)
    pending_count = fields.Integer(string="Undecided", readonly=True, help="Went on to the next period.")

    @api.model_create_multi
    def create(self, vals_list):
        sheets = super().create(vals_list)
        sheets.period_id._check_open()
        return sheets

    def write(self, vals):
        if vals.keys() - {"user_id"}:
            self.period_id._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self.period_id._check_open()
