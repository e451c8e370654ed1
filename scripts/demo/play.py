# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The demo's three calls: play last month, sum it up, name the logins.

Called by scripts/dev with the superuser's environment of the demo database.
"""

import logging
import sys
from datetime import UTC, datetime

from dateutil.relativedelta import relativedelta

from .clock import moved_clock, utc
from .company import found
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


def tell(registry, language="en_US", now=None):
    """The whole story, up to ``now`` (naive UTC, default: the real time)."""
    now = now or datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    month = Month.before(now.date())
    with moved_clock(utc(month.first - relativedelta(months=4), "08:00", CHINA)) as clock:
        stage = Stage(registry, clock, Words(language), month)
        found(stage)
