# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .test_policies import PolicyCase


@tagged("post_install", "-at_install")
class TestPolicyPhone(PolicyCase, HttpCase):
    """A salesperson with his phone in his hand (POL-06)."""

    browser_size = "390x844"
    touch_enabled = True

    def test_salesperson_reads_and_accepts(self):
        policy = self._issued()
        self.start_tour("/odoo/my-policies", "policy_accept_phone_tour", login="ann")
        self.assertEqual(self._receipts(policy, self.ann).state, "accepted")
        self.assertEqual(self._receipts(policy, self.bob).state, "pending")


@tagged("post_install", "-at_install")
class TestPolicyDesk(PolicyCase, HttpCase):

    def test_administrator_writes_and_issues(self):
        """POL-05, POL-08: from the empty form to everybody's task."""
        self.start_tour("/odoo/policies", "policy_issue_tour", login="ida")
        policy = self.env["sales.policy"].search([("company_id", "=", self.company.id)])
        self.assertEqual((policy.state, policy.version_id.step), ("in_force", "test"))
        self.assertIn(self.ann, self._receipts(policy).employee_id)
