# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.fields import Domain


class ResCompany(models.Model):
    """How a company wants its monthly arrears statement."""

    _inherit = "res.company"

    _arrears_issue_day_in_month = models.Constraint(
        "CHECK (arrears_issue_day BETWEEN 1 AND 28)",
        "The issue day of the arrears statement must lie between 1 and 28, so that every month has it.",
    )

    _arrears_confirmation_days_positive = models.Constraint(
        "CHECK (arrears_confirmation_days > 0 AND arrears_reminder_days > 0)",
        "Validity of the link and days until the reminder must be at least 1.",
    )

    _arrears_address_months_positive = models.Constraint(
        "CHECK (arrears_address_months >= 0)", "IP addresses cannot be kept for less than 0 months."
    )

    arrears_account_ids = fields.Many2many(
        "account.account",
        "res_company_arrears_account_rel",
        string="Statement Accounts",
        check_company=True,
        domain=[("account_type", "=", "asset_receivable")],
        help="Accounts whose balances customers owe. Empty: every receivable account that is neither marked "
        "non-trade nor the point of sale's default receivable account.",
    )
    arrears_advance_account_ids = fields.Many2many(
        "account.account",
        "res_company_arrears_advance_account_rel",
        string="Advance Accounts",
        check_company=True,
        domain=[("account_type", "in", ("liability_current", "liability_payable", "asset_receivable"))],
        help="Accounts that hold what customers paid before an invoice. Their balances are shown as deposits.",
    )
    arrears_issue_day = fields.Integer(
        string="Statement Issue Day",
        default=3,
        required=True,
        help="Day of the month on which last month's statement is computed (ARS-01). 3 is our proposal; the "
        "regulation leaves the day open.",
    )
    arrears_require_lock_date = fields.Boolean(
        string="Require Lock Date",
        help="Refuse to issue a statement until a lock date for everyone covers its month.",
    )
    arrears_auto_issue = fields.Boolean(
        string="Issue Automatically",
        help="Issue the statement on its day without waiting for finance. If it cannot be issued, it stays a draft "
        "that says why.",
    )
    arrears_send_mail = fields.Boolean(
        string="Mail Statements",
        default=True,
        help="Mail an issued statement to each salesperson (own customers), team leader (own team) and finance (all).",
    )

    arrears_confirmation_days = fields.Integer(
        string="Validity of the Customer's Link",
        default=30,
        required=True,
        help="Days after which the link in the mail that asks a customer to confirm his balance is worth nothing.",
    )
    arrears_reminder_days = fields.Integer(
        string="Remind Customers After",
        default=7,
        required=True,
        help="Days after which a customer who has not answered is reminded, once.",
    )

    arrears_address_months = fields.Integer(
        string="Keep IP Addresses For",
        default=12,
        required=True,
        help="Months after which the log of the customers' pages forgets from which IP address they were used. "
        "0: at once.",
    )

    def _arrears_today(self):
        """Today where the company is: in the time zone of its contact, whoever asks from wherever.

        The scheduled action's user has none, and its UTC may be a day off. A contact without one: the user's.
        """
        return fields.Date.context_today(self.with_context(**self._arrears_timezone()))

    def _arrears_timezone(self):
        """The context of whatever is reckoned by the company's days."""
        self.ensure_one()
        timezone = self.sudo().partner_id.tz  # sudo: nothing else of the contact is read
        return {"tz": timezone} if timezone else {}

    def _arrears_accounts(self):
        """Return (trade accounts, advance accounts) of the company as two disjoint recordsets."""
        self.ensure_one()
        Account = self.env["account.account"].with_context(active_test=False)
        advance = self.arrears_advance_account_ids
        trade = self.arrears_account_ids or Account.search(
            Domain(Account._check_company_domain(self))
            & Domain("account_type", "=", "asset_receivable")
            & Domain("non_trade", "=", False)
            & Domain("id", "!=", self.account_default_pos_receivable_account_id.id),
        )
        return trade - advance, advance
