# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import day
from .credit_common import CreditCase
from .promise_common import PromiseCase


@freeze_time("2026-08-03 09:00:00")
@tagged("post_install", "-at_install")
class TestGradePromises(CreditCase):
    """GRD-01: broken promises beside volume, days late and standing; A none, B up to 1, C up to 2."""

    _promise, _judge = PromiseCase._promise, PromiseCase._judge

    def setUp(self):
        super().setUp()
        for code, most in (("A", 0), ("B", 1), ("C", 2)):
            self._grade(code).write({"judge_promises": True, "broken_promises_to": most})
        self.buyer = self._customer("Baosteel Trade", self.ann)
        self._invoice(self.buyer, 812_000, day("07-01"), due=day("09-30"))

    def _promised(self, *days, customer=None, kept=False):
        """Promises for these days, one after the other, and the night after each."""
        for on in days:
            customer = customer or self.buyer
            with freeze_time(f"{on} 09:00:00"):
                promise = self._promise(10, on, customer=customer)
                if kept:
                    bank = self.company_data["default_journal_bank"]
                    self._entry([(self.receivable, customer, -10)], on, journal=bank)
            promise.invalidate_recordset()
        with freeze_time("2026-08-03 09:00:00"):
            self._judge()
            return promise

    def _reasons(self):
        proposals = self.env["sales.customer.grade.proposal"]._propose(self.policy)
        return proposals.filtered(lambda proposal: proposal.partner_id == self.buyer)

    def test_the_reasons_write_it_out(self):
        """Volume 812,000 is A, two broken promises are C: the weakest decides and says so."""
        for on in ("2026-05-04", "2026-06-01"):
            self._promised(on)
        proposal = self._reasons()
        self.assertEqual((proposal.new_code, proposal.broken_promises), ("C", 2))
        self.assertEqual(
            proposal.reason.replace("\xa0", " "),
            "12-month volume $ 812,000.00 (A from $ 500,000.00); nothing paid or overdue in 12 months: days late not "
            "judged; promises broken in 12 months: 2 (C up to 2, decides); standing not rated",
        )

    def test_bands(self):
        """None broken A, one B, two C, three D."""
        for number, code in enumerate("ABCD"):
            if number:
                self._promised(f"2026-0{number + 3}-01")
            else:
                self.assertEqual(self._promised("2026-03-02", kept=True).state, "kept")
            proposal = self._reasons()
            self.assertEqual((proposal.new_code, proposal.broken_promises), (code, number))
            self.assertIn(f"promises broken in 12 months: {number} ({code}", proposal.reason)

    def test_unknown_is_not_zero_and_the_window_is_12_months(self):
        """No promise fell due: not judged; an open, a withdrawn and one of last year are none."""
        self.assertEqual(self._promised("2025-08-03").state, "broken")
        self._promised("2026-07-01").sudo().write({"state": "withdrawn"})
        self._promise(10, "2026-08-20")
        proposal = self._reasons()
        self.assertEqual((proposal.new_code, proposal.broken_promises), ("A", 0))
        self.assertIn("no promise to pay fell due in 12 months: promises not judged", proposal.reason)

    def test_another_company_is_not_asked(self):
        other = self.env["res.company"].create({"name": "Other"})
        promise = self._promised("2026-07-01")
        promise.sudo().with_context(check_company=False).company_id = other
        self.assertIn("no promise to pay fell due", self._reasons().reason)

    def test_a_worse_grade_asks_no_more(self):
        self.policy.action_draft()
        self._grade("C").broken_promises_to = 0
        with self.assertRaisesRegex(UserError, "by broken promises a worse grade asks more than a better one"):
            self.policy.action_activate()

    def test_the_example_has_them(self):
        self.policy.action_archive_policy()
        policy = self.env["sales.customer.grade.policy"].create({"name": "Example", "company_id": self.company.id})
        policy.action_use_example()
        grades = policy.version_ids.grade_ids
        self.assertEqual(
            [(grade.judge_promises, grade.broken_promises_to) for grade in grades],
            [(True, 0), (True, 1), (True, 2), (False, 0)])

    def test_queries_do_not_grow_with_promises(self):
        """Invariant 6: 30 customers with broken promises are graded with the queries for 3."""
        def grow(first, last):
            customers = [self._customer(f"C{number}", self.ann) for number in range(first, last)]
            with freeze_time("2026-07-01 09:00:00"):
                for customer in customers:
                    self._promise(10, "2026-07-01", customer=customer)
            self._judge()

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            proposals = self.env["sales.customer.grade.proposal"]._propose(self.policy)
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
            broken = sum(proposals.mapped("broken_promises"))
            proposals.unlink()
            return broken, queries

        grow(0, 3)
        count()
        small = count()
        grow(3, 30)
        count()
        self.assertEqual([small, count()], [(3, small[1]), (30, small[1])])
