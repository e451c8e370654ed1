# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A database with Odoo's demo data, our add-ons and a played month, and a server on it."""

import datetime
import os
import re
import time
import urllib.error
import urllib.request

from .databases import addons_fingerprint, odoo_command, story_fingerprint
from .machine import choose_port
from .processes import child, locked, progress, say
from .settings import Refusal

LANGUAGE = re.compile(r"^[a-z]{2,3}(_[A-Z]{2})?(@\w+)?$")


def demo(context):
    settings = context.settings
    language = os.environ.get("DEMO_LANG", "")
    if language and not LANGUAGE.match(language):
        raise Refusal(f"DEMO_LANG={language} is not a language code: give one like zh_CN.")
    language = "" if language == "en_US" else language
    name = os.environ.get("DEMO_DB") or f"sales_demo_{settings.checkout_id}{'_' + language.lower() if language else ''}"
    with locked(settings.cache / f"{name}.lock") as lock:
        if not lock:
            raise Refusal(
                f"A demo already runs on the database {name}: end it with Ctrl-C, or name another one in DEMO_DB."
            )
        with context.server():
            prepare(context, name, language)
            say("")
            story(context, name, "summary")
            return serve(context, name)


def prepare(context, name, language):
    """Bring the database to the state that the story leaves, from wherever it is."""
    databases, settings = context.databases, context.settings
    mark = databases.mark(name)
    code, plot, month = addons_fingerprint(settings), story_fingerprint(settings), f"{datetime.date.today():%Y-%m}"
    if mark and (os.environ.get("RESET") not in (None, "", "0") or not mark.get("ready")):
        with progress("removing the former demo"):
            databases.drop(name)
        mark = None
    if mark is None:
        template = databases.template(demo=True, language=language)
        with progress("copying it"):
            databases.create(name, template, kind="demo", ready=False)
        databases.install_addons(name, "--with-demo")
        if story(context, name, "play", language or "en_US"):
            raise Refusal(
                "The demo's month could not be played: the lines above say why; run this again once that is mended."
            )
        mark = {"code": code, "plot": plot, "month": month}
    elif mark["code"] != code:
        databases.install_addons(name, "-u", ",".join(settings.addons()))
    if mark["plot"] != plot or mark["month"] != month:
        say("This demo was played for another month or by an older script: 'make demo RESET=1' plays it anew.")
    databases.set_mark(name, kind="demo", ready=True, code=code, plot=mark["plot"], month=mark["month"])


def story(context, name, function, *arguments):
    """Call a function of scripts/demo/play.py: play(env, language), summary(env), logins(env)."""
    scripts = context.settings.root / "scripts"
    if (scripts / "demo" / "play.py").exists():
        return context.in_odoo(name, scripts, f"demo.play:{function}", *arguments)
    if function == "logins":
        say("Administrator: login admin, password admin")
    return 0


def serve(context, name):
    """The server in the foreground until Ctrl-C."""
    asked = os.environ.get("DEMO_PORT")
    port = choose_port(asked)
    if not asked and port != 8069:
        say(f"Port 8069 is taken, so the demo uses {port}.")
    log = context.settings.logs / f"{name}.log"
    address = f"http://localhost:{port}"
    command = [
        *odoo_command(context.settings),
        "-d",
        name,
        f"--db-filter=^{re.escape(name)}$",
        "--http-interface=127.0.0.1",
        f"--http-port={port}",
        "--max-cron-threads=0",
    ]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output, child(command, env=context.environ, stdout=output, stderr=output) as server:
        _wait_until_it_answers(server, address, log)
        say(f"\nOdoo answers at {address}")
        story(context, name, "logins")
        if os.environ.get("DEMO_SERVE") == "0":
            return 0
        say(f"Ctrl-C ends it. Its log: {log}")
        try:
            return server.wait()
        except KeyboardInterrupt:
            say("\nEnding.")
            return 0


def _wait_until_it_answers(server, address, log, patience=90):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{address}/web/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise Refusal(f"The demo's server does not answer: its log {log} says why.")
