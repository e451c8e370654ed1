# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from .credit_request_mixin import APPROVED


class SalesCustomerCreditExtra(models.Model):
    """A temporary extra limit: from a day to a day, on top of the grade's."""

    _name = "sales.customer.credit.extra"
    _description = "Temporary Extra Limit"
    _inherit = ["sales.credit.request.mixin"]
    _decision_default = "default_extra_ids"
    _asked = {"partner_id", "company_id", "reason", "amount", "date_from", "date_to"}

    _amount_positive = models.Constraint("CHECK (amount > 0)", "An extra limit is more than 0.")
    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "An extra limit ends on the day it begins, or later."
    )

    amount = fields.Monetary(required=True, tracking=True)
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self.env.company._arrears_today(), tracking=True
    )
    date_to = fields.Date(
        string="Up To", required=True, tracking=True, help="Last day on which the extra limit is valid."
    )
    reason = fields.Text(required=True)
    revoked_on = fields.Date(readonly=True, help="Ended before its time on this day, which is its first without it.")

    @api.model
    def _undecided(self):
        return {**super()._undecided(), "revoked_on": False}

    @api.depends("partner_id.name", "amount", "date_to")
    def _compute_display_name(self):
        for extra in self:
            extra.display_name = self.env._(
                "%(customer)s: %(amount)s more up to %(date)s", customer=extra.partner_id.name or "",
                amount=format_amount(self.env, extra.amount, extra.currency_id or self.env.company.currency_id),
                date=extra.date_to or "")

    @api.model
    def _valid(self, company, partners):
        """{partner id: [(first day, last day, amount)]} of approved extra limits that were not revoked."""
        valid = {}
        # sudo: a limit counts whoever asks for it; the rows themselves are not handed out
        for extra in self.sudo().search_fetch(
            [("company_id", "=", company.id), ("partner_id", "in", partners.ids), ("state", "=", APPROVED),
             ("revoked_on", "=", False)],
            ["partner_id", "date_from", "date_to", "amount"],
        ):
            valid.setdefault(extra.partner_id.id, []).append((extra.date_from, extra.date_to, extra.amount))
        return valid

    def _check_can_come_into_force(self):
        for company, extras in self.grouped("company_id").items():
            graded = self.env["sales.customer.credit"]._current(company, extras.partner_id)
            for extra in extras:
                if extra.partner_id.id not in graded:
                    raise UserError(self.env._(
                        "%(customer)s has no credit grade in %(company)s, so there is no limit to raise. Propose a grade "
                        "first.", customer=extra.partner_id.name, company=company.name))
                if extra.date_to < company._arrears_today():
                    raise UserError(self.env._(
                        "%(extra)s: that day is over. Reject it and ask for a later one.", extra=extra.display_name))

    def _put_into_force(self):
        for company, extras in self.grouped("company_id").items():
            self.env["sales.customer.credit"]._apply_limits(company, extras.partner_id)
            extras.partner_id._message_log_batch({
                extra.partner_id.id: self.env._("%(company)s: extra limit approved. %(extra)s. %(reason)s",
                                                company=company.name, extra=extra.display_name, reason=extra.reason)
                for extra in extras
            })

    def action_revoke(self):
        """End approved extra limits today, before their time."""
        self._check_may_decide()
        for extra in self:
            if extra.state != APPROVED or extra.revoked_on:
                raise UserError(self.env._("%(extra)s is not in force.", extra=extra.display_name))
            # sudo: nobody may edit a request; the right to decide was checked above
            extra.sudo().write({"revoked_on": extra.company_id._arrears_today()})
            extra.env["sales.customer.credit"].sudo()._apply_limits(extra.company_id, extra.partner_id)
