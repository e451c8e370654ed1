# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Ladder of sanctions: what the nth offence of a window costs (SAN-02, ATT-03)."""

from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from operator import add, sub

NO_SANCTION = "none"


# Cases, from the mildest to the gravest: a person decides each of them, whatever else the step costs (SAN-01, SAN-03).
CASES = ("liability", "demotion", "dismissal", "legal")


def case_gravity(kind):
    """How grave a case is; 0 for what is none, such as a warning, a fine or nothing at all.

    >>> case_gravity("dismissal") > case_gravity("demotion") > case_gravity("fine") == case_gravity(None)
    True
    """
    return CASES.index(kind) + 1 if kind in CASES else 0


@dataclass(frozen=True, slots=True)
class Effect:
    """What an entry costs: money in company currency, points, extra duty days, percent of the monthly base pay (its
    money is in the amount), days marked as absence, and whether the volume of the month does not count.

    >>> Effect(Decimal(20)) - Effect(Decimal(20), points=5) == Effect(points=-5)
    True
    >>> Effect(points=-5).is_no_raise, Effect(Decimal(-20), points=5).is_no_raise, Effect(volume_off=1).is_no_raise
    (True, False, False)
    >>> (Effect(points=5, duty_days=1) * Decimal(3)).points
    15
    """

    amount: Decimal = Decimal(0)
    points: int = 0
    duty_days: int = 0
    pay_percent: Decimal = Decimal(0)
    absence_days: int = 0
    volume_off: int = 0

    @property
    def components(self):
        """Everything it may cost, in the order of the fields."""
        return self.amount, self.points, self.duty_days, self.pay_percent, self.absence_days, self.volume_off

    def __add__(self, other):
        return Effect(*map(add, self.components, other.components))

    def __sub__(self, other):
        return Effect(*map(sub, self.components, other.components))

    def __mul__(self, times):
        """So many units of it; a month's volume is off once or not at all."""
        return Effect(
            self.amount * times,
            int(self.points * times),
            int(self.duty_days * times),
            self.pay_percent * times,
            int(self.absence_days * times),
            self.volume_off,
        )

    @property
    def is_no_raise(self):
        """Nothing in it costs the person more."""
        return all(component <= 0 for component in self.components)

    def without_money(self):
        """The same where no money may be taken."""
        return replace(self, amount=Decimal(0), pay_percent=Decimal(0))

    def at_most(self, money):
        """The same with no more money than that; None: without a limit (SAN-12).

        >>> [int(Effect(Decimal(amount)).at_most(Decimal(50)).amount) for amount in (20, 80)]
        [20, 50]
        """
        return self if money is None or self.amount <= money else replace(self, amount=money)

    def with_pay(self, base_pay, unit):
        """The same with the percentage of the base pay as money, rounded to a unit of the currency; never more than
        the whole of it. Without a known pay the percentage stands, and costs nothing yet.

        >>> effect = Effect(Decimal(10), pay_percent=Decimal(30)).with_pay(Decimal("3333.33"), Decimal("0.01"))
        >>> effect.amount, effect.pay_percent
        (Decimal('1010.00'), Decimal('30'))
        >>> Effect(pay_percent=Decimal(50)).with_pay(None, Decimal(1)).amount
        Decimal('0')
        """
        percent = min(self.pay_percent, Decimal(100))
        share = ((base_pay or Decimal(0)) * percent / 100 / unit).to_integral_value(ROUND_HALF_UP) * unit
        return replace(self, amount=self.amount + share, pay_percent=percent)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a ladder: the occurrences ``first``..``last`` (None = and every later one) have this consequence.

    ``per_unit``: the effect is that of one unit of the offence's quantity (a started day late, a missing piece).

    >>> Step(1, None, "points", Effect(points=5), per_unit=True).effect_on(Decimal(2)).points
    10
    """

    first: int
    last: int | None
    kind: str
    effect: Effect = field(default_factory=Effect)
    per_unit: bool = False

    def effect_on(self, quantity):
        """What an offence of this quantity costs."""
        return self.effect * quantity if self.per_unit else self.effect


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps behind a free allowance; after it only every ``every``-th offence climbs a step.

    >>> ladder = Ladder((Step(1, 1, "warning"), Step(2, None, "fine", Effect(Decimal(20)))))
    >>> [ladder.step_at(n).kind for n in (1, 2, 3, 40)]
    ['warning', 'fine', 'fine', 'fine']
    >>> lenient = Ladder(ladder.steps, free=2, every=2)
    >>> [lenient.step_at(n).kind for n in (1, 2, 3, 4, 5, 6)]
    ['none', 'none', 'none', 'warning', 'none', 'fine']
    """

    steps: tuple[Step, ...]
    free: int = 0
    every: int = 1

    def step_at(self, occurrence):
        """The step of the nth counted offence; a NO_SANCTION step inside the allowance, between two nths or past a
        ladder that ends."""
        beyond, between = divmod(occurrence - self.free, self.every)
        if occurrence > self.free and not between:
            for step in self.steps:
                if step.first <= beyond and (step.last is None or beyond <= step.last):
                    return step
        return Step(occurrence, occurrence, NO_SANCTION)


def ladder_gap(steps):
    """Occurrence that no step covers, or that two steps claim; None when the ladder is whole from 1 to its end.

    >>> ladder_gap([Step(1, 1, "warning"), Step(3, None, "fine")])
    2
    >>> ladder_gap([Step(1, 2, "warning"), Step(2, None, "fine")])
    2
    >>> ladder_gap([Step(1, 1, "warning"), Step(2, None, "fine")]) is None
    True
    """
    expected = 1
    for step in sorted(steps, key=lambda step: step.first):
        if expected is None or step.first != expected:
            return step.first if expected is None else min(expected, step.first)
        if step.last is not None and step.last < step.first:
            return step.first
        expected = None if step.last is None else step.last + 1
    return None
