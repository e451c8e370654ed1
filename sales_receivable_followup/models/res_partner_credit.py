# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .credit_request_mixin import FINANCE
from .grade_policy_version import STANDINGS

USER = "sales_receivable_followup.group_arrears_user"


class ResPartner(models.Model):
    """The credit of a customer in the company one works in; others' customers show nothing (GRD-02)."""

    _inherit = "res.partner"

    customer_credit_ids = fields.One2many(
        "sales.customer.credit", "partner_id", string="Credit History", groups=USER
    )
    customer_credit_id = fields.Many2one(
        "sales.customer.credit", string="Credit in Force", compute="_compute_customer_credit_id", groups=USER
    )
    credit_grade_id = fields.Many2one(
        "sales.customer.grade", compute="_compute_customer_credit_id", search="_search_credit_grade_id", groups=USER
    )
    grade_credit_limit = fields.Monetary(
        string="Credit Limit Today", compute="_compute_customer_credit_id", groups=USER,
        help="Limit of the grade plus extra limits that are valid today.",
    )
    grade_credit_days = fields.Integer(string="Credit Days", compute="_compute_customer_credit_id", groups=USER)
    credit_standing = fields.Selection(
        STANDINGS, company_dependent=True, copy=False, groups=FINANCE,
        help="Finance's own rating of how sound the customer is. Empty: not rated, so it is not judged.",
    )
    credit_extra_ids = fields.One2many(
        "sales.customer.credit.extra", "partner_id", string="Extra Limits", groups=USER
    )

    @api.depends("customer_credit_ids.date_to")
    @api.depends_context("company", "uid")
    def _compute_customer_credit_id(self):
        current = self.env["sales.customer.credit"]._current(self.env.company, self.commercial_partner_id)
        for partner in self:
            credit = current.get(partner.commercial_partner_id.id, self.env["sales.customer.credit"])
            partner.customer_credit_id = credit
            partner.credit_grade_id = credit.grade_id
            partner.grade_credit_limit = credit.limit_today
            partner.grade_credit_days = credit.credit_days

    def _search_credit_grade_id(self, operator, value):
        if operator not in ("in", "ilike", "any"):
            return NotImplemented
        return Domain("customer_credit_ids", "any", [
            ("company_id", "=", self.env.company.id), ("date_to", "=", False), ("grade_id", operator, value),
        ])

    def action_propose_grade(self):
        """Let finance propose a grade for the customer, with a reason."""
        return self._credit_request_action("sales.customer.grade.proposal", self.env._("Propose a Grade"))

    def action_request_extra(self):
        """Let finance ask for a temporary extra limit for the customer."""
        return self._credit_request_action("sales.customer.credit.extra", self.env._("Request Extra Limit"))

    def _credit_request_action(self, model, name):
        self.ensure_one()
        if not self.env.user.has_group(FINANCE):
            raise AccessError(self.env._("Only finance asks for another grade or an extra limit."))
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "current",
            "context": {
                "default_partner_id": self.commercial_partner_id.id, "default_company_id": self.env.company.id,
            },
        }

    def action_view_credit_history(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id("sales_receivable_followup.sales_customer_credit_action"),
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {},
        }
