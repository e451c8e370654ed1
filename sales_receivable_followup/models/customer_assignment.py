# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CustomerAssignment(models.Model):
    """Who was responsible for a customer since when. Odoo itself only knows who is today.

    Before the first row of a customer its owner is unknown, never today's.
    """

    _name = "sales.customer.assignment"
    _description = "Customer Assignment"
    _order = "partner_id, company_id, date_from desc, id desc"
    _rec_name = "partner_id"

    # Not unique: core's merge of partners moves rows together and deletes what collides.
    _lookup_idx = models.Index("(company_id, partner_id, date_from DESC, id DESC)")

    partner_id = fields.Many2one("res.partner", string="Customer", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    user_id = fields.Many2one("res.users", string="Salesperson", index="btree_not_null", ondelete="restrict")
    team_id = fields.Many2one("crm.team", string="Sales Team", ondelete="restrict")
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)

    @api.model
    def _seed_from_invoices(self):
        pass
