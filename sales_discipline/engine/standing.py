# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Standing: what counts against a person today, what the next offence would cost and when the present ones lapse."""

from dataclasses import dataclass, field
from datetime import date  # noqa: F401 (doctests)
from decimal import Decimal

from .judge import Version, version_on
from .ladder import Effect, Step
from .window import window_end, window_start


@dataclass(frozen=True)
class Standing:
    """``occurrence``, ``step``, ``effect``: those of one more offence today, of one unit of its quantity.

    ``lapses``: (day of an offence that counts, last day on which it does), oldest first; date.max = for good.
    """

    version: Version
    occurrence: int
    step: Step
    effect: Effect = field(default_factory=Effect)
    lapses: tuple = ()

    @property
    def count(self):
        return self.occurrence - 1


def standing(days, versions, today, fines_from=None):
    """How a person stands towards a rule; None while no version of it is in force.

    :param days: local dates of the offences of this person that stand (not waived, overturned or withdrawn)
    :param versions: iterable of Version of the rule
    :param fines_from: local date from which money counts; None = fines are switched off

    >>> from .ladder import Ladder
    >>> ladder = Ladder((Step(1, 1, "warning"), Step(2, None, "fine", Effect(Decimal(20)))))
    >>> month, rolling = (Version(reset, date(2026, 1, 1), ladder, reset, 30) for reset in ("month", "rolling"))
    >>> late = [date(2026, 5, 20), date(2026, 6, 3)]
    >>> now = standing(late, [month], date(2026, 6, 10), fines_from=date(2026, 1, 1))
    >>> now.count, now.step.kind, now.effect.amount, [str(last) for _day, last in now.lapses]
    (1, 'fine', Decimal('20'), ['2026-06-30'])
    >>> now = standing(late, [rolling], date(2026, 6, 10))
    >>> now.count, now.occurrence, now.effect.amount, [str(last) for _day, last in now.lapses]
    (2, 3, Decimal('0'), ['2026-06-18', '2026-07-02'])
    >>> standing(late, [month], date(2026, 7, 1)).step.kind, standing(late, [month], date(2025, 12, 31))
    ('warning', None)
    """
    versions = list(versions)
    version = version_on(versions, today)
    if version is None:
        return None
    start = max(
        window_start(version.reset, today, version.rolling_days), min(known.valid_from for known in versions)
    )
    counting = sorted(day for day in days if start <= day <= today)
    step = version.ladder.step_at(len(counting) + 1)
    effect = step.effect_on(Decimal(1))
    if fines_from is None or today < fines_from:
        effect = effect.without_money()
    effect = effect.at_most(version.most)
    lapses = tuple((day, window_end(version.reset, day, version.rolling_days)) for day in counting)
    return Standing(version, len(counting) + 1, step, effect, lapses)
