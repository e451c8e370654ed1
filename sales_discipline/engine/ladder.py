# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Ladder of sanctions: what the nth offence of a window costs (SAN-02, ATT-03)."""

from dataclasses import dataclass, field
from decimal import Decimal

NO_SANCTION = "none"


@dataclass(frozen=True)
class Effect:
    """What an entry costs: money in company currency, points, extra duty days.

    >>> Effect(Decimal(20)) - Effect(Decimal(20), points=5)
    Effect(amount=Decimal('0'), points=-5, duty_days=0)
    >>> Effect(points=-5).is_no_raise, Effect(Decimal(-20), points=5).is_no_raise
    (True, False)
    >>> Effect(points=5) * Decimal(3)
    Effect(amount=Decimal('0'), points=15, duty_days=0)
    """

    amount: Decimal = Decimal(0)
    points: int = 0
    duty_days: int = 0

    def __add__(self, other):
        return Effect(self.amount + other.amount, self.points + other.points, self.duty_days + other.duty_days)

    def __sub__(self, other):
        return Effect(self.amount - other.amount, self.points - other.points, self.duty_days - other.duty_days)

    def __mul__(self, times):
        return Effect(self.amount * times, int(self.points * times), int(self.duty_days * times))

    @property
    def is_no_raise(self):
        """Nothing in it costs the person more."""
        return self.amount <= 0 and self.points <= 0 and self.duty_days <= 0


@dataclass(frozen=True)
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


@dataclass(frozen=True)
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
