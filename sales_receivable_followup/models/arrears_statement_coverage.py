# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools.misc import formatLang


class ArrearsStatement(models.Model):
    """Accounts that the company took into its statement or out of it since the last one.

    In total: Last Statement here = closing of the last statement + accounts added - accounts left out.
    """

    _inherit = "sales.arrears.statement"

    accounts_added = fields.Monetary(
        compute="_compute_account_changes", help="Openings of accounts that the last statement did not cover.",
    )
    accounts_left_out = fields.Monetary(
        compute="_compute_account_changes", help="Closings of the last statement on accounts that this one does not cover.",
    )
    account_changes = fields.Text(compute="_compute_account_changes")

    @api.depends("computed_at", "previous_id", "account_line_ids.account_id")
    @api.depends_context("lang")
    def _compute_account_changes(self):
        self.accounts_added = self.accounts_left_out = 0
        self.account_changes = False
        followers = self.filtered(lambda statement: statement.computed_at and statement.previous_id)
        if not followers:
            return
        sums = {
            (statement, account): (opening, closing)
            for statement, account, opening, closing in self.env["sales.arrears.statement.line"]._read_group(
                [("statement_id", "in", (followers | followers.previous_id).ids)],
                ["statement_id", "account_id"], ["opening:sum", "closing:sum"],
            )
        }
        for statement in followers:
            # sudo: which accounts a statement covers belongs to its head; sums are of the lines one may read
            now, before = statement.sudo().account_line_ids, statement.sudo().previous_id.account_line_ids
            sentences = []
            for row in now.filtered(lambda row, before=before: row.account_id not in before.account_id):
                amount = sums.get((statement, row.account_id), (0, 0))[0]
                statement.accounts_added += amount
                sentences.append(self.env._(
                    "Account %(account)s is new in the statement. It begins with %(amount)s, which the last statement "
                    "did not hold.", account=row._get_label(), amount=statement._format_amount(amount),
                ))
            for row in before.filtered(lambda row, now=now: row.account_id not in now.account_id):
                amount = sums.get((statement.previous_id, row.account_id), (0, 0))[1]
                statement.accounts_left_out += amount
                sentences.append(self.env._(
                    "Account %(account)s is no longer part of the statement. Its %(amount)s of the last statement is "
                    "not carried on.", account=row._get_label(), amount=statement._format_amount(amount),
                ))
            statement.account_changes = "\n".join(sentences)

    def _format_amount(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)
