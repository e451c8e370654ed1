# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command

from .common import ArrearsCase


class CreditCase(ArrearsCase):
    """The example grades (ours): A 60 days/500,000; B 30/200,000; C 15/50,000; D cash. Dora is the director."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.tom = cls._user("ann"), cls._user("tom", groups="sales_team.group_sale_salesman_all_leads")
        cls.fay = cls._user("fay", groups="sales_receivable_followup.group_arrears_finance")
        cls.dora = cls._user("dora", groups="sales_receivable_followup.group_arrears_administrator")
        cls.company.account_use_credit_limit = True
        cls.policy = cls._policy()
        cls.policy.action_activate()

    @classmethod
    def _policy(cls, valid_from="2026-01-01", **values):
        return cls.env["sales.customer.grade.policy"].create({
            "name": "Credit grades", "company_id": cls.company.id,
            "version_ids": [Command.create({"valid_from": valid_from, "grade_ids": [
                Command.create({
                    "sequence": number, "code": code, "name": code, "credit_days": days, "credit_limit": limit,
                    "settlement": "credit" if days else "cash", "volume_from": volume, "judge_days_late": late > 0,
                    "days_late_to": late, "standing_from": standing,
                })
                for number, (code, days, limit, volume, late, standing) in enumerate((
                    ("A", 60, 500_000, 500_000, 5, "2"), ("B", 30, 200_000, 200_000, 15, "3"),
                    ("C", 15, 50_000, 50_000, 30, "3"), ("D", 0, 0, 0, 0, False),
                ))
            ]})],
            **values,
        })

    def _grade(self, code, policy=None):
        return (policy or self.policy).version_id.grade_ids.filtered(lambda grade: grade.code == code)

    def _propose(self, customer, code, reason="Asked for"):
        return self.env["sales.customer.grade.proposal"].with_user(self.fay).create({
            "partner_id": customer.id, "company_id": self.company.id, "grade_id": self._grade(code).id,
            "reason": reason,
        })

    def _give(self, customer, code):
        """Grade a customer as finance and the director do."""
        self._propose(customer, code).with_user(self.dora).approve("Agreed")

    def _extra(self, customer, amount, first, last, approve=True):
        extra = self.env["sales.customer.credit.extra"].with_user(self.fay).create({
            "partner_id": customer.id, "company_id": self.company.id, "amount": amount, "date_from": first,
            "date_to": last, "reason": "Autumn fair",
        })
        if approve:
            extra.with_user(self.dora).approve("Agreed")
        return extra

    def _limit(self, customer):
        """Core's own limit, which its warning and the order check read."""
        return customer.with_company(self.company).sudo().credit_limit
