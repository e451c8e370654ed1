# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .snapshot_link import SnapshotLink

OPENING, MONTH = "opening", "month"
ADDED, REMOVED, CHANGED, MERGED = "added", "removed", "changed", "merged"
PRIOR_KINDS = (ADDED, REMOVED, CHANGED, MERGED)


class ArrearsStatementItem(models.Model):
    """One journal item as an issued statement saw it, as a difference to what earlier statements saw.

    The items of all issued statements add up to the ledger at the last issue: the month's items, at the first
    statement also the older ones, and every later change of a past month as a row of its own (a removed item
    is a negative row). The journal item is an id without a link, because entries can be deleted.
    """

    _name = "sales.arrears.statement.item"
    _inherit = ["sales.arrears.frozen.mixin"]
    _description = "Arrears Statement Item"
    _order = "date, move_line_id, id"

    _log_access = False  # who and when stands on the statement; a million rows need not repeat it

    _prior_idx = models.Index("(statement_id) WHERE kind NOT IN ('opening', 'month')")

    statement_id = SnapshotLink("sales.arrears.statement", required=True, readonly=True, index=True)
    company_id = fields.Many2one(related="statement_id.company_id")
    kind = fields.Selection(
        [
            (OPENING, "Before the first statement"),
            (MONTH, "Of the month"),
            (ADDED, "Added to an earlier month"),
            (REMOVED, "Removed from an earlier month"),
            (CHANGED, "Changed in an earlier month"),
            (MERGED, "Customer merged or reassigned"),
        ],
        required=True,
        readonly=True,
    )
    move_line_id = fields.Integer(string="Journal Item ID", readonly=True, aggregator=None)
    name = fields.Char(string="Number", readonly=True)
    customer_id = fields.Integer(string="Customer ID", readonly=True, aggregator=None)
    customer_name = fields.Char(string="Customer", readonly=True)
    account_id = SnapshotLink("account.account", required=True, readonly=True)
    currency_id = SnapshotLink("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one(related="statement_id.company_id.currency_id", string="Company Currency")
    date = fields.Date(readonly=True)
    date_maturity = fields.Date(string="Due Date", readonly=True)
    balance = fields.Monetary(currency_field="company_currency_id", readonly=True)
    amount_currency = fields.Monetary(string="Amount in Currency", readonly=True, aggregator=None)
    explanation = fields.Char(compute="_compute_explanation", help="Why an earlier month changed, in words.")

    @api.depends("kind", "move_line_id")
    def _compute_explanation(self):
        # sudo: finance may read statements without a right on journal items; only date and state are told.
        MoveLine = self.env["account.move.line"].sudo()
        current = {line.id: line for line in MoveLine.browse(set(self.mapped("move_line_id"))).exists()}
        for item in self:
            item.explanation = item._explain(current.get(item.move_line_id, MoveLine))

    def _explain(self, move_line):
        """Return the sentence for one row, given its journal item of today (or none)."""
        if self.kind == ADDED:
            return self.env._("Posted into %(date)s after that month was issued.", date=self.date)
        if self.kind == CHANGED:
            return self.env._("Amount, account or currency changed after the issue.")
        if self.kind == MERGED:
            return self.env._("The customer was merged or the item given to another customer.")
        return self._explain_removed(move_line) if self.kind == REMOVED else ""

    def _explain_removed(self, move_line):
        if not move_line:
            return self.env._("The entry was deleted.")
        if move_line.parent_state != "posted":
            return self.env._("The entry was reset to draft or cancelled.")
        return self.env._("The entry is now dated %(date)s.", date=move_line.date)
