# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, split_every

from ..engine.grading import limit_on

_logger = logging.getLogger(__name__)


class SalesCustomerCredit(models.Model):
    """Which grade a customer has in a company, with which terms, from when to when, by whom and why (GRD-02).

    The row without an end is in force. Rows are written when a grade is approved and never edited.
    """

    _name = "sales.customer.credit"
    _description = "Customer Credit"
    _order = "date_from desc, id desc"
    _rec_name = "grade_id"

    # Not unique: core's merge of partners moves rows to one partner and deletes what collides.
    _current_idx = models.Index("(company_id, partner_id) WHERE date_to IS NULL")

    partner_id = fields.Many2one("res.partner", string="Customer", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    grade_id = fields.Many2one("sales.customer.grade", required=True, index=True, ondelete="restrict")
    code = fields.Char(string="Grade Code", required=True)
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Until", help="First day on which it is no longer in force; empty: in force.")
    credit_days = fields.Integer()
    payment_term_id = fields.Many2one("account.payment.term", string="Payment Terms", ondelete="restrict")
    credit_limit = fields.Monetary(help="The grade's limit, without extra limits.")
    extra = fields.Monetary(
        string="Extra Limit Today", compute="_compute_extra", help="Temporary extra limits that are valid today."
    )
    limit_today = fields.Monetary(compute="_compute_extra", help="Limit of the grade plus extra limits valid today.")
    visit_class = fields.Char(string="Proposed Visit Class")
    proposal_id = fields.Many2one("sales.customer.grade.proposal", index="btree_not_null", ondelete="restrict")
    decided_by_id = fields.Many2one("res.users")
    reason = fields.Text()

    @api.depends("credit_limit", "date_to", "partner_id", "company_id")
    def _compute_extra(self):
        for company, rows in self.grouped("company_id").items():
            today = company._arrears_today() if company else fields.Date.context_today(self)
            extras = self.env["sales.customer.credit.extra"]._valid(company, rows.partner_id)
            for row in rows:
                in_force = [] if row.date_to else extras.get(row.partner_id.id, [])
                row.limit_today = limit_on(today, row.credit_limit, in_force)
                row.extra = row.limit_today - row.credit_limit

    @api.model
    def _current(self, company, partners=None):
        """{partner id: the row in force} of a company's customers."""
        domain = [("company_id", "=", company.id), ("date_to", "=", False)]
        if partners is not None:
            domain.append(("partner_id", "in", partners.ids))
        return {row.partner_id.id: row for row in self.search(domain, order="date_from, id")}

    @api.model
    def _grant(self, vals_list, company):
        """Write rows from today on, end those before them, and make core's limit and terms agree.

        :param vals_list: partner_id, grade_id, reason, proposal_id, decided_by_id of each
        """
        today = company._arrears_today()
        Grade = self.env["sales.customer.grade"]
        partners = self.env["res.partner"].browse([vals["partner_id"] for vals in vals_list])
        self.search([
            ("company_id", "=", company.id), ("date_to", "=", False), ("partner_id", "in", partners.ids),
        ]).write({"date_to": today})
        terms = {grade: grade._payment_term() for grade in Grade.browse({vals["grade_id"] for vals in vals_list})}
        rows = self.create([
            {
                **vals, "company_id": company.id, "date_from": today, "code": grade.code, "credit_days": grade._terms()[0],
                "credit_limit": grade._terms()[1], "payment_term_id": terms[grade].id, "visit_class": grade.visit_class,
            }
            for vals in vals_list for grade in Grade.browse(vals["grade_id"])
        ])
        for term, of_term in rows.grouped("payment_term_id").items():
            of_term.partner_id.with_company(company).property_payment_term_id = term
        self._apply_limits(company, partners)
        partners._message_log_batch({row.partner_id.id: row._announcement() for row in rows})
        return rows

    def _announcement(self):
        """What the customer's chatter says of a new row."""
        return self.env._(
            "%(company)s: credit grade %(grade)s from %(date)s, %(days)s days, limit %(limit)s. %(reason)s",
            company=self.company_id.name, grade=self.grade_id.display_name, date=self.date_from, days=self.credit_days,
            limit=format_amount(self.env, self.credit_limit, self.currency_id), reason=self.reason or "")

    # --- core's limit: always computed anew from the grade and the extra limits, never added to ---

    @api.model
    def _limits(self, company, partners=None):
        """{partner: limit of today} of graded customers."""
        current = self._current(company, partners)
        today = company._arrears_today()
        graded = self.env["res.partner"].browse(current)
        extras = self.env["sales.customer.credit.extra"]._valid(company, graded)
        return {
            partner: company.currency_id.round(
                limit_on(today, current[partner.id].credit_limit, extras.get(partner.id, [])))
            for partner in graded
        }

    @api.model
    def _wrong_limits(self, company, partners=None):
        """{limit of today: the partners who have another one in core}"""
        wrong = {}
        for partner, limit in self._limits(company, partners).items():
            if company.currency_id.compare_amounts(partner.with_company(company).credit_limit, limit):
                wrong[limit] = wrong.get(limit, self.env["res.partner"]) | partner
        return wrong

    @api.model
    def _apply_limits(self, company, partners=None):
        for limit, wrong in self._wrong_limits(company, partners).items():
            wrong.with_company(company).credit_limit = limit

    @api.model
    def _cron_limits(self, batch_size=200):
        """Every day, by each company's own date: extra limits begin and end, core's limit follows."""
        todo = [
            (company, limit, batch)
            for company in self.env["res.company"].search([])
            for limit, partners in self._wrong_limits(company).items()
            for batch in split_every(batch_size, partners.ids, self.env["res.partner"].browse)
        ]
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=sum(len(partners) for _company, _limit, partners in todo))
        for company, limit, partners in todo:
            self._set_limit(company, limit, partners)
            if not commit(len(partners)):
                break

    @api.model
    def _set_limit(self, company, limit, partners):
        """Write one limit and tell it; a customer who cannot be written does not stop the others."""
        try:
            with self.env.cr.savepoint():
                before = {partner.id: partner.with_company(company).credit_limit for partner in partners}
                partners.with_company(company).credit_limit = limit
                partners._message_log_batch({
                    partner.id: self.env._(
                        "%(company)s: credit limit %(before)s becomes %(after)s: grade and extra limits valid today.",
                        company=company.name, before=format_amount(self.env, before[partner.id], company.currency_id),
                        after=format_amount(self.env, limit, company.currency_id))
                    for partner in partners
                })
                self.env.flush_all()
        except Exception:
            if len(partners) > 1:
                for partner in partners:
                    self._set_limit(company, limit, partner)
            else:
                _logger.exception("Credit limit of partner %s in company %s could not be set", partners.id, company.id)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The history of a customer's credit is kept."))

    def action_propose_grade(self):
        self.ensure_one()
        return self.partner_id.with_company(self.company_id).action_propose_grade()

    def action_request_extra(self):
        self.ensure_one()
        return self.partner_id.with_company(self.company_id).action_request_extra()
