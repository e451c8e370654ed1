# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .visit import DONE


class SalesDailyLog(models.Model):
    _inherit = "sales.daily.log"

    def _get_facts(self):
        """The day's verified visits, with their outcome (VIS-05)."""
        facts = super()._get_facts()
        # a person's own visits, whatever he may read of customers today
        visits = self.env["sales.visit"].sudo().search([
            ("employee_id", "in", self.employee_id.ids),
            ("visit_date", "in", self.mapped("date")),
            ("state", "=", DONE),
            ("result", "=", "verified"),
        ])
        by_day = visits.grouped(lambda visit: (visit.employee_id, visit.visit_date))
        for log in self:
            for visit in by_day.get((log.employee_id, log.date), ()):
                text = self.env._(
                    "Visit: %(customer)s. %(note)s", customer=visit.partner_id.display_name, note=visit.note or "")
                facts[log].append((visit.check_in, text.strip()))
        return facts
