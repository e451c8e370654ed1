# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ArrearsStatementAccount(models.Model):
    """The proof of one account: what the lines add up to against what the ledger says."""

    _name = "sales.arrears.statement.account"
    _inherit = ["sales.arrears.frozen.mixin"]
    _description = "Arrears Statement Account"
    _order = "is_advance, account_code, id"

    statement_id = fields.Many2one("sales.arrears.statement", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    account_id = fields.Many2one("account.account", required=True, ondelete="restrict")
    account_code = fields.Char(help="The account's code when the statement was computed.")
    account_name = fields.Char(help="The account's name when the statement was computed.")
    is_advance = fields.Boolean(string="Advance Account", help="Its balances are shown as deposits.")
    closing = fields.Monetary(currency_field="company_currency_id", string="Sum of Closings")
    ledger_balance = fields.Monetary(
        currency_field="company_currency_id",
        help="Posted balance of the account at the end of the month, read from the journal items.",
    )
    difference = fields.Monetary(
        currency_field="company_currency_id",
        help="Sum of closings less ledger balance: zero, or the statement is not issued.",
    )
    cross_customer = fields.Monetary(
        currency_field="company_currency_id",
        string="Matched Elsewhere",
        help="What one line's items settle for another line: zero in total, unless items were matched with a "
        "branch's or the head office's.",
    )

    def _get_label(self):
        self.ensure_one()
        return f"{self.account_code or ''} {self.account_name or ''}".strip()
