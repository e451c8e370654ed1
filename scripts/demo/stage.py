# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Where the story takes place: one transaction after another, each at its moment and as its person."""

import contextlib
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo.api import SUPERUSER_ID, Environment

from .clock import utc
from .people import CHINA

MODULE = "__sales_demo__"  # owns the external IDs of the story
FIRST, LATEST = "first", "latest"  # the working days of the next month on which scenes are told
ADDONS = ("sales_discipline", "sales_receivable_followup", "sales_receivable_stock", "sales_kpi")


class StoryError(Exception):
    """The story cannot go on; the message is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Words:
    """``words("Sick leave", "病假")`` is the text in the language of the demo."""

    language: str

    def __call__(self, english, chinese):
        return chinese if self.language == "zh_CN" else english


@dataclass(frozen=True)
class Month:
    """The month that is played, the one before today's."""

    first: date

    @classmethod
    def before(cls, today):
        return cls(today.replace(day=1) - relativedelta(months=1))

    @property
    def last(self):
        return self.next - timedelta(days=1)

    @property
    def next(self):
        """First day of the month after."""
        return self.first + relativedelta(months=1)

    @property
    def holiday(self):
        """The company's anniversary: a Wednesday in the middle of the month."""
        middle = self.first + timedelta(days=9)
        return middle + timedelta(days=(2 - middle.weekday()) % 7)

    def is_workday(self, day):
        return day.weekday() < 5 and day != self.holiday

    def workdays(self, start=None, end=None):
        """Working days of the month, or from ``start`` to ``end``."""
        start, end = start or self.first, end or self.last
        days = (start + timedelta(days=number) for number in range((end - start).days + 1))
        return [day for day in days if self.is_workday(day)]


class Stage:
    def __init__(self, registry, clock, words, month, now):
        self.registry = registry
        self.clock = clock
        self.words = words
        self.month = month
        self.now = now  # where the story ends

    @contextlib.contextmanager
    def acting(self, who=None, quiet=False):
        """A transaction of its own as the person with that login, else as the superuser in our company.

        :param quiet: without chatter about changed fields and notices to followers
        """
        with self.registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            company = env.ref(f"{MODULE}.company", raise_if_not_found=False)
            user = env["res.users"].search([("login", "=", who)]) if who else env.user
            context = {"lang": self.words.language, "tz": user.tz if who else CHINA}
            if quiet:
                context |= {"tracking_disable": True, "mail_auto_subscribe_no_notify": True}
            if company:
                context["allowed_company_ids"] = company.ids
            yield Environment(cr, user.id, context)

    def at(self, day, clock_time, zone=CHINA):
        """Move the clock to a local time; False when the story ends before."""
        moment = utc(day, clock_time, zone)
        if moment > self.now:
            return False
        self.clock.move_to(moment)
        return True

    def wake_jobs(self):
        """From the story's first moment on our scheduled actions are due by the story's clock."""
        with self.acting() as env:
            self._jobs(env).write({"nextcall": self.clock.now})

    def run_jobs(self):
        """Run our scheduled actions that are due, as the server does, until none is."""
        for _round in range(10):
            with self.acting() as env:
                due = self._due_jobs(env)
            if not due:
                return
            for job in due:
                with self.acting() as env:
                    cron = env["ir.cron"].browse(job)
                    if cron.method_direct_trigger() is not True:
                        raise StoryError(f"'{cron.name}' failed on {self.clock.now}: the log says why.")

    def _jobs(self, env):
        data = env["ir.model.data"].search([("module", "in", ADDONS), ("model", "=", "ir.cron")])
        return env["ir.cron"].browse(data.mapped("res_id")).exists()

    def _due_jobs(self, env):
        ours = set(self._jobs(env).ids)
        return [job["id"] for job in env["ir.cron"]._get_all_ready_jobs(env.cr) if job["id"] in ours]


def remember(env, **records):
    """Give records an external ID, so that a later step finds them."""
    env["ir.model.data"].sudo().create([
        {"module": MODULE, "name": name, "model": record._name, "res_id": record.id, "noupdate": True}
        for name, record in records.items()
    ])


def recall(env, name):
    """The record remembered under that name, which must be there."""
    return env.ref(f"{MODULE}.{name}")
