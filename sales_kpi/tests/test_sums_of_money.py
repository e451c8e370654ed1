# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import KpiCase


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 02:00:00")  # Monday 10:00 in Shanghai; 8 to 14 June is over
class TestSumsOfMoney(KpiCase):
    """A sum of records in several currencies is one of the company's, at the rate of each record's day (SAN-02 facts)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.env["res.currency"].create({"name": "FGN", "symbol": "F"})
        # 1 FGN is 4 of ours until 9 June, 5 from 10 June on
        cls.env["res.currency.rate"].create([
            {"currency_id": cls.foreign.id, "company_id": cls.company.id, "name": day, "company_rate": rate}
            for day, rate in (("2026-01-01", 0.25), ("2026-06-10", 0.2))
        ])
        cls.rule = cls.env["sales.discipline.rule"].create({
            "name": "Orders",
            "code": "ORDERS",
            "kind": "record_quota",
            "company_id": cls.company.id,
            "owner_id": cls.ida.id,
            "state": "active",
            "scope": "employee",
            "employee_ids": cls.ann.ids,
            "version_ids": [Command.create({
                "valid_from": "2026-01-01",
                "record_model": "sale.order",
                "owner_field": "user_id",
                "date_field": "date_order",
                "value_field": "amount_total",
                "record_label": "orders",
                "quota_size": 1000,
                "step_ids": [Command.create({"first": 1, "kind": "warning"})],
            })],
        })  # fmt: skip

    def _order(self, day, amount, currency=None):
        pricelist = self.env["product.pricelist"].create({
            "name": "List", "company_id": self.company.id, "currency_id": (currency or self.company.currency_id).id,
        })
        return self.env["sale.order"].create({
            "partner_id": self.shop.id, "user_id": self.ann.user_id.id, "company_id": self.company.id,
            "pricelist_id": pricelist.id, "date_order": f"2026-06-{day:02} 04:00:00",
            "order_line": [Command.create({"name": "Work", "price_unit": amount, "tax_ids": False, "display_type": False})],
        })  # fmt: skip

    def _reasons(self):
        self._run("2026-06-08", "2026-06-14", rule=self.rule)
        return self._entries(self.ann, self.rule).filtered(lambda entry: entry.state != "withdrawn").mapped("reason")

    def test_money_of_another_currency_counts_at_its_days_rate(self):
        """200 + 100 x 4 + 80 x 5 = 1,000: met; with 79 for the last one 5 are missing; 380 as written would be 620 short."""
        self._order(8, 200)
        self._order(9, 100, self.foreign)
        last = self._order(11, 80, self.foreign)
        self.assertEqual(last.amount_total, 80)
        self.assertEqual(self._reasons(), [])

        last.order_line.price_unit = 79
        self.assertIn("995 of 1000 Total of orders", self._reasons()[0])
