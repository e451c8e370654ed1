# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Was somebody at a place? Coordinates in degrees, distances and accuracies in metres.

A device reports the middle of a circle and the circle's radius, its accuracy. Doubt speaks for the person: "outside"
needs the whole circle outside; "verified" needs its middle inside, and a circle no larger than the area asked about.
"""

from dataclasses import dataclass
from math import asin, cos, isfinite, pi, radians, sin, sqrt

VERIFIED, OUTSIDE, CANNOT_TELL = "verified", "outside", "cannot_tell"

WITHIN, BEYOND = "within", "beyond"
NO_FIX, NO_TARGET, IMPRECISE = "no_fix", "no_target", "imprecise"

EARTH_RADIUS = 6_371_008.8
HALF_ROUND = pi * EARTH_RADIUS


@dataclass(frozen=True)
class Place:
    """A point on Earth; ``accuracy`` is the radius of the circle it stands for, 0 an exact point.

    >>> Place(91, 0)
    Traceback (most recent call last):
    ValueError: Latitude 91 is not between -90 and 90 degrees.
    >>> Place(24.48, 118.09, -1)
    Traceback (most recent call last):
    ValueError: Accuracy -1 is not a distance on Earth in metres.
    """

    latitude: float
    longitude: float
    accuracy: float = 0

    def __post_init__(self):
        # Written so that NaN fails too.
        if not -90 <= self.latitude <= 90:
            raise ValueError(f"Latitude {self.latitude} is not between -90 and 90 degrees.")
        if not -180 <= self.longitude <= 180:
            raise ValueError(f"Longitude {self.longitude} is not between -180 and 180 degrees.")
        if not 0 <= self.accuracy <= HALF_ROUND:
            raise ValueError(f"Accuracy {self.accuracy} is not a distance on Earth in metres.")

    @property
    def is_known(self):
        """(0, 0) is what software writes when it does not know, not a place in the Gulf of Guinea.

        >>> Place(0, 0).is_known, Place(0, 9.45).is_known
        (False, True)
        """
        return bool(self.latitude or self.longitude)


@dataclass(frozen=True)
class Verdict:
    """``distance`` is None where one of the two places is unknown."""

    result: str
    reason: str
    distance: float | None = None


def distance_between(one, other):
    """Great-circle distance (haversine).

    >>> round(distance_between(Place(24.4798, 118.0894), Place(24.4798, 118.0994)))
    1012
    >>> distance_between(Place(10, 180), Place(10, -180)) < 0.001
    True
    """
    lat_one, lat_other = radians(one.latitude), radians(other.latitude)
    half_lat = (lat_other - lat_one) / 2
    half_lon = radians(other.longitude - one.longitude) / 2
    chord = sin(half_lat) ** 2 + cos(lat_one) * cos(lat_other) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(chord)))


def judge_place(fix, target, radius):
    """Compare where the device was with where it should have been.

    :param fix: Place reported by the device, or None (refused, no signal, no device)
    :param target: Place of the customer, or None
    :param radius: metres around the target that count as being there, inclusive

    >>> shop = Place(24.4798, 118.0894)
    >>> judge_place(Place(24.4798, 118.0904, 20), shop, 200).result  # 101 m away
    'verified'
    >>> judge_place(Place(24.4798, 118.0994, 20), shop, 200).result  # 1012 m away
    'outside'
    >>> judge_place(Place(24.4798, 118.0994, 900), shop, 200).reason  # may as well have been 112 m
    'imprecise'
    >>> judge_place(None, shop, 200).reason, judge_place(Place(0, 0, 5), shop, 200).reason
    ('no_fix', 'no_fix')
    >>> judge_place(Place(24.4798, 118.0904, 20), None, 200).reason
    'no_target'
    """
    if fix is None or not fix.is_known:
        return Verdict(CANNOT_TELL, NO_FIX)
    if target is None or not target.is_known:
        return Verdict(CANNOT_TELL, NO_TARGET)
    distance = distance_between(fix, target)
    if distance - fix.accuracy > radius:
        return Verdict(OUTSIDE, BEYOND, distance)
    if distance <= radius and fix.accuracy <= radius:
        return Verdict(VERIFIED, WITHIN, distance)
    return Verdict(CANNOT_TELL, IMPRECISE, distance)


def is_measure(value):
    """A finite number and not a flag: what a position may be made of.

    >>> [is_measure(value) for value in (0, 24.5, True, "24.5", None, float("nan"))]
    [True, True, False, False, False, False]
    """
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
