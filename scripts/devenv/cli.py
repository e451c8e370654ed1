# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""scripts/dev COMMAND [ARGUMENT ...]

demo [RESET=1]     a running Odoo with a demo company whose last month has been played; Ctrl-C ends it
                   DEMO_LANG=zh_CN in Chinese, DEMO_PORT=8070 on that port, DEMO_DB=name in that database,
                   DEMO_SERVE=0 ends after the summary
test [ARGUMENT]    every test, or what pytest's arguments choose
lint               ruff, pylint-odoo, Odoo's own checks, translations
bench              the benchmarks; BENCH_SIZE=S or L, BENCH_OUT=file for JSON lines
i18n               write the add-ons' .pot files and bring zh_CN.po up to date with them
odoo ARGUMENT      Odoo's own command line on this environment
psql ARGUMENT      PostgreSQL's command line on this environment
stop               end the private PostgreSQL that a killed call may have left

Each brings what the machine lacks. Everything is kept in SALES_SUITE_CACHE (default: /var/cache/sales-suite for
root, ~/.cache/sales-suite otherwise). ODOO_SRC=folder uses that Odoo 19, PGHOST, PGPORT, PGUSER and PGPASSWORD use
that PostgreSQL.
"""

import os
import sys
from pathlib import Path

from . import machine, odoo_source, venv
from .processes import end_on_signals, locked, say
from .settings import Refusal, Settings

COMMANDS = ("demo", "test", "lint", "bench", "i18n", "odoo", "psql", "stop")
OPTIONS = ("RESET", "DEMO_LANG", "DEMO_PORT", "DEMO_DB", "DEMO_SERVE", "BENCH_SIZE", "BENCH_OUT")


def main(argv):
    end_on_signals()
    if not argv or argv[0] not in COMMANDS:
        print(__doc__)
        return 0 if argv[:1] in (["help"], ["-h"], ["--help"]) else 2
    command, arguments = argv[0], argv[1:]
    if command in ("demo", "lint", "bench", "i18n", "stop"):
        arguments = _take_options(arguments)
    try:
        settings = Settings.read(Path(__file__).parents[2])
        if command == "stop":
            return stop(settings)
        python = str(venv.venv_python(settings))
        if sys.executable != python:
            bring(settings, command)
            sys.stdout.flush()
            os.environ["SALES_SUITE_PYTHON"] = python
            os.execv(python, [python, str(settings.root / "scripts" / "dev"), *argv])
        from . import commands  # needs the virtual environment

        return getattr(commands, command)(commands.Context(settings), *arguments)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _take_options(arguments):
    """NAME=VALUE words work like variables, so that they can be given with make and without."""
    rest = []
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if argument == "--no-serve":
            name, equals, value = "DEMO_SERVE", "=", "0"
        if not equals or name not in OPTIONS:
            raise SystemExit(f"{argument} is unknown here: 'scripts/dev help' lists what there is.")
        os.environ[name] = value
    return rest


def bring(settings, command):
    """All that the machine lacks, each step only when its result is missing."""
    odoo_source.check_odoo_src(settings)
    if command == "demo":
        machine.choose_port(os.environ.get("DEMO_PORT"))  # before minutes of work, not after
    _make_cache(settings)
    with locked(settings.cache / "bring.lock", "Waiting for another call that prepares the environment."):
        ready = venv.is_venv_ready(settings)
        if not odoo_source.is_odoo_19(odoo_source.odoo_folder(settings)):
            machine.require_space(settings.cache, 4)
        missing = machine.missing_packages(settings, with_browser=command == "test", with_venv=not ready)
        if missing:
            machine.install_packages(settings, missing)
        odoo_source.bring_odoo(settings)
        venv.bring_venv(settings)
        venv.bring_printer(settings)


def _make_cache(settings):
    try:
        settings.cache.mkdir(parents=True, exist_ok=True)
        (settings.cache / "odoo.conf").touch()
    except OSError as error:
        raise Refusal(
            f"The cache folder {settings.cache} cannot be written ({error.strerror}): "
            "set SALES_SUITE_CACHE to one that can."
        ) from error


def stop(settings):
    from .postgres import Cluster

    stopped = settings.own_postgres and Cluster(settings).stop()
    say("The private PostgreSQL is stopped." if stopped else "Nothing was running.")
    return 0
