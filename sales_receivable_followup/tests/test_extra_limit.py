# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import day
from .credit_common import CreditCase

LIMITS = {"A": 500_000, "B": 200_000, "C": 50_000, "D": 0}
FIRST = day("08-01")
# a day's event: (kind, what): a grade, or an extra limit of an amount for so many days from so many days on
EVENTS = st.lists(
    st.tuples(st.integers(1, 4), st.one_of(
        st.tuples(st.just("grade"), st.sampled_from(sorted(LIMITS))),
        st.tuples(st.just("extra"), st.tuples(st.integers(1, 90_000), st.integers(0, 3), st.integers(0, 5))),
        st.tuples(st.just("revoke"), st.integers(0, 9)),
        st.just(("clerk", None)),
    )),
    max_size=8,
)


@freeze_time("2026-08-03 09:00:00")
@tagged("post_install", "-at_install")
class TestExtraLimit(CreditCase):
    """A temporary extra limit raises core's limit from a day to a day, and never drifts."""

    def setUp(self):
        super().setUp()
        self.customer = self._customer("Buyer", self.ann)

    def _night(self, on):
        """The scheduled action in the night to ``on``."""
        with freeze_time(f"{on} 01:00:00"):
            self._run_cron()
            return self._limit(self.customer)

    def _run_cron(self):
        cron = self.env.ref("sales_receivable_followup.customer_credit_limit_cron")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_raised_for_the_time_and_lowered_by_itself(self):
        """B 200,000 and 50,000 more up to 10 August: 250,000, on the 11th 200,000 again."""
        self._give(self.customer, "B")
        extra = self._extra(self.customer, 50_000, day("08-03"), day("08-10"))

        self.assertEqual(self._limit(self.customer), 250_000)
        self.assertEqual(self.customer.customer_credit_ids.limit_today, 250_000)
        self.assertEqual([self._night(day(on)) for on in ("08-10", "08-11", "08-12")], [250_000, 200_000, 200_000])
        self.assertEqual(extra.state, "approved")
        self.assertIn("becomes", self.customer.message_ids[0].body)

    def test_overlapping_extras_and_a_change_of_grade(self):
        self._give(self.customer, "B")
        self._extra(self.customer, 50_000, day("08-03"), day("08-10"))
        self._extra(self.customer, 20_000, day("08-06"), day("08-12"))
        self.assertEqual([self._night(day(on)) for on in ("08-05", "08-06")], [250_000, 270_000])
        with freeze_time("2026-08-08 09:00:00"):
            self._give(self.customer, "C")
        self.assertEqual(self._limit(self.customer), 120_000)
        self.assertEqual([self._night(day(on)) for on in ("08-11", "08-13")], [70_000, 50_000])

    def test_a_manual_change_of_the_limit_does_not_last(self):
        """Core's field can be edited by accountants; the night brings grade and limit together again."""
        self._give(self.customer, "B")
        self.customer.with_company(self.company).credit_limit = 999_999
        self.assertEqual(self._night(day("08-04")), 200_000)

    def test_ended_before_its_time(self):
        self._give(self.customer, "B")
        extra = self._extra(self.customer, 50_000, day("08-03"), day("08-10"))
        extra.with_user(self.dora).action_revoke()
        self.assertEqual((self._limit(self.customer), extra.revoked_on), (200_000, day("08-03")))
        with self.assertRaisesRegex(UserError, "not in force"):
            extra.with_user(self.dora).action_revoke()

    def test_what_cannot_be_approved(self):
        with self.assertRaisesRegex(UserError, "no credit grade"):
            self._extra(self.customer, 50_000, day("08-03"), day("08-10"))
        self._give(self.customer, "B")
        with self.assertRaisesRegex(UserError, "that day is over"):
            self._extra(self.customer, 50_000, day("07-01"), day("08-02"))
        self.assertEqual(self._limit(self.customer), 200_000)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_finance_asks_the_director_decides(self):
        self._give(self.customer, "B")
        extra = self._extra(self.customer, 50_000, day("08-03"), day("08-10"), approve=False)
        self.assertEqual(self._limit(self.customer), 200_000)
        for attempt in (
            lambda: extra.with_user(self.fay).approve("Yes"), lambda: extra.with_user(self.ann).approve("Yes"),
            lambda: extra.with_user(self.fay).write({"amount": 1}),
            lambda: self.customer.with_user(self.ann).action_request_extra(),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertEqual(extra.with_user(self.ann).amount, 50_000)

    def test_the_company_s_own_date_counts(self):
        """At 20:00 UTC it is the next day in Shanghai: the extra limit is over there, not in New York."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self._give(self.customer, "B")
        self._extra(self.customer, 50_000, day("08-03"), day("08-10"))
        with freeze_time("2026-08-10 20:00:00"):
            self._run_cron()
        self.assertEqual(self._limit(self.customer), 200_000)

    def test_one_customer_who_cannot_be_written_does_not_stop_the_others(self):
        other = self._customer("Other")
        for customer in (self.customer, other):
            self._give(customer, "B")
            customer.with_company(self.company).credit_limit = 1
        Partner = self.env.registry["res.partner"]
        write = Partner.write

        def refuse(partners, vals):
            if "credit_limit" in vals and self.customer in partners:
                raise UserError("broken")
            return write(partners, vals)

        with patch.object(Partner, "write", refuse), mute_logger(
            "odoo.addons.sales_receivable_followup.models.customer_credit"
        ):
            self._run_cron()
        self.assertEqual([self._limit(customer) for customer in (self.customer, other)], [1, 200_000])

    @settings(max_examples=15, derandomize=True, deadline=None, database=None,
              suppress_health_check=list(HealthCheck))
    @given(EVENTS)
    def test_limit_is_always_grade_plus_valid_extras(self, events):
        """Whatever is approved, ended or edited in whatever order: after each night the limit is the recomputed one."""
        customer = self._customer("Any")
        on, grade, extras = FIRST, "B", []
        with freeze_time(f"{on} 09:00:00"):
            self._give(customer, grade)
        for days, (kind, what) in events:
            on += timedelta(days=days)
            with freeze_time(f"{on} 01:00:00"):
                self._run_cron()
                self.assertEqual(self._limit(customer), self._oracle_limit(on, grade, extras))
                if kind == "grade":
                    grade = what
                    self._give(customer, grade)
                elif kind == "extra":
                    amount, start, length = what
                    first = on + timedelta(days=start)
                    last = first + timedelta(days=length)
                    extras.append([amount, first, last, self._extra(customer, amount, first, last)])
                elif kind == "revoke" and extras:
                    _amount, _first, _last, extra = extras.pop(what % len(extras))
                    extra.with_user(self.dora).action_revoke()
                else:
                    customer.with_company(self.company).credit_limit = 123
                    continue
                self.assertEqual(self._limit(customer), self._oracle_limit(on, grade, extras))

    @staticmethod
    def _oracle_limit(on, grade, extras):
        return LIMITS[grade] + sum(amount for amount, first, last, _extra in extras if first <= on <= last)
