# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    _visit_radius_positive = models.Constraint("CHECK (visit_radius > 0)", "The allowed radius is at least 1 metre.")
    _visit_retention_positive = models.Constraint(
        "CHECK (visit_retention_days > 0)", "Coordinates of visits are kept for at least 1 day."
    )

    visit_radius = fields.Integer(string="Allowed Radius (m)", default=300, required=True)
    visit_retention_days = fields.Integer(string="Keep Coordinates (days)", default=90, required=True)
    visit_next_step_required = fields.Boolean(string="Next Step at Every Visit", default=True)
