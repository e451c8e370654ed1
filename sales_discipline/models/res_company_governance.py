# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    """Settings about policies, authority and confidentiality."""

    _inherit = "res.company"

    discipline_general_manager_id = fields.Many2one(
        "res.users",
        string="General Manager",
        domain="[('share', '=', False)]",
        help="Approves policies before they are issued, and decides entries against managers of departments and the "
        "job positions marked so.",
    )
    policy_read_days = fields.Integer(string="Days to Read a Policy", default=7)
    policy_review_months = fields.Integer(string="Review Policies Every (Months)", default=12)
    discipline_max_direct_reports = fields.Integer(string="Direct Reports at Most", default=10)
    discipline_export_alert = fields.Integer(string="Alert Above (Records)", default=200)
    discipline_export_months = fields.Integer(string="Keep the Export Log (Months)", default=24)

    _discipline_governance_positive = models.Constraint(
        "CHECK (policy_read_days >= 0 AND policy_review_months >= 0 AND discipline_max_direct_reports >= 0"
        " AND discipline_export_alert >= 0 AND discipline_export_months >= 0)",
        "Days, months and limits of policies, direct reports and exports cannot be negative.",
    )
