# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    discipline_fines = fields.Boolean(
        string="Fines",
        help="Off: ladders show fines, but no money is booked. Whether an employer may fine, and how much, is a matter "
        "of local law and of the contract: have it checked before switching this on.",
    )
    discipline_fines_from = fields.Date(
        string="Fines From", help="Offences before this day cost no money, whatever the ladder says."
    )
    discipline_fine_cap = fields.Monetary(
        string="Fines at Most", help="Highest sum of fines collected from one person in one month. 0: no such limit."
    )
    discipline_fine_share = fields.Float(
        string="Percent of the Wage at Most", digits=(5, 2), default=20.0,
        help="Highest part of the monthly wage that is collected in one month. 0: no such limit.",
    )
    discipline_wage_floor = fields.Monetary(
        string="Wage Floor", help="Fines never cut the monthly wage below this, such as the minimum wage. 0: no floor."
    )
    discipline_fine_rest = fields.Selection(
        [("carry", "Carried to the next month"), ("drop", "Dropped")],
        string="What Is Above the Limit", required=True, default="carry",
    )
    discipline_points_base = fields.Integer(
        string="Points at the Start of a Month", default=100,
        help="Everybody begins each calendar month with these; entries that count take points off, merits give some "
        "back. 0: no score is kept.",
    )
    discipline_pay_per_point = fields.Monetary(
        string="Performance Pay of a Point",
        help="Score times this is the performance pay that closing sheets propose. 0: nothing is proposed.",
    )
    discipline_answer_days = fields.Integer(string="Working Days to Answer", default=3)
    discipline_decision_days = fields.Integer(string="Working Days to Decide", default=3)
    discipline_notice_age = fields.Integer(
        string="Notices for the Last Days",
        default=14,
        help="Older facts, such as those of a rule that is activated back in time, are recorded without a notice.",
    )
    discipline_run_hour = fields.Float(
        string="Judge At", default=3.0, help="Local hour after which the nightly run judges the day before."
    )
    discipline_officer_id = fields.Many2one(
        "res.users",
        string="Sales Administration",
        domain="[('share', '=', False)]",
        help="Decides where the supervisor may not, or stays silent.",
    )

    _discipline_days_positive = models.Constraint(
        "CHECK (discipline_answer_days >= 1 AND discipline_decision_days >= 1)",
        "Who answers or decides needs at least one working day.",
    )
    _discipline_run_hour_range = models.Constraint(
        "CHECK (discipline_run_hour >= 0 AND discipline_run_hour < 24)", "The hour to judge at is between 0 and 23:59."
    )
    _discipline_cap_positive = models.Constraint(
        "CHECK (discipline_fine_cap >= 0 AND discipline_wage_floor >= 0)",
        "The cap of fines and the wage floor cannot be negative.",
    )
    _discipline_points_positive = models.Constraint(
        "CHECK (discipline_points_base >= 0 AND discipline_pay_per_point >= 0)",
        "The points at the start of a month and the pay of a point cannot be negative.",
    )
    _discipline_share_range = models.Constraint(
        "CHECK (discipline_fine_share >= 0 AND discipline_fine_share <= 100)",
        "The part of the wage is between 0 and 100 percent.",
    )

    @api.constrains("discipline_fines", "discipline_fines_from")
    def _check_discipline_fines_from(self):
        for company in self:
            if company.discipline_fines and not company.discipline_fines_from:
                raise ValidationError(self.env._(
                    "Fines of %(company)s are switched on: set the date from which they count.", company=company.name))

    def _discipline_fines_from(self):
        """Local date from which offences cost money, None while fines are off."""
        self.ensure_one()
        return self.discipline_fines_from if self.discipline_fines else None
