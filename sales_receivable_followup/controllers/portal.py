# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

MODEL = "sales.arrears.confirmation"
LETTER = "sales_receivable_followup.arrears_confirmation_report"
PAGE_SIZE = 20


class BalancePortal(CustomerPortal):
    """The customer's side: translates requests, decides nothing."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "balance_count" in counters:
            confirmations = request.env[MODEL]
            values["balance_count"] = confirmations.search_count([]) if confirmations.has_access("read") else 0
        return values

    @http.route(["/my/balances", "/my/balances/page/<int:page>"], type="http", auth="user", website=True)
    def portal_balances(self, page=1, **_kwargs):
        confirmations = request.env[MODEL]  # record rules say which
        pages = pager("/my/balances", confirmations.search_count([]), page=page, step=PAGE_SIZE)
        found = confirmations.search([], limit=PAGE_SIZE, offset=pages["offset"])
        return request.render("sales_receivable_followup.portal_balances", {
            "confirmations": found, "pager": pages, "page_name": "balances", "default_url": "/my/balances",
        })

    @http.route("/my/balances/<int:confirmation_id>", type="http", auth="public", website=True, methods=["GET"])
    def portal_balance(self, confirmation_id, access_token=None, report_type=None, download=False, **_kwargs):
        """Show, or print with ``report_type`` pdf; opening the page never answers."""
        return self._with_balance(
            confirmation_id, access_token,
            lambda confirmation, may_answer: self._show_report(confirmation, report_type, LETTER, download)
            if report_type else self._balance_page(confirmation, may_answer),
        )

    @http.route("/my/balances/<int:confirmation_id>/answer", type="http", auth="public", website=True, methods=["POST"])
    def portal_balance_answer(self, confirmation_id, access_token=None, answer=None, name=None, reason=None, **_kwargs):
        return self._with_balance(
            confirmation_id, access_token,
            lambda confirmation, may_answer: self._balance_answer(
                confirmation, may_answer, answer=answer, name=name, reason=reason,
            ),
        )

    def _with_balance(self, confirmation_id, access_token, show):
        ip_address = request.httprequest.remote_addr
        try:
            confirmation, may_answer = request.env[MODEL]._get_for_customer(confirmation_id, access_token, ip_address)
        except (AccessError, MissingError):
            return request.redirect("/my")
        except UserError as error:
            return request.render("sales_receivable_followup.portal_balance_closed", {"message": str(error)})
        request.update_context(lang=confirmation.env.context["lang"])
        return show(confirmation, may_answer)

    def _balance_page(self, confirmation, may_answer, error=None):
        by_token = confirmation.env.context["arrears_by_token"]
        return request.render("sales_receivable_followup.portal_balance", {
            "confirmation": confirmation, "may_answer": may_answer, "token": by_token and confirmation.token,
            "no_breadcrumbs": by_token, "page_name": "balances", "error_message": error,
        })

    def _balance_answer(self, confirmation, may_answer, **answer):
        try:
            confirmation._answer(may_answer, ip_address=request.httprequest.remote_addr, **answer)
        except UserError as error:
            return self._balance_page(confirmation, may_answer, error=str(error))
        return request.redirect(confirmation._get_page_url(with_token=confirmation.env.context["arrears_by_token"]))
