# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..engine.ageing import age
from ..models.arrears_ledger_query import AGED, MOVEMENTS

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


def day(text):
    """``day("06-20")`` is 20 June 2026."""
    return date.fromisoformat(f"2026-{text}")


@tagged("post_install", "-at_install")
class ArrearsCase(AccountTestInvoicingCommon):
    """A trading company: Ann sells in Tom's team, Fay is in finance; customers are made as needed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.receivable = cls.company_data["default_account_receivable"]
        cls.income = cls.company_data["default_account_revenue"]
        cls.foreign = cls.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-06-25", 1.6), ("2026-07-01", 1.25)],
        )
        cls.company.arrears_send_mail = False
        cls.advance = cls.env["account.account"].create({
            "name": "Advances from customers", "code": "2203", "account_type": "liability_current", "reconcile": True,
        })

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref("sales_team.group_sale_manager")

    @classmethod
    def _user(cls, login, groups="sales_team.group_sale_salesman"):
        return new_test_user(
            cls.env, login, groups=groups, email=f"{login}@example.com",
            company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _customer(cls, name="Customer", user=None, **values):
        return cls.env["res.partner"].create({
            "name": name,
            "user_id": user.id if user else False,
            "property_account_receivable_id": cls.receivable.id,
            **values,
        })

    @classmethod
    def _invoice(cls, customer, amount, on, due=None, currency=None, move_type="out_invoice"):
        """A posted invoice; the net price is the total (no tax)."""
        move = cls.env["account.move"].create({
            "move_type": move_type,
            "partner_id": customer.id,
            "invoice_date": on,
            "date": on,
            "invoice_date_due": due or on,
            "invoice_payment_term_id": False,
            "currency_id": (currency or cls.company.currency_id).id,
            "invoice_line_ids": [Command.create({
                "name": "Goods", "price_unit": amount, "tax_ids": [Command.clear()], "account_id": cls.income.id,
            })],
        })
        move.action_post()
        return move

    @classmethod
    def _refund(cls, customer, amount, on, **kwargs):
        return cls._invoice(customer, amount, on, move_type="out_refund", **kwargs)

    @classmethod
    def _pay(cls, invoice, amount, on, **kwargs):
        """Register a payment on an invoice as a clerk does; returns the payment."""
        return cls._register_payment(invoice, amount=amount, payment_date=on, **kwargs)

    @classmethod
    def _entry(cls, amounts, on, journal=None, due=None):
        """A posted entry: ``amounts`` are (account, customer, balance[, currency, amount in currency]).

        What is missing to balance goes to income.
        """
        lines = [
            {
                "name": "Entry", "account_id": account.id, "partner_id": customer and customer.id, "balance": balance,
                "date_maturity": due or on,
                **({"currency_id": foreign[0].id, "amount_currency": foreign[1]} if foreign else {}),
            }
            for account, customer, balance, *foreign in amounts
        ]
        rest = -sum(line["balance"] for line in lines)
        if rest:
            lines.append({"name": "Counterpart", "account_id": cls.income.id, "balance": rest})
        move = cls.env["account.move"].create({
            "move_type": "entry",
            "date": on,
            "journal_id": (journal or cls.company_data["default_journal_misc"]).id,
            "line_ids": [Command.create(line) for line in lines],
        })
        move.action_post()
        return move

    @classmethod
    def _reprice(cls, draft, amount):
        draft.write({"invoice_line_ids": [Command.update(draft.invoice_line_ids.id, {"price_unit": amount})]})

    @classmethod
    def _merge(cls, source, into):
        """Merge two customers as the wizard of Contacts does; ``source`` is gone afterwards."""
        cls.env["base.partner.merge.automatic.wizard"].create({
            "dst_partner_id": into.id, "partner_ids": [Command.set((source | into).ids)],
        }).action_merge()

    def _open_items(self, *moves, account=None):
        return self.env["account.move"].union(*moves).line_ids.filtered(
            lambda line: line.account_id == (account or self.receivable),
        )

    def _statement(self, month, issue=False, company=None):
        statement = self.env["sales.arrears.statement"].create({
            "month": month, "company_id": (company or self.company).id,
        })
        if issue:
            statement.action_issue()
        else:
            statement.action_compute()
        return statement

    def _line(self, statement, customer, account=None, currency=None):
        return statement.line_ids.filtered(
            lambda line: line.customer_id == (customer.id if customer else 0)
            and line.account_id == (account or self.receivable)
            and line.currency_id == (currency or self.company.currency_id),
        )

    # ------------------------------------------------------------
    # What must hold for every statement (design: invariant 1)
    # ------------------------------------------------------------

    def _assert_sound(self, statement):
        """Continuity, arithmetic, ageing and tie to the ledger, per line and in total, in both currencies."""
        self.assertTrue(statement.account_line_ids)
        for account in statement.account_line_ids:
            self.assertAlmostEqual(account.difference, 0, 2, f"proof of {account.account_code}")
            self.assertAlmostEqual(account.cross_customer, 0, 2, f"matches across customers of {account.account_code}")
        before = {self._key(line): line for line in statement.previous_id.line_ids}
        covered = statement.previous_id.account_line_ids.account_id
        for line in statement.line_ids:
            previous = before.pop(self._key(line), None)
            for twin in ("", "_currency"):
                def amount(name, line=line, twin=twin):
                    return line[name + twin]
                label = f"{line.customer_name} {line.account_code} {line.currency_id.name}{twin}"
                if line.account_id in covered:
                    frozen = previous["closing" + twin] if previous else 0
                    self.assertAlmostEqual(amount("previous_closing"), frozen, 2, label)
                self.assertAlmostEqual(
                    amount("opening"), amount("previous_closing") + amount("prior_movement"), 2, label,
                )
                self.assertAlmostEqual(
                    amount("closing"),
                    amount("opening") + amount("sales") - amount("credit_notes") - amount("receipts") + amount("other"),
                    2, label,
                )
                self.assertAlmostEqual(
                    amount("closing"), sum(map(amount, AGED)) + amount("cross_customer"), 2, label,
                )
        # an account that the company took out of the statement leaves it with all of its lines, and it says so
        if statement.previous_id:
            self.assertAlmostEqual(
                statement.previous_closing,
                statement.previous_id.closing + statement.accounts_added - statement.accounts_left_out, 2,
            )
        left = [line for line in before.values() if line.account_id in statement.account_line_ids.account_id]
        self.assertFalse([self._key(line) for line in left if line.closing or line.closing_currency])
        self.assertEqual(self._amounts(statement), self._oracle(statement))
        self._assert_explained(statement)

    def _assert_explained(self, statement):
        """The changes listed item by item add up to each line's prior-period movement."""
        explained = {}
        for item in statement.prior_item_ids:
            self.assertTrue(item.explanation)
            key = (item.customer_id, item.account_id.id, item.currency_id.id)
            sums = explained.setdefault(key, [0, 0])
            sums[0] += item.balance
            sums[1] += item.amount_currency
        for line in statement.line_ids:
            balance, amount_currency = explained.get(self._key(line), (0, 0))
            self.assertAlmostEqual(balance, line.prior_movement, 2, line.customer_name)
            self.assertAlmostEqual(amount_currency, line.prior_movement_currency, 2, line.customer_name)

    def _assert_items_add_up(self, statement):
        """The frozen items of all valid statements are the ledger at the month's end."""
        frozen = {}
        items = self.env["sales.arrears.statement.item"].search([
            ("statement_id.month", "<=", statement.month), ("company_id", "=", statement.company_id.id),
            ("statement_id.state", "=", "issued"),
        ])
        covered = statement.account_line_ids.account_id
        for item in items.filtered(lambda item: item.account_id in covered):
            frozen[item.move_line_id] = frozen.get(item.move_line_id, 0) + item.balance
        ledger = self.env["account.move.line"].search([
            ("account_id", "in", covered.ids), ("company_id", "=", statement.company_id.id),
            ("parent_state", "=", "posted"), ("date", "<=", statement.date_to),
        ])
        self.assertEqual(
            {key: round(balance, 2) for key, balance in frozen.items() if round(balance, 2)},
            {line.id: round(line.balance, 2) for line in ledger if line.balance},
        )

    @staticmethod
    def _key(line):
        return line.customer_id, line.account_id.id, line.currency_id.id

    def _amounts(self, statement):
        names = ("opening", "closing", *MOVEMENTS, *AGED)
        return {
            self._key(line): {name + twin: round(line[name + twin], 3) for name in names for twin in ("", "_currency")}
            for line in statement.line_ids
            if any(line[name + twin] for name in names for twin in ("", "_currency"))
        }

    def _oracle(self, statement):
        """The lines' amounts by plain Python over the ledger, item by item, from the full history of matches."""
        end = statement.date_to
        accounts = statement.account_line_ids.account_id
        advance = statement.account_line_ids.filtered("is_advance").account_id
        lines = {}
        items = self.env["account.move.line"].search([
            ("account_id", "in", accounts.ids), ("company_id", "=", statement.company_id.id),
            ("parent_state", "=", "posted"), ("date", "<=", end),
        ])
        for item in items:
            key = (item.partner_id.commercial_partner_id.id or 0, item.account_id.id, item.currency_id.id)
            line = lines.setdefault(key, {})
            for twin, amount in (("", item.balance), ("_currency", item.amount_currency)):
                self._add(line, "closing" + twin, amount)
                if item.date < statement.month:
                    self._add(line, "opening" + twin, amount)
                else:
                    for name in self._movement_names(item.move_id):
                        self._add(line, name + twin, MOVEMENTS[name] * amount)
            residual = self._residual(item, end)
            aged = age([(item.date_maturity or item.date, residual[0] or residual[1])], end)
            band = "deposits" if item.account_id in advance else max(aged, key=lambda name, aged=aged: abs(aged[name]))
            for twin, amount in zip(("", "_currency"), residual, strict=True):
                self._add(line, band + twin, amount)
        names = ("opening", "closing", *MOVEMENTS, *AGED)
        result = {
            key: {name + twin: round(line.get(name + twin, 0), 3) + 0.0 for name in names for twin in ("", "_currency")}
            for key, line in lines.items()
        }
        return {key: line for key, line in result.items() if any(line.values())}

    @staticmethod
    def _add(line, name, amount):
        line[name] = line.get(name, 0) + amount

    @staticmethod
    def _movement_names(move):
        if move.tax_cash_basis_rec_id or move.tax_cash_basis_origin_move_id:
            return "cash_basis", "other"
        if move.journal_id == move.company_id.currency_exchange_journal_id:
            return "exchange_difference", "other"
        if move.move_type in ("out_invoice", "out_receipt"):
            return ("sales",)
        if move.move_type == "out_refund":
            return ("credit_notes",)
        if move.journal_id.type in ("bank", "cash", "credit"):
            return ("receipts",)
        return ("other",)

    @staticmethod
    def _residual(item, end):
        """(company currency, item's currency) open at ``end``, counting matches of posted items dated up to it."""
        if not item.account_id.reconcile:
            return item.balance, item.amount_currency
        company, foreign = item.balance, item.amount_currency
        for match in item.matched_credit_ids:
            other = match.credit_move_id
            if other.parent_state == "posted" and max(other.date, item.date) <= end:
                company -= match.amount
                foreign -= match.debit_amount_currency
        for match in item.matched_debit_ids:
            other = match.debit_move_id
            if other.parent_state == "posted" and max(other.date, item.date) <= end:
                company += match.amount
                foreign += match.credit_amount_currency
        return round(company, 3), round(foreign, 3)
