# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .arrears_statement import ISSUED


class ArrearsStatement(models.Model):
    """An issued statement whose customers are asked to confirm their balances (ARS-04)."""

    _inherit = "sales.arrears.statement"

    confirmation_ids = fields.One2many(
        "sales.arrears.confirmation", "statement_id", string="Balance Confirmations", readonly=True,
    )
    confirmation_count = fields.Integer(compute="_compute_confirmation_count")

    @api.depends("confirmation_ids")
    def _compute_confirmation_count(self):
        counts = dict(self.env["sales.arrears.confirmation"]._read_group(
            [("statement_id", "in", self.ids)], ["statement_id"], ["__count"],
        ))
        for statement in self:
            statement.confirmation_count = counts.get(statement, 0)

    def action_ask_customers(self):
        """Ask every customer with a balance who has not been asked yet. Right: finance (write access)."""
        self.check_access("write")
        for statement in self:
            if statement.state != ISSUED:
                raise UserError(self.env._(
                    "%(statement)s is not issued; customers are asked about issued statements only.",
                    statement=statement.display_name,
                ))
            statement._create_confirmations()
        self.env["sales.arrears.confirmation"]._trigger()
        return True

    def _create_confirmations(self):
        customers = self.env["sales.arrears.statement.line"]._read_group(
            [("statement_id", "=", self.id), ("customer_id", "not in", [0, *self.confirmation_ids.mapped("customer_id")]),
             ("closing_currency", "!=", 0)],
            ["customer_id", "customer_name", "user_id", "team_id"],
        )
        contacts = self.env["res.partner"].browse([customer_id for customer_id, *_rest in customers]).exists()
        existing = set(contacts.ids)
        # sudo: nobody makes requests by hand; no note of the creation in tens of thousands of threads
        Confirmation = self.env["sales.arrears.confirmation"].sudo().with_context(tracking_disable=True)
        Confirmation.create([
            {
                "statement_id": self.id, "company_id": self.company_id.id, "month": self.month,
                "customer_id": customer_id, "customer_name": name, "user_id": user.id, "team_id": team.id,
                "partner_id": customer_id in existing and customer_id,
            }
            for customer_id, name, user, team in customers
        ])
