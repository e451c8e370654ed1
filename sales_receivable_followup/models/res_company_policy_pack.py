# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .credit_request_mixin import ADMINISTRATOR

#: Parameters of the rulebook: ARS, VOL, GRD, KAM, STL, DUN. Accounts, people and dates are each company's own.
SETTINGS = (
    "account_use_credit_limit", "arrears_auto_issue", "arrears_issue_day", "arrears_send_mail", "key_account_threshold",
    "order_check_agreement", "order_check_authority", "order_check_limit", "order_check_overdue",
    "order_check_pass_immediate", "order_check_tolerance_amount", "order_check_tolerance_days", "promise_allowed",
    "promise_booking_days", "settlement_logic", "settlement_min_tons", "settlement_months", "volume_answer_days",
    "volume_day", "volume_unit", "volume_when",
)


class ResCompany(models.Model):
    """What whoever loads a policy pack may set in a company; a loader finds this method by its name."""

    _inherit = "res.company"

    def _policy_pack_settings(self):
        """{field: group whose right it is}; another add-on that has settings of its own adds them."""
        inherited = getattr(super(), "_policy_pack_settings", dict)
        return {**inherited(), **dict.fromkeys(SETTINGS, ADMINISTRATOR)}
