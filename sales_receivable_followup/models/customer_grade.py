# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from .grade_policy_version import STANDINGS

CREDIT, CASH = "credit", "cash"


class SalesCustomerGrade(models.Model):
    """One grade of a policy's version: what it asks of a customer, and what it gives (GRD-02)."""

    _name = "sales.customer.grade"
    _description = "Customer Grade"
    _order = "version_id, sequence, id"

    _code_uniq = models.Constraint("UNIQUE (version_id, code)", "Two grades of one version cannot share a code.")
    _amounts_not_negative = models.Constraint(
        "CHECK (credit_days >= 0 AND credit_limit >= 0 AND volume_from >= 0 AND days_late_to >= 0)",
        "Days, limit and bounds of a grade cannot be negative.",
    )
    _broken_promises_not_negative = models.Constraint(
        "CHECK (broken_promises_to >= 0)", "The broken promises of a grade cannot be negative."
    )

    version_id = fields.Many2one(
        "sales.customer.grade.policy.version", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="version_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10, help="Best grade first; the last one takes whoever reaches no other.")
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    settlement = fields.Selection(
        [(CREDIT, "On credit"), (CASH, "Cash")], required=True, default=CREDIT,
        help="On credit: credit period and limit are required before the policy is activated. Cash: paid at once, "
        "the limit is 0.",
    )
    credit_days = fields.Integer(help="Days a customer of this grade has to pay (GRD-02). The regulation leaves it open.")
    payment_term_id = fields.Many2one(
        "account.payment.term", string="Payment Terms",
        domain="[('company_id', 'in', (False, company_id))]",
        help="Empty: terms of as many days as the credit period are looked up or made.",
    )
    credit_limit = fields.Monetary(
        help="What a customer of this grade may owe (GRD-02). The regulation leaves it open."
    )
    visit_class = fields.Char(
        string="Proposed Visit Class", help="How often a customer of this grade should be visited, as a proposal."
    )
    volume_from = fields.Monetary(
        help="Untaxed invoices less credit notes of the months looked at, at least. 0: not asked."
    )
    judge_days_late = fields.Boolean(string="Judge Payment", help="Ask how late the customer pays.")
    days_late_to = fields.Float(
        string="Days Late Up To", help="Average days late at most, weighted by amount; what is overdue counts as well."
    )
    judge_promises = fields.Boolean(help="Ask how many of his promises to pay the customer broke.")
    broken_promises_to = fields.Integer(
        string="Broken Promises Up To", help="Promises to pay of the months looked at that were broken, at most."
    )
    standing_from = fields.Selection(
        STANDINGS, help="Credit standing entered by finance, at least. Empty: not asked."
    )
    summary = fields.Char(compute="_compute_summary")

    @api.depends("code", "name")
    def _compute_display_name(self):
        for grade in self:
            words = (grade.name or "").split()
            grade.display_name = " ".join(words if grade.code in words else [grade.code or "", *words])

    @api.depends("code", "settlement", "credit_days", "credit_limit", "payment_term_id.name", "currency_id")
    @api.depends_context("lang")
    def _compute_summary(self):
        for grade in self:
            if grade.settlement == CASH:
                grade.summary = self.env._("%(code)s cash", code=grade.code)
            elif not grade.credit_limit or not (grade.credit_days or grade.payment_term_id):
                grade.summary = self.env._("%(code)s still empty", code=grade.code)
            else:
                limit = format_amount(self.env, grade.credit_limit, grade.currency_id)
                if grade.payment_term_id:
                    grade.summary = self.env._(
                        "%(code)s %(term)s, %(limit)s", code=grade.code, term=grade.payment_term_id.name, limit=limit)
                else:
                    grade.summary = self.env._(
                        "%(code)s %(days)s days, %(limit)s", code=grade.code, days=grade.credit_days, limit=limit)

    @api.model_create_multi
    def create(self, vals_list):
        versions = self.env["sales.customer.grade.policy.version"].browse(
            {vals["version_id"] for vals in vals_list if vals.get("version_id")})
        versions._check_not_judged()
        grades = super().create(vals_list)
        grades._check_active()
        return grades

    def write(self, vals):
        self.version_id._check_not_judged()
        result = super().write(vals)
        self.version_id._check_not_judged()
        self._check_active()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_judged(self):
        self.version_id._check_not_judged()

    def _check_active(self):
        """The grades of an active policy stay whole."""
        for grade in self.filtered(lambda grade: grade.version_id.policy_id.state == "active"):
            grade._check_terms()

    def _check_terms(self):
        """:raise UserError: credit without period or limit"""
        self.ensure_one()
        if self.settlement == CASH:
            return
        if not self.credit_days and not self.payment_term_id:
            raise UserError(self.env._(
                "Grade %(code)s has no credit period: enter days or payment terms, or make it a cash grade.",
                code=self.code))
        if not self.credit_limit:
            raise UserError(self.env._(
                "Grade %(code)s has no credit limit: enter an amount, or make it a cash grade.", code=self.code))

    def _terms(self):
        """(credit days, credit limit) that the grade gives."""
        self.ensure_one()
        return (0, 0.0) if self.settlement == CASH else (self.credit_days, self.credit_limit)

    def _payment_term(self):
        """The payment terms that the grade gives; made when there are none of as many days."""
        self.ensure_one()
        if self.payment_term_id and self.settlement == CREDIT:
            return self.payment_term_id
        days = self._terms()[0]
        # sudo: who approves a grade need not be allowed to make payment terms
        Term = self.env["account.payment.term"].sudo()
        for term in Term.search([("company_id", "in", (False, self.company_id.id))], order="company_id, sequence, id"):
            line = term.line_ids
            if len(line) == 1 and not term.early_discount and (line.value, line.value_amount) == ("percent", 100) and (
                line.delay_type == "days_after" and line.nb_days == days
            ):
                return term
        return Term.create({
            "name": self.env._("%(days)s Days", days=days) if days else self.env._("Immediate Payment"),
            "company_id": self.company_id.id,
            "line_ids": [(0, 0, {
                "value": "percent", "value_amount": 100, "delay_type": "days_after", "nb_days": days,
            })],
        })
