# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

VIEWED, EXPIRED, CONFIRMED, DISPUTED = "viewed", "expired", "confirmed", "disputed"


class ArrearsConfirmationLog(models.Model):
    """LEDGER: one use of a customer's page: when, from where, what."""

    _name = "sales.arrears.confirmation.log"
    _description = "Use of a Balance Confirmation Page"
    _order = "moment desc, id desc"
    _rec_name = "event"

    confirmation_id = fields.Many2one(
        "sales.arrears.confirmation", required=True, readonly=True, index=True, ondelete="cascade",
    )
    company_id = fields.Many2one(related="confirmation_id.company_id")
    moment = fields.Datetime(required=True, readonly=True)
    event = fields.Selection(
        [(VIEWED, "Opened"), (EXPIRED, "Opened with an expired link"), (CONFIRMED, "Confirmed"),
         (DISPUTED, "Disputed")],
        required=True, readonly=True,
    )
    by_token = fields.Boolean(string="By Link", readonly=True, help="With the link of the mail, without login.")
    user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict", help="Who was logged in.")
    ip_address = fields.Char(string="IP Address", readonly=True)

    @api.autovacuum
    def _gc_ip_addresses(self):
        """Forget IP addresses that are older than the company keeps them."""
        now = fields.Datetime.now()
        for (company,) in self.env["sales.arrears.confirmation"]._read_group([], ["company_id"]):
            self.search(
                Domain("company_id", "=", company.id) & Domain("ip_address", "!=", False)
                & Domain("moment", "<", now - relativedelta(months=company.arrears_address_months)),
            ).ip_address = False
