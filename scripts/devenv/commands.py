# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The commands of scripts/dev, once everything they need is there. Runs in the virtual environment."""

import contextlib
import os
import shutil
from pathlib import Path

from . import translations
from .databases import Databases, odoo_command
from .demo import demo
from .lint import lint
from .machine import postgres_bin
from .peers import install_peers
from .postgres import Cluster
from .processes import call, progress, say
from .settings import Refusal
from .venv import odoo_environ, venv_python

__all__ = ["Context", "bench", "demo", "i18n", "lint", "odoo", "psql", "test"]


class Context:
    """What every command works with: settings, environment of the children, databases."""

    def __init__(self, settings):
        self.settings = settings
        self.cluster = Cluster(settings) if settings.own_postgres else None
        self.environ = odoo_environ(settings, postgres_bin())
        if self.cluster:
            self.environ |= self.cluster.environ
        self.databases = Databases(settings, self.environ)
        self.python = venv_python(settings)
        self.warnings = []  # what Odoo warned of while it installed our add-ons

    @contextlib.contextmanager
    def server(self):
        """A PostgreSQL to work with."""
        if self.cluster:
            with self.cluster.used():
                yield
        else:
            self.databases.check_server()
            yield

    @contextlib.contextmanager
    def scratch(self, purpose):
        """A database with our add-ons and without demo data, dropped at the end; yields its name."""
        with self.server():
            template = self.databases.template()
            with self.databases.scratch(template, purpose) as name:
                self.warnings = self.databases.install_addons(name)
                for warning in self.warnings:
                    say(f"  {warning}")
                yield name

    def in_odoo(self, database, folder, target, *arguments, environ=None):
        """Run a Python function with an Odoo environment; returns the exit code."""
        runner = Path(__file__).with_name("in_odoo.py")
        log = self.settings.logs / f"{target.replace(':', '.')}.log"
        words = [self.python, runner, log, database, folder, target, *arguments]
        return call(words, env=environ or self.environ, cwd=self.settings.root)


def test(context, *arguments):
    """Run pytest; a skipped test fails the run (conftest.py)."""
    root = context.settings.root
    chosen = [word for word in arguments if not word.startswith("-") and (root / word.split("::")[0]).exists()]
    folders = (
        []
        if chosen
        else [
            str(folder.relative_to(root))
            for folder in [*(root / name / "tests" for name in context.settings.addons()), root / "tests"]
            if folder.exists()
        ]
    )
    with context.scratch("test") as name:
        if not chosen:
            with progress("bundles of the web client"):
                context.in_odoo(name, Path(__file__).parent, "assets:generate")
        environ = context.environ | {"SALES_SUITE_TEMPLATE": context.databases.template()}
        return call(
            [context.python, "-m", "pytest", f"--odoo-database={name}", "--odoo-http", *folders, *arguments],
            env=environ,
            cwd=root,
        )


def bench(context):
    """Run tests/bench/run.py: run(env, size, out)."""
    folder = context.settings.root / "tests"
    if not (folder / "bench" / "run.py").exists():
        raise Refusal("There is no benchmark in this checkout yet: tests/bench/run.py is missing.")
    size, out = os.environ.get("BENCH_SIZE", "S"), os.environ.get("BENCH_OUT", "")
    with context.scratch("bench") as name:
        environ = install_peers(context, name)
        return context.in_odoo(name, folder, "bench.run:run", size, out and str(Path(out).resolve()), environ=environ)


def i18n(context):
    """Write the .pot files and bring the translations up to date with them."""
    with context.scratch("i18n") as name, progress("translations"):
        left = translations.update(context, name)
    for line in left:
        say(line)
    return 0


def odoo(context, *arguments):
    with context.server():
        return call([*odoo_command(context.settings), *arguments], env=context.environ)


def psql(context, *arguments):
    program = shutil.which("psql", path=context.environ["PATH"])
    if not program:
        raise Refusal("psql is not installed: install postgresql-client, then run this again.")
    with context.server():
        return call([program, *arguments], env={"PGDATABASE": "postgres", **context.environ})
