# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which grade a customer has earned (GRD-01): bands from best to worst, the weakest criterion decides.

Plain values in, plain values out. A figure that is not known is None, never 0: it decides nothing and is named.
"""

from itertools import pairwise
from typing import NamedTuple

#: A bound that every figure meets: the band does not ask.
ANY = None


class Criterion(NamedTuple):
    """One figure and what each band, best first, asks of it.

    ``more_is_better``: a band begins at its bound and ends below the next better one, ``[bound, better)``. Otherwise it
    ends with its bound and begins above the next better one, ``(better, bound]``. The last band takes the rest.
    """

    name: str
    bounds: tuple
    more_is_better: bool = True


class Finding(NamedTuple):
    """What one criterion says: ``band`` is the index of its band, None when the figure is not known."""

    name: str
    value: float | None
    bound: float | None
    band: int | None
    decides: bool = False


def band_of(criterion, value):
    """Index of the band of a figure.

    >>> volume = Criterion("volume", (500_000, 200_000, 50_000, ANY))
    >>> [band_of(volume, value) for value in (500_000, 499_999, 200_000, 50_000, 49_999, -1)]
    [0, 1, 1, 2, 3, 3]
    >>> late = Criterion("late", (5, 15, 30, ANY), more_is_better=False)
    >>> [band_of(late, value) for value in (0, 5, 5.1, 15, 30, 31)]
    [0, 0, 1, 1, 2, 3]
    """
    last = len(criterion.bounds) - 1
    for index, bound in enumerate(criterion.bounds[:last]):
        if bound is ANY or (value >= bound if criterion.more_is_better else value <= bound):
            return index
    return last


def is_sorted(criterion):
    """Whether a worse band never asks more than a better one.

    >>> is_sorted(Criterion("volume", (500, 200, ANY, ANY))), is_sorted(Criterion("volume", (200, 500, ANY)))
    (True, False)
    >>> is_sorted(Criterion("late", (5, 15, ANY), False)), is_sorted(Criterion("late", (ANY, 15, ANY), False))
    (True, False)
    """
    asked = criterion.bounds[:-1]
    for better, worse in pairwise(asked):
        if worse is ANY:
            continue
        if better is ANY or (worse > better if criterion.more_is_better else worse < better):
            return False
    return True


def grade(criteria, figures):
    """Grade a customer.

    :param criteria: list of Criterion, all over the same bands
    :param figures: {name: number, or None when nothing is known}; a missing name is not known
    :return: (index of the band, or None when nothing at all is known; list of Finding)

    >>> criteria = [Criterion("volume", (500_000, 200_000, ANY)), Criterion("late", (5, 15, ANY), False)]
    >>> band, findings = grade(criteria, {"volume": 812_000, "late": 9})
    >>> band, [(finding.name, finding.band, finding.decides) for finding in findings]
    (1, [('volume', 0, False), ('late', 1, True)])

    A customer who has not paid anything yet is not judged by how late he pays; of whom nothing is known has no grade:

    >>> grade(criteria, {"volume": 812_000, "late": None})[0], grade(criteria, {})[0]
    (0, None)
    """
    bands = {
        criterion.name: band_of(criterion, figures[criterion.name])
        for criterion in criteria if figures.get(criterion.name) is not None
    }
    decided = max(bands.values(), default=None)
    findings = []
    for criterion in criteria:
        band = bands.get(criterion.name)
        # the bound that tells why it is not a better band: the one it met, for the last band the one it missed
        bound = None if band is None else criterion.bounds[min(band, len(criterion.bounds) - 2)]
        decides = band is not None and band == decided
        findings.append(Finding(criterion.name, figures.get(criterion.name), bound, band, decides))
    return decided, findings


def limit_on(day, base, extras):
    """Credit limit on a day: the grade's, plus the extra limits that are valid then (never kept as a running sum).

    :param extras: iterable of (first day, last day, amount); both days belong to it

    >>> from datetime import date
    >>> june = (date(2026, 6, 1), date(2026, 6, 30), 50_000)
    >>> fair = (date(2026, 6, 20), date(2026, 7, 5), 20_000)
    >>> [limit_on(date(2026, *on), 200_000, [june, fair]) for on in ((5, 31), (6, 1), (6, 30), (7, 1), (7, 6))]
    [200000, 250000, 270000, 220000, 200000]
    """
    return base + sum(amount for first, last, amount in extras if first <= day <= last)


def completeness(values):
    """Share of what is filled in, in whole percent, rounded down: 100 only when nothing is missing.

    >>> completeness(["a"] * 18 + [""] * 6), completeness(["a", "b", None]), completeness([])
    (75, 66, 100)
    """
    values = list(values)
    return 100 * sum(1 for value in values if value) // len(values) if values else 100


STAR, QUESTION, COW, DOG = "star", "question", "cow", "dog"


def class_of(attractiveness, position, threshold=50):
    """Class of a key account (KAM-01): strong from the threshold on, on both axes.

    >>> class_of(80, 70), class_of(80, 30), class_of(30, 70), class_of(30, 30), class_of(50, 49)
    ('star', 'question', 'cow', 'dog', 'question')
    """
    if attractiveness >= threshold:
        return STAR if position >= threshold else QUESTION
    return COW if position >= threshold else DOG
