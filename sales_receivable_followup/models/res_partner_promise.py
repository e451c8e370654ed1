# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .res_partner_credit import USER


class ResPartner(models.Model):
    """A customer's promises to pay in the company one works in, on his form."""

    _inherit = "res.partner"

    payment_promise_ids = fields.One2many("sales.payment.promise", "partner_id", string="Promises to Pay", groups=USER)
    payment_promise_count = fields.Integer(
        string="Promises", compute="_compute_payment_promise_count", groups=USER, help="Those that were not withdrawn.",
    )
    payment_promise_broken_count = fields.Integer(
        string="Broken Promises", compute="_compute_payment_promise_count", groups=USER,
    )

    @api.depends("payment_promise_ids.state")
    @api.depends_context("company", "uid")
    def _compute_payment_promise_count(self):
        counts = {}
        for partner, state, number in self.env["sales.payment.promise"]._read_group(
            [
                ("partner_id", "in", self.commercial_partner_id.ids), ("state", "!=", "withdrawn"),
                ("company_id", "=", self.env.company.id),
            ],
            ["partner_id", "state"], ["__count"],
        ):
            counts.setdefault(partner.id, {})[state] = number
        for partner in self:
            of_partner = counts.get(partner.commercial_partner_id.id, {})
            partner.payment_promise_count = sum(of_partner.values())
            partner.payment_promise_broken_count = of_partner.get("broken", 0)

    def action_view_payment_promises(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id("sales_receivable_followup.sales_payment_promise_action"),
            "domain": [("partner_id", "=", self.commercial_partner_id.id), ("company_id", "=", self.env.company.id)],
            "context": {
                "default_partner_id": self.commercial_partner_id.id, "default_company_id": self.env.company.id,
            },
        }
