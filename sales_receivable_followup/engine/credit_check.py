# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What stands against a sale on credit: findings with their figures, and what follows from them.

Plain values in, plain values out (GRD-03, GRD-04, STL-03). Amounts are in the company's currency.
"""

from typing import NamedTuple

IGNORE, WARN, APPROVE, BLOCK = "ignore", "warn", "approve", "block"
#: From harmless to final: what a company may want done about a finding.
MODES = (IGNORE, WARN, APPROVE, BLOCK)
LIMIT, OVERDUE, AUTHORITY, AGREEMENT = "limit", "overdue", "authority", "agreement"
KINDS = (LIMIT, OVERDUE, AUTHORITY, AGREEMENT)
#: Where a sale is looked at: when the order is confirmed, the goods leave, the invoice is posted.
ORDER, DELIVERY, INVOICE = STAGES = ("order", "delivery", "invoice")
LEADER, DIRECTOR = "leader", "director"


class Policy(NamedTuple):
    """What a company does about each kind of finding, and what it lets pass."""

    limit: str = APPROVE
    overdue: str = APPROVE
    authority: str = APPROVE
    agreement: str = IGNORE
    tolerance_days: int = 0
    tolerance_amount: float = 0.0
    digits: int = 2

    @property
    def is_idle(self):
        """Nothing would follow from anything: nobody has to look."""
        return all(getattr(self, kind) == IGNORE for kind in KINDS)

    @property
    def is_strict(self):
        """Something may be held: of two at once, the second has to know of the first."""
        return any(MODES.index(getattr(self, kind)) > MODES.index(WARN) for kind in KINDS)


class Facts(NamedTuple):
    """What is known about one sale and its customer; None for a limit or an authority means there is none.

    ``order`` is the part of the sale that ``receivable`` does not have yet, ``invoiced`` the part that it has: each
    is counted once.
    """

    order: float
    receivable: float = 0.0
    orders: float = 0.0
    limit: float | None = None
    dues: tuple = ()
    credits: float = 0.0
    authority: float | None = None
    authority_used: float = 0.0
    agreement_missing: bool = False
    prepaid: bool = False
    invoiced: float = 0.0

    @property
    def exposure(self):
        """Everything the customer would owe with this sale."""
        return self.receivable + self.orders + self.order


class Finding(NamedTuple):
    """One thing against the order: ``value`` is what there is, ``allowed`` what may be, ``days`` the oldest's age."""

    kind: str
    mode: str
    value: float = 0.0
    allowed: float = 0.0
    days: int = 0

    @property
    def excess(self):
        return self.value - self.allowed


def overdue(dues, credits, today, tolerance_days=0):
    """What is late for longer than the tolerance, and how late its oldest part is.

    Payments that nobody has matched yet settle the oldest items first: a customer who has paid is not late.

    :param dues: iterable of (due date, open amount > 0)
    :param credits: unmatched payments and credit notes, as a positive amount
    :return: (amount, days of the oldest)

    >>> from datetime import date
    >>> dues = [(date(2026, 7, 20), 50), (date(2026, 6, 30), 100)]
    >>> overdue(dues, 0, date(2026, 7, 31))
    (150, 31)
    >>> overdue(dues, 120, date(2026, 7, 31))
    (30, 11)
    >>> overdue(dues, 0, date(2026, 7, 31), tolerance_days=11)
    (100, 31)
    >>> overdue(dues, 0, date(2026, 6, 30))
    (0, 0)
    """
    total, oldest = 0, 0
    for due, amount in sorted(dues):
        settled = min(credits, amount)
        credits -= settled
        days = (today - due).days
        if amount > settled and days > max(tolerance_days, 0):
            total += amount - settled
            oldest = max(oldest, days)
    return total, oldest


