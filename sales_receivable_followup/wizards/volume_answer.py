# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ..models.volume_check_line import DECIDE, ESCALATE, OBJECT, RECHECK


class VolumeAnswer(models.TransientModel):
    """Asks for what an objection, a second look, an escalation or a decision needs."""

    _name = "sales.volume.answer"
    _description = "Answer About Volume and Collections"

    line_id = fields.Many2one("sales.volume.check.line", required=True, readonly=True, ondelete="cascade")
    question = fields.Selection(
        [(OBJECT, "Object"), (RECHECK, "Check again"), (ESCALATE, "Turn to the manager"), (DECIDE, "Decide")],
        required=True, readonly=True,
    )
    # Read with the rights of the user: any line can be named here, also a colleague's.
    currency_id = fields.Many2one(related="line_id.currency_id", related_sudo=False)
    volume_sent = fields.Float(related="line_id.volume", related_sudo=False, string="Volume Sent")
    collections_sent = fields.Monetary(related="line_id.collections", related_sudo=False, string="Collections Sent")
    volume_final = fields.Float(related="line_id.volume_final", related_sudo=False)
    collections_final = fields.Monetary(related="line_id.collections_final", related_sudo=False)
    objection = fields.Text(related="line_id.objection", related_sudo=False)
    answer = fields.Text(related="line_id.answer", related_sudo=False)
    escalation = fields.Text(related="line_id.escalation", related_sudo=False)
    reason = fields.Text()
    volume = fields.Float(
        string="Right Volume", digits=(16, 3), compute="_compute_figures", compute_sudo=False, store=True, readonly=False,
    )
    collections = fields.Monetary(
        string="Right Collections", compute="_compute_figures", compute_sudo=False, store=True, readonly=False,
    )

    @api.depends("line_id")
    def _compute_figures(self):
        for answer in self:
            answer.volume = answer.line_id.volume_final
            answer.collections = answer.line_id.collections_final

    def action_recompute(self):
        """Fill in what the ledger says now. Right: who may check the line again."""
        self.ensure_one()
        self.line_id._check_hindrance(RECHECK)
        # sudo: finance needs no accounting right for the sum of one customer
        self.volume, self.collections = self.line_id.sudo()._from_ledger()
        return {
            "type": "ir.actions.act_window",
            "name": self.line_id.customer_name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_apply(self):
        """Take the step. Right: checked on the line."""
        self.ensure_one()
        self.line_id._answer(self.question, self.reason, self.volume, self.collections)
        return True
