# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import settlement
from . import settlement_query
from .settlement_agreement import APPROVED, DRAFT, ENDED, FINANCE, MONTHLY, REFUSED, REQUESTED, SIGNED

KILOGRAMS_PER_POUND = 0.45359237


class SettlementAgreement(models.Model):
    """The steps of an agreement: asked, approved, signed, ended; each checks who may take it."""

    _inherit = "sales.settlement.agreement"

    @api.model
    def _average_tons(self, company, partners):
        """``{partner id: average monthly tons}`` over the full months that the company looks at (STL-02), one query."""
        this_month = company._arrears_today().replace(day=1)
        months = company.settlement_months
        for model in ("account.move", "account.move.line", "product.product"):
            self.env[model].flush_model()
        rows = self.env.execute_query(settlement_query.weights(
            company.id, partners.ids, this_month - relativedelta(months=months), this_month,
        )) if partners else []
        # sudo: a system parameter that Odoo itself shows beside each weight
        in_pounds = self.env["ir.config_parameter"].sudo().get_param("product.weight_in_lbs") == "1"
        unit = KILOGRAMS_PER_POUND if in_pounds else 1
        return {partner_id: float(weight or 0) * unit / 1000 / months for partner_id, weight in rows}

    def action_request(self):
        """Ask for monthly settlement. Refused where the conditions are not met. Right: who may write the agreement."""
        self.check_access("write")
        self._expect(DRAFT)
        for agreement in self:
            company = agreement.company_id.sudo()
            tons = self._average_tons(company, agreement.partner_id).get(agreement.partner_id.id, 0.0)
            if agreement.kind == MONTHLY:
                agreement._check_conditions(company, tons)
            # sudo: the steps are written by the buttons alone
            agreement.sudo().write({
                "state": REQUESTED, "tons": tons, "requester_id": self.env.uid, "requested_at": fields.Datetime.now(),
            })
            for decider in agreement._get_deciders()[:1]:
                agreement.activity_schedule(
                    "mail.mail_activity_data_todo", user_id=decider.id,
                    summary=self.env._("Approve or refuse: settlement of %(customer)s", customer=agreement.partner_id.name),
                )
        return True

    def _check_conditions(self, company, tons):
        self.ensure_one()
        if self.is_famous and not (self.famous_evidence or "").strip():
            raise UserError(self.env._("Say what shows that %(customer)s is well known.", customer=self.partner_id.name))
        if self.is_inspected and not self.inspection_report:
            raise UserError(self.env._("File the inspection report of %(customer)s.", customer=self.partner_id.name))
        conditions = settlement.Conditions(tons, self.is_famous, self.is_inspected)
        if not settlement.may_request(conditions, company.settlement_logic, company.settlement_min_tons):
            raise UserError(self.env._(
                "%(customer)s does not meet the conditions of monthly settlement (%(logic)s): %(tons).3f t a month on "
                "average of the last %(months)s months, %(min_tons)s t are needed; well known: %(famous)s; inspection "
                "passed: %(inspected)s.",
                customer=self.partner_id.name, tons=tons, months=company.settlement_months,
                min_tons=company.settlement_min_tons,
                logic=dict(company._fields["settlement_logic"]._description_selection(self.env))[company.settlement_logic],
                famous=self.env._("yes") if self.is_famous else self.env._("no"),
                inspected=self.env._("yes") if self.is_inspected else self.env._("no"),
            ))

    def _check_decider(self):
        self.check_access("read")
        for agreement in self:
            if self.env.user not in agreement._get_deciders():
                raise AccessError(self.env._(
                    "The leader of the team or an approver decides about the agreement of %(customer)s, never who asks "
                    "for it or sells to the customer.", customer=agreement.partner_id.name,
                ))

    def action_verbal(self):
        """Note that the superior agrees to orders before the paper is signed; now, not afterwards (STL-04)."""
        self._check_decider()
        self._expect(DRAFT, REQUESTED, APPROVED)
        for agreement in self.sudo():  # sudo: as in action_request; who may was checked above
            if agreement.verbal_at:
                raise UserError(self.env._(
                    "%(user)s has approved verbally already.", user=agreement.verbal_by_id.name,
                ))
            agreement.write({
                "verbal_by_id": self.env.uid,
                "verbal_at": fields.Datetime.now(),
                "verbal_on": agreement.company_id._arrears_today(),
                "first_order_on": agreement.first_order_on or agreement._find_first_order(),
            })
            agreement.message_post(body=self.env._("Verbal approval by %(user)s.", user=self.env.user.name))
        return True

    def _find_first_order(self):
        """Day of the first order on credit of this month that was confirmed before anybody approved."""
        today = self.company_id._arrears_today()
        orders = self.env["sale.order"].with_context(**self.company_id._arrears_timezone()).search([
            ("company_id", "=", self.company_id.id), ("state", "=", "sale"),
            ("partner_invoice_id.commercial_partner_id", "=", self.partner_id.id),
            ("date_order", ">=", today.replace(day=1)),
        ], order="date_order")
        for order in orders:
            if not order._credit_is_payable_at_once():
                return fields.Datetime.context_timestamp(order, order.date_order).date()
        return False

    def action_approve(self, reason=None):
        """Approve what was asked. Right: superior. Without a reason the form that asks for it is opened."""
        return self._decide(APPROVED, reason)

    def action_refuse(self, reason=None):
        """Refuse what was asked. Right: superior. Without a reason the form that asks for it is opened."""
        return self._decide(REFUSED, reason)

    def _decide(self, state, reason):
        self._check_decider()
        self._expect(REQUESTED)
        if not (reason or "").strip():
            return self.env["sales.order.credit.reason"]._open(self, state)
        self.sudo().write({  # sudo: as in action_request; who may was checked above
            "state": state, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now(),
            "decision_reason": reason.strip(),
        })
        self.sudo().activity_feedback(["mail.mail_activity_data_todo"], feedback=reason)
        return True

    def action_sign(self):
        """Take it into force: the original is here, stamped, and the salesperson has a copy (STL-03, STL-05).

        Right: finance. The day counts on which finance has it, not one that anybody may choose.
        """
        self.check_access("write")
        if not self.env.user.has_group(FINANCE):
            raise AccessError(self.env._("Finance takes agreements into force."))
        self._expect(APPROVED)
        for agreement in self:
            if agreement.kind == MONTHLY and agreement.missing:
                raise UserError(self.env._(
                    "The agreement of %(customer)s is incomplete: %(missing)s.", customer=agreement.partner_id.name,
                    missing=agreement.missing,
                ))
            # sudo: as in action_request
            agreement.sudo().write({"state": SIGNED, "signed_on": agreement.company_id._arrears_today()})
        return True

    def action_end(self):
        """From tomorrow on the customer is a cash customer again. Right: finance, or who may decide."""
        if not self.env.user.has_group(FINANCE):
            self._check_decider()
        self.check_access("read")
        self._expect(REQUESTED, APPROVED, SIGNED)
        for agreement in self.sudo():  # sudo: as in action_request
            today = agreement.company_id._arrears_today()
            agreement.write({
                "state": ENDED, "ended_on": today, "date_to": min(agreement.date_to or today, today),
            })
        return True

    def action_payment_ready(self):
        """The customer says that the money is ready: finance fetches it (STL-07). Right: who may see the agreement."""
        self.check_access("read")
        self._expect(SIGNED)
        for agreement in self:
            collector = agreement.company_id.sudo()._settlement_collector()
            if not collector:
                raise UserError(self.env._("Nobody of finance can be told: name somebody in the settings of Receivables."))
            # sudo: the salesperson may not write the agreement any more
            agreement.sudo().activity_schedule(
                "mail.mail_activity_data_call", user_id=collector.id,
                summary=self.env._("%(customer)s says that the payment is ready", customer=agreement.partner_id.name),
                note=self.env._("Told by %(user)s.", user=self.env.user.name),
            )
        return True
