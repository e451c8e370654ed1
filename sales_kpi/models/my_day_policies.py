# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

LINES = 5


class SalesMyDay(models.AbstractModel):
    _inherit = "sales.my.day"

    @api.model
    def _get_card_sequence(self):
        return {**super()._get_card_sequence(), "policies": 5}

    @api.model
    def _card_policies(self):
        """Policies that the user still has to read and accept (POL-06); no card when there are none."""
        Version = self.env["sales.policy.version"]
        waiting = Version.search(Domain("to_accept", "=", True) & Domain("company_id", "=", self.env.company.id))
        if not waiting:
            return None
        return {
            "icon": "fa fa-book",
            "title": self.env._("Policies to Read"),
            "figures": [{"label": self.env._("To accept"), "value": str(len(waiting)), "tone": "warning"}],
            "lines": [
                self._prepare_policy_line(version)
                for version in waiting.sorted(lambda version: (version.my_due_on, version.id))[:LINES]
            ],
            "action": self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.policy_version_action_my"),
            "action_label": self.env._("All policies"),
        }

    @api.model
    def _prepare_policy_line(self, version):
        late = version.my_due_on < fields.Date.context_today(self)
        return {
            "title": version.policy_id.name,
            "subtitle": self.env._(
                "Read and accept by %(day)s", day=format_date(self.env, version.my_due_on)),
            "tone": "danger" if late else "",
            "action": {
                "type": "ir.actions.act_window",
                "res_model": version._name,
                "res_id": version.id,
                "views": [(False, "form")],
            },
        }
