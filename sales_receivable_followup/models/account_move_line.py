# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # The statement asks which matches involve an entry that is not posted; without it that reads the whole ledger.
    _arrears_unposted_idx = models.Index("(account_id) WHERE parent_state IN ('draft', 'cancel')")
