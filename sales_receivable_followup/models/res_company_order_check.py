# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..engine import credit_check
from ..engine.credit_check import APPROVE, BLOCK, IGNORE, KINDS, ORDER, WARN

CONSEQUENCES = [
    (IGNORE, "Do nothing"),
    (WARN, "Note it, let it pass"),
    (APPROVE, "Wait for approval"),
    (BLOCK, "Refuse"),
]


class ResCompany(models.Model):
    """What a company does about a sale that its customer may not be able to pay (GRD-03, GRD-04).

    ``<stage>_check_<kind>`` says what follows from a kind of finding when the order is confirmed or the invoice posted;
    deliveries are looked at by the add-on for deliveries.
    """

    _inherit = "res.company"

    _order_check_tolerances_positive = models.Constraint(
        "CHECK (order_check_tolerance_days >= 0 AND order_check_tolerance_amount >= 0 "
        "AND order_check_leader_amount >= 0)",
        "Tolerances and the team leader's amount cannot be negative.",
    )

    order_check_limit = fields.Selection(
        CONSEQUENCES, string="Order over the Credit Limit", default=APPROVE, required=True,
        help="Open items, confirmed orders not yet invoiced and the order itself are more than the customer's credit "
        "limit. Only where Sales Credit Limit is switched on in Odoo's own settings.",
    )
    order_check_overdue = fields.Selection(
        CONSEQUENCES, string="Order with Overdue Items", default=WARN, required=True,
        help="The customer has items that are late for longer, and are more, than is tolerated.",
    )
    order_check_authority = fields.Selection(
        CONSEQUENCES, string="Order over the Salesperson's Authority", default=APPROVE, required=True,
        help="Open items of all customers of the salesperson and the order are more than the credit authority that "
        "the company granted. Salespeople without one are not limited.",
    )
    order_check_agreement = fields.Selection(
        CONSEQUENCES, string="Order on Credit without Agreement", default=IGNORE, required=True,
        help="An order that is not payable at once, of a customer who has neither a signed monthly settlement "
        "agreement nor a verbal approval recorded before the order.",
    )
    invoice_check_limit = fields.Selection(
        CONSEQUENCES, string="Invoice over the Credit Limit", default=WARN, required=True,
        help="With this invoice, open items and confirmed orders not yet invoiced are more than the customer's credit "
        "limit. What an order counted already is counted once.",
    )
    invoice_check_overdue = fields.Selection(
        CONSEQUENCES, string="Invoice with Overdue Items", default=WARN, required=True,
        help="The customer has other items that are late for longer, and are more, than is tolerated.",
    )
    invoice_check_authority = fields.Selection(
        CONSEQUENCES, string="Invoice over the Salesperson's Authority", default=WARN, required=True,
        help="Open items of all customers of the salesperson and the invoice are more than the credit authority that "
        "the company granted.",
    )
    invoice_check_agreement = fields.Selection(
        CONSEQUENCES, string="Invoice on Credit without Agreement", default=IGNORE, required=True,
        help="An invoice that is not payable at once, of a customer who has neither a signed monthly settlement "
        "agreement nor a verbal approval.",
    )
    invoice_check_pass_delivered = fields.Boolean(
        string="Invoices of Delivered Goods Are Never Held", default=True,
        help="The goods have left; without the invoice they would not even be owed. What stands against it is noted.",
    )
    order_check_tolerance_days = fields.Integer(
        string="Tolerated Days Overdue", default=0, help="Items late for this many days or fewer are no obstacle.",
    )
    order_check_tolerance_amount = fields.Monetary(
        string="Tolerated Overdue Amount", help="Overdue items up to this amount in total are no obstacle.",
    )
    order_check_leader_amount = fields.Monetary(
        string="Team Leader Approves up to",
        help="Excess up to which the leader of the order's sales team may let it pass. Above it, and for a "
        "salesperson's own authority, the approvers below decide. 0: always they.",
    )
    order_check_approver_ids = fields.Many2many(
        "res.users", "res_company_order_check_approver_rel", string="Approvers of Orders",
        domain=[("share", "=", False)],
        help="Finance or directors who let orders pass that wait; they need a right of Receivables. Empty: the "
        "administrators of Receivables.",
    )
    order_check_pass_immediate = fields.Boolean(
        string="Orders Payable at Once Pass", default=True,
        help="An order with immediate payment terms is not checked. Who has paid in full is never checked.",
    )

    def _order_check_policy(self, stage=ORDER):
        self.ensure_one()
        return credit_check.Policy(
            **{kind: self[f"{stage}_check_{kind}"] for kind in KINDS},
            tolerance_days=self.order_check_tolerance_days,
            tolerance_amount=self.order_check_tolerance_amount,
            digits=self.currency_id.decimal_places,
        )

    def _order_check_directors(self):
        """Users who may let any order pass: the approvers of the company, or the administrators of Receivables."""
        self.ensure_one()
        company = self.sudo()  # sudo: who asks for an approval has no right to read users and groups
        chosen = company.order_check_approver_ids or self.env.ref(
            "sales_receivable_followup.group_arrears_administrator",
        ).sudo().all_user_ids.sorted("id")
        return chosen.filtered(
            lambda user: user.active and company in user.company_ids
            and user.has_group("sales_receivable_followup.group_arrears_user"),
        )
