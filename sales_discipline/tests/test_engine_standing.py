# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..engine.judge import Fact, Version, judge
from ..engine.ladder import Effect, Ladder, Step
from ..engine.stand_in import stand_ins
from ..engine.standing import standing
from ..engine.window import RESETS, window_start

FIRST = date(2026, 1, 1)
days = st.integers(0, 420).map(lambda offset: FIRST + timedelta(days=offset))
ladders = st.builds(
    Ladder,
    st.just((
        Step(1, 2, "warning"), Step(3, 3, "points", Effect(points=5), per_unit=True),
        Step(4, None, "fine", Effect(Decimal(20))),
    )),
    free=st.integers(0, 2),
    every=st.integers(1, 3),
)
terms = st.lists(
    st.tuples(days, ladders, st.sampled_from(RESETS), st.integers(1, 60)), min_size=1, max_size=3,
    unique_by=lambda version: version[0],
)
people = st.integers(0, 6)
whatever_the_machine = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)


@tagged("post_install", "-at_install")
class TestEngineStanding(BaseCase):
    @whatever_the_machine
    @given(st.lists(days, max_size=12), terms, days, st.none() | days)
    def test_the_next_offence_costs_what_the_judge_would_say(self, offences, versions, today, fines_from):
        """SAN-02: one more fact, put in front of the judge, gets the number, step and effect that were foretold."""
        versions = [Version(number, *version) for number, version in enumerate(versions)]
        facts = [Fact(f"{number}", "ann", day) for number, day in enumerate(offences)]
        one_more = Fact("~", "ann", today, Decimal(1))
        verdict = judge([*facts, one_more], versions, fines_from=fines_from).get("~")
        told = standing(offences, versions, today, fines_from)
        self.assertEqual(told is None, verdict is None)
        if verdict:
            self.assertEqual(
                (told.occurrence, told.step, told.effect, told.version),
                (verdict.occurrence, verdict.step, verdict.effect, verdict.version))

    @whatever_the_machine
    @given(st.lists(days, max_size=12), terms, days)
    def test_an_offence_lapses_on_the_first_day_whose_window_leaves_it_out(self, offences, versions, today):
        versions = [Version(number, *version) for number, version in enumerate(versions)]
        told = standing(offences, versions, today)
        for day, last in told.lapses if told else ():
            reset, rolling = told.version.reset, told.version.rolling_days
            self.assertGreaterEqual(last, today)
            self.assertLessEqual(window_start(reset, last, rolling), day)
            if last < date.max:
                self.assertGreater(window_start(reset, last + timedelta(days=1), rolling), day)

    @whatever_the_machine
    @given(st.dictionaries(people, st.lists(people, max_size=4)), st.sets(people), people)
    def test_who_acts_is_there_and_reachable(self, deputies, away, person):
        """AUT-06: exactly those who are there and are reached through people who are away, each once."""
        reached, asked = {person} if person in away else set(), set()
        while reached & away - asked:
            one = (reached & away - asked).pop()
            asked.add(one)
            reached |= set(deputies.get(one, ()))
        acting = stand_ins(person, deputies, away)
        self.assertEqual(set(acting), reached - away)
        self.assertEqual(len(acting), len(set(acting)))
