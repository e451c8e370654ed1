# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Databases of ours: prepared templates, clones of them, and never anybody else's.

Runs in the virtual environment. Each database of ours carries a comment that says so.
"""

import ast
import contextlib
import json
import os
import re
import shutil

import psycopg2
from psycopg2 import sql

from .odoo_source import odoo_key
from .processes import locked, progress, run, say
from .settings import Refusal, digest
from .venv import venv_python

MARK = "sales-suite "
# What tests need and no add-on depends on: a provider of payments that charges nobody.
TEST_APPS = ("base", "payment_demo")
DEMO_APPS = (
    "sale_management",
    "crm",
    "sale_crm",
    "account",
    "hr_attendance",
    "hr_holidays",
    "base_automation",
    "base_tier_validation",
)
# Odoo's own, when it has no network.
EXPECTED_WARNINGS = ("odoo.addons.iap", "partner_autocomplete")


class Databases:
    def __init__(self, settings, environ):
        self.settings = settings
        self.environ = environ

    @contextlib.contextmanager
    def _cursor(self, database="postgres"):
        wanted = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
        try:
            connection = psycopg2.connect(
                dbname=database, **{key: self.environ[name] for key, name in wanted.items() if self.environ.get(name)}
            )
        except psycopg2.Error as error:
            raise Refusal(
                f"PostgreSQL cannot be reached with the PG* variables given ({_words(error)}): "
                "correct PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset them all for a private server."
            ) from error
        connection.autocommit = True
        try:
            with connection.cursor() as cr:
                yield cr
        finally:
            connection.close()

    def check_server(self):
        """Odoo needs a role that is not postgres and may create databases."""
        with self._cursor() as cr:
            cr.execute("SELECT current_user, rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            user, may_create = cr.fetchone()
        if user == "postgres":
            raise Refusal(
                "Odoo refuses to work as the role postgres: name another role that may create databases in PGUSER."
            )
        if not may_create:
            raise Refusal(
                f"The role {user} may not create databases: run 'ALTER ROLE \"{user}\" CREATEDB', then run this again."
            )

    def mark(self, name):
        """What we noted about a database: None where there is none of that name; refuses a foreign one."""
        with self._cursor() as cr:
            cr.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
            row = cr.fetchone()
        if row is None:
            return None
        if not (row[0] or "").startswith(MARK):
            raise Refusal(
                f"The database {name} exists and is not one of this script's: "
                "rename it, or name another one in DEMO_DB."
            )
        return json.loads(row[0].removeprefix(MARK))

    def set_mark(self, name, **values):
        with self._cursor() as cr:
            cr.execute(
                sql.SQL("COMMENT ON DATABASE {} IS %s").format(sql.Identifier(name)), [MARK + json.dumps(values)]
            )

    def create(self, name, template="template0", **mark):
        with self._cursor() as cr:
            cr.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' {} TEMPLATE {}").format(
                    sql.Identifier(name),
                    sql.SQL("LC_COLLATE 'C'" if template == "template0" else ""),
                    sql.Identifier(template),
                )
            )
        self.set_mark(name, **mark)
        if template != "template0" and self._filestore(template).exists():
            shutil.rmtree(self._filestore(name), ignore_errors=True)
            # Odoo never writes into a stored file, so that a second name for it is a copy.
            shutil.copytree(self._filestore(template), self._filestore(name), copy_function=os.link)

    def drop(self, name):
        if self.mark(name) is None:
            return
        with self._cursor() as cr:
            cr.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            cr.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
        shutil.rmtree(self._filestore(name), ignore_errors=True)

    def _filestore(self, name):
        return self.settings.data / "filestore" / name

    @contextlib.contextmanager
    def scratch(self, template, purpose):
        """A clone that is dropped at the end."""
        name = f"sales_{purpose}_{self.settings.checkout_id}_{os.getpid()}"
        self.drop(name)
        self.create(name, template, kind=purpose)
        try:
            yield name
        finally:
            self.drop(name)

    def template(self, demo=False, language=None):
        """Name of the prepared database with what our add-ons depend on, made when it is missing."""
        modules = sorted(self.dependencies() | (set(DEMO_APPS) if demo else set(TEST_APPS)))
        key = digest(odoo_key(self.settings), *self._oca_pins(), demo, language, *modules)
        name = f"sales_template_{'demo' if demo else 'plain'}_{key}"
        with locked(self.settings.cache / f"{name}.lock", "Waiting for another call that prepares the same database."):
            if (self.mark(name) or {}).get("ready"):
                return name
            self.drop(name)
            self.create(name, kind="template", ready=False)
            with progress(f"a database with Odoo's own {'demo data' if demo else 'modules'}, once"):
                self.install(
                    name,
                    modules,
                    *(["--with-demo"] if demo else []),
                    *([f"--load-language={language}"] if language else []),
                )
            self.set_mark(name, kind="template", ready=True)
        return name

    def _oca_pins(self):
        return [line for line in self.settings.requirements.read_text().splitlines() if line.startswith("odoo-addon-")]

    def dependencies(self):
        """Odoo's and OCA's modules that our add-ons name."""
        manifests = [
            ast.literal_eval((self.settings.root / name / "__manifest__.py").read_text())
            for name in self.settings.addons()
        ]
        return {name for manifest in manifests for name in manifest["depends"]} - set(self.settings.addons())

    def install(self, name, modules, *options):
        """Install modules or bring them up to date; returns the log's unexpected warnings."""
        log = self.settings.logs / f"install-{name}.log"
        run(
            [
                *odoo_command(self.settings),
                "-d",
                name,
                "--no-http",
                "--stop-after-init",
                "--max-cron-threads=0",
                "-i",
                ",".join(modules),
                *options,
            ],
            log,
            f"Installing {', '.join(modules)} failed: mend the add-on that the log names",
            env=self.environ,
        )
        warnings = unexpected_warnings(log.read_text(errors="replace"))
        missing = self._not_installed(name, modules)
        if missing:
            raise Refusal(f"Odoo did not install {', '.join(missing)}: the reason is in {log}.")
        log.unlink()
        return warnings

    def _not_installed(self, name, modules):
        with self._cursor(name) as cr:
            cr.execute("SELECT name FROM ir_module_module WHERE state = 'installed'")
            installed = {row[0] for row in cr.fetchall()}
        return sorted(set(modules) - installed)

    def set_parameter(self, name, key, value):
        """Write a system parameter of a database whose server is not running."""
        with self._cursor(name) as cr:
            cr.execute("DELETE FROM ir_config_parameter WHERE key = %s", [key])
            cr.execute("INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)", [key, value])

    def install_addons(self, name, *options):
        addons = self.settings.addons()
        if not addons:
            say("  There is no add-on in this checkout yet.")
            return []
        with progress(f"installing {', '.join(addons)}"):
            return self.install(name, addons, *options)


def unexpected_warnings(text):
    """What a log warns of, each once: "logger: message"."""
    found = re.findall(r"^\S+ \S+ \d+ (?:WARNING|ERROR|CRITICAL) \S+ (.*)$", text, re.MULTILINE)
    return [line for line in dict.fromkeys(found) if not any(word in line for word in EXPECTED_WARNINGS)]


def odoo_command(settings):
    return [venv_python(settings), "-m", "odoo"]


def addons_fingerprint(settings):
    """Changes when any file of our add-ons does."""
    files = sorted(
        path
        for name in settings.addons()
        for path in (settings.root / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and "tests" not in path.parts
    )
    return digest(*(f"{path.relative_to(settings.root)} {path.read_bytes()}" for path in files))


def story_fingerprint(settings):
    """Changes when the demo's story does."""
    files = sorted((settings.root / "scripts" / "demo").rglob("*.py"))
    return digest(*(path.read_bytes() for path in files))


def _words(error):
    return " ".join(str(error).split()).rstrip(".")
