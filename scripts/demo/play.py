# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The demo's three calls: play last month, sum it up, name the logins.

Called by scripts/dev with the superuser's environment of the demo database.
"""

import logging
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from . import ledger
from .clock import moved_clock, utc
from .company import STATEMENT_DAY, found
from .month import Diary
from .people import CHINA
from .stage import MODULE, Month, Stage, StoryError, Words

PLAYED = "sales_demo.played"
_logger = logging.getLogger(__name__)


def play(env, language="en_US"):
    """Found the demo company and play last month; does nothing on a database where that has been done.

    Ends the process with one sentence when it cannot.
    """
    if env["ir.config_parameter"].get_param(PLAYED):
        return
    if env.ref(f"{MODULE}.company", raise_if_not_found=False):
        raise SystemExit("An earlier call of the demo ended half-way: run 'make demo RESET=1' to start over.")
    env.cr.commit()
    try:
        tell(env.registry, language)
    except StoryError as error:
        raise SystemExit(str(error)) from error


def tell(registry, language="en_US", now=None, show=lambda day: None):
    """The whole story up to ``now`` (naive UTC, default: the real time).

    :param show: called with each day before it is played
    """
    now = now or datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    today = now.replace(tzinfo=UTC).astimezone(ZoneInfo(CHINA)).date()
    month = Month.before(today)
    with moved_clock(utc(month.first - relativedelta(months=4), "08:00", CHINA)) as clock:
        stage = Stage(registry, clock, Words(language), month, now)
        found(stage)
        ledger.months_before(stage)
        diary = Diary(stage, today)
        stage.at(month.first, "00:30")
        stage.wake_jobs()
        for day in days(month.first, today):
            show(day)
            _play_day(stage, diary, day)
        clock.move_to(now)
        _end(stage)


def days(first, last):
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _play_day(stage, diary, day):
    """A day: arrivals, then what people and finance do, then departures; our jobs run whenever they are due."""
    if day == stage.month.next + timedelta(days=STATEMENT_DAY - 1) and stage.at(day, "10:00"):
        close_month(stage)
    if not stage.at(day, "11:00"):
        return
    workday = stage.month.is_workday(day)
    if workday:
        diary.correct_punches(day)
        diary.punch_in(day)
    stage.run_jobs()
    if workday and stage.at(day, "15:00") and diary.people_act(day):
        stage.run_jobs()
    if diary.number(day):
        ledger.finance_day(stage, diary.number(day))
    if workday and stage.at(day, "19:40"):
        diary.punch_out(day)


def close_month(stage):
    """The sales administration closes the month."""
    with stage.acting("zhou.min") as env:
        env["sales.discipline.period"].search([("date_from", "=", stage.month.first), ("state", "=", "open")]).action_close()


def _end(stage):
    """On the first two days of a month: closing and statement without waiting for their day."""
    close_month(stage)
    with stage.acting("wu.jing") as env:
        Statement = env["sales.arrears.statement"]
        if not Statement.search_count([("month", "=", stage.month.first), ("state", "=", "issued")]):
            statement = Statement.search([("month", "=", stage.month.first)]) or Statement.create({"month": stage.month.first})
            statement.action_issue()
    stage.run_jobs()
    with stage.acting() as env:
        env["ir.config_parameter"].set_param(PLAYED, str(stage.month.first))
