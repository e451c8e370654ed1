# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .common import ArrearsCase, day

SIGNATURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"


@tagged("post_install", "-at_install")
@freeze_time("2026-07-31 09:00:00")
class OrderCheckCase(AccountPaymentCommon, ArrearsCase):
    """Ann sells in Tom's team; Dora is the director who lets orders pass. Today is 31 July 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls._user("order-ann")
        cls.tom = cls._user("order-tom", "sales_team.group_sale_salesman_all_leads")
        cls.dora = cls._user("order-dora", "account.group_account_manager,sales_team.group_sale_salesman_all_leads")
        cls.team = cls.env["crm.team"].create({
            "name": "Order team", "user_id": cls.tom.id, "company_id": cls.company.id,
            "member_ids": [Command.set(cls.ann.ids)],
        })
        cls.company.write({
            "account_use_credit_limit": True,
            "order_check_limit": "approve",
            "order_check_overdue": "approve",
            "order_check_leader_amount": 20_000,
            "order_check_approver_ids": [Command.set(cls.dora.ids)],
        })
        cls.product = cls.env["product.product"].create({
            "name": "Goods", "type": "consu", "taxes_id": [Command.clear()], "invoice_policy": "order",
            "property_account_income_id": cls.income.id,
        })
        cls.terms = cls.env["account.payment.term"].create({
            "name": "30 days", "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
        })
        cls.cash = cls.env["account.payment.term"].create({
            "name": "At once", "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 0})],
        })

    def setUp(self):
        super().setUp()
        self.buyer = self._customer("Buyer", self.ann, credit_limit=200_000)
        # committed figures of the ledger, not overdue
        self.open_on, self.due = day("07-01"), day("08-30")

    def _order(self, amount, customer=None, **values):
        return self.env["sale.order"].with_user(self.ann).create({
            "partner_id": (customer or self.buyer).id,
            "user_id": self.ann.id,
            "team_id": self.team.id,
            "company_id": self.company.id,
            "payment_term_id": self.terms.id,
            "require_signature": True,
            "require_payment": False,
            "order_line": [Command.create({
                "product_id": self.product.id, "product_uom_qty": 1, "price_unit": amount, "tax_ids": [Command.clear()],
            })],
            **values,
        }).with_context(allowed_company_ids=self.company.ids)

    def _owes(self, amount, customer=None, on=None, due=None, **kwargs):
        return self._invoice(customer or self.buyer, amount, on or self.open_on, due=due or self.due, **kwargs)

    def _online(self, order, amount):
        """The customer pays on the portal; the provider has told us so."""
        tx = self._create_transaction(
            "direct", amount=amount, currency_id=order.currency_id.id, partner_id=order.partner_id.id,
            sale_order_ids=[Command.set(order.ids)], reference=f"{order.name}-{amount}",
        )
        tx._set_done()
        tx._post_process()
        return tx

    def _request(self, order):
        return order.sudo().credit_request_ids.filtered(lambda request: request.state == "requested")
