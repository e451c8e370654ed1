# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time

from .volume_common import JUNE, VolumeCase, day


class TestVolumeFigures(VolumeCase):
    """What is sent: ties to the statement and to the invoices; late, by day, by hand."""

    def _volumes(self, statement):
        lines = self.env["sales.volume.check.line"].search([("check_id.statement_id", "=", statement.id)])
        return {line.customer_id: line.volume for line in lines}

    def test_units_of_weight(self):
        """2 t + 500 kg of paper, 40 boards of 25 kg = 1 t, 10 boards returned: 3.25 t; services weigh nothing."""
        service = self.env["product.product"].create({"name": "Freight", "type": "service"})
        self._goods(self.of_ann, day("06-10"), (self.paper, 2, self.ton, 400), (self.board, 40), (service, 1))
        self._goods(self.of_ann, day("06-30"), (self.paper, 500))
        self._goods(self.of_ann, day("06-30"), (self.board, 10), move_type="out_refund")
        self._goods(self.of_ann, day("07-01"), (self.paper, 7, self.ton, 400))
        line = self._line_of(self._check(self._send(), self.ann), self.of_ann)
        self.assertEqual([line.volume, line.missing_weight], [3.25, 1])

    def test_untaxed_amount(self):
        """100 and 250 invoiced, 30 credited, 1,000 in July: 320."""
        self.company.volume_unit = "amount"
        self._invoice(self.of_ann, 250, day("06-30"))
        self._refund(self.of_ann, 30, day("06-30"))
        self._invoice(self.of_ann, 1000, day("07-01"))
        check = self._check(self._send(), self.ann)
        self.assertEqual([check.volume, check.missing_weight], [320, 0])

    def test_collections_add_up_to_the_statement(self):
        """The sum over all salespeople, those of nobody included, is the statement's receipts, customer by customer."""
        nobody = self._customer("Of nobody")
        for customer, paid in ((self.of_ann, 40), (self.of_bob, 7), (nobody, 3)):
            self._pay(self._invoice(customer, 50, day("06-10")), paid, day("06-15"))
        self._entry([(self.receivable, None, -2)], day("06-20"), journal=self.company_data["default_journal_bank"])
        statement = self._send()
        checks = self.env["sales.volume.check"].search([("statement_id", "=", statement.id)])
        self.assertEqual(sum(checks.mapped("collections")), statement.receipts)
        self.assertEqual(statement.receipts, 52)
        self.assertEqual(
            {check.user_id: check.collections for check in checks},
            {self.ann: 40, self.bob: 7, self.env["res.users"]: 5},
        )
        self.assertEqual(checks.filtered(lambda check: not check.user_id).state, "accepted", "there is nobody to ask")

    @given(st.lists(
        st.tuples(st.integers(0, 2), st.booleans(), st.integers(1, 500), st.integers(-3, 33)), max_size=5,
    ))
    @settings(max_examples=8, deadline=None)
    def test_volume_is_invoices_less_credit_notes(self, documents):
        """Per customer and in total, against the documents' untaxed amounts; nothing of May or July."""
        with self.env.cr.savepoint() as savepoint:
            self.company.volume_unit = "amount"
            customers = [self.of_ann, self.of_bob, self._customer("Of nobody")]
            for number, is_refund, amount, offset in documents:
                on = day("06-01").fromordinal(day("06-01").toordinal() + offset)
                self._invoice(customers[number], amount, on, move_type="out_refund" if is_refund else "out_invoice")
            statement = self._send()
            moves = self.env["account.move"].search([
                ("company_id", "=", self.company.id), ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund")), ("date", ">=", "2026-06-01"), ("date", "<=", "2026-06-30"),
            ])
            wanted = {}
            for move in moves:
                wanted[move.partner_id.id] = wanted.get(move.partner_id.id, 0) + move.amount_untaxed_signed
            self.assertEqual(self._volumes(statement), wanted)
            self.assertEqual(sum(wanted.values()), statement.sales - statement.credit_notes)
            savepoint.rollback()
        self.env.invalidate_all()

    def test_the_salesperson_of_the_month_s_end_gets_the_figures(self):
        """The customer moved to Bob on 2 July: June's figures are still Ann's."""
        with freeze_time("2026-07-02"):
            self.of_ann.user_id = self.bob
        statement = self._send()
        self.assertTrue(self._line_of(self._check(statement, self.ann), self.of_ann))
        self.assertFalse(self._line_of(self._check(statement, self.bob), self.of_ann))

    def test_late_figures_are_marked(self):
        """VOL-01: due by the 5th; sent on the 6th."""
        self.assertTrue(self._check(self._send("2026-07-06 02:00:00"), self.ann).is_late)

    def test_on_a_day_of_the_month(self):
        """Issued on the 3rd, sent on the 5th."""
        self.company.volume_when = "day"
        statement = self._send("2026-07-03 02:00:00")
        self.assertFalse(statement.volume_check_ids)
        with freeze_time("2026-07-05 02:00:00"):
            self._run_cron("volume_check_cron")
        self.assertEqual([bool(statement.volume_check_ids), statement.volume_due], [True, False])

    def test_by_hand(self):
        """Only finance; only an issued statement."""
        self.company.volume_when = "hand"
        draft = self._statement(JUNE)
        with self.assertRaisesRegex(UserError, "not issued"):
            draft.with_user(self.fay).action_send_volume()
        statement = self._send() if not draft.unlink() else None
        self.assertFalse(statement)

    def test_by_hand_after_the_issue(self):
        self.company.volume_when = "hand"
        statement = self._send()
        self.assertFalse(statement.volume_check_ids)
        for user in (self.ann, self.tom):
            with self.assertRaises(AccessError):
                statement.with_user(user).action_send_volume()
        statement.with_user(self.fay).action_send_volume()
        self.assertEqual(statement.volume_check_count, len(statement.volume_check_ids))
        self.assertTrue(self._check(statement, self.ann))

    def test_who_sees_which_figures(self):
        """Ann her own, Tom his team's, Fay all, Zoe and another company's finance none."""
        statement = self._send()
        lines = self.env["sales.volume.check.line"].search([("check_id.statement_id", "=", statement.id)])
        seen = {
            user.login: sorted(lines.with_user(user).search([("id", "in", lines.ids)]).mapped("customer_name"))
            for user in (self.ann, self.bob, self.tom, self.fay, self.zoe)
        }
        self.assertEqual(seen, {
            "ann": ["Of Ann"], "bob": ["Of Bob"], "tom": ["Of Ann"], "fay": ["Of Ann", "Of Bob"], "zoe": [],
        })
        other = self.setup_other_company()["company"]
        stranger = self._user("eve", groups="sales_receivable_followup.group_arrears_administrator")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(self.env["sales.volume.check"].with_user(stranger).search([]))

    def test_500_customers_take_the_queries_of_50(self):
        """Work grows with data, not with queries."""
        counts = {}
        for size in (5, 50, 500):  # the first reads what is cached afterwards
            with self.env.cr.savepoint() as savepoint:
                self._crowd(size)
                statement = self._statement(JUNE, issue=True)
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                statement.sudo()._make_volume_checks()
                self.env.flush_all()
                counts[size] = self.env.cr.sql_log_count - before
                self.assertGreaterEqual(len(self._check(statement, self.ann).line_ids), size)
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(counts[50], counts[500])

    def _crowd(self, number):
        """That many customers of Ann, each with a copy of one posted payment of June."""
        with freeze_time("2026-06-01"):
            partners = self.env["res.partner"].create(
                [{"name": f"Customer {index}", "user_id": self.ann.id} for index in range(number)])
        journal = self.company_data["default_journal_bank"]
        self._entry([(self.receivable, partner, -1) for partner in partners], day("06-15"), journal=journal)
