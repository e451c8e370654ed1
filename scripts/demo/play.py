# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The demo's three calls: play last month, sum it up, name the logins.

Called by scripts/dev with the superuser's environment of the demo database.
"""

import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import UserError

from . import agreements, credit, deliveries, figures, governance, ledger, promises
from .clock import moved_clock, utc
from .company import found
from .fieldwork import FieldWork
from .handover import hand_over
from .month import Diary
from .people import CHINA, PASSWORD
from .phrases import say
from .policy import STATEMENT_DAY, mail_from_now_on, send_commission
from .sights import sights
from .stage import FIRST, LATEST, MODULE, Month, Stage, StoryError, Words, recall
from .summary import arrears, commission, daily_logs, discipline, visits
from .table import table

PLAYED = "sales_demo.played"
# Stories of their own, told in this order on the days that they name.
CHAPTERS = (governance, credit, agreements, deliveries)


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
        tell(env.registry, language, show=Progress(sys.stdout))
    except (StoryError, UserError) as error:
        raise SystemExit(f"The story of the demo cannot go on: {error}") from error


class Progress:
    """One line that changes every day on a terminal, else a line for each week."""

    def __init__(self, out):
        self.out = out

    def __call__(self, day, last=False):
        if self.out.isatty():
            self.out.write(f"\r  playing {day:%A, %d %B %Y}".ljust(60) + ("\n" if last else ""))
        elif day.weekday() == 0 or last:
            self.out.write(f"  played up to {day}\n" if last else f"  playing the week of {day}\n")
        self.out.flush()


def summary(env):
    """Print the month: who was late and what it cost, who owes how much."""
    env, words, month = _company_env(env)
    print(say(words, "title", month=month, company=env.company.name))
    for part in (discipline, daily_logs, visits, arrears, commission, sights):
        print("", *part(env, month, words), sep="\n")


def logins(env):
    """Print a login for each role."""
    env, words, _month = _company_env(env)
    rows = [[words(*title), who, PASSWORD, words(*what)] for who, title, what in ROLES]
    head = [words("Role", "角色"), words("Login", "登录名"), words("Password", "密码"), words("To look at", "可以看")]
    print("", *table(head, rows, indent=""), sep="\n")


# A login for each role: (login, role, what to do first).
ROLES = [
    ("li.na", ("Salesperson", "销售员"),
     ("My Day: an entry to answer, own overdue customers", "我的一天：待答复的记录、自己的逾期客户")),
    ("sun.li", ("Info clerk", "信息员"),
     ("Discipline: everybody's entries, notices, answers", "纪律：全员记录、通知单、代录答复")),
    ("wang.fang", ("Sales manager", "销售经理"),
     ("Discipline: an appeal to decide; arrears of the team", "纪律：待裁决的申诉；本部门欠款")),
    ("zhou.min", ("Sales administration", "销售内勤"),
     ("Discipline: the closed month and its sheets", "纪律：已结账月份及个人汇总表")),
    ("wu.jing", ("Finance", "财务"),
     ("Receivables: the issued statement and its proof", "应收：已签发的对账单及平衡验证")),
    ("zheng.hao", ("Administrator", "管理员"),
     ("Rules, settings, scheduled actions", "规则、设置、计划任务")),
]


def _company_env(env):
    """(environment in the demo company, its words, first day of the month that was played)"""
    played = env["ir.config_parameter"].get_param(PLAYED)
    if not played:
        raise SystemExit("The demo's month has not been played: run 'make demo RESET=1'.")
    company = recall(env, "company")
    words = Words(company.partner_id.lang)
    env = env(context={"lang": words.language, "tz": CHINA, "allowed_company_ids": company.ids})
    return env, words, fields.Date.to_date(played)


def tell(registry, language="en_US", now=None, show=lambda day, last=False: None):
    """The whole story up to ``now`` (naive UTC, default: the real time).

    :param show: called with each day before it is played
    """
    now = now or datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    today = now.replace(tzinfo=UTC).astimezone(ZoneInfo(CHINA)).date()
    month = Month.before(today)
    with moved_clock(utc(month.first - relativedelta(months=4), "08:00", CHINA)) as clock:
        stage = Stage(registry, clock, Words(language), month, now)
        found(stage)
        ledger.months_before(stage, credit.months_before)
        diary = Diary(stage, today)
        stage.at(month.first, "00:30")
        stage.wake_jobs()
        for day in days(month.first, today):
            show(day)
            _play_day(stage, diary, day)
        clock.move_to(now)
        _end(stage)
        show(today, last=True)


def days(first, last):
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _play_day(stage, diary, day):
    """A day from the arrivals to the departures; our jobs run whenever they are due."""
    field = FieldWork(stage, diary)
    if day == stage.month.next:
        mail_from_now_on(stage)
    if day == statement_day(stage) and stage.at(day, "10:00"):
        close_month(stage)
    if not stage.at(day, "11:00"):
        return
    workday, quiet = stage.month.is_workday(day), diary.is_quiet(day)
    if workday and not quiet:
        diary.correct_punches(day)
        diary.punch_in(day)
        stage.run_jobs()
    if day == statement_day(stage):
        _after_statement(stage, day)
    if workday and stage.at(day, "14:10"):
        field.check_in(day)
    if workday and stage.at(day, "14:50"):
        field.check_out(day)
    if workday and not quiet and stage.at(day, "15:00") and diary.people_act(day):
        stage.run_jobs()
    if diary.number(day):
        ledger.finance_day(stage, diary.number(day))
        promises.rep_day(stage, diary.number(day))
    if workday:
        _play_evening(stage, diary, day)


def _play_evening(stage, diary, day):
    field = FieldWork(stage, diary)
    if stage.at(day, "16:00"):
        for scene in scenes(diary, day):
            scene(stage)
    if stage.at(day, "17:40"):
        field.file_logs(day, in_time=True)
    if stage.at(day, "19:40"):
        field.file_logs(day, in_time=False)
        diary.punch_out(day)


def _after_statement(stage, day):
    stage.run_jobs()
    send_commission(stage)
    if stage.at(day, "11:30"):
        figures.answer(stage)


def scenes(diary, day):
    """What the chapters tell of a day: of the month by its number, after it of the first and the last working day."""
    keys = [diary.number(day), *(name for name, at in ((FIRST, 0), (LATEST, -1)) if diary.recent_days[at:][:1] == [day])]
    return [scene for chapter in CHAPTERS for key in keys for scene in chapter.SCENES.get(key, ())]


def statement_day(stage):
    return stage.month.next + timedelta(days=STATEMENT_DAY - 1)


def close_month(stage):
    """The sales administration closes the month."""
    with stage.acting("zhou.min") as env:
        period = env["sales.discipline.period"].search([("date_from", "=", stage.month.first), ("state", "=", "open")])
        period.action_close()
    if period:
        hand_over(stage)


def _end(stage):
    """On the first two days of a month: closing and statement without waiting for their day."""
    close_month(stage)
    with stage.acting("wu.jing") as env:
        Statement = env["sales.arrears.statement"]
        statement = Statement.search([("month", "=", stage.month.first)])
        if statement.state != "issued":
            (statement or Statement.create({"month": stage.month.first})).action_issue()
    promises.still_open(stage)
    stage.run_jobs()
    figures.answer(stage)
    if stage.now < utc(statement_day(stage), "11:00", CHINA):
        send_commission(stage)
    with stage.acting() as env:
        env["ir.config_parameter"].set_param(PLAYED, str(stage.month.first))
