# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""PK-11 `credit_director`: a pack of sales_discipline's loader with records of sales_receivable_followup."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, freeze_time, tagged

from odoo.addons.sales_discipline.models.policy_pack_loader import NEW_VERSION, NOT_LOADED

CODE = "credit_director"


@freeze_time("2026-08-03 09:00:00")
@tagged("post_install", "-at_install")
class TestCreditDirectorPack(TransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Pack = cls.env["sales.policy.pack"]
        cls.companies = cls.env["res.company"].create([{"name": "North"}, {"name": "South"}])

    def load(self, company, valid_from=date(2026, 8, 1)):
        plan = self.Pack._load_pack(CODE, self.Pack._read_available(CODE), company, valid_from)
        return [step for step in plan if step.action != NOT_LOADED]

    def policies(self, company):
        return self.env["sales.customer.grade.policy"].search([("company_id", "=", company.id)])

    def test_two_companies_each_load_their_own_grades(self):
        """GRD-01, GRD-02: grades A to D, days and amounts empty as the regulation leaves them."""
        for company in self.companies:
            self.assertTrue(self.load(company))
            policy = self.policies(company)
            self.assertEqual((len(policy), policy.state), (1, "draft"))
            grades = policy.version_ids.grade_ids
            self.assertEqual(grades.mapped("code"), ["A", "B", "C", "D"])
            self.assertEqual((grades.company_id, str(policy.version_ids.valid_from)), (company, "2026-08-01"))
            self.assertFalse(any(grades.mapped("credit_days")) or any(grades.mapped("credit_limit")))
            with self.assertRaisesRegex(UserError, "Grade A has no credit period"):
                policy.action_activate()

    def test_loading_again_changes_nothing(self):
        company = self.companies[0]
        self.load(company)
        ids = self.policies(company).version_ids.grade_ids.ids
        self.policies(company).action_use_example()
        self.assertEqual(self.load(company), [])
        self.assertEqual(self.policies(company).version_ids.grade_ids.ids, ids)
        self.assertEqual(self.policies(company).version_ids.grade_ids[0].credit_limit, 500_000)

    def test_filled_with_the_examples_it_can_be_used(self):
        company = self.companies[0]
        self.load(company)
        policy = self.policies(company)
        policy.action_use_example()
        policy.action_activate()
        self.assertEqual(
            [grade._terms() for grade in policy.version_ids.grade_ids], [(60, 500_000), (30, 200_000), (15, 50_000), (0, 0)])

    def test_removed_nothing_is_left(self):
        company, other = self.companies
        self.load(company)
        self.load(other)
        self.Pack.search([("company_id", "=", company.id)]).action_remove()
        self.assertFalse(self.policies(company))
        self.assertFalse(self.env["sales.customer.grade"].search([("company_id", "=", company.id)]))
        self.assertFalse(self.env["ir.model.data"].search([("module", "=", self.Pack._module_name(CODE, company))]))
        self.assertEqual(len(self.policies(other)), 1)

    def graded(self, name="Grade A"):
        company = self.companies[0]
        self.load(company)
        policy = self.policies(company)
        policy.action_use_example()
        policy.version_ids.grade_ids[0].name = name
        policy.action_activate()
        policy.version_ids.judged = True
        return company, policy

    def test_grades_that_were_used_are_archived_not_deleted(self):
        company, policy = self.graded()
        self.Pack.search([("company_id", "=", company.id)]).action_remove()
        self.assertEqual((policy.state, len(policy.version_ids.grade_ids)), ("archived", 4))

    def test_loading_over_grades_that_were_used_makes_a_new_version(self):
        """Design 2: what the pack says differently becomes a version from a date; figures that were entered stay."""
        company, policy = self.graded(name="Best customers")
        steps = self.load(company, valid_from=date(2026, 9, 1))
        self.assertIn(NEW_VERSION, [step.action for step in steps])
        old, new = policy.version_ids.sorted("valid_from")
        self.assertEqual((old.grade_ids[0].name, new.grade_ids[0].name), ("Best customers", "Grade A"))
        self.assertEqual([grade.credit_days for grade in new.grade_ids], [60, 30, 15, 0])
        self.assertEqual((str(new.valid_from), new.judged), ("2026-09-01", False))
