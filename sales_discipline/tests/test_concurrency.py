# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import subprocess
import sys
import time

from odoo import sql_db, tools
from odoo.service.db import _drop_conn
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools.misc import exec_pg_environ, find_pg_tool

WORLD = """
from datetime import datetime, timedelta
from odoo.fields import Command
company = env["res.company"].create({"name": NAME, "discipline_fines": True, "discipline_fines_from": "2020-01-01"})
calendar = env["resource.calendar"].create({"name": NAME, "tz": "UTC", "company_id": company.id})
company.resource_calendar_id = calendar
employees = env["hr.employee"].create([
    {"name": f"{number:02}", "company_id": company.id, "date_version": "2020-01-01",
     "resource_calendar_id": calendar.id}
    for number in range(12)
])
env["hr.attendance"].create([
    {"employee_id": employee.id, "check_in": f"2026-06-{day:02} 10:00:00", "check_out": f"2026-06-{day:02} 11:00:00"}
    for employee in employees for day in (2, 3, 4)
])
env["sales.discipline.rule"].search([]).write({"state": "archived"})
rule = env["sales.discipline.rule"].create({
    "name": NAME, "code": NAME, "kind": "late", "company_id": company.id, "state": "active",
    "version_ids": [Command.create({"valid_from": "2026-06-01", "on_post_by": 8.0, "step_ids": [
        Command.create({"first": 1, "last": 1, "kind": "warning"}),
        Command.create({"first": 2, "kind": "fine", "amount": 20}),
    ]})],
})
env.cr.commit()
"""
CHUNKS = """
from odoo.addons.sales_discipline.models import run_cron
run_cron.CHUNK = 2
"""
JUDGE = CHUNKS + """
import time
time.sleep(max(0, START - time.time()))
env["sales.discipline.run"]._cron_judge()
env.cr.commit()
"""
KILLED = CHUNKS + """
import os, signal
Run = env.registry["sales.discipline.run"]
judge_chunk = Run._judge_chunk
def killed_in_the_third(run):
    judged = judge_chunk(run)
    if run.employee_done == 6:
        os.kill(os.getpid(), signal.SIGKILL)
    return judged
Run._judge_chunk = killed_in_the_third
env["sales.discipline.run"]._cron_judge()
"""


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Two runs at once, and one killed between chunks, on committed data of a database of its own (design 6.2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = get_db_name()
        cls.database = f"{cls.source}_two"[-63:]
        cls.pg = exec_pg_environ()
        cls.addClassCleanup(cls._drop)
        cls._drop()
        cls._tool("createdb", "-T", "template0", "-E", "UTF8", cls.database)
        # a template clone would need this process to let go of its own database
        dump = subprocess.Popen(
            [find_pg_tool("pg_dump"), "--no-owner", cls.source], stdout=subprocess.PIPE, env=cls.pg
        )
        subprocess.run(
            [find_pg_tool("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-d", cls.database],
            stdin=dump.stdout, stdout=subprocess.DEVNULL, check=True, env=cls.pg,
        )
        if dump.wait():
            raise RuntimeError(f"pg_dump of {cls.source} has failed")

    @classmethod
    def _drop(cls):
        sql_db.close_db(cls.database)
        with sql_db.db_connect("postgres").cursor() as cr:
            cr._cnx.autocommit = True
            _drop_conn(cr, cls.database)
        cls._tool("dropdb", "--if-exists", cls.database)

    @classmethod
    def _tool(cls, name, *args):
        subprocess.run([find_pg_tool(name), *args], check=True, capture_output=True, env=cls.pg)

    def _process(self, script, **names):
        """An Odoo process of its own that runs a script on the database."""
        head = "".join(f"{name} = {value!r}\n" for name, value in names.items())
        process = subprocess.Popen(
            [
                sys.executable, "-m", "odoo", f"--addons-path={','.join(tools.config['addons_path'])}", "shell",
                "-d", self.database, "--no-http", "--max-cron-threads=0", "--log-level=warn",
                f"--data-dir={tools.config['data_dir']}",
            ],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=self.pg,
        )
        process.stdin.write(head + script)
        process.stdin.close()
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        return process

    def _finish(self, process):
        """Output of a process that ended well."""
        output = process.stdout.read()
        self.assertEqual(process.wait(timeout=300), 0, output)
        for word in ("ERROR", "CRITICAL", "Traceback"):
            self.assertNotIn(word, output)

    def _query(self, query, *params):
        with sql_db.db_connect(self.database).cursor() as cr:
            cr.execute(query, params)
            return cr.fetchall()

    def _ledger(self, name):
        return self._query(
            """
            SELECT employee.name, entry.fact_date::text, entry.revision, entry.state, entry.step_kind, entry.amount::int
              FROM sales_discipline_violation AS entry
              JOIN hr_employee AS employee ON employee.id = entry.employee_id
              JOIN res_company AS company ON company.id = entry.company_id
             WHERE company.name = %s
          ORDER BY 1, 2, 3
            """, name)

    def _runs(self, name):
        return self._query(
            "SELECT run.state, run.employee_done FROM sales_discipline_run AS run "
            "JOIN sales_discipline_rule AS rule ON rule.id = run.rule_id WHERE rule.code = %s ORDER BY run.id", name)

    def _expected(self):
        """12 people late on three days: a warning, then 20 twice."""
        return [
            (f"{number:02}", f"2026-06-{day:02}", 0, "proposed", kind, amount)
            for number in range(12)
            for day, kind, amount in ((2, "warning", 0), (3, "fine", 20), (4, "fine", 20))
        ]

    def test_two_processes_at_once(self):
        """Both judge the same rule in chunks of two people at the same moment: one ledger, no error in either log."""
        self._finish(self._process(WORLD, NAME="TWICE"))
        start = time.time() + 25
        processes = [self._process(JUDGE, START=start) for _number in range(2)]
        for process in processes:
            self._finish(process)

        self.assertEqual(self._ledger("TWICE"), self._expected())
        self.assertIn(("done", 12), self._runs("TWICE"))

    def test_killed_between_chunks_and_repeated(self):
        """Killed in the third chunk, its own not yet committed: two chunks stand; the next call ends the work."""
        self._finish(self._process(WORLD, NAME="KILLED"))
        killed = self._process(KILLED)
        killed.stdout.read()
        self.assertEqual(killed.wait(timeout=300), -9)
        self.assertEqual(self._ledger("KILLED"), self._expected()[:12])
        self.assertEqual(self._runs("KILLED"), [("running", 4)])

        self._finish(self._process(JUDGE, START=0))

        self.assertEqual(self._ledger("KILLED"), self._expected())
        self.assertEqual(self._runs("KILLED"), [("done", 12)])
