# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import models
from odoo.tools.misc import formatLang

from ..engine import credit_check
from ..engine.credit_check import AGREEMENT, AUTHORITY, IGNORE, LIMIT, ORDER, OVERDUE
from ..engine.settlement import LIABLE
from . import credit_exposure_query


class SalesCreditChecked(models.AbstractModel):
    """What is known about the credit of a sale's customer, for many sales at once.

    An order and an invoice say what they are by the first methods; the rest is the same for both.
    """

    _inherit = "sales.credit.checked"

    def _credit_debtor(self):
        """The customer who will owe it."""
        raise NotImplementedError

    def _credit_user(self):
        """Its salesperson."""
        raise NotImplementedError

    def _credit_is_prepaid(self, total=None):
        """Paid in full; or, where the company lets that pass, payable at once."""
        raise NotImplementedError

    def _credit_is_payable_at_once(self):
        """Whether nobody is given time to pay."""
        raise NotImplementedError

    def _credit_amounts(self, company, today, totals):
        """``{record: (what the ledger does not have of it yet, what it has)}`` in the company's currency.

        :param totals: ``{record: a total that it does not have yet}``
        """
        raise NotImplementedError

    def _credit_counted_here(self):
        """What must not be counted a second time among the customer's other orders; see the query."""
        raise NotImplementedError

    def _credit_paid_by_transactions(self):
        """What transactions have paid that the ledger does not know yet, in its currency."""
        self.ensure_one()
        return sum(
            tx.amount for tx in self.transaction_ids
            if tx.state in ("authorized", "done") and tx.currency_id == self.currency_id
            and tx.payment_id.move_id.state != "posted"
        )

    def _credit_facts(self, lock=False, stage=ORDER, totals=None):
        """``{record: Facts}``, with as many queries for one record as for a hundred.

        :param lock: another transaction that judges by the same customer's exposure begins again
        """
        facts = {}
        # sudo: a salesperson has no right to the ledger; he is told the totals of his sale's customer
        for company, records in self.sudo().grouped("company_id").items():
            facts.update(records.with_company(company)._credit_facts_of_company(
                company, company._order_check_policy(stage), lock, totals or {},
            ))
        return {record: facts[record.id or record] for record in self}

    def _credit_facts_of_company(self, company, policy, lock, totals):
        today = company._arrears_today()
        debtors = {record: record._credit_debtor() for record in self}
        partners = self.env["res.partner"].union(*debtors.values())
        limits = {
            # core's limit of 0 means no limit; that of a cash grade means no credit (GRD-02)
            **{partner.id: partner.credit_limit or None for partner in partners},
            **{partner.id: limit for partner, limit in self.env["sales.customer.credit"]._limits(company, partners).items()},
        } if company.account_use_credit_limit and policy.limit != IGNORE else {}
        users = self.env["res.users"].union(*(record._credit_user() for record in self))
        authority = users._credit_authority(company) if users and policy.authority != IGNORE else {}
        authority = {user_id: amount for user_id, amount in authority.items() if amount is not None}
        if lock and policy.is_strict:
            self._credit_claim([partner_id for partner_id, limit in limits.items() if limit is not None])
        used = users.filtered(lambda user: user.id in authority)._credit_authority_used(company) if authority else {}
        ledger = self._credit_ledger(company, partners)
        promised = self._credit_promised(company, partners, today)
        amounts = self._credit_amounts(company, today, totals)
        unsettled = self._credit_without_agreement(company, debtors) if policy.agreement != IGNORE else set()
        facts = {}
        for record, debtor in debtors.items():
            items = ledger[debtor.id]
            amount, invoiced = amounts[record]
            facts[record.id or record] = credit_check.Facts(
                order=amount,
                invoiced=invoiced,
                receivable=items["balance"],
                orders=promised[debtor.id],
                limit=limits.get(debtor.id),
                dues=tuple(items["dues"]),
                credits=items["credits"],
                authority=authority.get(record._credit_user().id),
                authority_used=used.get(record._credit_user().id, 0.0),
                agreement_missing=record.id in unsettled,
                prepaid=record._credit_is_prepaid(totals.get(record)),
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
            credit_exposure_query.open_orders(company.id, partners.ids, **self._credit_counted_here()),
        ):
            currency = self.env["res.currency"].browse(currency_id)
            promised[partner_id] += currency._convert(float(amount or 0), company.currency_id, company, today)
        return promised

    def _credit_without_agreement(self, company, debtors):
        """Ids of what is sold on credit to a customer who has no agreement to buy on credit (STL-03)."""
        today = company._arrears_today()
        agreements = self.env["sales.settlement.agreement"]
        known = agreements._of_customers(company, self.env["res.partner"].union(*debtors.values()))
        return {
            record.id for record, debtor in debtors.items()
            if not record._credit_is_payable_at_once()
            and known.get(debtor.id, agreements)._judge(today, today)[0] == LIABLE
        }

    # ------------------------------------------------------------
    # In words
    # ------------------------------------------------------------

    def _credit_this(self):
        """What sentences call it: this order, this invoice."""
        raise NotImplementedError

    def _credit_sentence(self, finding, facts):
        """One finding with its figures, for whoever has to mend it."""
        self.ensure_one()
        company = self.company_id.sudo()

        def money(amount):
            return formatLang(self.env, amount, currency_obj=company.currency_id)

        if finding.kind == LIMIT:
            return self.env._(
                "Credit limit %(limit)s, exposure %(exposure)s (open items %(receivable)s, confirmed orders not yet "
                "invoiced %(orders)s, %(this)s %(order)s): over by %(excess)s.",
                limit=money(finding.allowed), exposure=money(finding.value), receivable=money(facts.receivable),
                orders=money(facts.orders), this=self._credit_this(), order=money(facts.order),
                excess=money(finding.excess),
            )
        if finding.kind == OVERDUE:
            return self.env._(
                "Overdue %(amount)s, the oldest for %(days)s days; tolerated are %(allowed)s and %(tolerance)s days.",
                amount=money(finding.value), days=finding.days, allowed=money(finding.allowed),
                tolerance=company.order_check_tolerance_days,
            )
        if finding.kind == AUTHORITY:
            return self.env._(
                "Credit authority of %(user)s %(limit)s, open items of all his or her customers %(used)s, %(this)s "
                "%(order)s: over by %(excess)s.",
                user=self._credit_user().name, this=self._credit_this(),
                limit=money(finding.allowed), used=money(facts.authority_used),
                order=money(facts.order), excess=money(finding.excess),
            )
        if finding.kind == AGREEMENT:
            return self.env._(
                "Not payable at once, and %(customer)s has neither a signed monthly settlement agreement nor a verbal "
                "approval recorded before.",
                customer=self._credit_debtor().sudo().name,
            )
        raise ValueError(f"Unknown kind of finding: {finding.kind}")
