# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class OrderCreditReason(models.TransientModel):
    """Asks for the reason without which nothing is asked for, approved or refused."""

    _name = "sales.order.credit.reason"
    _description = "Reason of a Credit Decision"

    order_id = fields.Many2one("sale.order", readonly=True)
    request_ids = fields.Many2many("sales.order.credit.request", readonly=True)
    agreement_ids = fields.Many2many("sales.settlement.agreement", readonly=True)
    liability_ids = fields.Many2many("sales.settlement.liability", readonly=True)
    promise_ids = fields.Many2many("sales.payment.promise", readonly=True)
    purpose = fields.Selection(
        [
            ("request", "Request approval"), ("approved", "Approve"), ("refused", "Refuse"), ("waive", "Waive"),
            ("withdraw", "Withdraw"),
        ],
        required=True, readonly=True,
    )
    findings = fields.Text(string="What Stands Against It", compute="_compute_findings")
    reason = fields.Text(required=True)

    @api.depends("order_id", "request_ids")
    def _compute_findings(self):
        for wizard in self:
            if not wizard.order_id:
                wizard.findings = "\n".join(wizard.request_ids.mapped("findings"))
                continue
            findings, facts = wizard.order_id._credit_findings().get(wizard.order_id, ([], None))
            wizard.findings = "\n".join(wizard.order_id._credit_sentence(finding, facts) for finding in findings)

    @api.model
    def _open(self, records, purpose):
        field = {
            "sale.order": "order_id",
            "sales.order.credit.request": "request_ids",
            "sales.settlement.agreement": "agreement_ids",
            "sales.settlement.liability": "liability_ids",
            "sales.payment.promise": "promise_ids",
        }[records._name]
        names = dict(self._fields["purpose"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": names[purpose],
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_purpose": purpose, f"default_{field}": records.id if field == "order_id" else records.ids,
            },
        }

    def action_apply(self):
        """Do what was begun, with the rights and checks of the method that does it."""
        self.ensure_one()
        if self.purpose == "request":
            self.order_id.action_request_credit_approval(self.reason)
        elif self.purpose == "waive":
            self.liability_ids.action_waive(self.reason)
        elif self.purpose == "withdraw":
            self.promise_ids.action_withdraw(self.reason)
        else:
            for records in (self.request_ids, self.agreement_ids):
                if records and self.purpose == "approved":
                    records.action_approve(self.reason)
                elif records:
                    records.action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
