# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL

from .violation import CONFIRMED, POSTED


class SalesDisciplineScore(models.Model):
    """Points left of each employee and month (PNT-01): all of them for who has no entry that counts."""

    _name = "sales.discipline.score"
    _description = "Discipline Score"
    _auto = False
    _order = "date_from desc, score, employee_id"
    _rec_name = "employee_id"
    _depends = {
        "sales.discipline.violation": ["state", "points", "period_id", "employee_id"],
        "sales.discipline.period": ["company_id", "date_from", "state", "points_base", "pay_per_point"],
        "res.company": ["discipline_points_base", "discipline_pay_per_point"],
        "hr.employee": ["company_id", "user_id", "active"],
        "hr.version": ["employee_id", "date_version"],
    }

    employee_id = fields.Many2one("hr.employee", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Char(readonly=True, help="Year and month.")
    date_from = fields.Date(string="First Day", readonly=True)
    closed = fields.Boolean(readonly=True)
    points_base = fields.Integer(string="Full Points", readonly=True, aggregator=None)
    points_total = fields.Integer(
        string="Points", readonly=True, help="Taken off by entries that are confirmed; merits give back."
    )
    score = fields.Integer(readonly=True, aggregator="avg")
    pay_proposal = fields.Monetary(
        string="Performance Pay by Points", readonly=True,
        help="Score times the performance pay of a point. A proposal: nothing is paid by it.",
    )

    @property
    def _table_query(self):
        """A row for each month that has a period, and for the present one, of everybody employed by its end."""
        return SQL(
            """
            WITH month AS (
                SELECT period.id AS period_id, period.company_id, period.date_from, period.state = 'closed' AS closed,
                       CASE WHEN period.state = 'closed' THEN period.points_base
                            ELSE company.discipline_points_base END AS base,
                       CASE WHEN period.state = 'closed' THEN period.pay_per_point
                            ELSE company.discipline_pay_per_point END AS pay
                  FROM sales_discipline_period AS period
                  JOIN res_company AS company ON company.id = period.company_id
                 WHERE period.date_from <= %(month)s
             UNION ALL
                SELECT NULL, company.id, %(month)s, FALSE, company.discipline_points_base,
                       company.discipline_pay_per_point
                  FROM res_company AS company
                 WHERE NOT EXISTS (
                       SELECT FROM sales_discipline_period AS period
                        WHERE period.company_id = company.id AND period.date_from = %(month)s)
            ), taken AS (
                SELECT period_id, employee_id, sum(points) AS points
                  FROM sales_discipline_violation
                 WHERE state IN %(binding)s
              GROUP BY period_id, employee_id
            )
            SELECT employee.id::bigint * 10000
                       + extract(YEAR FROM month.date_from)::int %% 800 * 12 + extract(MONTH FROM month.date_from)::int AS id,
                   employee.id AS employee_id, employee.user_id, employee.company_id,
                   to_char(month.date_from, 'YYYY-MM') AS month, month.date_from, month.closed,
                   month.base AS points_base, coalesce(taken.points, 0) AS points_total,
                   greatest(0, month.base - coalesce(taken.points, 0)) AS score,
                   greatest(0, month.base - coalesce(taken.points, 0)) * coalesce(month.pay, 0) AS pay_proposal
              FROM month
              JOIN hr_employee AS employee ON employee.company_id = month.company_id
         LEFT JOIN taken ON taken.period_id = month.period_id AND taken.employee_id = employee.id
             WHERE month.base > 0
               AND (employee.active OR taken.points IS NOT NULL)
               AND EXISTS (
                   SELECT FROM hr_version AS version
                    WHERE version.employee_id = employee.id
                      AND version.date_version < month.date_from + INTERVAL '1 month')
            """,
            month=fields.Date.context_today(self).replace(day=1),
            binding=(CONFIRMED, POSTED),
        )

    def action_view_violations(self):
        """The entries of that person and month, as far as the user may read them."""
        self.ensure_one()
        domain = [
            ("employee_id", "=", self.employee_id.id),
            ("company_id", "=", self.company_id.id),
            ("period_id.date_from", "=", self.date_from),
        ]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries"),
            "res_model": "sales.discipline.violation",
            "view_mode": "list,form",
            "domain": domain,
        }
