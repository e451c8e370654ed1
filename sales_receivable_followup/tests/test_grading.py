# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import day
from .credit_common import CreditCase


@freeze_time("2026-08-03 09:00:00")
@tagged("post_install", "-at_install")
class TestGrades(CreditCase):
    """GRD-01, GRD-02: figures propose, the director decides, core's limit and terms follow."""

    def _reasons(self, customer):
        proposals = self.env["sales.customer.grade.proposal"]._propose(self.policy)
        return proposals.filtered(lambda proposal: proposal.partner_id == customer)

    def test_grade_is_proposed_with_its_reasons(self):
        """Volume 812,000 is A, 9 days late on average is B: the weakest decides."""
        customer = self._customer("Baosteel Trade", self.ann)
        paid_late = self._invoice(customer, 812_000, day("05-01"), due=day("06-01"))
        self._pay(paid_late, 812_000, day("06-10"))
        customer.credit_standing = "1"

        self.policy.with_user(self.fay).action_propose()

        proposal = self.env["sales.customer.grade.proposal"].search([("partner_id", "=", customer.id)])
        self.assertEqual((proposal.new_code, proposal.new_days, proposal.new_limit), ("B", 30, 200_000))
        self.assertEqual((proposal.volume, proposal.average_days_late), (812_000, 9))
        self.assertEqual(
            proposal.reason.replace("\xa0", " "),
            "12-month volume $ 812,000.00 (A from $ 500,000.00); average 9 days late (B up to 15, decides); "
            "standing Excellent (A from Good)",
        )
        self.assertEqual(proposal.state, "proposed")
        self.assertFalse(self._limit(customer))

    def test_unknown_is_not_zero(self):
        """Never invoiced: only the standing judges. Nothing known at all: no proposal."""
        rated, unknown = self._customer("Rated"), self._customer("Unknown")
        rated.credit_standing = "3"

        proposal = self._reasons(rated)

        self.assertEqual(proposal.new_code, "B")
        self.assertIn("never invoiced: volume not judged; nothing paid or overdue in 12 months", proposal.reason)
        self.assertFalse(self._reasons(unknown))

    def test_window_and_who_never_pays(self):
        """Invoices of 12 months count, less credit notes; an open overdue invoice counts with its days so far."""
        customer = self._customer("Slow")
        self._invoice(customer, 900_000, "2025-08-03", due="2026-12-31")
        self._invoice(customer, 260_000, "2025-08-04", due="2026-12-31")
        self._refund(customer, 10_000, day("07-01"))
        self.assertEqual(self._reasons(customer).volume, 250_000)

        self._invoice(customer, 1_000, day("06-01"), due=day("06-24"))
        proposal = self._reasons(customer)

        self.assertEqual((proposal.average_days_late, proposal.new_code), (40, "D"))
        withdrawn = self.env["sales.customer.grade.proposal"].search(
            [("partner_id", "=", customer.id), ("state", "=", "withdrawn")])
        self.assertEqual(withdrawn.new_code, "B")

    def test_bands_are_half_open(self):
        """500,000 is A, a cent less is B; C begins at 50,000, below is D."""
        customers = {}
        for amount in (500_000, 499_999.99, 50_000, 49_999.99):
            customers[amount] = self._customer(f"Customer {amount}")
            self._invoice(customers[amount], amount, day("07-01"), due=day("09-01"))
        self.env["sales.customer.grade.proposal"]._propose(self.policy)
        codes = {
            proposal.partner_id: proposal.new_code
            for proposal in self.env["sales.customer.grade.proposal"].search([("company_id", "=", self.company.id)])
        }

        self.assertEqual([codes[customer] for customer in customers.values()], ["A", "B", "C", "D"])

    def test_approval_writes_core_limit_and_terms(self):
        """GRD-02: B gives 30 days and 200,000 in this company, and only there."""
        customer = self._customer("Buyer", self.ann)
        self._give(customer, "B")

        ours = customer.with_company(self.company)
        self.assertEqual((ours.credit_limit, ours.use_partner_credit_limit), (200_000, True))
        line = ours.property_payment_term_id.line_ids
        self.assertEqual((line.value_amount, line.nb_days, line.delay_type), (100, 30, "days_after"))
        self.assertEqual((ours.credit_grade_id.code, ours.grade_credit_limit), ("B", 200_000))
        other = customer.with_company(self.env["res.company"].create({"name": "Other"}))
        self.assertFalse(other.credit_limit or other.property_payment_term_id or other.credit_grade_id)
        self.assertIn("credit grade B from 2026-08-03", customer.message_ids.mapped("body")[0])
        self.assertIn(customer, self.env["res.partner"].search([("credit_grade_id.code", "=", "B")]))

        order = self.env["sale.order"].create({"partner_id": customer.id, "company_id": self.company.id})
        self.assertEqual(order.payment_term_id.line_ids.nb_days, 30)

    def test_history_says_from_when_to_when_by_whom_and_why(self):
        customer = self._customer("Buyer")
        with freeze_time("2026-02-10 09:00:00"):
            self._give(customer, "C")
        with freeze_time("2026-06-01 09:00:00"):
            self._give(customer, "A")
        self._give(customer, "D")

        rows = customer.customer_credit_ids.sorted("date_from")
        self.assertEqual(
            [(row.code, str(row.date_from), str(row.date_to or "")) for row in rows],
            [("C", "2026-02-10", "2026-06-01"), ("A", "2026-06-01", "2026-08-03"), ("D", "2026-08-03", "")],
        )
        self.assertEqual(rows.decided_by_id, self.dora)
        self.assertEqual(rows[0].reason, "Asked for\nAgreed")
        self.assertEqual(self._limit(customer), 0)
        with self.assertRaisesRegex(UserError, "history"):
            rows[0].sudo().unlink()

    def test_nothing_changes_nothing_is_proposed(self):
        customer = self._customer("Buyer")
        self._invoice(customer, 300_000, day("07-01"), due=day("09-01"))
        first = self._reasons(customer)
        self.assertFalse(self._reasons(customer))
        first.with_user(self.dora).approve("")
        self.assertFalse(self._reasons(customer))
        self.assertEqual(first.state, "approved")

    def test_a_version_that_has_graded_is_read_only(self):
        """Design 2: new grades are a new version from a later date; customers are proposed its terms."""
        customer = self._customer("Buyer")
        self._invoice(customer, 300_000, day("07-01"), due=day("09-01"))
        self._reasons(customer).with_user(self.dora).approve("")
        version = self.policy.version_id
        grade = self._grade("B")
        for change in (
            lambda: grade.write({"credit_limit": 1}), lambda: version.write({"months": 6}), grade.unlink,
            lambda: grade.copy({"code": "E"}), version.unlink, self.policy.unlink,
        ):
            with self.assertRaisesRegex(UserError, "graded"):
                change()
        with self.assertRaisesRegex(ValidationError, "starts later"):
            version.copy({"valid_from": "2025-12-01"})

        new = self.env[version._name].browse(version.action_new_version()["res_id"])
        new.grade_ids.filtered(lambda row: row.code == "B").credit_limit = 250_000
        self.assertEqual(str(new.valid_from), "2026-08-03")
        self.policy.invalidate_recordset()
        self.assertEqual((self._reasons(customer).old_limit, self._reasons(customer).new_limit), (200_000, 0))
        proposal = customer.env["sales.customer.grade.proposal"].search(
            [("partner_id", "=", customer.id), ("state", "=", "proposed")])
        self.assertEqual(proposal.new_limit, 250_000)

    def test_an_outdated_proposal_cannot_be_approved(self):
        proposal = self._propose(self._customer("Buyer"), "B")
        self.policy.version_id.copy({"valid_from": "2026-08-02"})
        with self.assertRaisesRegex(UserError, "not of the policy that is in force"):
            proposal.with_user(self.dora).approve("Agreed")

    def test_empty_terms_are_not_activated(self):
        """GRD-02: the regulation leaves days and amount open; empty is refused, cash is said."""
        self.policy.action_archive_policy()
        draft = self._policy("2026-07-01")
        grade = self._grade("B", draft)
        for values, message in (
            ({"credit_limit": 0}, "no credit limit"), ({"credit_limit": 1, "credit_days": 0}, "no credit period"),
            ({"credit_days": 30, "volume_from": 900_000}, "asks more than a better one"),
        ):
            grade.write(values)
            with self.assertRaisesRegex(UserError, message):
                draft.action_activate()
        grade.volume_from = 200_000
        draft.action_activate()
        with self.assertRaisesRegex(UserError, "already grades by"):
            self.policy.action_activate()

    def test_reject_and_withdraw(self):
        customer = self._customer("Buyer")
        proposal = self._propose(customer, "A")
        with self.assertRaisesRegex(UserError, "Say why"):
            proposal.with_user(self.dora).reject(" ")
        proposal.with_user(self.dora).reject("Too new")
        self.assertEqual((proposal.state, proposal.decision, proposal.decided_by_id), ("rejected", "Too new", self.dora))
        with self.assertRaisesRegex(UserError, "not open any more"):
            proposal.with_user(self.dora).approve("Changed my mind")
        self._propose(customer, "B").with_user(self.fay).action_withdraw()
        self.assertFalse(customer.customer_credit_ids)

    def test_director_decides_in_the_dialog(self):
        proposals = self._propose(self._customer("One"), "A") | self._propose(self._customer("Two"), "B")
        action = proposals.with_user(self.dora).action_decide()
        dialog = Form(self.env["sales.credit.decision"].with_user(self.dora).with_context(action["context"]))
        dialog.reason = "Agreed with finance"
        dialog.save().action_approve()
        self.assertEqual(proposals.mapped("state"), ["approved"] * 2)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_may_do_what(self):
        """Salespeople read their own customers' terms; finance proposes; only the director decides."""
        mine, foreign = self._customer("Mine", self.ann), self._customer("Foreign", self.tom)
        self._give(mine, "B")
        self._give(foreign, "A")
        proposal = self._propose(mine, "A")

        ann = mine.with_user(self.ann)
        self.assertEqual((ann.credit_grade_id.code, ann.grade_credit_limit), ("B", 200_000))
        self.assertFalse(foreign.with_user(self.ann).credit_grade_id)
        self.assertEqual(self.env["sales.customer.credit"].with_user(self.ann).search([]).partner_id, mine)
        for attempt in (
            lambda: self._propose(mine, "A").with_user(self.ann).read(["state"]),
            lambda: self.env["sales.customer.grade.proposal"].with_user(self.ann).create(
                {"partner_id": mine.id, "grade_id": self._grade("A").id, "reason": "Please"}),
            ann.action_propose_grade,
            lambda: self.policy.with_user(self.ann).action_propose(),
            lambda: ann.write({"credit_standing": "1"}),
            lambda: proposal.with_user(self.fay).approve("I say so"),
            lambda: proposal.with_user(self.fay).action_decide(),
            lambda: proposal.with_user(self.fay).write({"state": "approved"}),
            lambda: self.policy.with_user(self.fay).action_archive_policy(),
        ):
            with self.assertRaises(AccessError):
                attempt()
        sneaky = self.env["sales.customer.grade.proposal"].with_user(self.fay).with_context(
            default_state="approved", default_decided_by_id=self.dora.id,
        ).create({"partner_id": mine.id, "grade_id": self._grade("A").id, "reason": "x", "state": "approved"})
        self.assertEqual((sneaky.state, sneaky.decided_by_id.id), ("proposed", False))

    def test_queries_do_not_grow_with_customers(self):
        """Invariant 6: grading 100 customers takes the queries of 10."""
        def grow(first, last):
            for number in range(first, last):
                self._invoice(self._customer(f"Customer {number}"), 60_000 + number, day("07-01"), due=day("09-01"))

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            proposals = self.env["sales.customer.grade.proposal"]._propose(self.policy)
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
            number = len(proposals)
            proposals.unlink()
            return number, queries

        grow(0, 10)
        count()
        small = count()
        grow(10, 100)
        self.assertEqual([small[0], count()[0]], [10, 100])
        self.assertEqual(count()[1], small[1])
