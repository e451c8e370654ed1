# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .credit_common import CreditCase


@freeze_time("2026-08-03 09:00:00")
@tagged("post_install", "-at_install")
class TestGradeTiers(CreditCase):
    """GRD-01, GRD-03: where a company has a tier definition, its reviewers decide (the director)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._user("boss", groups="sales_receivable_followup.group_arrears_finance")
        cls.env["tier.definition"].create({
            "name": "Director", "model_id": cls.env["ir.model"]._get_id("sales.customer.grade.proposal"),
            "review_type": "individual", "reviewer_id": cls.boss.id, "company_id": cls.company.id,
        })
        cls.customer = cls._customer("Buyer")

    def test_models_can_have_tiers(self):
        names = self.env["tier.definition"]._get_tier_validation_model_names()
        self.assertLessEqual({"sales.customer.grade.proposal", "sales.customer.credit.extra"}, set(names))

    def test_the_reviewer_decides(self):
        proposal = self._propose(self.customer, "B")
        proposal.with_user(self.fay).request_validation()
        with self.assertRaises(ValidationError):
            proposal.with_user(self.dora).approve("Over his head")
        self.assertEqual(proposal.state, "proposed")

        proposal.with_user(self.boss).validate_tier()

        self.assertEqual((proposal.state, proposal.decided_by_id), ("approved", self.boss))
        self.assertEqual(self._limit(self.customer), 200_000)
        self.assertEqual(len(self.customer.customer_credit_ids), 1)

    def test_the_reviewer_rejects(self):
        proposal = self._propose(self.customer, "A")
        proposal.with_user(self.fay).request_validation()
        proposal.with_user(self.boss).reject_tier()
        self.assertEqual((proposal.state, proposal.decided_by_id), ("rejected", self.boss))
        self.assertFalse(self.customer.customer_credit_ids)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_writing_reviews_by_hand_approves_nothing(self):
        """Every user may write rows of reviews; the decision asks the definition who decides."""
        proposal = self._propose(self.customer, "A")
        review = proposal.with_user(self.fay).request_validation()
        review.with_user(self.fay).write({"reviewer_ids": [(4, self.fay.id)]})
        proposal.with_user(self.fay).validate_tier()
        review.with_user(self.fay).write({"status": "approved", "done_by": self.boss.id})
        self.assertEqual(proposal.state, "proposed")
        with self.assertRaises(AccessError):
            proposal.with_user(self.fay).approve("Done")
        self.assertFalse(self.customer.customer_credit_ids)
