# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.grading import grade
from .credit_request_mixin import FINANCE, PROPOSED, WITHDRAWN
from .grade_policy import ACTIVE
from .grade_query import days_late, volumes
from .payment_promise_query import broken


class SalesCustomerGradeProposal(models.Model):
    """A customer's grade by the figures of a day, or by a person's judgement, waiting for the director (GRD-01)."""

    _name = "sales.customer.grade.proposal"
    _description = "Grade Proposal"
    _inherit = ["sales.credit.request.mixin"]
    _decision_default = "default_proposal_ids"
    _asked = {"partner_id", "company_id", "reason", "grade_id"}

    grade_id = fields.Many2one(
        "sales.customer.grade", string="New Grade", required=True, index=True, ondelete="restrict",
        domain="[('company_id', '=', company_id), ('version_id.policy_id.state', '=', 'active')]",
    )
    version_id = fields.Many2one(related="grade_id.version_id", string="Grading Policy Version")
    old_credit_id = fields.Many2one("sales.customer.credit", readonly=True, index="btree_not_null", ondelete="restrict")
    old_code = fields.Char(related="old_credit_id.code", string="Grade Today")
    old_limit = fields.Monetary(related="old_credit_id.credit_limit", string="Limit Today")
    new_code = fields.Char(related="grade_id.code", string="New Grade Code")
    new_days = fields.Integer(string="New Credit Days", compute="_compute_new_terms")
    new_limit = fields.Monetary(compute="_compute_new_terms")
    is_automatic = fields.Boolean(readonly=True, help="Proposed by the figures, not by a person.")
    volume = fields.Monetary(readonly=True, help="Untaxed invoices less credit notes of the months looked at.")
    average_days_late = fields.Float(readonly=True, digits=(16, 1), aggregator="avg")
    broken_promises = fields.Integer(readonly=True, help="Promises to pay of the months looked at that were broken.")

    @api.depends("grade_id")
    def _compute_new_terms(self):
        for proposal in self:
            proposal.new_days, proposal.new_limit = proposal.grade_id._terms() if proposal.grade_id else (0, 0)

    @api.depends("partner_id.name", "grade_id.code", "old_credit_id.code")
    def _compute_display_name(self):
        for proposal in self:
            proposal.display_name = self.env._(
                "%(customer)s: %(old)s to %(new)s", customer=proposal.partner_id.name or "",
                old=proposal.old_credit_id.code or "-", new=proposal.grade_id.code or "-")

    @api.model
    def _undecided(self):
        return {
            **super()._undecided(), "is_automatic": False, "old_credit_id": False, "volume": 0, "average_days_late": 0,
            "broken_promises": 0,
        }

    @api.model_create_multi
    def create(self, vals_list):
        proposals = super().create(vals_list)
        for company, of_company in proposals.filtered(lambda row: not row.is_automatic).grouped("company_id").items():
            # sudo: what the proposal is compared with is a fact, the person does not choose it
            current = self.env["sales.customer.credit"].sudo()._current(company, of_company.partner_id)
            for proposal in of_company:
                if not (proposal.reason or "").strip():
                    raise UserError(self.env._("Say why you propose the grade: the director decides by your reason."))
                proposal._check_version()
                proposal.sudo().old_credit_id = current.get(proposal.partner_id.id)
        return proposals

    def _check_version(self):
        """:raise UserError: the grade is not one of the version that is in force in the company"""
        for proposal in self:
            version = proposal.version_id
            policy = version.policy_id
            if proposal.grade_id.company_id != proposal.company_id or policy.state != ACTIVE or (
                policy._version_on(proposal.company_id._arrears_today()) != version
            ):
                raise UserError(self.env._(
                    "%(proposal)s: grade %(grade)s is not of the policy that is in force in %(company)s. Withdraw the "
                    "proposal and propose again.", proposal=proposal.display_name, grade=proposal.grade_id.display_name,
                    company=proposal.company_id.name))

    def _check_can_come_into_force(self):
        self._check_version()
        for proposals in self.grouped("company_id").values():
            twice = [partner for partner, rows in proposals.grouped("partner_id").items() if len(rows) > 1]
            if twice:
                raise UserError(self.env._(
                    "Approve one proposal of %(customer)s at a time.", customer=twice[0].name))

    def _put_into_force(self):
        for company, proposals in self.grouped("company_id").items():
            proposals.version_id.write({"judged": True})
            self.env["sales.customer.credit"]._grant([
                {
                    "partner_id": proposal.partner_id.id, "grade_id": proposal.grade_id.id,
                    "proposal_id": proposal.id, "decided_by_id": proposal.decided_by_id.id,
                    "reason": "\n".join(text for text in (proposal.reason, proposal.decision) if text),
                }
                for proposal in proposals
            ], company)

    # --- grading all customers of a company ---

    @api.model
    def _propose(self, policy):
        """Grade the customers of the policy's company by today's figures and propose what would change.

        An open proposal of the figures that no longer agrees with them is withdrawn; one made by a person stays and
        is left to the director.

        :return: the new proposals
        """
        if not self.env.su and not self.env.user.has_group(FINANCE):
            raise AccessError(self.env._("Only finance proposes grades."))
        policy.check_access("read")
        company = policy.company_id
        today = company._arrears_today()
        version = policy._version_on(today)
        if policy.state != ACTIVE or not version:
            raise UserError(self.env._(
                "Policy '%(policy)s' is not in force: activate it, with a version that has begun.", policy=policy.name))
        version._check_complete()
        # sudo: figures of all customers, whoever of finance asks; proposals are written by grading only
        return self.sudo()._propose_by(version.sudo(), company, today)

    @api.model
    def _propose_by(self, version, company, today):
        figures = self._figures(version, company, today)
        current = self.env["sales.customer.credit"]._current(company)
        waiting = {}
        for proposal in self.search([("company_id", "=", company.id), ("state", "=", PROPOSED)]):
            waiting[proposal.partner_id.id] = waiting.get(proposal.partner_id.id, self) | proposal
        criteria, grades = version._criteria(), list(version.grade_ids.sorted())
        vals_list, outdated = [], self.browse()
        for partner_id in sorted(figures.keys() | current.keys()):
            of_partner = figures.get(partner_id, {})
            band, findings = grade(criteria, of_partner)
            credit, open_ones = current.get(partner_id), waiting.get(partner_id, self.browse())
            if band is None or (credit and self._says_the_same(credit, grades[band])):
                outdated |= open_ones.filtered("is_automatic")
                continue
            if open_ones.filtered(lambda row, band=band: row.grade_id == grades[band] or not row.is_automatic):
                continue
            outdated |= open_ones
            vals_list.append({
                "partner_id": partner_id, "company_id": company.id, "grade_id": grades[band].id,
                "old_credit_id": credit.id if credit else False, "is_automatic": True,
                "volume": of_partner.get("volume") or 0, "average_days_late": of_partner.get("days_late") or 0,
                "broken_promises": of_partner.get("promises") or 0,
                "reason": version._explain(findings),
            })
        outdated.with_context(skip_validation_check=True).write({
            "state": WITHDRAWN, "decision": self.env._("The figures say something else by now."),
        })
        if vals_list:
            version.judged = True
        return self._silent().create(vals_list).with_env(self.env)

    @api.model
    def _says_the_same(self, credit, new):
        return credit.code == new.code and (credit.credit_days, credit.credit_limit) == new._terms() and (
            not new.payment_term_id or credit.payment_term_id == new.payment_term_id
        )

    @api.model
    def _figures(self, version, company, today):
        """{partner id: {criterion: figure}}; what is not known is missing."""
        start = fields.Date.subtract(today, months=version.months)
        accounts, _advance = company._arrears_accounts()
        self.env.flush_all()
        figures = {}
        for name, query in (
            ("volume", volumes(company.id, start, today)),
            ("days_late", accounts and days_late(
                company.id, accounts.ids, company.currency_exchange_journal_id.id, start, today)),
            ("promises", broken(company.id, start, today)),
        ):
            for partner_id, value in self.env.execute_query(query) if query else ():
                figures.setdefault(partner_id, {})[name] = float(value)
        rated = self.env["res.partner"].with_company(company).search_fetch(
            [("credit_standing", "!=", False), ("parent_id", "=", False), ("company_id", "in", (False, company.id))],
            ["credit_standing"],
        )
        for partner in rated:
            figures.setdefault(partner.id, {})["standing"] = int(partner.credit_standing)
        return figures
