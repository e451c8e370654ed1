# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the caller asked for, read once from the environment."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

APP_NAME = "sales-suite"
SOCKET_PATH_LIMIT = 107  # bytes, of the kernel
POSTGRES_VARIABLES = ("PGHOST", "PGPORT", "PGUSER")


class Refusal(Exception):
    """One sentence that says what is wrong and how to mend it; shown without a traceback."""


def digest(*parts):
    """Eight hexadecimal digits that change when any part does."""
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Settings:
    """Folders and choices of one call.

    ``odoo_src`` is None when Odoo comes from Debian's archive; ``own_postgres`` is False
    when the PG* variables name a server of the caller's.
    """

    root: Path
    cache: Path
    odoo_src: Path | None
    own_postgres: bool
    is_root: bool

    @classmethod
    def read(cls, root, environ=None, uid=None):
        environ = os.environ if environ is None else environ
        is_root = (os.geteuid() if uid is None else uid) == 0
        settings = cls(
            root=Path(root).resolve(),
            cache=_cache_folder(environ, is_root),
            odoo_src=Path(environ["ODOO_SRC"]).expanduser().resolve() if environ.get("ODOO_SRC") else None,
            own_postgres=not any(environ.get(name) for name in POSTGRES_VARIABLES),
            is_root=is_root,
        )
        settings._check()
        return settings

    def _check(self):
        if self.cache.is_relative_to(self.root):
            raise Refusal(
                f"The cache folder {self.cache} lies inside the checkout: set SALES_SUITE_CACHE to a folder outside it."
            )
        socket = self.cache / "pg-00" / ".s.PGSQL.5432"
        if self.own_postgres and len(os.fsencode(socket)) > SOCKET_PATH_LIMIT:
            raise Refusal(
                f"The cache folder {self.cache} has too long a name for PostgreSQL's socket: "
                "set SALES_SUITE_CACHE to a shorter one."
            )

    @property
    def checkout_id(self):
        """Tells the databases of two checkouts apart."""
        return digest(self.root)[:6]

    @property
    def data(self):
        return self.cache / "data"

    @property
    def logs(self):
        return self.cache / "log"

    @property
    def requirements(self):
        return self.root / "scripts" / "requirements.txt"

    def addons(self):
        """Names of the suite's add-ons that exist in the checkout."""
        return sorted(manifest.parent.name for manifest in self.root.glob("sales_*/__manifest__.py"))


def _cache_folder(environ, is_root):
    if environ.get("SALES_SUITE_CACHE"):
        return Path(environ["SALES_SUITE_CACHE"]).expanduser().resolve()
    if is_root:  # the unprivileged user of PostgreSQL cannot enter root's home
        return Path("/var/cache") / APP_NAME
    home = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME") or "~").expanduser() / ".cache"
    return Path(home).resolve() / APP_NAME
