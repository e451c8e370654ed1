# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.ladder import Effect
from ..models.sanction_mixin import FIGURES, STEP_KINDS
from ..models.violation_proposal import MERIT

# Kinds and the figure that each of them is about; the others cost nothing by themselves.
SIZES = {**FIGURES, MERIT: "points", "points": "points", "fine": "amount"}


class SalesDisciplineProposal(models.TransientModel):
    """What a manager fills in to propose a reward or a penalty for somebody of his team (SAN-09)."""

    _name = "sales.discipline.proposal"
    _description = "Proposal of a Reward or Penalty"
    _inherit = ["sales.discipline.sanction.mixin"]

    allowed_employee_ids = fields.Many2many("hr.employee.public", compute="_compute_allowed_employee_ids")
    employee_id = fields.Many2one(
        "hr.employee.public", string="For", required=True, domain="[('id', 'in', allowed_employee_ids)]"
    )
    company_id = fields.Many2one(related="employee_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [(MERIT, "Merit"), *STEP_KINDS], string="Reward or Penalty", required=True, default=MERIT,
        help="A merit gives points back. Everything else is a penalty, which the person may answer first.",
    )
    fact_date = fields.Date(string="Date", required=True, default=fields.Date.context_today)
    points = fields.Integer(default=5, help="Given back by a merit, taken off by a penalty.")
    reason = fields.Text(required=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Papers and Photos", bypass_search_access=True)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_allowed_employee_ids(self):
        # sudo: only the ids; whom the user leads is asked of all employees
        ids = self.env["hr.employee"].sudo().search(
            self.env["sales.discipline.violation"]._may_be_proposed_for()).ids
        self.allowed_employee_ids = self.env["hr.employee.public"].browse(ids)

    def action_propose(self):
        """Hand the proposal to the ledger, which checks whose team the person is in; shows the entry."""
        self.ensure_one()
        reason = " ".join((self.reason or "").split())
        if not reason:
            raise UserError(self.env._("Say in 'Reason' what the person did: it stays with the entry."))
        entry = self.env["sales.discipline.violation"]._propose(
            self.env["hr.employee"].browse(self.employee_id.id), self.fact_date, self.kind, self._effect(), reason)
        self._attach_to(entry)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Proposal"),
            "res_model": entry._name,
            "res_id": entry.id,
            "views": [(False, "form")],
        }

    def _effect(self):
        """The figure that belongs to the kind, and no other."""
        name = SIZES.get(self.kind)
        if name and self[name] <= 0:
            raise UserError(self.env._(
                "'%(kind)s' needs a figure above 0 in '%(field)s'.",
                kind=dict(self._fields["kind"]._description_selection(self.env))[self.kind],
                field=self._fields[name]._description_string(self.env)))
        if self.kind == "pay_share" and self.pay_percent > 100:
            raise UserError(self.env._("A share of the base pay is at most 100 percent."))
        effect = self._to_effect()
        effect = replace(Effect(), **{name: getattr(effect, name)}) if name else Effect()
        if self.kind == MERIT:
            return Effect() - effect
        return replace(effect, volume_off=int(self.kind == "volume"))

    def _attach_to(self, entry):
        """Papers and photos go to the entry, readable by whoever may read it."""
        papers = self.attachment_ids
        if not papers:
            return
        # sudo: of the files on this form; none that is somebody else's or belongs to another record
        if any(paper.create_uid != self.env.user or (paper.res_id and paper.res_model != self._name)
               for paper in papers.sudo()):
            raise AccessError(self.env._("Upload the papers here yourself: others are not yours to attach."))
        papers.sudo().write({"res_model": entry._name, "res_id": entry.id})
        entry.message_post(body=self.env._("Papers of the proposal"), attachment_ids=papers.ids)
