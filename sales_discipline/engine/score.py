# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Score: what is left of the points of a month (PNT-01). Merits are negative points of the ledger (SAN-09)."""


def score(base, points):
    """``base`` less the points of the entries that count; merits are added, and nobody falls below 0.

    >>> score(100, [5, 5, 5, 10])
    75
    >>> score(100, [10, -4]), score(100, [-4]), score(100, [60, 60])
    (94, 104, 0)
    """
    return max(0, base - sum(points))
