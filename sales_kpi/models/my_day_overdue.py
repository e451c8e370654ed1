# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain

LINES = 5
LATE_DAYS = 60  # from here on a debt is shown in red


class SalesMyDay(models.AbstractModel):
    _inherit = "sales.my.day"

    @api.model
    def _get_card_sequence(self):
        return {**super()._get_card_sequence(), "overdue": 40}

    @api.model
    def _card_overdue(self):
        """Overdue receivables of the user's own customers as of today, biggest first."""
        today = fields.Date.context_today(self)
        currency = self.env.company.currency_id
        domain = self._get_overdue_domain(today)
        # Salespeople have no accounting rights; only sums of their own customers leave this method.
        Item = self.env["account.move.line"].sudo()
        [(total,)] = Item._read_group(domain, [], ["amount_residual:sum"])
        debts = Item._read_group(
            domain,
            ["partner_id.commercial_partner_id"],
            ["amount_residual:sum", "date_maturity:min"],
            order="amount_residual:sum desc",
            limit=LINES,
        )
        statement_lines = self._get_statement_lines([customer.id for customer, _amount, _due in debts])
        card = {
            "icon": "fa fa-money",
            "title": self.env._("My Overdue Customers"),
            "empty": self.env._("None of your customers is overdue."),
            "lines": [
                self._prepare_overdue_line(customer, amount, (today - due).days, statement_lines.get(customer.id))
                for customer, amount, due in debts
            ],
        }
        if not debts:
            return card
        return {
            **card,
            "figures": [{"label": self.env._("Overdue today"), "value": currency.format(total), "tone": "danger"}],
            "action": {
                "type": "ir.actions.act_window",
                "name": self.env._("My Customers' Arrears"),
                "res_model": "sales.arrears.statement.line",
                "views": [(False, "list"), (False, "kanban"), (False, "form")],
                "domain": [("user_id", "=", self.env.uid)],
            },
            "action_label": self.env._("All statements of my customers"),
        }

    @api.model
    def _get_overdue_domain(self, today):
        # The accounts are a setting of the accountants.
        trade_accounts, _advance_accounts = self.env.company.sudo()._arrears_accounts()
        return (
            Domain("account_id", "in", trade_accounts.ids)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
            & Domain("amount_residual", ">", 0)
            & Domain("date_maturity", "<", today)
            & Domain("partner_id.commercial_partner_id.user_id", "=", self.env.uid)
        )

    @api.model
    def _get_statement_lines(self, customer_ids):
        """{customer id: his line on the latest statement the user may read}"""
        lines = self.env["sales.arrears.statement.line"].search(
            [("customer_id", "in", customer_ids), ("company_id", "=", self.env.company.id)], order="month, id"
        )
        return {line.customer_id: line for line in lines}

    @api.model
    def _prepare_overdue_line(self, customer, amount, days, statement_line):
        record = statement_line or customer
        return {
            "title": customer.display_name,
            "subtitle": self.env._("1 day late") if days == 1 else self.env._("%(days)s days late", days=days),
            "value": self.env.company.currency_id.format(amount),
            "tone": "danger" if days > LATE_DAYS else "",
            "action": {
                "type": "ir.actions.act_window",
                "res_model": record._name,
                "res_id": record.id,
                "views": [(False, "form")],
            },
        }
