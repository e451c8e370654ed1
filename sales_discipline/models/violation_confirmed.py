# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .violation import CONFIRMED


class SalesDisciplineViolation(models.Model):
    """Since when an entry binds: by acceptance, silence, decision, or as a correction."""

    _inherit = "sales.discipline.violation"

    confirmed_on = fields.Datetime(readonly=True, index="btree_not_null", help="Since when it is in force.")
    corrected_period_id = fields.Many2one(
        related="corrects_id.period_id", string="Corrected Month", help="Month that has posted what this entry corrects."
    )

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        return super().create([
            {**vals, "confirmed_on": now} if vals.get("state") == CONFIRMED else vals for vals in vals_list
        ])

    def write(self, vals):
        if vals.get("state") == CONFIRMED:
            vals = {**vals, "confirmed_on": fields.Datetime.now()}
        return super().write(vals)

    def _sanction_label(self):
        """What follows, in a few words: "fine $ 20.00"."""
        self.ensure_one()
        parts = [dict(self._fields["step_kind"]._description_selection(self.env)).get(self.step_kind, "")]
        if self.amount:
            parts.append(self.currency_id.format(self.amount))
        return " ".join(filter(None, parts + self._effect_texts(self._to_effect())))
