# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SalesCreditDecision(models.TransientModel):
    """The director's decision about one or many requests, with its reason."""

    _name = "sales.credit.decision"
    _description = "Credit Decision"

    proposal_ids = fields.Many2many("sales.customer.grade.proposal", "sales_credit_decision_proposal_rel")
    extra_ids = fields.Many2many("sales.customer.credit.extra", "sales_credit_decision_extra_rel")
    reason = fields.Text(help="Kept with the decision; needed to reject.")

    def action_approve(self):
        for requests in self._requests():
            requests.approve(self.reason)
        return {"type": "ir.actions.act_window_close"}

    def action_reject(self):
        for requests in self._requests():
            requests.reject(self.reason)
        return {"type": "ir.actions.act_window_close"}

    def _requests(self):
        self.ensure_one()
        return [requests for requests in (self.proposal_ids, self.extra_ids) if requests]
