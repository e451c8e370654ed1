# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A database with Odoo's demo data, our add-ons and a played month, and a server on it."""

import contextlib
import datetime
import os
import re
import time
import urllib.error
import urllib.request

from .databases import addons_fingerprint, odoo_command, story_fingerprint
from .machine import DEFAULT_PORT, choose_port
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
            mark = prepare(context, name, language)
            with running(context, name) as (server, address):
                if not mark.get("ready"):
                    play(context, name, language, mark)
                return show(context, name, server, address)


def prepare(context, name, language):
    """A database with our add-ons up to date, played or not; returns what is noted about it."""
    databases, settings = context.databases, context.settings
    mark = databases.mark(name)
    if mark and (os.environ.get("RESET") not in (None, "", "0") or not mark.get("ready")):
        with progress("removing the former demo"):
            databases.drop(name)
        mark = None
    noted = {"code": addons_fingerprint(settings), "plot": _plot(settings)}
    if mark is None:
        template = databases.template(demo=True, language=language)
        with progress("copying it"):
            databases.create(name, template, kind="demo", ready=False)
        databases.install_addons(name, "--with-demo")
        return noted
    if mark["code"] != noted["code"]:
        databases.install_addons(name, "-u", ",".join(settings.addons()))
        mark["code"] = noted["code"]
        databases.set_mark(name, **mark)
    if mark["plot"] != noted["plot"]:
        say("This demo was played in another month or by an older script: 'make demo RESET=1' plays it anew.")
    return mark


def play(context, name, language, mark):
    """Play the month; a database in which that failed is made anew by the next call."""
    with_story = has_story(context.settings)
    if with_story and story(context, name, "play", language or "en_US"):
        raise Refusal(
            "The demo's month could not be played: the lines above say why; run this again once that is mended."
        )
    context.databases.set_mark(name, kind="demo", ready=True, **mark)


def _plot(settings):
    """Changes when the story does, or the month that it tells of."""
    return f"{datetime.date.today():%Y-%m} {story_fingerprint(settings)}"


def has_story(settings):
    return (settings.root / "scripts" / "demo" / "play.py").exists()


def story(context, name, functions, *arguments):
    """Call functions of scripts/demo/play.py: play(env, language), summary(env), logins(env)."""
    return context.in_odoo(name, context.settings.root / "scripts", f"demo.play:{functions}", *arguments)


def show(context, name, server, address):
    """Summary, logins and address; then the server in the foreground until Ctrl-C."""
    say("")
    if has_story(context.settings):
        story(context, name, "summary,logins")
    else:
        say("Administrator: login admin, password admin")
    say(f"\nOdoo answers at {address}")
    if os.environ.get("DEMO_SERVE") == "0":
        return 0
    say("Ctrl-C ends it.")
    try:
        return server.wait()
    except KeyboardInterrupt:
        say("\nEnding.")
        return 0


@contextlib.contextmanager
def running(context, name):
    """An Odoo server on the database, while the block lasts: (process, address). The story needs it for its PDFs."""
    asked = os.environ.get("DEMO_PORT")
    port = choose_port(asked)
    if not asked and port != DEFAULT_PORT:
        say(f"Port {DEFAULT_PORT} is taken, so the demo uses {port}.")
    address = f"http://localhost:{port}"
    context.databases.set_parameter(name, "report.url", f"http://127.0.0.1:{port}")
    log = context.settings.logs / f"{name}.log"
    command = [
        *(*odoo_command(context.settings), "-d", name, f"--db-filter=^{re.escape(name)}$"),
        *("--http-interface=127.0.0.1", f"--http-port={port}", "--max-cron-threads=0"),
    ]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output, child(command, env=context.environ, stdout=output, stderr=output) as server:
        _wait_until_it_answers(server, address, log)
        yield server, address


def _wait_until_it_answers(server, address, log, patience=90):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{address}/web/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise Refusal(f"The demo's server does not answer: its log {log} says why.")
