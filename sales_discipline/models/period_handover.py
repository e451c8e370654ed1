# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .violation_decision import OFFICER


class SalesDisciplinePeriod(models.Model):
    """What a month hands over: to the next month, to payroll, and what it takes back of earlier ones."""

    _inherit = "sales.discipline.period"

    export_ids = fields.One2many("sales.discipline.payroll.export", "period_id", string="Payroll Exports", readonly=True)
    export_count = fields.Integer(compute="_compute_handover_counts", string="Number of Payroll Exports")
    pending_count = fields.Integer(
        compute="_compute_handover_counts", string="Moved On", help="Undecided at the closing."
    )
    correction_count = fields.Integer(
        compute="_compute_handover_counts", string="Corrections",
        help="Entries of this month that correct an earlier entry; each names it.",
    )

    @api.depends("export_ids", "pending_ids", "violation_ids.corrects_id")
    def _compute_handover_counts(self):
        corrections = dict(self.env["sales.discipline.violation"]._read_group(
            [("period_id", "in", self.ids), ("corrects_id", "!=", False)], ["period_id"], ["__count"]))
        for period in self:
            period.export_count = len(period.export_ids) if self.env["sales.discipline.payroll.export"].has_access(
                "read") else 0
            period.pending_count = len(period.pending_ids)
            period.correction_count = corrections.get(period._origin, 0)

    def action_view_pending(self):
        """What was undecided at the closing, and what has become of it."""
        return self._view_entries("sales_discipline.pending_action", [("id", "in", self.pending_ids.ids)])

    def action_view_corrections(self):
        """What this month corrects, and which entry of which closed month."""
        return self._view_entries(
            "sales_discipline.correction_action", [("period_id", "in", self.ids), ("corrects_id", "!=", False)])

    def _view_entries(self, xmlid, domain):
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        return {**action, "domain": domain}

    def action_export_payroll(self):
        """Hand the month over to payroll: a further revision with its files."""
        self.ensure_one()
        if not self.env.su and not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only the sales administration exports to payroll."))
        self.check_access("read")
        if self.state != "closed":
            raise UserError(self.env._(
                "%(period)s is not closed: payroll gets what the closing says. Close the month first.",
                period=self.name))
        # sudo: exports are written by nobody directly; the right was checked above
        export = self.env["sales.discipline.payroll.export"].sudo()._make(self.sudo())
        return {
            "type": "ir.actions.act_window",
            "res_model": export._name,
            "view_mode": "form",
            "res_id": export.id,
        }

    def action_view_exports(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sales_discipline.payroll_export_action")
        return {**action, "domain": [("period_id", "=", self.id)]}
