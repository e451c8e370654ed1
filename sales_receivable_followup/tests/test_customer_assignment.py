# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import freeze_time

from .common import JULY, JUNE, ArrearsCase, day


class TestCustomerAssignment(ArrearsCase):
    """Who was responsible at the end of the month gets the line, not who is today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bob, cls.tom = cls._user("ann"), cls._user("bob"), cls._user("tom")
        cls.north, cls.south = cls.env["crm.team"].create([
            {"name": "North", "user_id": cls.tom.id, "member_ids": [Command.set(cls.ann.ids)]},
            {"name": "South", "member_ids": [Command.set(cls.bob.ids)]},
        ])

    def _history(self, customer):
        rows = self.env["sales.customer.assignment"].search([("partner_id", "=", customer.id)], order="date_from, id")
        return [(str(row.date_from), row.user_id, row.team_id) for row in rows]

    def test_change_of_salesperson_is_dated(self):
        with freeze_time("2026-06-10"):
            customer = self._customer(user=self.ann)
        with freeze_time("2026-07-20"):
            customer.user_id = self.bob
        with freeze_time("2026-07-25"):
            customer.phone = "123"
        with freeze_time("2026-08-02"):
            customer.user_id = False

        nobody, no_team = self.env["res.users"], self.env["crm.team"]
        self.assertEqual(self._history(customer), [
            ("2026-06-10", self.ann, self.north), ("2026-07-20", self.bob, self.south), ("2026-08-02", nobody, no_team),
        ])

    def test_second_change_of_a_day_replaces_the_first(self):
        with freeze_time("2026-06-10"):
            customer = self._customer(user=self.ann)
            customer.user_id = self.bob

        self.assertEqual(self._history(customer), [("2026-06-10", self.bob, self.south)])

    def test_change_of_team_moves_all_customers_of_the_member(self):
        with freeze_time("2026-06-10"):
            customers = [self._customer(f"Customer {number}", user=self.ann) for number in range(3)]
        with freeze_time("2026-07-01"):
            self.env["crm.team.member"].search([("user_id", "=", self.ann.id)]).unlink()
        with freeze_time("2026-07-05"):
            self.env["crm.team.member"].create({"user_id": self.ann.id, "crm_team_id": self.south.id})

        for customer in customers:
            self.assertEqual(self._history(customer), [
                ("2026-06-10", self.ann, self.north),
                ("2026-07-01", self.ann, self.env["crm.team"]),
                ("2026-07-05", self.ann, self.south),
            ])

    def test_statement_names_the_owner_of_the_month_end(self):
        """Given to Bob on 1 July, June's line is Ann's; before the first row the owner is unknown, not Bob."""
        with freeze_time("2026-06-10"):
            customer = self._customer(user=self.ann)
        with freeze_time("2026-07-01"):
            customer.user_id = self.bob
        self._invoice(customer, 100, day("05-05"))
        owners = {}
        with freeze_time("2026-08-03 09:00:00"):
            for month in (day("05-01"), JUNE, JULY):
                line = self._line(self._statement(month), customer)
                owners[month] = line.user_id, line.team_id

        self.assertEqual(owners, {
            day("05-01"): (self.env["res.users"], self.env["crm.team"]),
            JUNE: (self.ann, self.north),
            JULY: (self.bob, self.south),
        })

    def test_seed_reads_the_invoices(self):
        """At install the posted invoices tell who was responsible, each change of salesperson from its date."""
        customer = self._customer(user=self.bob)
        for on, user in (("06-05", self.ann), ("06-15", self.ann), ("07-05", self.bob)):
            invoice = self._invoice(customer, 10, day(on))
            invoice.invoice_user_id = user
            invoice.team_id = self.north if user == self.ann else self.south
        Assignment = self.env["sales.customer.assignment"]
        Assignment.search([]).unlink()

        Assignment._seed_from_invoices()

        self.assertEqual(self._history(customer), [
            ("2026-06-05", self.ann, self.north), ("2026-07-05", self.bob, self.south),
        ])

    def test_shared_customer_belongs_to_the_companies_of_his_salesperson(self):
        other = self.setup_other_company()["company"]
        self.bob.company_ids += other
        with freeze_time("2026-06-10"):
            customer = self._customer(user=self.bob)
        with freeze_time("2026-07-10"):
            customer.user_id = self.ann

        rows = self.env["sales.customer.assignment"].search([("partner_id", "=", customer.id)])
        self.assertEqual(
            {(row.company_id, str(row.date_from), row.user_id) for row in rows},
            {(self.company, "2026-06-10", self.bob), (other, "2026-06-10", self.bob),
             (self.company, "2026-07-10", self.ann), (other, "2026-07-10", self.env["res.users"])},
        )

    def test_merge_keeps_the_history_of_the_customer_that_stays(self):
        with freeze_time("2026-06-10"):
            kept = self._customer("Kept", user=self.ann)
        with freeze_time("2026-06-20"):
            gone = self._customer("Gone", user=self.bob)
        orphan = self._customer("Orphan")
        self._merge(gone, into=kept)

        self.assertEqual(self._history(kept), [("2026-06-10", self.ann, self.north)])
        self._merge(kept, into=orphan)
        self.assertEqual(self._history(orphan)[0], ("2026-06-10", self.ann, self.north))

    def test_many_customers_take_as_many_queries_as_few(self):
        """Work grows with data, not with queries (design: invariant 6)."""
        counts = []
        for size in (5, 5, 50):
            customers = self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(size)])
            customers.write({"user_id": self.ann.id})
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            customers.write({"user_id": self.bob.id})
            counts.append(self.env.cr.sql_log_count - before)

            self.assertEqual({self._history(customer)[-1][1] for customer in customers}, {self.bob})
        self.assertEqual(counts[1], counts[2])
