# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

AMOUNT, WEIGHT = "amount", "weight"
ISSUE, DAY, BY_HAND = "issue", "day", "hand"


class ResCompany(models.Model):
    """How a company has its salespeople check volume and collections (VOL)."""

    _inherit = "res.company"

    _volume_days = models.Constraint(
        "CHECK (volume_day BETWEEN 1 AND 28 AND volume_answer_days >= 0)",
        "The day for the salespeople's figures must lie between 1 and 28, the days to answer at 0 or more.",
    )

    volume_unit = fields.Selection(
        [(AMOUNT, "Untaxed amount"), (WEIGHT, "Weight in tons")], string="Volume Is", required=True, default=AMOUNT,
        help="What is told to the salespeople as their volume: invoices less credit notes of the month, untaxed, or the "
        "weight of the products on them.",
    )
    volume_when = fields.Selection(
        [(ISSUE, "When the statement is issued"), (DAY, "On the day below"), (BY_HAND, "By a button on the statement")],
        string="Send Figures", required=True, default=ISSUE,
    )
    volume_day = fields.Integer(
        string="Figures Due By", required=True, default=5,
        help="Day of the month by which each salesperson gets last month's volume and collections (VOL-01). What goes out "
        "later is marked. 5 is our proposal; the regulation leaves the day open.",
    )
    volume_answer_days = fields.Integer(
        string="Days to Object", required=True, default=0,
        help="0: until 24:00 of the day on which the figures were sent, where the salesperson is (VOL-02). 1: until 24:00 "
        "of the next day.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    volume_unit = fields.Selection(related="company_id.volume_unit", readonly=False)
    volume_when = fields.Selection(related="company_id.volume_when", readonly=False)
    volume_day = fields.Integer(related="company_id.volume_day", readonly=False)
    volume_answer_days = fields.Integer(related="company_id.volume_answer_days", readonly=False)
