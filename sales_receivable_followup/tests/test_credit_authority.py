# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .common import ArrearsCase, day


@freeze_time("2026-08-03 09:00:00")
class TestCreditAuthority(ArrearsCase):
    """GRD-03: each salesperson has a credit authority granted by the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bob = cls._user("ann"), cls._user("bob")
        cls.fay = cls._user("fay", groups="sales_receivable_followup.group_arrears_finance")
        cls.authority = cls._grant(cls.ann, 100_000)

    @classmethod
    def _grant(cls, user, amount):
        return cls.env["sales.credit.authority"].create({"user_id": user.id, "amount": amount})

    def _used(self, *users):
        users = self.env["res.users"].union(*users)
        return [users._credit_authority_used(self.company)[user.id] for user in users]

    def test_open_items_of_the_own_customers_are_used(self):
        """GRD example 2: authority 100,000, the customers owe 95,000: 5,000 are left."""
        invoice = self._invoice(self._customer("Big", self.ann), 70_000, day("07-01"))
        self._invoice(self._customer("Small", self.ann), 35_000, day("07-02"))
        self._pay(invoice, 10_000, day("07-10"))
        self._invoice(self._customer("Of another", self.bob), 44_000, day("07-03"))
        self._invoice(self._customer("Of nobody"), 11_000, day("07-03"))

        self.assertEqual(self._used(self.ann, self.bob), [95_000, 44_000])
        self.assertEqual((self.authority.used, self.authority.left), (95_000, 5_000))

    def test_nothing_granted_is_not_zero(self):
        """GRD-03: without a row a salesperson is not limited in person; 0 lets him grant nothing."""
        self._grant(self.bob, 0)

        self.assertEqual(
            (self.ann | self.bob | self.fay)._credit_authority(self.company),
            {self.ann.id: 100_000, self.bob.id: 0, self.fay.id: None},
        )

    def test_another_company_grants_its_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._invoice(self._customer("Big", self.ann), 70_000, day("07-01"))

        self.assertEqual(self.ann._credit_authority(other), {self.ann.id: None})
        self.assertEqual(self.ann._credit_authority_used(other), {self.ann.id: 0})

    def test_an_overpayment_frees_nothing_for_other_customers(self):
        self._invoice(self._customer("Owes", self.ann), 30_000, day("07-01"))
        self._refund(self._customer("Is owed", self.ann), 8_000, day("07-02"))

        self.assertEqual(self._used(self.ann), [30_000])

    def test_the_debt_follows_the_customer_to_the_next_salesperson(self):
        """From the day of the assignment, for the items that are open then; contacts count with their company."""
        with freeze_time("2026-06-10"):
            customer = self._customer(user=self.ann)
        contact = self._customer("Buyer", parent_id=customer.id, type="invoice")
        self._invoice(contact, 20_000, day("07-01"))
        self.assertEqual(self._used(self.ann, self.bob), [20_000, 0])

        customer.user_id = self.bob

        self.assertEqual(self._used(self.ann, self.bob), [0, 20_000])

    def test_who_may_see_and_grant(self):
        """Salespeople read their own, finance all, only administrators grant."""
        foreign = self._grant(self.bob, 50_000)
        Authority = self.env["sales.credit.authority"]

        self.assertEqual(Authority.with_user(self.ann).search([]), self.authority)
        self.assertEqual(self.authority.with_user(self.ann).left, 100_000)
        self.assertEqual(Authority.with_user(self.fay).search([]), self.authority | foreign)
        for user in (self.ann, self.fay):
            with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
                self.authority.with_user(user).amount = 1
        self.assertEqual(self.ann.with_user(self.ann)._credit_authority(self.company), {self.ann.id: 100_000})

    def test_as_many_queries_for_many_salespeople(self):
        def count(users):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            users._credit_authority_used(self.company)
            users._credit_authority(self.company)
            return self.env.cr.sql_log_count - before

        users = self.env["res.users"].union(*(self._user(f"rep{number}") for number in range(10)))
        for number, user in enumerate(users):
            self._grant(user, 1_000)
            self._invoice(self._customer(f"Customer {number}", user), 100 + number, day("07-01"))

        count(users[0])  # caches
        self.assertEqual(count(users[0]), count(users))
        self.assertEqual(self._used(*users), [100 + number for number in range(10)])
