# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class SalesDisciplineDecision(models.TransientModel):
    """Asks for the reason of an appeal or of a decision."""

    _name = "sales.discipline.decision"
    _description = "Discipline Decision"

    violation_ids = fields.Many2many("sales.discipline.violation", string="Entries", required=True)
    decision = fields.Selection(
        [
            ("accept", "Accept"),
            ("appeal", "Appeal"),
            ("uphold", "Uphold"),
            ("waive", "Waive"),
            ("overturn", "Overturn"),
            ("reverse", "Reverse"),
            ("receipt", "Signed receipt"),
        ],
        required=True,
    )
    note = fields.Text(string="Reason")
    attachment_ids = fields.Many2many("ir.attachment", string="Papers and Photos")

    def action_apply(self):
        """Hand the decision to the entries, which check who may take it."""
        self.ensure_one()
        if not self.violation_ids:
            raise UserError(self.env._("Choose at least one entry."))
        if self.decision == "accept":
            self.violation_ids.action_accept()
        elif self.decision == "appeal":
            self.violation_ids.appeal(self.note, self.attachment_ids.ids)
        elif self.decision == "receipt":
            self.violation_ids.acknowledge(self.attachment_ids.ids)
        else:
            self.violation_ids.decide(self.decision, self.note)
        return {"type": "ir.actions.act_window_close"}
