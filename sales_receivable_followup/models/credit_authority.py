# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class SalesCreditAuthority(models.Model):
    """How much the customers of a salesperson may owe together in a company (GRD-03).

    Without one a salesperson is not limited in person; an authority of 0 lets him grant no credit at all.
    """

    _name = "sales.credit.authority"
    _description = "Credit Authority"
    _inherit = ["mail.thread"]
    _order = "company_id, user_id, id"
    _rec_name = "user_id"

    _user_uniq = models.Constraint(
        "UNIQUE (user_id, company_id)", "A salesperson has one credit authority in a company: change its amount."
    )
    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)",
        "A credit authority cannot be negative. 0 lets the salesperson grant no credit; delete the row to lift the limit.",
    )

    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        string="Authority",
        required=True,
        tracking=True,
        help="What the salesperson's customers may owe together. An order above it needs the director (GRD-03).",
    )
    used = fields.Monetary(
        compute="_compute_used", help="Open receivable items of the customers assigned to the salesperson today."
    )
    left = fields.Monetary(compute="_compute_used", help="Authority less what is used; negative when it is exceeded.")

    @api.depends("amount", "user_id", "company_id")
    def _compute_used(self):
        for company, authorities in self.grouped("company_id").items():
            used = authorities.user_id._credit_authority_used(company) if company else {}
            for authority in authorities:
                authority.used = used.get(authority.user_id.id, 0)
                authority.left = authority.amount - authority.used
