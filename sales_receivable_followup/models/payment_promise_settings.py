# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..engine.promise import AGAIN, ONCE


class ResCompany(models.Model):
    """How often a customer may promise to pay the same item (DUN-04)."""

    _inherit = "res.company"

    promise_allowed = fields.Selection(
        [(ONCE, "Once per item"), (AGAIN, "Again, when the promise before is no longer open")],
        string="Promises to Pay", required=True, default=ONCE,
        help="How often the promise of a customer to pay the same item is taken. Once per item is our proposal; the "
        "regulation leaves it open. Withdrawn promises do not count.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    promise_allowed = fields.Selection(related="company_id.promise_allowed", readonly=False)
