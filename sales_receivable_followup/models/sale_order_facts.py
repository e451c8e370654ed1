# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import models
from odoo.tools.misc import formatLang

from ..engine import credit_check
from ..engine.credit_check import AGREEMENT, AUTHORITY, IGNORE, LIMIT, OVERDUE
from . import credit_exposure_query


class SaleOrder(models.Model):
    """What is known about the credit of an order's customer, for many orders at once."""

    _inherit = "sale.order"

    def _credit_debtor(self):
        """The customer who will owe the order: whom its invoice is made out to."""
        return (self.partner_invoice_id or self.partner_id).commercial_partner_id._origin

    def _credit_is_prepaid(self):
        """Paid in full; or, where the company lets that pass, payable at once."""
        self.ensure_one()
        if self.amount_total and self.currency_id.compare_amounts(self.amount_paid, self.amount_total) >= 0:
            return True
        return self.company_id.order_check_pass_immediate and self._credit_is_payable_at_once()

    def _credit_is_payable_at_once(self):
        """An order without payment terms says nothing about when it is paid: that is not "at once"."""
        self.ensure_one()
        if self.require_payment and self.prepayment_percent >= 1:
            return True
        terms = self.payment_term_id.line_ids
        return bool(terms) and all(line.delay_type == "days_after" and not line.nb_days for line in terms)

    def _credit_order_amount(self, today):
        """The order's total in company currency, less what transactions paid that the ledger does not know yet."""
        self.ensure_one()
        paid = sum(
            tx.amount for tx in self.transaction_ids
            if tx.state in ("authorized", "done") and tx.currency_id == self.currency_id
            and tx.payment_id.move_id.state != "posted"
        )
        company = self.company_id
        return self.currency_id._convert(self.amount_total - paid, company.currency_id, company, today)

    def _credit_facts(self, lock=False):
        """``{order: Facts}``, with as many queries for one order as for a hundred.

        :param lock: another transaction that judges by the same customer's exposure begins again
        """
        facts = {}
        for company, orders in self.grouped("company_id").items():
            # sudo: a salesperson has no right to the ledger; he is told the totals of his order's customer
            facts.update(orders.sudo().with_company(company)._credit_facts_of_company(company.sudo(), lock))
        return {order: facts[order.id or order] for order in self}

    def _credit_facts_of_company(self, company, lock):
        policy, today = company._order_check_policy(), company._arrears_today()
        debtors = {order: order._credit_debtor() for order in self}
        partners = self.env["res.partner"].union(*debtors.values())
        limits = {
            # core's limit of 0 means no limit; that of a cash grade means no credit (GRD-02)
            **{partner.id: partner.credit_limit or None for partner in partners},
            **{partner.id: limit for partner, limit in self.env["sales.customer.credit"]._limits(company, partners).items()},
        } if company.account_use_credit_limit and policy.limit != IGNORE else {}
        users = self.user_id
        authority = users._credit_authority(company) if users and policy.authority != IGNORE else {}
        authority = {user_id: amount for user_id, amount in authority.items() if amount is not None}
        if lock:
            self._credit_claim([partner_id for partner_id, limit in limits.items() if limit is not None])
        used = users.filtered(lambda user: user.id in authority)._credit_authority_used(company) if authority else {}
        ledger = self._credit_ledger(company, partners)
        promised = self._credit_promised(company, partners, today)
        unsettled = self._credit_without_agreement(company, debtors) if policy.agreement != IGNORE else set()
        facts = {}
        for order, debtor in debtors.items():
            items = ledger[debtor.id]
            facts[order.id or order] = credit_check.Facts(
                order=order._credit_order_amount(today),
                receivable=items["balance"],
                orders=promised[debtor.id],
                limit=limits.get(debtor.id),
                dues=tuple(items["dues"]),
                credits=items["credits"],
                authority=authority.get(order.user_id.id),
                authority_used=used.get(order.user_id.id, 0.0),
                agreement_missing=order.id in unsettled,
                prepaid=order._credit_is_prepaid(),
            )
        return facts

    def _credit_claim(self, partner_ids):
        if partner_ids:
            self.env.cr.execute(credit_exposure_query.claim("res_partner", partner_ids))

    def _credit_ledger(self, company, partners):
        """Open items of the statement's accounts, deposits included, by customer."""
        ledger = defaultdict(lambda: {"balance": 0.0, "dues": [], "credits": 0.0})
        if not partners:
            return ledger
        trade, advance = company._arrears_accounts()
        self.env["account.move.line"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        for partner_id, due, balance, late, credit in self.env.execute_query(
            credit_exposure_query.open_items(company.id, (trade | advance).ids, partners.ids),
        ):
            items = ledger[partner_id]
            items["balance"] += float(balance)
            items["credits"] -= float(credit or 0)
            if late:
                items["dues"].append((due, float(late)))
        return ledger

    def _credit_promised(self, company, partners, today):
        """Confirmed orders that no posted invoice covers yet, by customer, in company currency."""
        promised = defaultdict(float)
        if not partners:
            return promised
        for model in ("sale.order", "sale.order.line", "account.move", "payment.transaction"):
            self.env[model].flush_model()
        for partner_id, currency_id, amount in self.env.execute_query(
            credit_exposure_query.open_orders(company.id, partners.ids, self._origin.ids),
        ):
            currency = self.env["res.currency"].browse(currency_id)
            promised[partner_id] += currency._convert(float(amount or 0), company.currency_id, company, today)
        return promised

    def _credit_without_agreement(self, company, debtors):
        """Ids of orders on credit whose customer has no agreement to buy on credit: see the agreements."""
        return set()

    # ------------------------------------------------------------
    # In words
    # ------------------------------------------------------------

    def _credit_sentence(self, finding, facts):
        """One finding with its figures, for whoever has to mend it."""
        self.ensure_one()
        company = self.company_id.sudo()

        def money(amount):
            return formatLang(self.env, amount, currency_obj=company.currency_id)

        if finding.kind == LIMIT:
            return self.env._(
                "Credit limit %(limit)s, exposure %(exposure)s (open items %(receivable)s, confirmed orders not yet "
                "invoiced %(orders)s, this order %(order)s): over by %(excess)s.",
                limit=money(finding.allowed), exposure=money(finding.value), receivable=money(facts.receivable),
                orders=money(facts.orders), order=money(facts.order), excess=money(finding.excess),
            )
        if finding.kind == OVERDUE:
            return self.env._(
                "Overdue %(amount)s, the oldest for %(days)s days; tolerated are %(allowed)s and %(tolerance)s days.",
                amount=money(finding.value), days=finding.days, allowed=money(finding.allowed),
                tolerance=company.order_check_tolerance_days,
            )
        if finding.kind == AUTHORITY:
            return self.env._(
                "Credit authority of %(user)s %(limit)s, open items of all his or her customers %(used)s, this order "
                "%(order)s: over by %(excess)s.",
                user=self.user_id.name, limit=money(finding.allowed), used=money(facts.authority_used),
                order=money(facts.order), excess=money(finding.excess),
            )
        if finding.kind == AGREEMENT:
            return self.env._(
                "Not payable at once, and %(customer)s has neither a signed monthly settlement agreement nor a verbal "
                "approval recorded before this order.",
                customer=self._credit_debtor().sudo().name,
            )
        raise ValueError(f"Unknown kind of finding: {finding.kind}")
