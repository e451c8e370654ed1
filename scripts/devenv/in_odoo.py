# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Call Python functions with an Odoo environment.

in_odoo.py LOG DATABASE FOLDER PACKAGE.MODULE:FUNCTION[,FUNCTION ...] [ARGUMENT ...]

Odoo logs into the file LOG. FOLDER goes on the import path. Each function is called as
``function(env, *arguments)`` with the superuser's environment; a text that it returns is printed.
It may commit; the rest is committed in the end.
"""

import importlib
import sys

import odoo.init  # noqa: F401  before anything else of odoo, which has no __init__ of its own
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import config


def main(log, database, folder, target, *arguments):
    options = ["-d", database, "--no-http", "--max-cron-threads=0", "--log-level=warn", f"--logfile={log}"]
    config.parse_config(options, setup_logging=True)
    server.load_server_wide_modules()
    sys.path.insert(0, folder)
    module, functions = target.split(":")
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        env = env(context=env["res.users"].context_get())
        for function in functions.split(","):
            result = getattr(importlib.import_module(module), function)(env, *arguments)
            if isinstance(result, str):
                print(result, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
