# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One measured job: medians of several repeats, queries, peak memory."""

import contextlib
import gc
import json
import signal
import statistics
import time
from pathlib import Path

import psycopg2.errors

from odoo import sql_db

REPEATS = 3
STATUS = Path("/proc/self/status")


def _memory(name):
    """A figure of this process in MB: VmRSS now, VmHWM at most since the last reset."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


class TooLongError(Exception):
    """A job was stopped."""


@contextlib.contextmanager
def at_most(cr, limit):
    """Stop what takes longer than ``limit`` seconds; the transaction is to be rolled back then.

    The alarm stops Python, but only between two queries; a query is stopped by PostgreSQL.
    """

    def stop(_signal, _frame):
        raise TooLongError

    cr.execute("SET LOCAL statement_timeout = %s", [limit * 1000])
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(limit)
    try:
        yield
    except psycopg2.errors.QueryCanceled as error:
        raise TooLongError from error
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def measure(job, prepare=lambda: None, repeats=REPEATS, patience=float("inf")):
    """Run a job several times.

    :param job: callable; what it returns is the number of rows
    :param prepare: callable before each repeat, not measured
    :param patience: seconds after which it is not repeated any more
    :return: dict: rows, seconds (median), queries, memory_mb (at most above what was held before)
    """
    seconds, queries, memory, rows = [], [], [], 0
    for _repeat in range(repeats):
        if sum(seconds) > patience:
            break
        prepare()
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5")
        held, counted, started = _memory("VmRSS"), sql_db.sql_counter, time.perf_counter()
        rows = job()
        seconds.append(time.perf_counter() - started)
        queries.append(sql_db.sql_counter - counted)
        memory.append(_memory("VmHWM") - held)
    return {
        "rows": rows,
        "seconds": round(statistics.median(seconds), 4),
        "queries": int(statistics.median(queries)),
        "memory_mb": round(max(memory), 1),
    }


class Board:
    """Prints each job beside its floor and writes both as JSON lines."""

    def __init__(self, size, out):
        self.size, self.out = size, out
        if out:
            Path(out).write_text("")
        print(f"{'job':<38}{'rows':>10}{'floor s':>10}{'took s':>10}{'ratio':>8}{'queries':>9}{'MB':>8}")

    def add(self, name, floor, ours):
        ratio = round(ours["seconds"] / floor["seconds"], 2)
        print(
            f"{name + ' (' + self.size + ')':<38}{ours['rows']:>10}{floor['seconds']:>10.3f}{ours['seconds']:>10.3f}"
            f"{ratio:>8.2f}{ours['queries']:>9}{ours['memory_mb']:>8.1f}",
            flush=True,
        )
        self._write({"job": name, "size": self.size, "floor": floor, "ours": ours, "ratio": ratio})

    def miss(self, name, reason):
        """A job that could not be measured: said, and written like the others."""
        print(f"{name + ' (' + self.size + ')':<38} not measured: {reason}", flush=True)
        self._write({"job": name, "size": self.size, "not_measured": reason})

    def _write(self, line):
        if self.out:
            with open(self.out, "a", encoding="utf-8") as lines:
                lines.write(json.dumps(line) + "\n")
