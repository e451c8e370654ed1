# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import freeze_time, tagged

from .common import KpiCase


@tagged("post_install", "-at_install")
@freeze_time("2026-06-05 02:00:00")  # Friday 10:00 in Shanghai
class TestMyDayFigures(KpiCase):
    """Ann's volume and collections of May are sent this morning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receivable, income = cls.env["account.account"].create([
            {"name": name, "code": code, "account_type": kind, "reconcile": kind == "asset_receivable",
             "company_ids": [Command.set(cls.company.ids)]}
            for name, code, kind in (("Receivable", "KPI1", "asset_receivable"), ("Income", "KPI2", "income"))
        ])
        journal = cls.env["account.journal"].create({
            "name": "Sales", "code": "KPI", "type": "sale", "company_id": cls.company.id,
            "default_account_id": income.id,
        })
        cls.company.arrears_account_ids = cls.receivable
        with freeze_time("2026-05-01"):
            acme = cls.env["res.partner"].create({
                "name": "Acme", "user_id": cls.ann.user_id.id, "property_account_receivable_id": cls.receivable.id,
            })
        cls.env["account.move"].create({
            "move_type": "out_invoice", "journal_id": journal.id, "partner_id": acme.id,
            "invoice_date": "2026-05-10",
            "invoice_line_ids": [Command.create({
                "name": "Goods", "price_unit": 1200, "account_id": income.id, "tax_ids": [Command.clear()],
            })],
        }).action_post()

    def _card(self, employee):
        cards = self.env["sales.my.day"].with_user(employee.user_id).get_my_day()["cards"]
        return {card["key"]: card for card in cards}.get("figures")

    def test_figures_wait_until_midnight(self):
        """VOL-02: on the salesperson's phone while he can answer, and no card before, afterwards and for others."""
        self.assertIsNone(self._card(self.ann))
        statement = self.env["sales.arrears.statement"].create({"month": "2026-05-01", "company_id": self.company.id})
        statement.action_issue()
        statement.action_send_volume()

        card = self._card(self.ann)
        [line] = card["lines"]
        self.assertIn(self.company.currency_id.format(1200), line["title"])
        self.assertIn("24:00", line["subtitle"])
        self.assertEqual(line["action"]["res_id"], statement.volume_check_ids.id)
        self.assertIsNone(self._card(self.bob))
        self.env.invalidate_all()
        with freeze_time("2026-06-05 16:01:00"):
            self.assertIsNone(self._card(self.ann), "too late to answer")
        statement.volume_check_ids.with_user(self.ann.user_id).action_accept()
        self.assertIsNone(self._card(self.ann))
