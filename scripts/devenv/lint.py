# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a machine can find wrong with the code. Runs in the virtual environment."""

import contextlib
import os
import re

from . import translations
from .databases import odoo_command
from .odoo_source import odoo_folder
from .processes import call, progress, run, say
from .settings import Refusal
from .venv import venv_folder

# A class is reopened in one file for each concern; the README is the suite's; a private method is the one door past a
# guarded write().
NOT_OURS = "consider-merging-classes-inherited,missing-readme,super-method-mismatch"
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
    with progress("  running"), contextlib.suppress(Refusal):
        run(
            [
                *(*odoo_command(context.settings), "-d", database, "--no-http", "--stop-after-init"),
                *("--max-cron-threads=0", "-i", "test_lint", "--test-tags", "/test_lint,-/test_lint:TestPyLint"),
            ],
            log,
            "",
            env=context.environ,
        )
    text = log.read_text(errors="replace")
    failures = our_failures(text, context.settings.addons(), oca_addons(context))
    for failure in failures:
        say(failure)
    if not re.search(r"\d+ failed, \d+ error\(s\) of \d+ tests", text):
        say(f"Odoo's test_lint did not run to its end: {log} says why.")
        return False
    return not failures


def our_failures(text, ours, foreign):
    """The failures in a log of Odoo's tests, without those that only speak of others' add-ons."""
    records = re.split(r"(?m)^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ )", text)
    failures = [record for record in records if re.search(r"^\S+ \S+ \d+ ERROR \S+ \S+: (FAIL|ERROR): ", record)]
    return [
        failure
        for failure in failures
        if any(name in failure for name in ours) or not any(re.search(rf"\b{name}\b", failure) for name in foreign)
    ]


def oca_addons(context):
    """Names of the add-ons that came with the Python packages."""
    return [
        path.parent.name
        for path in venv_folder(context.settings).glob("lib/*/site-packages/odoo/addons/*/__manifest__.py")
    ]


def _translations(context, database):
    faults = translations.check(context, database)
    for fault in faults:
        say(fault)
    return not faults
