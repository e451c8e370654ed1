# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    discipline_deputy_ids = fields.One2many("sales.discipline.deputy", "user_id", string="Discipline Deputies")
