# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command

from .common import ArrearsCase


class PromiseCase(ArrearsCase):
    """Ann sells in Tom's team, Bob elsewhere; Fay is finance. Each may take the promises of his own customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bob, cls.tom = cls._user("ann"), cls._user("bob"), cls._user(
            "tom", groups="sales_team.group_sale_salesman_all_leads")
        cls.fay = cls._user("fay", groups="sales_receivable_followup.group_arrears_finance")
        cls.env["crm.team"].create({
            "name": "Tom's team", "user_id": cls.tom.id, "company_id": cls.company.id,
            "crm_team_member_ids": [Command.create({"user_id": cls.ann.id})],
        })
        cls.buyer = cls._customer("Boya School", cls.ann)

    def _promise(self, amount, by, items=(), user=None, customer=None, **values):
        """What Ann, or ``user``, writes down; ``items`` are the invoices covered."""
        lines = [
            line for invoice in items
            for line in invoice.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        ]
        return self.env["sales.payment.promise"].with_user(user or self.ann).create({
            "partner_id": (customer or self.buyer).id, "company_id": self.company.id, "amount": amount,
            "promised_on": by, "reason": "Waits for a payment of his own",
            "item_ids": [Command.create({"move_line_id": line.id, "is_covered": True}) for line in lines],
            **values,
        })

    def _judge(self):
        """The night's work."""
        with self.enter_registry_test_mode():
            self.env.ref("sales_receivable_followup.payment_promise_cron").method_direct_trigger()
        self.env.invalidate_all()
