# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

import psycopg2

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .common import JULY, JUNE, ArrearsCase, day

ISSUE_LOG = "odoo.addons.sales_receivable_followup.models.arrears_statement_issue"


class TestScheduledAction(ArrearsCase):
    """The scheduled action keeps to the company's day and survives one company's failure (ARS-01)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company()["company"]
        (cls.company | cls.other).write({"arrears_auto_issue": True, "arrears_send_mail": False})
        cls._invoice(cls._customer(), 100, day("06-05"))

    def _run(self):
        cron = self.env.ref("sales_receivable_followup.arrears_statement_issue_cron")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _issued(self, company):
        return self.env["sales.arrears.statement"].with_company(company).search([
            ("company_id", "=", company.id), ("state", "=", "issued"),
        ]).mapped("month")

    def test_issue_day_is_the_companys_day(self):
        """Day 3: at 2 July 17:00 UTC it is 3 July 01:00 in Shanghai and still 2 July in New York."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self.other.partner_id.tz = "America/New_York"
        with freeze_time("2026-07-02 15:59:00"):
            self._run()
            self.assertEqual([self._issued(self.company), self._issued(self.other)], [[], []])
        with freeze_time("2026-07-02 17:00:00"):
            self._run()

            self.assertEqual([self._issued(self.company), self._issued(self.other)], [[JUNE], []])
        with freeze_time("2026-07-03 03:00:00"):  # 2 July 23:00 in New York
            self._run()
            self.assertEqual(self._issued(self.other), [])
        with freeze_time("2026-07-03 05:00:00"):
            self._run()

            self.assertEqual(self._issued(self.other), [JUNE])

    def test_month_is_over_where_the_company_is(self):
        """30 June 17:00 UTC: July has begun in Shanghai, for a user in New York too."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self.env.user.tz = "America/New_York"
        with freeze_time("2026-06-30 15:59:00"), self.assertRaisesRegex(UserError, "before its month is over"):
            self._statement(JUNE).action_issue()
        with freeze_time("2026-06-30 16:01:00"):
            statement = self.env["sales.arrears.statement"].search([("company_id", "=", self.company.id)])
            statement = statement or self._statement(JUNE)
            self.assertEqual(self.env["sales.arrears.statement"]._last_month(self.company), JUNE)
            statement.action_issue()

        self.assertEqual(statement.state, "issued")

    def test_one_companys_failure_leaves_the_others(self):
        """A defect in the first company is logged; the second one's statement is issued in the same call."""
        compute, company = type(self.env["sales.arrears.statement"])._compute_rows, self.company

        def explode(statement, **kwargs):
            if statement.company_id == company:
                raise ValueError("broken setting")
            return compute(statement, **kwargs)

        Statement = type(self.env["sales.arrears.statement"])
        with (
            freeze_time("2026-07-03 12:00:00"), patch.object(Statement, "_compute_rows", explode),
            self.assertLogs(ISSUE_LOG, "ERROR") as logs,
        ):
            self._run()

        self.assertIn(f"Arrears statement of company {company.id} failed", logs.output[0])
        self.assertEqual([self._issued(self.company), self._issued(self.other)], [[], [JUNE]])

    def test_two_at_once_is_tried_again(self):
        """A serialization failure rolls back that company's work only, which the second try completes."""
        compute, failures = type(self.env["sales.arrears.statement"])._compute_rows, [1]

        def collide(statement, **kwargs):
            if failures:
                failures.pop()
                raise psycopg2.errors.SerializationFailure("could not serialize access")
            return compute(statement, **kwargs)

        Statement = type(self.env["sales.arrears.statement"])
        with (
            freeze_time("2026-07-03 12:00:00"), patch.object(Statement, "_compute_rows", collide),
            mute_logger(ISSUE_LOG),
        ):
            self._run()

        self.assertFalse(failures)
        self.assertEqual([self._issued(self.company), self._issued(self.other)], [[JUNE], [JUNE]])


@freeze_time("2026-07-03 09:00:00")
class TestMergedAccounts(ArrearsCase):
    """Core's wizard merges accounts of two companies: frozen rows follow, figures stay, the next month continues."""

    def test_statement_of_a_merged_account(self):
        """Closing 100 on B's receivable, merged into A's: B's July opens with 100 and without prior movement."""
        data = self.setup_other_company()
        other, gone = data["company"], data["default_account_receivable"]
        gone.non_trade = self.receivable.non_trade
        customer = self._customer()
        self._invoice(customer, 7, day("06-05"))
        invoice = self.env["account.move"].with_company(other).create({
            "move_type": "out_invoice", "partner_id": customer.id, "invoice_date": day("06-05"),
            "invoice_line_ids": [Command.create({
                "name": "Goods", "price_unit": 100, "tax_ids": [Command.clear()],
                "account_id": data["default_account_revenue"].id,
            })],
        })
        invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable").account_id = gone
        invoice.action_post()
        other.arrears_account_ids, self.company.arrears_account_ids = gone, self.receivable
        june, own = self._statement(JUNE, issue=True, company=other), self._statement(JUNE, issue=True)
        self.assertEqual(june.line_ids.account_id, gone)
        frozen = self._figures(june), self._figures(own)

        self.env["account.merge.wizard"].with_context(
            active_model="account.account", active_ids=(self.receivable | gone).ids,
        ).create({}).action_merge()
        self.env.invalidate_all()

        self.assertFalse(gone.exists())
        self.assertEqual((self._figures(june), self._figures(own)), frozen)
        self.assertEqual(june.line_ids.account_id, self.receivable)
        self.assertEqual(june.item_ids.account_id, self.receivable)
        june.line_ids.with_context(lang="en_US").web_read({"account_id": {"fields": {"display_name": {}}}})
        with freeze_time("2026-08-03 09:00:00"):
            july = self._statement(JULY, issue=True, company=other)
        line = july.line_ids
        self.assertEqual([line.previous_closing, line.prior_movement, line.opening], [100, 0, 100])
        self._assert_sound(july)
        self.assertFalse(july.prior_item_ids)

    def _figures(self, statement):
        """Everything stored but the link to the account."""
        self.env.invalidate_all()
        return [
            rows.sorted("id").read([
                name for name, field in rows._fields.items() if field.store and name != "account_id"
            ])
            for rows in (statement.line_ids, statement.item_ids, statement.account_line_ids)
        ]
