# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What happens on each day of the month: punches, leave, answers and decisions.

Days are numbers of working days from 1, so that the story is the same in every month. What it costs (ATT-03: first
a warning, then 20 each time, counted per month):

    Li Na         3, 7, 14         warning, 20, 20                    40
    Zhang Wei     2, 5, 9, 12, 16  2 waived; warning, 20, 20, 20      60
    Liu Yang      4, 10            warning, 20 (appeal rejected)      20
    Chen Jing     6, 11, 15        warning, 20, 20 (silent)           40
    one warning each: Hu Bin, Lin Xiao, Zhu Ting, He Xiuying, Chen Jianguo; Xu Peng's is pending at the closing
"""

from dataclasses import dataclass

from odoo.fields import Command

from .clock import utc
from .people import LEADERS, PEOPLE
from .stage import StoryError, recall

LAST = -1
ACCEPT, APPEAL, SILENT = "accept", "appeal", "silent"
UNANSWERED = ("proposed", "notified")


@dataclass(frozen=True)
class Late:
    who: str
    day: int
    at: str
    then: str = ACCEPT
    plea: tuple = ()
    decision: str = ""
    decided_after: int = 0  # working days after the punch
    ruling: tuple = ()


LATE = [
    Late("li.na", 3, "08:26"),
    Late("li.na", 7, "08:40"),
    Late("li.na", 14, "08:31"),
    Late(
        "zhang.wei", 2, "08:41", APPEAL,
        plea=("The number 12 bus broke down; the driver's note is attached.", "12 路公交车抛锚，附司机证明。"),
        decision="waive", decided_after=3, ruling=("The bus company confirms it.", "公交公司已核实。"),
    ),
    Late("zhang.wei", 5, "08:33"),
    Late("zhang.wei", 9, "08:29"),
    Late("zhang.wei", 12, "08:52"),
    Late("zhang.wei", 16, "08:36"),
    Late("liu.yang", 4, "08:35"),
    Late(
        "liu.yang", 10, "08:58", APPEAL,
        plea=("My alarm clock did not ring.", "闹钟没响。"),
        decision="uphold", decided_after=2, ruling=("Everybody's own business.", "个人原因，不予免除。"),
    ),
    Late("chen.jing", 6, "08:30", SILENT),
    Late("chen.jing", 11, "08:47", SILENT),
    Late("chen.jing", 15, "08:39", SILENT),
    Late("hu.bin", 13, "08:25:01"),
    Late("lin.xiao", 9, "08:50"),
    Late("zhu.ting", 17, "08:44"),
    Late("huang.lei", 9, "09:15", SILENT),  # a sick morning, reported the next day: withdrawn
    Late("he.xiuying", 5, "08:40"),
    Late("chen.jianguo", 13, "08:32", SILENT),
    Late("xu.peng", LAST, "08:45", SILENT),
]
# On the stroke is on time.
ON_THE_STROKE = {("hu.bin", 8): "08:25:00"}
# Who confirms, the day after, that he has received the letter.
ACKNOWLEDGED = {("hu.bin", 13)}
NO_PUNCH = {("ma.chao", 12)}
NO_CHECK_OUT = {("ma.chao", 6)}
# Of this month, by working days before today: left for the newcomer to answer and to decide.
RECENT = [
    Late("li.na", 1, "08:32", SILENT),
    Late("liu.yang", 2, "08:37", APPEAL, plea=("I took a customer's car to the workshop.", "先送客户的车去修理厂了。")),
]
LEAVES_AT = "17:36"
ENOUGH_DAYS = 3  # of this month, so that the recent ones do not fall into the closed month


@dataclass(frozen=True)
class Sick:
    who: str
    first: int
    last: int
    reported: int
    morning_only: bool = False


SICK = [Sick("zhu.ting", 10, 11, reported=10), Sick("huang.lei", 9, 9, reported=10, morning_only=True)]


class Diary:
    """Tells the days one after another."""

    def __init__(self, stage, today):
        self.stage = stage
        self.days = stage.month.workdays()
        self.recent_days = [day for day in stage.month.workdays(stage.month.next, today) if day < today]
        self.people = {person.key: person for person in PEOPLE}
        self.lates = {late: self._day(late.day) for late in LATE}
        if len(self.recent_days) >= ENOUGH_DAYS:
            self.lates |= {late: self.recent_days[-late.day] for late in RECENT}

    def number(self, day):
        """1 for the first working day of the month; 0 outside it."""
        return self.days.index(day) + 1 if day in self.days else 0

    def _day(self, number):
        return self.days[number] if number < 0 else self.days[number - 1]

    def _after(self, day, workdays):
        """The nth working day after a day, this month's included."""
        days = [*self.days, *self.recent_days]
        position = days.index(day) + workdays
        return days[position] if position < len(days) else None

    def is_quiet(self, day):
        """A day of this month on which nothing happens that anybody will look at."""
        return day in self.recent_days and not {day, *self._before(day, 3)} & set(self.lates.values())

    def _before(self, day, workdays):
        """The working days before a day."""
        days = [*self.days, *self.recent_days]
        position = days.index(day)
        return days[max(position - workdays, 0):position]

    # --- punches ---

    def punch_in(self, day):
        """Who comes late checks in himself, at once."""
        arrivals = self.arrivals(day)
        self._punch(day, {late.who: arrivals[late.who] for late, when in self.lates.items() if when == day})

    def punch_out(self, day):
        """In the evening the clock at the door sends in what it noted of the day."""
        number = self.number(day)
        forgetful = {who for who, when in NO_CHECK_OUT if when == number}
        arrivals = self.arrivals(day)
        late = {late.who for late, when in self.lates.items() if when == day}
        self._punch(day, {who: arrivals[who] for who in forgetful})
        in_time = {who: at for who, at in arrivals.items() if who not in late | forgetful}
        self._punch(day, in_time, check_out=LEAVES_AT)
        with self.stage.acting() as env:
            employees = [recall(env, f"employee_{who}").id for who in late]
            present = env["hr.attendance"].search([("check_out", "=", False), ("employee_id", "in", employees)])
            for attendance in present:
                attendance.write({"check_out": utc(day, LEAVES_AT, attendance.employee_id.tz), "out_mode": "kiosk"})

    def sick(self, day):
        """Logins of those who are away for the whole day."""
        number = self.number(day)
        return {sick.who for sick in SICK if sick.first <= number <= sick.last and not sick.morning_only}

    def arrivals(self, day):
        """{login: local time}"""
        number = self.number(day)
        away = self.sick(day) | {who for who, when in NO_PUNCH if when == number}
        times = {person.key: f"08:{(position * 7 + day.day * 3) % 24:02}" for position, person in enumerate(PEOPLE)}
        times |= {who: at for (who, when), at in ON_THE_STROKE.items() if when == number}
        times |= {late.who: late.at for late, when in self.lates.items() if when == day}
        return {who: at for who, at in times.items() if who not in away}

    def _punch(self, day, arrivals, check_out=None):
        if not arrivals:
            return
        rows = []
        with self.stage.acting(quiet=True) as env:
            for who, at in arrivals.items():
                zone = self.people[who].zone
                employee = recall(env, f"employee_{who}")
                row = {"employee_id": employee.id, "check_in": utc(day, at, zone), "in_mode": "kiosk"}
                if check_out:
                    row |= {"check_out": utc(day, check_out, zone), "out_mode": "kiosk"}
                rows.append(row)
            env["hr.attendance"].create(rows)

    def correct_punches(self, day):
        """The clerk fills in who forgot to check out."""
        with self.stage.acting("sun.li") as env:
            forgotten = env["hr.attendance"].search([("check_out", "=", False)])
            for attendance in forgotten:
                attendance.check_out = utc(attendance.date, "17:30", attendance.employee_id.tz)

    # --- what people do about it ---

    def people_act(self, day):
        """Leave is reported and approved, notices are printed, entries answered and decided; whether anything was."""
        sick = [sick for sick in SICK if self._day(sick.reported) == day]
        lates = self.lates.items()
        answered = [late for late, when in lates if late.then != SILENT and self._after(when, 1) == day]
        decided = [late for late, when in lates if late.decision and self._after(when, late.decided_after) == day]
        for leave in sick:
            self._report_sick(leave)
        for late in answered:
            self._answer(late, self.lates[late])
        for late in decided:
            self._decide(late, self.lates[late])
        with self.stage.acting("sun.li") as env:
            to_print = env["sales.discipline.violation"].search([("to_print", "=", True)])
            to_print.action_mark_printed()
        return bool(sick or answered or decided or to_print)

    def _report_sick(self, sick):
        with self.stage.acting(sick.who) as env:
            leave = env["hr.leave"].create({
                "employee_id": recall(env, f"employee_{sick.who}").id,
                "holiday_status_id": recall(env, "sick_leave").id,
                "request_date_from": self._day(sick.first),
                "request_date_to": self._day(sick.last),
                "request_date_from_period": "am",
                "request_date_to_period": "am" if sick.morning_only else "pm",
            })
        leader = LEADERS[self.people[sick.who].team]
        with self.stage.acting(leader.key) as env:
            env["hr.leave"].browse(leave.id).action_approve()

    def _entry(self, env, late, day, states):
        entries = env["sales.discipline.violation"].search([
            ("employee_id", "=", recall(env, f"employee_{late.who}").id),
            ("fact_date", "=", day),
            ("state", "in", states),
        ])
        if len(entries) != 1:
            raise StoryError(f"{late.who} should have one open entry of {day}, but has {len(entries)}.")
        return entries

    def _answer(self, late, day):
        """By the person, or by the clerk for those without a user."""
        who = late.who if self.people[late.who].has_user else "sun.li"
        with self.stage.acting(who) as env:
            entry = self._entry(env, late, day, UNANSWERED)
            if (late.who, late.day) in ACKNOWLEDGED:
                entry.action_acknowledge()
            self._ask(env, entry, late.then, late.plea)

    def _decide(self, late, day):
        with self.stage.acting(LEADERS[self.people[late.who].team].key) as env:
            self._ask(env, self._entry(env, late, day, ["appealed"]), late.decision, late.ruling)

    def _ask(self, env, entry, decision, note):
        env["sales.discipline.decision"].create({
            "violation_ids": [Command.set(entry.ids)],
            "decision": decision,
            "note": self.stage.words(*note) if note else False,
        }).action_apply()
