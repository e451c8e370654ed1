# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command


class Books:
    """What the bookkeepers of one company do; every method returns the entries that it made.

    Records are picked by number among those there are, so that a random number always finds one.
    """

    def __init__(self, env, data, advance, currencies):
        """``data`` as core's test cases collect it, ``advance`` an account, ``currencies`` any number of them."""
        self.company = data["company"].with_env(env)
        self.env = self.company.with_company(self.company).env
        self.receivable, self.income = data["default_account_receivable"], data["default_account_revenue"]
        self.bank, self.misc = data["default_journal_bank"], data["default_journal_misc"]
        self.advance, self.currencies = advance, currencies
        self.tax = self._cash_basis_tax()

    def _cash_basis_tax(self):
        """10 % that is due when the customer pays: matching an invoice makes entries of its own."""
        self.company.tax_exigibility = True
        transition = self.env["account.account"].create({
            "name": "Tax not due yet", "code": "2511", "account_type": "liability_current", "reconcile": True,
        })
        return self.env["account.tax"].create({
            "name": "10% when paid", "amount": 10, "type_tax_use": "sale", "company_id": self.company.id,
            "tax_exigibility": "on_payment", "cash_basis_transition_account_id": transition.id,
        })

    def _currency(self, number):
        return self.currencies[number % len(self.currencies)]

    # ------------------------------------------------------------
    # Posting
    # ------------------------------------------------------------

    def invoice(self, customer, amount, on, currency=0, due=0, taxed=False, move_type="out_invoice"):
        move = self.env["account.move"].create({
            "move_type": move_type,
            "partner_id": customer.id,
            "invoice_date": on,
            "date": on,
            "invoice_date_due": on + timedelta(days=due),
            "invoice_payment_term_id": False,
            "currency_id": self._currency(currency).id,
            "invoice_line_ids": [Command.create({
                "name": "Goods", "price_unit": amount, "account_id": self.income.id,
                "tax_ids": [Command.set(self.tax.ids if taxed else [])],
            })],
        })
        move.action_post()
        return move

    def entry(self, account, customer, balance, on, journal, currency=0):
        """One item on an account against income: receipts by the bank, deposits, write-offs, opening balances."""
        currency = self._currency(currency)
        amount_currency = currency.round(balance)
        balance = currency._convert(amount_currency, self.company.currency_id, self.company, on)
        move = self.env["account.move"].create({
            "move_type": "entry",
            "date": on,
            "journal_id": journal.id,
            "line_ids": [Command.create({
                "name": "Entry", "account_id": side.id, "partner_id": customer and customer.id,
                "currency_id": currency.id, "balance": sign * balance, "amount_currency": sign * amount_currency,
                "date_maturity": on,
            }) for side, sign in ((account, 1), (self.income, -1))],
        })
        move.action_post()
        return move

    def pay(self, invoice, share, on, currency=0):
        """Register a payment of a share of what is open, in any currency."""
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids,
        ).create({"payment_date": on, "journal_id": self.bank.id, "currency_id": self._currency(currency).id})
        register.amount = register.currency_id.round(register.amount * share)
        return register._create_payments().move_id

    def reverse(self, invoice, on):
        """Credit an invoice in full and match both."""
        return invoice._reverse_moves([{"date": on, "invoice_date": on}], cancel=True)

    # ------------------------------------------------------------
    # Changing
    # ------------------------------------------------------------

    def redraft(self, move, amount, on):
        """Reset to draft; post again with another amount or another date, or leave it there."""
        move.button_draft()
        if on:
            move.write({"name": False, "date": on, **({"invoice_date": on} if move.is_invoice() else {})})
        if amount and move.is_invoice():
            move.write({"invoice_line_ids": [
                Command.update(line.id, {"price_unit": amount}) for line in move.invoice_line_ids
            ]})
        if amount or on:
            move.action_post()
        return move

    def remove(self, move, delete):
        move.button_draft()
        if delete:
            move.with_context(force_delete=True).unlink()
        else:
            move.button_cancel()
        return move.exists()

    def match(self, moves, seed):
        """Match a debit with a credit of one account, across customers or currencies where it happens so."""
        items = self._items(moves).filtered(lambda line: not line.reconciled)
        account = self._pick(items.account_id.filtered("reconcile"), seed)
        items = items.filtered(lambda line: line.account_id == account)
        debit = self._pick(items.filtered(lambda line: line.balance > 0), seed)
        credit = self._pick(items.filtered(lambda line: line.balance < 0), seed // 7)
        if debit and credit:
            (debit | credit).reconcile()

    def unmatch(self, moves, seed):
        matched = self._items(moves).filtered(lambda line: line.matched_debit_ids or line.matched_credit_ids)
        self._pick(matched, seed).remove_move_reconcile()

    def lock(self, until):
        self.company.fiscalyear_lock_date = until

    def _items(self, moves):
        return moves.line_ids.filtered(
            lambda line: line.parent_state == "posted" and line.account_id in self.receivable | self.advance,
        )

    @staticmethod
    def _pick(records, seed):
        return records[seed % len(records)] if records else records
