# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import pytz

from odoo import api, fields, models

from .fine_receipt import SEQUENCE


class ResCompany(models.Model):
    """The company's own day, and the numbers of its fine book."""

    _inherit = "res.company"

    def _discipline_now(self):
        """Now where the company works: in the time zone of its working schedule, whoever asks from wherever."""
        self.ensure_one()
        # sudo: nothing but the time zone is read
        tz = pytz.timezone(self.sudo().resource_calendar_id.tz or "UTC")
        return pytz.utc.localize(fields.Datetime.now()).astimezone(tz)

    def _discipline_today(self):
        return self._discipline_now().date()

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._discipline_make_sequences()
        return companies

    @api.model
    def _discipline_make_all_sequences(self):
        """At the installation: a fine book for each company there is."""
        numbered = self.env["ir.sequence"].search([("code", "=", SEQUENCE)]).company_id
        self.search([("id", "not in", numbered.ids)])._discipline_make_sequences()

    def _discipline_make_sequences(self):
        """Number each company's receipts from 1, without a gap, anew each year."""
        # sudo: sequences are the administrator's, and a company is also made by who may not write them
        Sequence = self.env["ir.sequence"].sudo()
        numbered = Sequence.search([("code", "=", SEQUENCE), ("company_id", "in", self.ids)]).company_id
        return Sequence.create([
            {
                "name": self.env._("Fine Receipts"),
                "code": SEQUENCE,
                "company_id": company.id,
                "prefix": "FR/%(range_year)s/",
                "padding": 4,
                "implementation": "no_gap",
                "use_date_range": True,
            }
            for company in self - numbered
        ])
