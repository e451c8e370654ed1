# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools.misc import formatLang

KINDS = [("receipt", "Receipt"), ("refund", "Refund"), ("decision", "Dispute granted")]


class SalesCommissionEntryMixin(models.AbstractModel):
    """One fact and what it earns, as figures that stand by themselves: documents are named, not linked.

    A line of the ledger and a line of a simulation say the same in the same words.
    """

    _name = "sales.commission.entry.mixin"
    _inherit = ["sales.plain.row.mixin"]
    _description = "Commission Entry"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", required=True, readonly=True, index=True)
    version_id = fields.Many2one("sales.commission.plan.version", required=True, readonly=True, index=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    fact_key = fields.Char(required=True, readonly=True, help="Plan, invoice and payment: the same fact, the same key.")
    revision = fields.Integer(
        required=True, readonly=True, aggregator=None, help="0 is the entry, 1 and up are its corrections."
    )
    outcome = fields.Char(readonly=True)
    fact_date = fields.Date(string="Date", required=True, readonly=True, help="Day of the receipt or of the refund.")
    document_id = fields.Integer(string="Invoice ID", readonly=True, aggregator=None)
    invoice_name = fields.Char(string="Invoice", readonly=True)
    partner_name = fields.Char(string="Customer", readonly=True)
    payment_move_id = fields.Integer(string="Payment Entry ID", readonly=True, aggregator=None)
    payment_name = fields.Char(string="Payment", readonly=True)
    invoice_currency_id = fields.Many2one("res.currency", readonly=True)
    receipt_amount = fields.Monetary(
        string="Received", currency_field="invoice_currency_id", readonly=True, aggregator=None
    )
    net_amount = fields.Monetary(
        string="Net of Tax", currency_field="invoice_currency_id", readonly=True, aggregator=None,
        help="Received x untaxed / total of the invoice.",
    )
    base_amount = fields.Monetary(string="Base", readonly=True, help="Net of tax, in company currency.")
    rate = fields.Float(string="Rate (%)", digits=(7, 4), readonly=True, aggregator=None)
    amount = fields.Monetary(string="Commission", readonly=True)
    reason = fields.Char(compute="_compute_reason", help="Why this line exists, in plain words.")

    @api.depends("kind", "revision", "outcome", "amount")
    @api.depends_context("lang")
    def _compute_reason(self):
        for entry in self:
            entry.reason = entry._get_reason()

    def _get_reason(self):
        figures = {
            "payment": self.payment_name,
            "invoice": self.invoice_name,
            "date": fields.Date.to_string(self.fact_date),
            "received": formatLang(self.env, abs(self.receipt_amount), currency_obj=self.invoice_currency_id),
            "base": formatLang(self.env, self.base_amount, currency_obj=self.currency_id),
            "rate": f"{self.rate:g}",
            "amount": formatLang(self.env, self.amount, currency_obj=self.currency_id),
        }
        if self.kind == "decision":
            return self.env._("Dispute granted for %(invoice)s, %(payment)s: %(amount)s.", **figures)
        if self.revision and not self.outcome:
            return self.env._(
                "%(payment)s no longer earns for %(invoice)s: what was booked for it is taken back, %(amount)s.", **figures)
        if self.revision:
            return self.env._(
                "%(invoice)s or %(payment)s has changed since the line was booked: difference %(amount)s.", **figures)
        if self.kind == "refund":
            return self.env._(
                "%(received)s of %(invoice)s were paid back to the customer on %(date)s (%(payment)s): takes back the "
                "same share of the commission, %(amount)s.", **figures)
        return self.env._(
            "%(received)s received for %(invoice)s on %(date)s (%(payment)s); net of tax %(base)s x %(rate)s %% = "
            "%(amount)s.", **figures)

    def action_open_invoice(self):
        """Open the invoice or credit note, for who may read it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.document_id,
            "view_mode": "form",
        }
