# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .pair_common import PairCase


@tagged("post_install", "-at_install")
@freeze_time("2026-08-03 09:00:00")
class TestOrderConcurrency(PairCase):
    """Two confirmations at once, on committed data: the second sees the first (GRD-04)."""

    @classmethod
    def _make_world(cls, env):
        """Limit 100, two quotations of 60 for the same customer."""
        company = env["res.company"].create({
            "name": "Order pair", "account_use_credit_limit": True, "order_check_limit": "approve",
        })
        env = env(context={"allowed_company_ids": company.ids})
        env["account.account"].create({
            "name": "Receivable", "code": "1122", "account_type": "asset_receivable", "reconcile": True,
        })
        customer = env["res.partner"].create({"name": "Customer", "credit_limit": 100})
        product = env["product.product"].create({"name": "Goods", "type": "service", "taxes_id": [Command.clear()]})
        orders = env["sale.order"].create([{
            "partner_id": customer.id, "company_id": company.id,
            "order_line": [Command.create({
                "product_id": product.id, "product_uom_qty": 1, "price_unit": 60, "tax_ids": [Command.clear()],
            })],
        }] * 2)
        return orders.ids

    def _order(self, cr, order_id):
        order = api.Environment(cr, SUPERUSER_ID, {})["sale.order"].browse(order_id)
        return order.with_company(order.company_id)

    def test_second_confirmation_sees_the_first(self):
        """GRD-04: limit 100, twice 60 at once: one is confirmed; the other begins again and is over by 20."""
        one, other = self.world
        with self._connection() as first, self._connection() as second:
            second.execute("SELECT COUNT(*) FROM sale_order")  # its snapshot is older than the other's confirmation
            self._order(first, one).action_confirm()
            first.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self._order(second, other).action_confirm()
            second.rollback()
            with self.assertRaisesRegex(UserError, "over by .*20.00"):
                self._order(second, other).action_confirm()
            second.rollback()
            states = [self._order(second, order_id).state for order_id in self.world]
            self.assertEqual(states, ["sale", "draft"])
