# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who has to read a policy, and when again (POL-06, CON-01)."""

from dateutil.relativedelta import relativedelta

PENDING, ACCEPTED, VOID = "pending", "accepted", "void"


def next_round(state, number, accepted_on, repeat_months, today):
    """Number of the acceptance that is asked for now from a person who is bound, None when there is nothing to ask.

    :param state: of his latest receipt, None when he has none
    :param number: of that receipt, 1 being the first
    :param accepted_on: local day of that acceptance
    :param repeat_months: months after which a policy is accepted again, 0: once is enough

    >>> from datetime import date
    >>> next_round(None, 0, None, 0, date(2026, 6, 1))
    1
    >>> next_round("pending", 1, None, 12, date(2026, 6, 1))

    Who no longer was bound, and now is again, reads what he had not read:

    >>> next_round("void", 2, None, 12, date(2026, 6, 1))
    2

    Once a year, from the day a year later on:

    >>> next_round("accepted", 1, date(2025, 6, 2), 12, date(2026, 6, 1))
    >>> next_round("accepted", 1, date(2025, 6, 2), 12, date(2026, 6, 2))
    2
    >>> next_round("accepted", 1, date(2020, 1, 1), 0, date(2026, 6, 2))
    """
    if state is None:
        return 1
    if state == VOID:
        return number
    if state == ACCEPTED and repeat_months and accepted_on + relativedelta(months=repeat_months) <= today:
        return number + 1
    return None
