# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import KpiCase


@tagged("post_install", "-at_install")
class TestMyDayPolicies(KpiCase):
    """What Ann still has to read stands at the top of her day, and nothing when she has read it (POL-06)."""

    def _card(self):
        cards = self.env["sales.my.day"].with_user(self.ann.user_id).get_my_day()["cards"]
        return next((card for card in cards if card["key"] == "policies"), None)

    def test_policies_to_read(self):
        self.assertIsNone(self._card())
        policy = self.env["sales.policy"].create({
            "name": "Customer visits", "company_id": self.company.id, "owner_id": self.ida.id,
            "interpreter_id": self.ida.id, "version_ids": [Command.create({"body": "<p>Twenty a week.</p>"})],
        })
        with freeze_time("2026-06-15 02:00:00"):
            policy.version_ids.with_user(self.ida).action_issue()
            line = self._card()["lines"][0]
            self.assertEqual((line["title"], line["action"]["res_id"]), ("Customer visits", policy.version_ids.id))
            self.assertIn("06/22/2026", line["subtitle"])
        with freeze_time("2026-06-23 02:00:00"):
            self.assertEqual(self._card()["lines"][0]["tone"], "danger")
            policy.version_ids.with_user(self.ann.user_id).action_accept()
            self.assertIsNone(self._card())
