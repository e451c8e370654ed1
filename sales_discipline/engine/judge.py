# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Judge: the facts of one rule and its versions -> one verdict per fact. The order of arrival never matters."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .ladder import Effect, Ladder, Step
from .window import window_start


@dataclass(frozen=True, slots=True)
class Version:
    """A rule as it stands from ``valid_from`` until its next version (POL-08)."""

    key: object
    valid_from: date
    ladder: Ladder
    reset: str
    rolling_days: int = 0
    most: Decimal | None = None  # money of one offence, whatever its size


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened: who, on which local date, how much (minutes, pieces, days).

    ``key`` is natural (rule, person, date or document), never the id of a punch. ``digest`` tells one state of the
    evidence from another: a decision is respected as long as it stays the same. While a fact is not ``final`` its
    quantity still grows (a report is missing for another day). ``base_pay``: the monthly one of that day, where the
    ladder takes a part of it and it is known.
    """

    key: str
    person: object
    day: date
    quantity: Decimal = Decimal(0)
    digest: str = ""
    final: bool = True
    base_pay: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a fact costs: the nth counted offence since ``window_start``, judged by ``version``."""

    fact: Fact
    version: Version
    occurrence: int
    window_start: date
    step: Step
    effect: Effect = field(default_factory=Effect)


def version_on(versions, day):
    """The version in force on a day, None before the first.

    >>> old, new = (Version(n, date(2026, n, 1), Ladder(()), "month") for n in (6, 7))
    >>> [getattr(version_on([new, old], day), "key", None) for day in
    ...  (date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 1))]
    [None, 6, 7]
    """
    return max(
        (version for version in versions if version.valid_from <= day),
        key=lambda version: version.valid_from,
        default=None,
    )


def judge(facts, versions, excluded=frozenset(), fines_from=None, unit=Decimal("0.01")):
    """Number the offences of each person and look up what each costs.

    :param facts: iterable of Fact, of one rule; two facts never share a key
    :param versions: iterable of Version of that rule
    :param excluded: keys of facts that do not count (waived, overturned)
    :param fines_from: local date from which money counts; None = fines are switched off. Before it, a step keeps
        its kind and points and costs no money.
    :param unit: the smallest one of the currency; a part of the base pay is rounded to it
    :return: {fact key: Verdict}; facts before the first version, and excluded ones, have none
    :raise ValueError: two facts with the same key

    >>> ladder = Ladder((Step(1, 1, "warning"), Step(2, None, "fine", Effect(Decimal(20)))))
    >>> rule = [Version("v1", date(2026, 1, 1), ladder, "month")]
    >>> late = [Fact(f"ann/{day}", "ann", date(2026, 6, day)) for day in (20, 3, 9)]
    >>> [int(verdict.effect.amount) for verdict in judge(late, rule, fines_from=date(2026, 1, 1)).values()]
    [0, 20, 20]
    >>> [verdict.step.kind for verdict in judge(late, rule, excluded={"ann/3"}).values()]
    ['warning', 'fine']
    """
    versions = sorted(versions, key=lambda version: version.valid_from)
    by_person = defaultdict(list)
    seen = set()
    for fact in facts:
        if fact.key in seen:
            raise ValueError(f"Two facts share the key {fact.key!r}.")
        seen.add(fact.key)
        if fact.key not in excluded:
            by_person[fact.person].append(fact)
    verdicts = {}
    for person_facts in by_person.values():
        counted_days = []
        for fact in sorted(person_facts, key=lambda fact: (fact.day, fact.key)):
            version = version_on(versions, fact.day)
            if version is None:
                continue
            counted_days.append(fact.day)
            start = window_start(version.reset, fact.day, version.rolling_days)
            occurrence = len(counted_days) - bisect_left(counted_days, start)
            step = version.ladder.step_at(occurrence)
            effect = step.effect_on(fact.quantity)
            if fines_from is None or fact.day < fines_from:
                effect = effect.without_money()
            effect = effect.with_pay(fact.base_pay, unit) if effect.pay_percent else effect
            effect = effect.at_most(version.most)
            verdicts[fact.key] = Verdict(fact, version, occurrence, start, step, effect)
    return verdicts
