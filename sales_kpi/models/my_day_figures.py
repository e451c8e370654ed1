# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.sales_receivable_followup.engine.volume import RECHECKED, SENT


class SalesMyDay(models.AbstractModel):
    _inherit = "sales.my.day"

    @api.model
    def _get_card_sequence(self):
        return {**super()._get_card_sequence(), "figures": 15}

    @api.model
    def _card_figures(self):
        """Volume and collections that wait for the user's answer; no card when none do."""
        checks = self.env["sales.volume.check"].search(
            Domain("user_id", "=", self.env.uid)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("state", "in", (SENT, RECHECKED))
        ).filtered("may_accept")
        if not checks:
            return None
        return {
            "icon": "fa fa-balance-scale",
            "title": self.env._("Figures to Check"),
            "text": self.env._("Accept your volume and collections, or object in time: silence accepts."),
            "lines": [self._prepare_figures_line(check) for check in checks],
        }

    @api.model
    def _prepare_figures_line(self, check):
        last_day = check.last_day if check.state == SENT else check.answer_last_day
        return {
            "title": self.env._(
                "%(month)s: %(volume)s, collected %(collections)s", month=check.statement_id.sudo()._get_month_name(),
                volume=check.volume_text, collections=check.currency_id.format(check.collections_final)),
            "subtitle": self.env._("until %(day)s, 24:00", day=format_date(self.env, last_day)),
            "value": dict(check._fields["state"]._description_selection(self.env))[check.state],
            "tone": "warning",
            "action": {
                "type": "ir.actions.act_window",
                "res_model": check._name,
                "res_id": check.id,
                "views": [(False, "form")],
            },
        }
