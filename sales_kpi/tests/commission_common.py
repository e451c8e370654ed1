# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class CommissionCase(AccountTestInvoicingCommon):
    """Ann and Bo sell, Mia leads Ann's team, Kay administers. 1 % on collected money from January 2026 on."""

    @classmethod
    def get_default_groups(cls):
        groups = cls.env.ref("sales_team.group_sale_manager") + cls.env.ref("sales_kpi.group_kpi_administrator")
        return super().get_default_groups() + groups

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env.company
        cls.currency = company.currency_id
        users = {
            "ann": "sales_team.group_sale_salesman",
            "bo": "sales_team.group_sale_salesman",
            "mia": "sales_team.group_sale_salesman,sales_kpi.group_kpi_manager",
            "kay": "sales_kpi.group_kpi_administrator",
        }
        cls.ann, cls.bo, cls.mia, cls.kay = (
            new_test_user(cls.env, login=f"commission_{name}", name=name.capitalize(), groups=f"base.group_user,{groups}",
                          company_id=company.id)
            for name, groups in users.items()
        )
        cls.team = cls.env["crm.team"].create({
            "name": "North", "user_id": cls.mia.id, "company_id": company.id,
            "member_ids": [Command.set(cls.ann.ids)],
        })
        cls.vat = cls.env["account.tax"].create({"name": "13 %", "amount": 13, "company_id": company.id})
        cls.plan = cls._make_plan()

    @classmethod
    def _make_plan(cls, rate=1.0, valid_from="2026-01-01", **values):
        return cls.env["sales.commission.plan"].create({
            "name": "Collected money",
            "state": "active",
            "version_ids": [Command.create({"valid_from": valid_from, "rate": rate, **values})],
        })

    def _invoice(self, amount, day, user=None, tax=None, move_type="out_invoice", currency=None, origin=None):
        move = self.env["account.move"].create({
            "move_type": move_type,
            "partner_id": self.partner_a.id,
            "invoice_user_id": (user or self.ann).id,
            "invoice_date": day,
            "date": day,
            "currency_id": (currency or self.currency).id,
            "reversed_entry_id": origin and origin.id,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [Command.create({
                "name": "Goods", "quantity": 1, "price_unit": amount, "tax_ids": [Command.set(tax.ids if tax else [])],
            })],
        })
        move.action_post()
        return move

    def _pay(self, moves, day, amount=None, **values):
        """Register a payment on invoices, or a refund on credit notes; returns its payment."""
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        ).create({
            "payment_date": day, "group_payment": True, "journal_id": self.company_data["default_journal_bank"].id,
            **({"amount": amount} if amount is not None else {}), **values,
        })
        return register._create_payments()

    def _advance(self, amount, day):
        payment = self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": self.partner_a.id,
            "amount": amount, "date": day, "journal_id": self.company_data["default_journal_bank"].id,
        })
        payment.action_post()
        return payment

    def _receivable(self, move):
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def _match(self, *moves):
        lines = self.env["account.move.line"].concat(*(self._receivable(move) for move in moves))
        lines.filtered(lambda line: not line.reconciled).reconcile()

    def _unmatch(self, payment):
        self._receivable(payment.move_id).remove_move_reconcile()

    def _run(self, day, plan=None, **values):
        run = self.env["sales.commission.run"].with_user(self.kay).create({
            "plan_id": (plan or self.plan).id, "date_from": day, **values,
        })
        run.action_apply()
        return run.sudo()

    def _lines(self, *moves):
        return self.env["sales.commission.line"].search([
            ("plan_id", "=", self.plan.id), ("state", "=", "booked"),
            *([("document_id", "in", [move.id for move in moves])] if moves else []),
        ], order="fact_date, id")

    def _amounts(self, *moves):
        return self._lines(*moves).mapped("amount")

    def _period(self, day):
        return self.env["sales.commission.period"].search([
            ("company_id", "=", self.env.company.id), ("date_from", "=", fields.Date.to_date(day).replace(day=1)),
        ])

    def _close(self, day):
        """Send, accept for everybody, close."""
        period = self._period(day).with_user(self.kay)
        if period.sudo().statement_ids.filtered(lambda statement: statement.state == "open"):
            period.action_send()
        for statement in period.sudo().statement_ids:
            if statement.state == "to_check":
                statement.with_user(statement.user_id).action_accept()
        period.action_close()
        return period.sudo()
