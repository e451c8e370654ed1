# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class OrderCreditReason(models.TransientModel):
    """Asks for the reason without which nothing is asked for, approved or refused."""

    _name = "sales.order.credit.reason"
    _description = "Reason of a Credit Decision"

    order_id = fields.Many2one("sale.order", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    is_confirmed = fields.Boolean(compute="_compute_is_confirmed")
    currency_id = fields.Many2one(related="order_id.currency_id")
    total = fields.Monetary(string="New Total", help="What the confirmed order is to be worth, taxes included.")
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

    @api.depends("order_id")
    def _compute_is_confirmed(self):
        for wizard in self:
            wizard.is_confirmed = wizard.order_id.state == "sale"

    @api.depends("order_id", "move_id", "request_ids", "total")
    def _compute_findings(self):
        for wizard in self:
            document = wizard._document()
            if not document:
                wizard.findings = "\n".join(wizard.request_ids.mapped("findings"))
                continue
            totals = {document: wizard.total} if wizard.is_confirmed and wizard.total else None
            findings, facts = document._credit_findings(wizard._stage(), totals=totals).get(document, ([], None))
            wizard.findings = "\n".join(document._credit_sentence(finding, facts) for finding in findings)

    def _document(self):
        """What is asked about; nothing where something is decided."""
        return self.order_id or self.move_id

    def _stage(self):
        """Where it was held, where that is not where the document is usually checked."""

    @api.model
    def _fields_of_records(self):
        return {
            "sale.order": "order_id",
            "account.move": "move_id",
            "sales.order.credit.request": "request_ids",
            "sales.settlement.agreement": "agreement_ids",
            "sales.settlement.liability": "liability_ids",
            "sales.payment.promise": "promise_ids",
        }

    @api.model
    def _open(self, records, purpose):
        field = self._fields_of_records()[records._name]
        names = dict(self._fields["purpose"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": names[purpose],
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_purpose": purpose,
                f"default_{field}": records.id if self._fields[field].type == "many2one" else records.ids,
            },
        }

    def action_apply(self):
        """Do what was begun, with the rights and checks of the method that does it."""
        self.ensure_one()
        if self.purpose == "request":
            self._ask()
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

    def _ask(self):
        if self.is_confirmed:
            self.order_id.action_request_credit_approval(self.reason, self.total)
        else:
            self._document().action_request_credit_approval(self.reason)
