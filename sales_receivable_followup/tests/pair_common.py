# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import subprocess
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, sql_db, tools
from odoo.modules.registry import Registry
from odoo.service.db import _drop_conn
from odoo.tests import BaseCase, get_db_name
from odoo.tools.misc import exec_pg_environ, find_pg_tool


class PairCase(BaseCase):
    """Two connections at once, on committed data of a database of its own (design: invariant 2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        source = get_db_name()
        cls.database = f"{source}_pair"[-63:]
        cls.pg = exec_pg_environ()
        cls.addClassCleanup(cls._drop)
        cls._drop()
        cls._tool("createdb", "-T", "template0", "-E", "UTF8", cls.database)
        # a template clone would need this process to let go of its own database
        dump = subprocess.Popen([find_pg_tool("pg_dump"), "--no-owner", source], stdout=subprocess.PIPE, env=cls.pg)
        subprocess.run(
            [find_pg_tool("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-d", cls.database],
            stdin=dump.stdout, stdout=subprocess.DEVNULL, check=True, env=cls.pg,
        )
        if dump.wait():
            raise RuntimeError(f"pg_dump of {source} has failed")
        with patch.dict(tools.config.options, test_enable=False):  # or loading it would run tests
            cls.registry = Registry(cls.database)
        with cls._connection() as cr:
            cls.world = cls._make_world(api.Environment(cr, SUPERUSER_ID, {}))

    @classmethod
    def _make_world(cls, env):
        """The committed data; whatever it returns is ``world``."""
        raise NotImplementedError

    @classmethod
    def _drop(cls):
        Registry.delete(cls.database)
        sql_db.close_db(cls.database)
        with sql_db.db_connect("postgres").cursor() as cr:
            cr._cnx.autocommit = True
            _drop_conn(cr, cls.database)
        cls._tool("dropdb", "--if-exists", cls.database)

    @classmethod
    def _tool(cls, name, *args):
        subprocess.run([find_pg_tool(name), *args], check=True, capture_output=True, env=cls.pg)

    @classmethod
    def _connection(cls):
        cr = sql_db.db_connect(cls.database).cursor()
        cr.execute("SET lock_timeout = '3s'")  # one thread: who waits for the other connection waits for ever
        cr.commit()
        return cr
