# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Deputies: who acts for somebody who is away (AUT-06)."""


def stand_ins(person, deputies, away):
    """Those who act for somebody who is away, the first named first; nobody acts for who is there.

    A deputy who is away himself is represented by his own deputies.

    :param deputies: {person: his deputies in order}
    :param away: people who are away

    >>> deputies = {"mgr": ["dep", "reg"], "dep": ["sup"], "sup": ["mgr"]}
    >>> stand_ins("mgr", deputies, {"mgr"})
    ['dep', 'reg']
    >>> stand_ins("mgr", deputies, {"mgr", "dep"})
    ['sup', 'reg']
    >>> stand_ins("mgr", deputies, ()), stand_ins("mgr", {}, {"mgr"})
    ([], [])

    Everybody is away, and they name each other:

    >>> stand_ins("mgr", deputies, {"mgr", "dep", "sup", "reg"})
    []
    """
    found, asked = [], set()

    def ask(one):
        if one in asked:
            return
        asked.add(one)
        if one not in away:
            found.append(one)
            return
        for deputy in deputies.get(one, ()):
            ask(deputy)

    if person in away:
        ask(person)
    return found


def is_away(now, local_day, absences):
    """Whether one of somebody's approved leaves covers this moment; of whole days it takes the days, not the hours.

    :param now: naive UTC, ``local_day``: the date it is for the person
    :param absences: (first local date, last one, start, stop); start and stop, naive UTC, only of a part of a day

    >>> from datetime import date, datetime
    >>> week = [(date(2026, 6, 1), date(2026, 6, 5), None, None)]
    >>> [is_away(datetime(2026, 6, day, 20), date(2026, 6, day), week) for day in (1, 5, 6)]
    [True, True, False]
    >>> morning = [(date(2026, 6, 1), date(2026, 6, 1), datetime(2026, 6, 1, 0, 30), datetime(2026, 6, 1, 4))]
    >>> [is_away(datetime(2026, 6, 1, hour), date(2026, 6, 1), morning) for hour in (0, 1, 4)]
    [False, True, False]
    """
    return any(
        start <= now < stop if start else first <= local_day <= last for first, last, start, stop in absences
    )
