# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Delivery notes and the sales ledger (SLG): a delivery stands in the ledger within a day.

    Hongyuan Machinery   10 lifts, delivered and invoiced on day 11, the copy came on 12: entered
    Tiancheng Group      15 lifts, delivered on day 13, invoiced on 17 with the copy: entered late
    Tiancheng Group       5 lifts, delivered on day 18, never invoiced: missing
    Xingyun Sports        2 lifts, delivered and invoiced on day 19, no copy: entered
"""

from .agreements import LAST_DAY
from .credit import confirm, quote
from .ledger import customer

LIFTS = (15, 5)


def _deliver(stage, key):
    """The sales administration hands the lifts over; the customer signs the note."""
    with stage.acting("zhou.min") as env:
        waiting = env["stock.picking"].search([("partner_id", "=", customer(env, key).id), ("state", "=", "assigned")])
        waiting.with_context(skip_sms=True).button_validate()


def _invoice(stage, key):
    """Finance enters the delivery in the ledger."""
    with stage.acting("wu.jing") as env:
        orders = env["sale.order"].search([
            ("partner_id", "=", customer(env, key).id), ("invoice_status", "=", "to invoice"),
        ])
        orders._create_invoices().action_post()


def _copy_received(stage, key):
    with stage.acting("wu.jing") as env:
        notes = env["sales.delivery.note"].search([("partner_id", "=", customer(env, key).id)])
        notes.action_copy_received()


def _hongyuan(stage):
    _deliver(stage, "Hongyuan Machinery")
    _invoice(stage, "Hongyuan Machinery")


def _hongyuan_copy(stage):
    _copy_received(stage, "Hongyuan Machinery")


def _tiancheng_orders(stage):
    confirm(stage, "guo.feng", quote(stage, "guo.feng", "Tiancheng Group", LIFTS[0]))


def _tiancheng_delivery(stage):
    _deliver(stage, "Tiancheng Group")


def _tiancheng_entered_late(stage):
    _invoice(stage, "Tiancheng Group")
    _copy_received(stage, "Tiancheng Group")


def _tiancheng_second(stage):
    """By now they owe 389,850: without the extra limit the grade's 500,000 would stop the order."""
    confirm(stage, "guo.feng", quote(stage, "guo.feng", "Tiancheng Group", LIFTS[1]))


def _tiancheng_second_delivery(stage):
    _deliver(stage, "Tiancheng Group")


def _xingyun(stage):
    _deliver(stage, "Xingyun Sports")
    _invoice(stage, "Xingyun Sports")


SCENES = {
    11: [_hongyuan],
    12: [_hongyuan_copy, _tiancheng_orders],
    13: [_tiancheng_delivery],
    17: [_tiancheng_entered_late],
    18: [_tiancheng_second, _tiancheng_second_delivery],
    LAST_DAY: [_xingyun],
}
