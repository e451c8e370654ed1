# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Promises to pay: one that is kept, one that is broken, one that is still open (DUN-04)."""

from datetime import timedelta

from odoo.fields import Command, Date

from .ledger import LATE_PAYERS, customer

KEPT = "Jinxiu Wedding"  # pays on working day 13
BROKEN, OPEN = LATE_PAYERS[:2]  # pay nothing
GIVEN_ON = 9  # number of the working day on which the first two are given, for a week later


def rep_day(stage, number):
    """What salespeople are promised on working day ``number`` (from 1) of the month."""
    if number == GIVEN_ON:
        _take(stage, KEPT, 7, stage.words("Waits for a wedding to be paid", "等婚宴款到账"), "phone", share=0.9)
        _take(stage, BROKEN, 7, stage.words("The owner was travelling", "老板出差在外"), "visit")


def still_open(stage):
    """A promise of today for next week."""
    _take(stage, OPEN, 7, stage.words("Pays after its own customers do", "等下游回款后支付"), "message")


def _take(stage, key, days, reason, channel, share=1.0):
    """The customer promises to pay his oldest open item, or a share of it."""
    with stage.acting() as env:
        buyer = customer(env, key)
        login = buyer.user_id.login
        item = env["sales.payment.promise"]._open_items(env.company, buyer)[:1]
        line_id, amount = item.id, round(item.amount_residual * share, 0 if share < 1 else 2)
    with stage.acting(login) as env:
        today = Date.context_today(env.user)
        env["sales.payment.promise"].create({
            "partner_id": buyer.id, "amount": amount, "promised_on": today + timedelta(days=days), "taken_on": today,
            "reason": reason, "channel": channel,
            "item_ids": [Command.create({"move_line_id": line_id, "is_covered": True})],
        })
