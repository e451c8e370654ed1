# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Commission on collected money: invoices and what was matched with them -> what each receipt earns.

All money is an integer number of the currency's smallest unit (cents), a rate is an integer number of millionths
(1 % = 10,000), so that sums are exact and rounding happens where it is written: half away from zero.

- A receipt earns on its share net of tax: receipt x untaxed / total. The last receipt of a settled invoice takes the
  rounding, so that a fully paid invoice earns on exactly its untaxed amount.
- A refund paid out takes back the same share of what the receipts of the reversed invoice earned, at their terms.
- A credit note without an invoice takes back on its own net share, at the terms of the day of its refund.
- What is no receipt (credit note, write-off, exchange difference) is not in the input: it earns nothing.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

MILLION = 1_000_000


class Figures(NamedTuple):
    """Money of one entry: what came in and its net share (invoice currency); its base and commission (company's)."""

    receipt: int = 0
    net: int = 0
    base: int = 0
    amount: int = 0

    def plus(self, other):
        return Figures(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def minus(self, other):
        return Figures(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class Terms:
    """A plan from ``valid_from`` until its next version.

    ``people``: whom it binds, None = everybody. ``at_payment_rate``: foreign money is converted at the rate of each
    payment instead of the invoice's.
    """

    key: object
    valid_from: date
    rate: int
    people: frozenset | None = None
    at_payment_rate: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or a credit note. ``settled``: nothing of it is left to pay."""

    person: object
    total: int
    untaxed: int
    untaxed_company: int
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """What one payment document has paid on one document; all matches between the two together.

    ``value``: the same money in company currency at the payment's own rate. A refund is a payment of a credit note.
    """

    key: str
    day: date
    amount: int
    value: int


@dataclass(frozen=True, slots=True)
class Earning:
    """What one fact earns (negative: takes back); ``terms`` None: no plan applies, it earns nothing."""

    key: str
    person: object
    day: date
    terms: Terms | None
    figures: Figures
    corrects: str = ""


def half_up(numerator, denominator):
    """Quotient rounded half away from zero.

    >>> half_up(5, 2), half_up(-5, 2), half_up(333, 1000), half_up(0, 7)
    (3, -3, 0, 0)
    """
    rounded = (2 * abs(numerator) + denominator) // (2 * denominator)
    return rounded if numerator >= 0 else -rounded


def shares(parts, total, whole, complete):
    """Share of ``whole`` that falls on each part of ``total``; with ``complete`` the last one takes the rounding.

    >>> shares([3767, 3767, 3766], 11300, 10000, True)
    [3334, 3334, 3332]
    >>> shares([3767, 3767], 11300, 10000, False)
    [3334, 3334]
    """
    result = [half_up(part * whole, total) for part in parts]
    if complete and result:
        result[-1] += half_up(sum(parts) * whole, total) - sum(result)
    return result


def terms_on(versions, day, person):
    """The terms in force on a day for a person, None before the first ones or where they do not bind him.

    >>> june = Terms("june", date(2026, 6, 1), 10_000)
    >>> july = Terms("july", date(2026, 7, 1), 20_000, frozenset({"ann"}))
    >>> [getattr(terms_on([july, june], day, "bo"), "key", None) for day in
    ...  (date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 1))]
    [None, 'june', None]
    """
    in_force = max(
        (terms for terms in versions if terms.valid_from <= day), key=lambda terms: terms.valid_from, default=None
    )
    if in_force is None or (in_force.people is not None and person not in in_force.people):
        return None
    return in_force


def receipt_earnings(invoice, receipts, versions):
    """What the receipts of one invoice earn.

    :param receipts: all Payments of the invoice, in any order
    :return: {key: Earning}; terms None and no figures where no terms apply

    >>> plan = [Terms("v1", date(2026, 1, 1), 10_000)]
    >>> invoice = Document("ann", total=30_000_000, untaxed=30_000_000, untaxed_company=30_000_000)
    >>> paid = Payment("INV/PAY", date(2026, 6, 9), 30_000_000, 30_000_000)
    >>> receipt_earnings(invoice, [paid], plan)["INV/PAY"].figures.amount  # INC example 1: 1 % of 300,000.00
    300000
    """
    receipts = sorted(receipts, key=lambda payment: (payment.day, payment.key))
    amounts = [payment.amount for payment in receipts]
    nets = shares(amounts, invoice.total, invoice.untaxed, invoice.settled)
    bases = {
        False: shares(amounts, invoice.total, invoice.untaxed_company, invoice.settled),
        True: shares([payment.value for payment in receipts], invoice.total, invoice.untaxed, invoice.settled),
    }
    result = {}
    for index, (payment, net) in enumerate(zip(receipts, nets, strict=True)):
        terms = terms_on(versions, payment.day, invoice.person)
        figures = Figures()
        if terms:
            base = bases[terms.at_payment_rate][index]
            figures = Figures(payment.amount, net, base, half_up(base * terms.rate, MILLION))
        result[payment.key] = Earning(payment.key, invoice.person, payment.day, terms, figures)
    return result


def refund_earnings(receipts, earned, refunds):
    """What the refunds of one invoice take back: together at most what its receipts have earned.

    :param receipts: all Payments of the invoice
    :param earned: result of ``receipt_earnings`` for them
    :param refunds: Payments out, matched with credit notes that reverse the invoice, in the invoice's currency
    :return: {key: Earning}, each naming in ``corrects`` the latest receipt that had earned

    >>> plan = [Terms("v1", date(2026, 1, 1), 10_000)]
    >>> paid = [Payment("p", date(2026, 6, 9), 1100_00, 1100_00)]
    >>> earned = receipt_earnings(Document("ann", 1100_00, 1000_00, 1000_00, True), paid, plan)
    >>> back = [Payment(key, date(2026, 8, day), 550_00, 550_00) for key, day in (("r1", 3), ("r2", 4), ("r3", 5))]
    >>> [earning.figures.amount for earning in refund_earnings(paid, earned, back).values()]
    [-500, -500, 0]
    """
    collected = sum(payment.amount for payment in receipts)
    earnings = sorted(
        (earning for earning in earned.values() if earning.terms), key=lambda earning: (earning.day, earning.key)
    )
    result = {refund.key: Earning(refund.key, None, refund.day, None, Figures()) for refund in refunds}
    if not earnings or not collected:
        return result
    last, stake = earnings[-1], Figures()
    for earning in earnings:
        stake = stake.plus(earning.figures)
    parts, left = [], collected
    for refund in sorted(refunds, key=lambda payment: (payment.day, payment.key)):
        parts.append((refund, min(refund.amount, left)))
        left -= parts[-1][1]
    returned = [part for _refund, part in parts if part]
    columns = [shares(returned, collected, whole, not left) for whole in (stake.net, stake.base, stake.amount)]
    for (refund, part), net, base, amount in zip(parts, *columns, strict=False):
        figures = Figures(-part, -net, -base, -amount)
        result[refund.key] = Earning(refund.key, last.person, refund.day, last.terms, figures, last.key)
    return result


def loose_refund_earnings(credit_note, refunds, versions):
    """What refunds of a credit note without an invoice take back."""
    earned = receipt_earnings(credit_note, refunds, versions)
    return {
        key: Earning(key, earning.person, earning.day, earning.terms, Figures().minus(earning.figures))
        for key, earning in earned.items()
    }
