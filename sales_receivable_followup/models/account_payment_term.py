# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    def _credit_is_immediate(self):
        """Whether all is payable at once; no terms say nothing about that."""
        lines = self.line_ids
        return bool(lines) and all(line.delay_type == "days_after" and not line.nb_days for line in lines)
