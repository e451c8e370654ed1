# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .credit_common import CreditCase


@freeze_time("2026-08-03 09:00:00")
@tagged("post_install", "-at_install")
class TestKeyAccount(CreditCase):
    """KAM-01 to KAM-05, GRD-06: the card of a key account."""

    def _card(self, user=None, **values):
        return self.env["sales.key.account"].create({
            "partner_id": self._customer("Key", user or self.ann, street="Main Street 1", phone="021-5").id, **values,
        })

    def test_four_classes_each_with_its_treatment(self):
        """KAM example 1: 80/70 star, 80/30 question, 30/70 cash cow, 30/30 the fourth class (KAM-02 to KAM-04)."""
        expected = {
            (80, 70): ("star", "keep the good relation"), (80, 30): ("question", "improve the relation"),
            (30, 70): ("cow", "at little cost"), (30, 30): ("dog", "Visit rarely"),
        }
        for (attractiveness, position), (key_account_class, treatment) in expected.items():
            card = self._card(attractiveness=attractiveness, position=position, is_scored=True)
            self.assertEqual(card.key_account_class, key_account_class)
            self.assertIn(treatment, card.treatment)
        self.company.key_account_treatment_dog = "Say goodbye"
        self.assertEqual(card.treatment, "Say goodbye")

    def test_border_is_a_setting(self):
        card = self._card(attractiveness=50, position=49, is_scored=True)
        self.assertEqual(card.key_account_class, "question")
        self.company.key_account_threshold = 40
        self.assertEqual(card.key_account_class, "star")

    def test_not_scored_is_no_class(self):
        """Missing is not zero: a new card is not a dog."""
        card = self._card()
        self.assertFalse(card.key_account_class or card.treatment)
        card.with_user(self.tom).sudo().write({"position": 0, "attractiveness": 0})
        self.assertEqual((card.key_account_class, str(card.reviewed_on)), ("dog", "2026-08-03"))

    def test_completeness_names_what_is_missing(self):
        """KAM example 2: a card without consumer group is below 100%; KAM-05, GRD-06 say what belongs to it."""
        card = self._card(
            company_kind="Chain store", strategy="Growth", target_market="Coast", credit_period="60 days", discount="2 %",
        )
        card.contact_id = self.env["res.partner"].create(
            {"name": "Li", "parent_id": card.partner_id.id, "function": "Buyer", "phone": "021-6"})
        self.assertEqual((card.completeness, card.missing), (90, "Consumer Group"))
        card.consumer_group = "Families"
        self.assertEqual((card.completeness, card.missing), (100, ""))
        card.discount = card.partner_id.street = False
        self.assertEqual(card.missing, "Address, Discount")

    def test_salesperson_fills_in_the_card_manager_scores(self):
        card = self._card()
        with Form(card.with_user(self.ann)) as form:
            form.credit_period = "30 days"
        self.assertEqual(card.credit_period, "30 days")
        for values in ({"attractiveness": 90}, {"is_scored": True}, {"active": False}):
            with self.assertRaisesRegex(UserError, "[Mm]anager"):
                card.with_user(self.ann).write(values)
        foreign = self._card(self.tom)
        with mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule"):
            for attempt in (
                lambda: foreign.with_user(self.ann).write({"fax": "1"}),
                lambda: self.env["sales.key.account"].with_user(self.ann).create({"partner_id": card.partner_id.id}),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_review_of_the_year(self):
        card = self._card(attractiveness=80, position=70, is_scored=True)
        with freeze_time("2027-08-04 09:00:00"):
            due = self.env["sales.key.account"].search([("reviewed_on", "<", "today -1y")])
            self.assertIn(card, due)
            card.with_user(self.dora).action_confirm_scores()
        self.assertEqual(str(card.reviewed_on), "2027-08-04")

    def test_one_card_for_a_customer(self):
        card = self._card()
        with self.assertRaisesRegex(UserError, "already has a key account card"):
            self.env["sales.key.account"].create({"partner_id": card.partner_id.id})
