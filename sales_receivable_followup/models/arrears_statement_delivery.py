# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

PENDING, QUEUED, FAILED = "pending", "queued", "failed"
OWN, TEAM, ALL = "own", "team", "all"


class ArrearsStatementDelivery(models.Model):
    """One person's copy of an issued statement: what he may see of it, and the mail that took it to him."""

    _name = "sales.arrears.statement.delivery"
    _description = "Arrears Statement Delivery"
    _order = "statement_id desc, scope, id"
    _rec_name = "user_id"

    _recipient_uniq = models.Constraint("UNIQUE (statement_id, user_id)", "A person gets one copy of a statement.")

    statement_id = fields.Many2one("sales.arrears.statement", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    month = fields.Date(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Recipient", required=True, readonly=True, index=True, ondelete="restrict",
    )
    scope = fields.Selection(
        [(OWN, "Own customers"), (TEAM, "Own team"), (ALL, "All customers")], required=True, readonly=True,
    )
    state = fields.Selection(
        [(PENDING, "To send"), (QUEUED, "Mail created"), (FAILED, "Failed")],
        required=True, default=PENDING, readonly=True,
    )
    error = fields.Char(readonly=True, help="Why no mail was made.")
    mail_id = fields.Many2one("mail.mail", readonly=True, ondelete="set null", groups="base.group_system")
    sent_at = fields.Datetime(string="Mail Created On", readonly=True)
