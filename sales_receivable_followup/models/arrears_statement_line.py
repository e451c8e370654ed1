# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain

from .snapshot_link import SnapshotLink


class ArrearsStatementLine(models.Model):
    """LEDGER: what one customer owes on one account in one currency at the end of a month.

    Plain columns, written by one SQL statement. The customer is an id and a name, not a link: core's merge of
    partners rewrites links, and what was issued must stay as it was. Every amount has a twin in the line's
    currency (``*_currency``).
    """

    _name = "sales.arrears.statement.line"
    _inherit = ["sales.arrears.frozen.mixin"]
    _description = "Arrears Statement Line"
    _order = "month desc, customer_name, customer_id, account_code, currency_id, id"
    _rec_name = "customer_name"

    _log_access = False  # who and when stands on the statement

    _user_idx = models.Index("(user_id, month) WHERE user_id IS NOT NULL")

    statement_id = fields.Many2one(
        "sales.arrears.statement", required=True, readonly=True, index=True, ondelete="cascade",
    )
    company_id = SnapshotLink("res.company", required=True, readonly=True)
    month = fields.Date(required=True, readonly=True, help="First day of the statement's month.")
    customer_id = fields.Integer(
        string="Customer ID", readonly=True, aggregator=None,
        help="Database id of the commercial partner when the statement was computed; 0 for items without a partner.",
    )
    customer_name = fields.Char(string="Customer", readonly=True)
    customer_ref = fields.Char(string="Customer Reference", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Contact", compute="_compute_partner_id", search="_search_partner_id",
        help="The customer, as long as the contact still exists.",
    )
    account_id = SnapshotLink("account.account", required=True, readonly=True)
    account_code = fields.Char(readonly=True)
    is_advance = fields.Boolean(string="Advance Account", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Salesperson", readonly=True, ondelete="restrict",
        help="Who was responsible for the customer at the end of the month. Empty: not known.",
    )
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", readonly=True, ondelete="restrict", index="btree_not_null",
    )
    currency_id = SnapshotLink("res.currency", required=True, readonly=True)
    company_currency_id = SnapshotLink("res.currency", required=True, readonly=True)

    # who reads lines need not read statements; related fields are read and searched with full rights
    statement_state = fields.Selection(related="statement_id.state")
    confirmation_id = fields.Many2one(
        "sales.arrears.confirmation", string="Balance Confirmation", compute="_compute_confirmation",
    )
    confirmation_state = fields.Selection(
        lambda self: self.env["sales.arrears.confirmation"]._fields["state"]._description_selection(self.env),
        string="Customer's Answer", compute="_compute_confirmation",
    )

    previous_closing = fields.Monetary(
        string="Last Statement", currency_field="company_currency_id", readonly=True,
        help="Closing frozen in the statement of the month before; without one, the ledger balance at last "
        "month's end.",
    )
    prior_movement = fields.Monetary(
        string="Prior-Period Movement", currency_field="company_currency_id", readonly=True,
        help="What changed in earlier months since the statement before was issued.",
    )
    opening = fields.Monetary(
        currency_field="company_currency_id", readonly=True,
        help="Ledger balance at last month's end: last statement plus prior-period movement.",
    )
    sales = fields.Monetary(
        currency_field="company_currency_id", readonly=True,
        help="Invoices of the month.",
    )
    credit_notes = fields.Monetary(
        currency_field="company_currency_id", readonly=True,
        help="Credit notes of the month; positive reduces the debt.",
    )
    receipts = fields.Monetary(
        currency_field="company_currency_id", readonly=True,
        help="Payments and bank entries of the month, early-payment deductions included; positive reduces "
        "the debt, a refund paid out is negative.",
    )
    other = fields.Monetary(
        currency_field="company_currency_id", readonly=True,
        help="Everything else of the month: exchange differences, cash-basis entries and entries by hand.",
    )
    exchange_difference = fields.Monetary(
        string="of which Exchange Differences", currency_field="company_currency_id", readonly=True,
    )
    cash_basis = fields.Monetary(
        string="of which Cash-Basis Entries", currency_field="company_currency_id", readonly=True,
    )
    closing = fields.Monetary(
        currency_field="company_currency_id", readonly=True,
        help="Opening + sales - credit notes - receipts + other = the ledger balance at the month's end.",
    )
    not_due = fields.Monetary(
        currency_field="company_currency_id", readonly=True,
    )
    due_1_30 = fields.Monetary(
        string="1-30 Days", currency_field="company_currency_id", readonly=True,
    )
    due_31_60 = fields.Monetary(
        string="31-60 Days", currency_field="company_currency_id", readonly=True,
    )
    due_61_90 = fields.Monetary(
        string="61-90 Days", currency_field="company_currency_id", readonly=True,
    )
    due_over_90 = fields.Monetary(
        string="Over 90 Days", currency_field="company_currency_id", readonly=True,
    )
    overdue = fields.Monetary(
        currency_field="company_currency_id", readonly=True,
        help="Sum of the late bands.",
    )
    deposits = fields.Monetary(
        string="Deposits and Open Credits", currency_field="company_currency_id", readonly=True,
        help="Open credits and balances of advance accounts (negative); not aged.",
    )
    cross_customer = fields.Monetary(
        string="Matched Elsewhere", currency_field="company_currency_id", readonly=True,
        help="What this line's items are matched with on another line (another customer or currency). Ageing "
        "plus deposits plus this column is the closing.",
    )

    previous_closing_currency = fields.Monetary(string="Last Statement in Currency", readonly=True, aggregator=None)
    prior_movement_currency = fields.Monetary(
        string="Prior-Period Movement in Currency", readonly=True, aggregator=None,
    )
    opening_currency = fields.Monetary(string="Opening in Currency", readonly=True, aggregator=None)
    sales_currency = fields.Monetary(string="Sales in Currency", readonly=True, aggregator=None)
    credit_notes_currency = fields.Monetary(string="Credit Notes in Currency", readonly=True, aggregator=None)
    receipts_currency = fields.Monetary(string="Receipts in Currency", readonly=True, aggregator=None)
    other_currency = fields.Monetary(string="Other in Currency", readonly=True, aggregator=None)
    exchange_difference_currency = fields.Monetary(
        string="of which Exchange Differences in Currency", readonly=True, aggregator=None,
    )
    cash_basis_currency = fields.Monetary(
        string="of which Cash-Basis Entries in Currency", readonly=True, aggregator=None,
    )
    closing_currency = fields.Monetary(string="Closing in Currency", readonly=True, aggregator=None)
    not_due_currency = fields.Monetary(string="Not Due in Currency", readonly=True, aggregator=None)
    due_1_30_currency = fields.Monetary(string="1-30 Days in Currency", readonly=True, aggregator=None)
    due_31_60_currency = fields.Monetary(string="31-60 Days in Currency", readonly=True, aggregator=None)
    due_61_90_currency = fields.Monetary(string="61-90 Days in Currency", readonly=True, aggregator=None)
    due_over_90_currency = fields.Monetary(string="Over 90 Days in Currency", readonly=True, aggregator=None)
    overdue_currency = fields.Monetary(string="Overdue in Currency", readonly=True, aggregator=None)
    deposits_currency = fields.Monetary(string="Deposits and Open Credits in Currency", readonly=True, aggregator=None)
    cross_customer_currency = fields.Monetary(string="Matched Elsewhere in Currency", readonly=True, aggregator=None)

    @api.depends("customer_id")
    def _compute_partner_id(self):
        partners = self.env["res.partner"].with_context(active_test=False)
        existing = partners.browse({line.customer_id for line in self if line.customer_id}).exists()
        for line in self:
            line.partner_id = existing.filtered(lambda partner, line=line: partner.id == line.customer_id)

    @api.depends("statement_id", "customer_id")
    def _compute_confirmation(self):
        found = {
            (confirmation.statement_id.id, confirmation.customer_id): confirmation
            for confirmation in self.env["sales.arrears.confirmation"].search([
                ("statement_id", "in", self.statement_id.ids), ("customer_id", "in", self.mapped("customer_id")),
            ])
        }
        for line in self:
            line.confirmation_id = found.get((line.statement_id.id, line.customer_id))
            line.confirmation_state = line.confirmation_id.state

    @api.model
    def _search_partner_id(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        if operator == "any":
            value = self.env["res.partner"].with_context(active_test=False)._search(value)
            return Domain("customer_id", "in", value)
        return Domain("customer_id", "in", [customer or 0 for customer in value])
