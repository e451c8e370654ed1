# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a detector is given and what it returns: whom to look at, and what was seen."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of local days in which one version of an employee (hr.version) is in force."""

    employee_id: int
    resource_id: int
    date_from: date
    date_to: date
    calendar_id: int
    tz: str
    job_id: int
    work_location_id: int
    department_ids: frozenset
    team_ids: frozenset


@dataclass(frozen=True, slots=True)
class Finding:
    """What a detector has seen: one offence of one employee on one local date.

    ``evidence`` is the text that a change of the facts changes; never an id, since punches are deleted and made again.
    ``sentence`` says it to the person, in the language of the run. Datetimes are naive UTC.
    ``growing``: the quantity still grows from day to day; ``grown_on``: local date on which that ended.
    """

    employee_id: int
    day: date
    quantity: int
    evidence: str
    sentence: str
    due_at: datetime | None = None
    actual_at: datetime | None = None
    evidence_model: str | None = None
    evidence_id: int | None = None
    growing: bool = False
    grown_on: date | None = None

    @property
    def final_on(self):
        """Local date from which the quantity no longer grows, None while it does (RPD-01)."""
        return None if self.growing else self.grown_on or self.day

    @property
    def digest(self):
        return sha256(self.evidence.encode()).hexdigest()[:16]
