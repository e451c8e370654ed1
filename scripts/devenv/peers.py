# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The add-ons that the benchmarks are compared with: brought for them alone, into a folder of their own."""

import shutil

from .processes import progress, run, say
from .settings import Refusal, digest

PEERS = ("account_financial_report", "partner_statement")


def bring_peers(context):
    """Folder of the peers' add-ons; None when they cannot be had, which is said and goes into the results."""
    settings = context.settings
    requirements = settings.root / "scripts" / "bench-requirements.txt"
    folder = settings.cache / f"bench-{digest(requirements.read_text())}"
    if not (folder / "ready").exists():
        words = [context.python, "-m", "pip", "install", "--no-deps", "--only-binary", ":all:", "--target", folder]
        shutil.rmtree(folder, ignore_errors=True)
        try:
            with progress("the add-ons to compare with"):
                run([*words, "-r", requirements], settings.logs / "bench-pip.log", "They cannot be installed")
        except Refusal as refusal:
            say(f"  {refusal}")
            return None
        (folder / "ready").touch()
    return folder / "odoo" / "addons"


def install_peers(context, database):
    """Install the peers in a database; the environment in which it can be opened."""
    folder = bring_peers(context)
    if not folder:
        return context.environ
    environ = context.environ | {"ODOO_ADDONS_PATH": f"{context.environ['ODOO_ADDONS_PATH']},{folder}"}
    try:
        with progress(f"installing {', '.join(PEERS)}"):
            run(
                [
                    *(context.python, "-m", "odoo", "-d", database, "--no-http", "--stop-after-init"),
                    *("--max-cron-threads=0", "-i", ",".join(PEERS)),
                ],
                context.settings.logs / "bench-install.log",
                "They cannot be installed",
                env=environ,
            )
    except Refusal as refusal:
        say(f"  {refusal}")
        return context.environ
    return environ
