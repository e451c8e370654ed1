# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a machine can find wrong with the code. Runs in the virtual environment."""

import os

from . import translations
from .databases import odoo_command
from .odoo_source import odoo_folder
from .processes import call, progress, run, say
from .settings import Refusal

# A class is reopened in one file for each concern; the README is the suite's.
NOT_OURS = "consider-merging-classes-inherited,missing-readme"
ODOO_PLUGINS = "_pylint_path_setup,_odoo_checker_gettext,_odoo_checker_sql_injection,_odoo_checker_unlink_override"
ODOO_MESSAGES = "missing-gettext,gettext-placeholders,gettext-variable,gettext-repr,sql-injection,raise-unlink-override"


def lint(context):
    """Run every check, so that one call shows all that is wrong; returns the exit code."""
    steps = {
        "ruff": _ruff,
        "pylint-odoo": _pylint_odoo,
        "Odoo's own pylint checks": _odoo_pylint,
    }
    failed = [title for title, step in steps.items() if not _passes(title, step, context)]
    with context.scratch("lint") as database:
        steps = {
            "no warning at installation": _no_warning,
            "Odoo's test_lint": _test_lint,
            "translations": _translations,
        }
        failed += [title for title, step in steps.items() if not _passes(title, step, context, database)]
    say(f"Lint failed: {', '.join(failed)}." if failed else "Lint passed.")
    return 1 if failed else 0


def _passes(title, step, *arguments):
    say(f"- {title}")
    return step(*arguments)


def _tool(context, *words, **environ):
    return call([context.python, "-m", *words], env=context.environ | environ, cwd=context.settings.root) == 0


def _ruff(context):
    return _tool(context, "ruff", "check", "--quiet", ".")


def _pylint_odoo(context):
    addons = context.settings.addons()
    return not addons or _tool(context, "pylint", "--rcfile=.pylintrc", f"--disable={NOT_OURS}", *addons)


def _odoo_pylint(context):
    addons = context.settings.addons()
    plugins = odoo_folder(context.settings) / "odoo" / "addons" / "test_lint" / "tests"
    if not plugins.exists():  # a git checkout keeps most add-ons beside the odoo package
        plugins = odoo_folder(context.settings) / "addons" / "test_lint" / "tests"
    return not addons or _tool(
        context,
        "pylint",
        f"--rcfile={os.devnull}",
        f"--load-plugins={ODOO_PLUGINS}",
        "--disable=all",
        f"--enable={ODOO_MESSAGES}",
        "--score=n",
        *addons,
        PYTHONPATH=str(plugins),
    )


def _no_warning(context, database):
    return not context.warnings  # shown when the add-ons were installed


def _test_lint(context, database):
    """Odoo's checks of manifests, indexes, markers, routes and the like, without its pylint run."""
    log = context.settings.logs / "test_lint.log"
    try:
        with progress("  running"):
            run(
                [
                    *odoo_command(context.settings),
                    "-d",
                    database,
                    "--no-http",
                    "--stop-after-init",
                    "--max-cron-threads=0",
                    "-i",
                    "test_lint",
                    "--test-tags",
                    "/test_lint,-/test_lint:TestPyLint",
                    "--log-level=warn",
                ],
                log,
                "Odoo's test_lint found faults",
                env=context.environ,
            )
    except Refusal:
        say(log.read_text(errors="replace"))
        return False
    return True


def _translations(context, database):
    faults = translations.check(context, database)
    for fault in faults:
        say(fault)
    return not faults
