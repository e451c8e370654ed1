# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A private PostgreSQL in the cache: socket only, running just while somebody uses it."""

import contextlib
import fcntl
import os
import pwd
import shutil
import subprocess

from .machine import postgres_bin
from .processes import locked, run
from .settings import Refusal

USER = "odoo"
SERVER_ACCOUNT = "postgres"  # PostgreSQL refuses to run as root


class Cluster:
    def __init__(self, settings):
        self.settings = settings
        self.bin = postgres_bin()
        version = (self.bin / "postgres").resolve().parts[-3] if self.bin else "none"
        self.folder = settings.cache / f"pg-{version if version.isdigit() else 'own'}"
        self.data = self.folder / "data"

    @property
    def environ(self):
        return {"PGHOST": str(self.folder), "PGUSER": USER}

    def _as_server(self, *words):
        """The command as the account that owns the cluster."""
        return ["runuser", "-u", SERVER_ACCOUNT, "--", *words] if self.settings.is_root else list(words)

    def is_running(self):
        if not self.bin or not self.data.exists():
            return False
        return not subprocess.run(
            self._as_server(self.bin / "pg_ctl", "-D", self.data, "status"),
            capture_output=True,
            cwd="/",
            check=False,
        ).returncode

    def start(self):
        self._create()
        if self.is_running():
            return
        options = (
            f"-k {self.folder} -c listen_addresses='' -c unix_socket_permissions=0700 "
            "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        )
        run(
            self._as_server(
                self.bin / "pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "-o", options, "start"
            ),
            self.settings.logs / "postgres-start.log",
            f"The private PostgreSQL does not start: read {self.folder / 'log'}, "
            f"or remove {self.folder} to begin with an empty one",
            cwd="/",
        )

    def stop(self):
        """Stop the server; tells whether there was one."""
        if not self.is_running():
            return False
        run(
            self._as_server(self.bin / "pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop"),
            self.settings.logs / "postgres-stop.log",
            f"The private PostgreSQL in {self.folder} does not stop: end it by hand",
            cwd="/",
        )
        return True

    def _create(self):
        if (self.data / "PG_VERSION").exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / "data.part"
        shutil.rmtree(part, ignore_errors=True)
        if self.settings.is_root:
            account = pwd.getpwnam(SERVER_ACCOUNT)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self._check_reachable()
        self.folder.chmod(0o755)
        run(
            self._as_server(
                self.bin / "initdb",
                "-D",
                part,
                "-U",
                USER,
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ),
            self.settings.logs / "initdb.log",
            "The private PostgreSQL cannot be created: mend what initdb says, then run this again",
            cwd="/",
        )
        part.replace(self.data)

    def _check_reachable(self):
        if subprocess.run(
            self._as_server("test", "-w", self.folder), cwd="/", check=False, capture_output=True
        ).returncode:
            raise Refusal(
                f"PostgreSQL's unprivileged user cannot enter {self.folder}: set SALES_SUITE_CACHE to a folder "
                "that everybody may enter, for instance /var/cache/sales-suite."
            )

    @contextlib.contextmanager
    def used(self):
        """Keep the server running inside the block; the last of all calls to leave stops it."""
        users = self.settings.cache / "pg.users"
        door, waiting = self.settings.cache / "pg.lock", "Waiting for another call that starts or stops PostgreSQL."
        with users.open("a+") as handle:
            with locked(door, waiting):
                fcntl.flock(handle, fcntl.LOCK_SH)
                self.start()
            try:
                yield
            finally:
                with locked(door, waiting), contextlib.suppress(BlockingIOError):
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self.stop()
