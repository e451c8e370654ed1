# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SalesPaymentPromiseItem(models.Model):
    """An open item that a promise covers, as it was when the promise was given; readable without accounting rights."""

    _name = "sales.payment.promise.item"
    _description = "Item of a Promise to Pay"
    _order = "date_maturity, id"

    # Not by customer: core's merge of partners must find nothing that collides.
    _open_uniq = models.UniqueIndex(
        "(move_line_id) WHERE promise_state = 'open'", "This item is promised for already: wait for that day."
    )

    promise_id = fields.Many2one("sales.payment.promise", required=True, index=True, ondelete="cascade")
    promise_state = fields.Selection(related="promise_id.state", store=True)
    company_id = fields.Many2one(related="promise_id.company_id", store=True, index=True)
    # no restriction: bookkeepers may change their entries, the promise keeps what was said
    move_line_id = fields.Many2one("account.move.line", string="Journal Item", index="btree_not_null", ondelete="set null")
    move_id = fields.Many2one("account.move", string="Journal Entry", index="btree_not_null", ondelete="set null")
    account_id = fields.Many2one("account.account", ondelete="set null")
    is_covered = fields.Boolean(string="Covered", help="The customer promises to pay this item.")
    name = fields.Char(string="Number", readonly=True)
    date = fields.Date(readonly=True)
    date_maturity = fields.Date(string="Due Date", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(string="Open Amount", readonly=True, help="What was open when the promise was given.")
