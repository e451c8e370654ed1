# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import KpiCase

LOGGER = "odoo.addons.sales_kpi.models.my_day"


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 02:00:00")  # Monday 10:00 in Shanghai
class TestMyDay(KpiCase):
    """Ann opens My Day on Monday morning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receivable = cls.env["account.account"].create({
            "name": "Receivable", "code": "KPI1", "account_type": "asset_receivable", "reconcile": True,
            "company_ids": [Command.set(cls.company.ids)],
        })
        cls.income = cls.env["account.account"].create({
            "name": "Income", "code": "KPI2", "account_type": "income", "company_ids": [Command.set(cls.company.ids)],
        })
        cls.journal = cls.env["account.journal"].create({
            "name": "Sales", "code": "KPI", "type": "sale", "company_id": cls.company.id,
            "default_account_id": cls.income.id,
        })

    def _card(self, key, employee=None):
        return {card["key"]: card for card in self._day(employee)}[key]

    def _day(self, employee=None):
        return self.env["sales.my.day"].with_user((employee or self.ann).user_id).get_my_day()["cards"]

    def _figures(self, card):
        return {figure["label"]: figure["value"] for figure in card["figures"]}

    def _owes(self, name, amount, due, salesperson=None):
        customer = self.env["res.partner"].create({
            "name": name,
            "user_id": (salesperson or self.ann).user_id.id,
            "property_account_receivable_id": self.receivable.id,
        })
        self.env["account.move"].create({
            "move_type": "out_invoice",
            "journal_id": self.journal.id,
            "partner_id": customer.id,
            "invoice_date": "2026-01-01",
            "invoice_date_due": due,
            "invoice_line_ids": [Command.create({
                "name": "Goods", "price_unit": amount, "account_id": self.income.id, "tax_ids": [Command.clear()],
            })],
        }).action_post()
        return customer

    def _late_twice(self, employee):
        self._punch(employee, "2026-06-03 08:30")
        self._punch(employee, "2026-06-04 08:30")
        self._run()
        self._tell()

    # --- registry ---

    def test_cards_come_in_their_order(self):
        keys = [card["key"] for card in self._day()]
        ours = [key for key in keys if key in ("standing", "visits", "overdue")]
        self.assertEqual(ours, ["visits", "standing", "overdue"])

    def test_one_broken_card_leaves_the_others(self):
        """A failing query would poison the transaction; a bug is logged, what the user can mend is said to him."""
        MyDay = self.env.registry["sales.my.day"]

        def broken(model):
            model.env.cr.execute("SELECT no_such_column FROM res_users")

        with patch.object(MyDay, "_card_visits", broken), mute_logger("odoo.sql_db"), self.assertLogs(LOGGER, "ERROR"):
            cards = {card["key"]: card for card in self._day()}
        self.assertIn("could not be loaded", cards["visits"]["error"])
        self.assertIn("figures", cards["standing"])
        self.assertIn("title", cards["overdue"])

        def mendable(model):
            raise UserError("Ask Fay to open the month.")

        with patch.object(MyDay, "_card_visits", mendable):
            self.assertEqual(self._card("visits")["error"], "Ask Fay to open the month.")

    # --- my standing ---

    def test_standing_is_what_counts_in_the_open_period(self):
        """Late on 3 and 4 June: a warning and 20; the next costs 20. Both wait for an answer."""
        self._late_twice(self.ann)

        card = self._card("standing")

        self.assertEqual(self._figures(card), {
            "Score": "100 / 100", "Points": "0", "Fines": self.company.currency_id.format(20), "Warnings": "1",
        })
        self.assertEqual(len(card["lines"]), 2)
        self.assertEqual(card["lines"][0]["action"]["res_id"], self._entries(self.ann)[0].id)
        self.assertIn("Accept or appeal by", card["lines"][0]["subtitle"])
        self.assertEqual(
            card["text"],
            f"Late: no. 3 per month would be: {self.company.currency_id.format(20)}. "
            "The first lapses after 06/30/2026.")

    def test_the_score_counts_what_is_confirmed(self):
        """PNT-01: 5 points off are open: 100 of 100; accepted: 95. Without a base no score is shown."""
        self.rule.version_ids.step_ids = [
            Command.clear(), Command.create({"first": 1, "kind": "points", "points": 5})]
        self._late_twice(self.ann)
        self.assertEqual(self._figures(self._card("standing"))["Score"], "100 / 100")
        self._entries(self.ann)[0].with_user(self.ann.user_id).action_accept()
        self.assertEqual(self._figures(self._card("standing"))["Score"], "95 / 100")
        self.company.discipline_points_base = 0
        self.assertNotIn("Score", self._figures(self._card("standing")))

    def test_what_was_decided_in_favour_no_longer_stands(self):
        self._late_twice(self.ann)
        entries = self._entries(self.ann)
        for entry in entries:
            entry.with_user(self.ann.user_id).appeal("The bus broke down")
            entry.with_user(self.sue).decide("waive", "True")
        card = self._card("standing")
        self.assertEqual(self._figures(card)["Fines"], self.company.currency_id.format(0))
        self.assertEqual(card["lines"], [])
        self.assertIn("Keep it up", card["empty"])

    def test_standing_is_one_s_own(self):
        """Sue may read the entries of her team, her own card still shows hers."""
        self._late_twice(self.ann)
        self.sue.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        self.assertEqual(self._card("standing", self.sue_employee)["lines"], [])
        self.assertEqual(self._card("standing", self.bob)["lines"], [])

    # --- overdue ---

    def test_overdue_customers_biggest_first(self):
        """As of 15 June: due yesterday is 1 day late, due today is not; another salesperson's customer is not mine."""
        self._owes("Small", 100, "2026-06-14")
        big = self._owes("Big", 900, "2026-04-01")
        self._owes("Today", 500, "2026-06-15")
        self._owes("Bob's", 700, "2026-04-01", self.bob)

        card = self._card("overdue")

        self.assertEqual([line["title"] for line in card["lines"]], ["Big", "Small"])
        self.assertEqual([line["subtitle"] for line in card["lines"]], ["75 days late", "1 day late"])
        self.assertEqual(card["lines"][0]["value"], self.company.currency_id.format(900))
        self.assertEqual(self._figures(card), {"Overdue today": self.company.currency_id.format(1000)})
        self.assertEqual(card["lines"][0]["action"]["res_id"], big.id)

    def test_paid_is_no_longer_overdue(self):
        customer = self._owes("Payer", 100, "2026-06-01")
        invoice = self.env["account.move"].search([("partner_id", "=", customer.id)])
        invoice._reverse_moves(cancel=True)
        card = self._card("overdue")
        self.assertEqual(card["lines"], [])
        self.assertIn("None of your customers", card["empty"])

    # --- visits ---

    def test_visits_of_the_week_against_the_quota(self):
        """VIS-03: 3 of 20 verified this week; last week's do not count."""
        self._quota_rule()
        self._made(self.ann, "2026-06-14", 5)
        self._made(self.ann, "2026-06-15", 3)
        self._made(self.ann, "2026-06-15", result="outside", result_reason="beyond")
        self.assertEqual(self._figures(self._card("visits")), {"Verified this week": "3/20"})

    def test_buttons_of_the_visits_card(self):
        """One visit at a time: while checked in, only checking out is offered; tomorrow's plan is not shown."""
        first, second = self._visit(self.ann, planned="2026-06-15"), self._visit(self.ann, planned="2026-06-15")
        self._visit(self.ann, planned="2026-06-16")
        self.assertEqual([line["can_check_in"] for line in self._card("visits")["lines"]], [True, True])

        first.action_check_in(latitude=24.4798, longitude=118.0904, accuracy=10.0)

        lines = self._card("visits")["lines"]
        self.assertEqual([line["id"] for line in lines], [first.id, second.id])
        self.assertEqual(lines[0]["check_out_label"], "Check Out")
        self.assertFalse(lines[1]["can_check_in"])

    def test_user_without_employee_is_told_so(self):
        user = self._user("new", "sales_team.group_sale_salesman")
        day = self.env["sales.my.day"].with_user(user).get_my_day()["cards"]
        card = next(card for card in day if card["key"] == "visits")
        self.assertIn("not linked to an employee", card["empty"])

    # --- the team's visits ---

    def test_manager_sees_the_quota_of_the_team_and_of_nobody_else(self):
        """VIS-03: Ann 3 of 20; Bob, on leave on Thursday and Friday, 12 of 12; Zoe is in Tom's team."""
        self._quota_rule()
        self.env["resource.calendar.leaves"].with_user(self.ida).sudo().create({
            "name": "Off", "company_id": self.company.id, "calendar_id": self.calendar.id,
            "resource_id": self.bob.resource_id.id,
            "date_from": self._utc("2026-06-18 08:00"), "date_to": self._utc("2026-06-19 18:00"),
        })
        self._made(self.ann, "2026-06-15", 3)
        self._made(self.bob, "2026-06-15", 12)
        self._made(self.zoe, "2026-06-15", 7)

        card = self._card("team_visits", self.sue_employee)

        self.assertEqual(self._figures(card), {"Verified this week": "15/32", "Quota met": "1/2"})
        self.assertEqual(
            [(line["title"], line["value"], line["subtitle"]) for line in card["lines"]],
            [("Ann", "3/20", "17 missing"), ("Bob", "12/12", "Quota met")],
        )
        opened = self.env["sales.visit"].with_user(self.sue).search(card["lines"][0]["action"]["domain"])
        self.assertEqual((opened.employee_id, len(opened)), (self.ann, 3))

    def test_who_leads_nobody_has_no_team_card(self):
        """Neither a salesperson nor a manager without people; nor does a team without a quota need one."""
        self.assertNotIn("team_visits", [card["key"] for card in self._day(self.sue_employee)])
        self._quota_rule()
        self.assertIn("team_visits", [card["key"] for card in self._day(self.sue_employee)])
        self.assertNotIn("team_visits", [card["key"] for card in self._day(self.ann)])
        self.sue_team.user_id = False
        self.assertNotIn("team_visits", [card["key"] for card in self._day(self.sue_employee)])

    def test_who_left_the_team_is_no_longer_on_the_card(self):
        self._quota_rule()
        self.env["crm.team.member"].search([("user_id", "=", self.bob.user_id.id)]).active = False
        self.assertEqual([line["title"] for line in self._card("team_visits", self.sue_employee)["lines"]], ["Ann"])

    def test_rule_that_prevails_says_the_quota(self):
        """POL-04: Ann's own rule asks for 10, the company's for 20."""
        self._quota_rule()
        self._quota_rule(visits_per_week=10, code="OWN", scope="employee", employee_ids=self.ann.ids)
        quotas = {line["title"]: line["value"] for line in self._card("team_visits", self.sue_employee)["lines"]}
        self.assertEqual(quotas, {"Ann": "0/10", "Bob": "0/20"})

    # --- size ---

    def test_queries_of_a_manager_do_not_grow_with_his_team(self):
        self._quota_rule()

        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._day(self.sue_employee)
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for number in range(8):
            self._made(self._salesperson(f"more{number}", self.sue_team), "2026-06-15")
        queries()
        self.assertEqual(queries(), few)

    def test_queries_do_not_grow_with_entries_customers_and_visits(self):
        """5 and 50 of each: the same number of queries."""
        self._quota_rule()

        def grow(count):
            self.env["sales.discipline.violation"].create([
                {**entry.copy_data()[0], "fact_key": f"{entry.fact_key}/{count}/{index}", "state": "notified"}
                for index in range(count)
            ])
            for index in range(count):
                self._owes(f"Customer {count} {index}", 100 + index, "2026-05-01")
                self._visit(self.ann, self.shop.copy(), planned="2026-06-15")

        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._day()
            return self.env.cr.sql_log_count - before

        self._late_twice(self.ann)
        entry = self._entries(self.ann)[0]
        grow(5)
        queries()
        few = queries()
        grow(45)
        self.assertEqual(queries(), few)