def check(facts, policy, today):
    """Everything that stands against an order, the strictest consequence of each kind with its figures.

    Open 180,000 and an order of 30,000 against a limit of 200,000 (GRD, example 1):

    >>> from datetime import date
    >>> [found] = check(Facts(order=30_000, receivable=180_000, limit=200_000), Policy(), date(2026, 7, 31))
    >>> found.kind, found.mode, found.excess
    ('limit', 'approve', 10000)

    95,000 open with the salesperson's customers and an order of 10,000 against an authority of 100,000 (example 2):

    >>> facts = Facts(order=10_000, authority=100_000, authority_used=95_000)
    >>> [(found.kind, found.excess) for found in check(facts, Policy(), date(2026, 7, 31))]
    [('authority', 5000)]

    What is paid in advance, or worth nothing, adds no risk:

    >>> check(facts._replace(prepaid=True), Policy(), date(2026, 7, 31))
    []

    What is delivered of an order that was invoiced before is owed already, and counted once:

    >>> facts = Facts(order=0, invoiced=30_000, receivable=210_000, limit=200_000)
    >>> [(found.value, found.excess) for found in check(facts, Policy(), date(2026, 7, 31))]
    [(210000, 10000)]
    """
    if facts.prepaid or round(facts.order + facts.invoiced, policy.digits) <= 0:
        return []
    late, days = overdue(facts.dues, facts.credits, today, policy.tolerance_days)
    authority_value = facts.authority_used + facts.order
    findings = [
        Finding(LIMIT, policy.limit, facts.exposure, facts.limit)
        if facts.limit is not None and _over(facts.exposure, facts.limit, policy) else None,
        Finding(OVERDUE, policy.overdue, late, policy.tolerance_amount, days)
        if _over(late, policy.tolerance_amount, policy) else None,
        Finding(AUTHORITY, policy.authority, authority_value, facts.authority)
        if facts.authority is not None and _over(authority_value, facts.authority, policy) else None,
        Finding(AGREEMENT, policy.agreement) if facts.agreement_missing else None,
    ]
    return [finding for finding in findings if finding and finding.mode != IGNORE]


def _over(value, allowed, policy):
    return round(value - allowed, policy.digits) > 0


def verdict(findings):
    """The strictest of what the findings ask for; an order without findings passes like one with mere warnings.

    >>> verdict([]), verdict([Finding(LIMIT, WARN), Finding(OVERDUE, BLOCK)])
    ('ignore', 'block')
    """
    return max((finding.mode for finding in findings), key=MODES.index, default=IGNORE)


def noted(findings):
    """The same findings where nothing can be held any more: they are noted.

    >>> [found.mode for found in noted([Finding(LIMIT, BLOCK), Finding(OVERDUE, APPROVE), Finding(AGREEMENT, WARN)])]
    ['warn', 'warn', 'warn']
    """
    return [finding._replace(mode=WARN) for finding in findings]


def approver_role(findings, leader_amount):
    """Who may let the order pass: the team's leader up to an excess, the director above and for own authority.

    >>> approver_role([Finding(LIMIT, APPROVE, 210, 200)], leader_amount=10)
    'leader'
    >>> approver_role([Finding(LIMIT, APPROVE, 211, 200)], leader_amount=10)
    'director'
    >>> approver_role([Finding(AUTHORITY, APPROVE, 101, 100)], leader_amount=10)
    'director'
    """
    waiting = [finding for finding in findings if finding.mode == APPROVE]
    if any(finding.kind == AUTHORITY or finding.excess > leader_amount for finding in waiting):
        return DIRECTOR
    return LEADER


def covered(approved_kinds, approved_amount, findings, amount, digits=2):
    """An approval holds for what was asked, up to the amount it was given for.

    >>> covered({"limit"}, 30_000, [Finding(LIMIT, APPROVE)], 30_000)
    True
    >>> covered({"limit"}, 30_000, [Finding(LIMIT, APPROVE)], 30_000.01)
    False
    >>> covered({"limit"}, 30_000, [Finding(LIMIT, APPROVE), Finding(OVERDUE, APPROVE)], 30_000)
    False
    """
    waiting = {finding.kind for finding in findings if finding.mode == APPROVE}
    return waiting <= set(approved_kinds) and round(amount - approved_amount, digits) <= 0
