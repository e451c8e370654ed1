# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..engine.promise import AGAIN, ONCE


class ResCompany(models.Model):
    """How often a customer may promise to pay the same item (DUN-04)."""

    _inherit = "res.company"

    _promise_booking_days_not_negative = models.Constraint(
        "CHECK (promise_booking_days >= 0)", "Promises to pay cannot be judged before their day: enter 0 days or more."
    )

    promise_allowed = fields.Selection(
        [(ONCE, "Once per item"), (AGAIN, "Again, when the promise before is no longer open")],
        string="Promises to Pay", required=True, default=ONCE,
        help="How often the promise of a customer to pay the same item is taken. Once per item is our proposal; the "
        "regulation leaves it open. Withdrawn promises do not count.",
    )
    promise_booking_days = fields.Integer(
        string="Days for Booking", required=True, default=0,
        help="How many days later a promise is judged when receipts are booked late. What counts is the day of the "
        "receipt, not of its booking. 0: the day after the promised one.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    promise_allowed = fields.Selection(related="company_id.promise_allowed", readonly=False)
    promise_booking_days = fields.Integer(related="company_id.promise_booking_days", readonly=False)
