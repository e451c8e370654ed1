# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What finance does in Odoo's own forms: invoices, payments, credit notes, deposits.

Amounts are totals with tax, in the currency of the invoice.
"""

from odoo.fields import Command

from .stage import recall

TAX = 1.13


def invoice(env, customer, product, total, currency=None, dated=None):
    """Create and post a customer invoice of today."""
    return invoices(env, [(customer, product, total)], currency, dated)


def invoices(env, orders, currency=None, dated=None):
    """Create and post invoices for a list of (customer, product, total), all of one day."""
    moves = env["account.move"].create([
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_user_id": customer.user_id.id,
            "invoice_date": dated,
            **({"currency_id": currency.id} if currency else {}),
            "invoice_line_ids": [Command.create({
                "product_id": product.id, "quantity": 1, "price_unit": round(total / TAX, 2),
            })],
        }
        for customer, product, total in orders
    ])
    moves.action_post()
    return moves


def pay(env, moves, total=None, write_off=None):
    """Register payments of today: one for each invoice, or one of ``total`` on a single invoice.

    :param write_off: account that takes what is missing to the whole amount
    """
    vals = {"group_payment": False}
    if total:
        vals["amount"] = total
    if write_off:
        vals |= {
            "payment_difference_handling": "reconcile",
            "writeoff_account_id": write_off.id,
            "writeoff_label": write_off.name,
        }
    wizard = env["account.payment.register"].with_context(active_model="account.move", active_ids=moves.ids)
    wizard.create(vals).action_create_payments()


def credit_note(env, move, total, reason):
    """Credit a part of an invoice and offset the two."""
    wizard = env["account.move.reversal"].with_context(active_model="account.move", active_ids=move.ids)
    action = wizard.create({"journal_id": move.journal_id.id, "reason": reason}).refund_moves()
    refund = env["account.move"].browse(action["res_id"])
    refund.invoice_line_ids.price_unit = round(total / TAX, 2)
    refund.action_post()
    line = refund.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
    move.js_assign_outstanding_line(line.id)


def deposit(env, customer, total, memo):
    """A payment for which there is no invoice yet."""
    env["account.payment"].create({
        "payment_type": "inbound", "partner_type": "customer", "partner_id": customer.id, "amount": total, "memo": memo,
    }).action_post()


def advance(env, customer, total, memo):
    """Money on the account of advances from customers."""
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    env["account.move"].create({
        "journal_id": bank.id,
        "ref": memo,
        "line_ids": [
            Command.create({"account_id": bank.default_account_id.id, "partner_id": customer.id, "debit": total}),
            Command.create({"account_id": recall(env, "advance").id, "partner_id": customer.id, "credit": total}),
        ],
    }).action_post()
