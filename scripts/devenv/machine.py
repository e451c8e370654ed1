# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the machine itself must have, and how the missing part is brought."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from glob import glob
from pathlib import Path

from .processes import progress, run
from .settings import Refusal

GIGABYTE = 10**9
DEFAULT_PORT = 8069
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CREATECLUSTER = Path("/etc/postgresql-common/createcluster.conf")


def browser():
    """Path of the browser that the tests drive, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def postgres_bin():
    """Folder of the newest PostgreSQL server programs, or None."""
    folders = [Path(path).parent for path in glob("/usr/lib/postgresql/*/bin/initdb")]
    if not folders and shutil.which("initdb"):
        folders = [Path(shutil.which("initdb")).resolve().parent]
    return max(folders, key=lambda path: [int(part) for part in path.parts if part.isdigit()], default=None)


def _has_library(name):
    return any(glob(f"/{folder}/{name}") for folder in ("lib", "lib64", "usr/lib", "usr/lib64", "usr/lib/*-linux-gnu"))


def _has_chinese_font():
    if glob("/usr/share/fonts/truetype/wqy/*"):
        return True
    return bool(
        shutil.which("fc-list") and subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout
    )


def _has_venv():
    return not subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True, check=False).returncode


def missing_packages(settings, with_browser, with_venv):
    """Names of the Debian packages whose content is not there, whoever installed it."""
    present = {
        "ca-certificates": Path("/etc/ssl/certs/ca-certificates.crt").exists,
        "fonts-wqy-microhei": _has_chinese_font,
        "libmagic1": lambda: _has_library("libmagic.so.1"),
        # what the PDF printer is linked to, with what these bring along
        "libfontconfig1": lambda: _has_library("libfontconfig.so.1"),
        "libxext6": lambda: _has_library("libXext.so.6"),
        "libxrender1": lambda: _has_library("libXrender.so.1"),
    }
    if with_venv:
        present["python3-venv"] = _has_venv
    if settings.own_postgres:
        present["postgresql"] = postgres_bin
    if with_browser:
        present["chromium"] = browser
        present["libatomic1"] = lambda: _has_library("libatomic.so.1")
    return [package for package, check in present.items() if not check()]


def require_space(path, gigabytes):
    while not path.exists():
        path = path.parent
    free = shutil.disk_usage(path).free / GIGABYTE
    if free < gigabytes:
        raise Refusal(
            f"There are only {free:.1f} GB free at {path} and {gigabytes} GB are needed: "
            "make room there or set SALES_SUITE_CACHE to a folder on a larger disk."
        )


def as_root(settings, need):
    """The words to put before a command that needs root; ``need`` says in words what for."""
    if settings.is_root:
        return []
    if not shutil.which("sudo"):
        raise Refusal(f"{need}, this user is not root and there is no sudo: do that as root, then run this again.")
    ask = [] if sys.stdin and sys.stdin.isatty() else ["-n"]
    if subprocess.run(["sudo", *ask, "true"], check=False, stderr=subprocess.DEVNULL if ask else None).returncode:
        raise Refusal(f"{need}, this user is not root and sudo refuses it: do that as root, then run this again.")
    return ["sudo", *ask]


def _apt(root):
    keep = [f"{name}={value}" for name, value in os.environ.items() if name.lower().endswith("_proxy")]
    return [
        *root,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        *keep,
        "apt-get",
        "-y",
        "-q",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]


def update_package_lists(settings):
    """Read the machine's apt sources; a source that fails shows when its packages are installed."""
    root = as_root(settings, "The machine's package lists must be read first ('apt-get update')")
    with progress("the list of system packages"), contextlib.suppress(Refusal):
        run([*_apt(root), "update"], settings.logs / "apt-update.log", "")


def install_packages(settings, packages):
    """Bring Debian packages; the caller has found out that they are missing."""
    if not shutil.which("apt-get"):
        raise Refusal(
            f"This machine has no apt-get and lacks what Debian calls {', '.join(packages)}: "
            "install that by the machine's own means, then run this again."
        )
    root = as_root(settings, f"System packages are missing ('apt-get install {' '.join(packages)}')")
    require_space(Path("/usr"), 1.5)
    update_package_lists(settings)
    with progress(f"system packages: {', '.join(packages)}"):
        # finishes what an interrupted call left half-way
        subprocess.run([*root, "dpkg", "--configure", "-a"], check=False, capture_output=True)
        written = "postgresql" in packages and _forbid_main_cluster(root)
        try:
            run(
                [*_apt(root), "install", "--no-install-recommends", *packages],
                settings.logs / "apt-install.log",
                f"The system packages {', '.join(packages)} cannot be installed: check the network and apt's sources, "
                "then run this again",
            )
        except BaseException:
            if written:
                subprocess.run([*root, "rm", "-f", CREATECLUSTER], check=False)
            raise


def _forbid_main_cluster(root):
    """The package would start a server of its own, which nobody asked for."""
    if CREATECLUSTER.exists():
        return False
    subprocess.run([*root, "mkdir", "-p", CREATECLUSTER.parent], check=True)
    subprocess.run(
        [*root, "tee", CREATECLUSTER], input=b"create_main_cluster = false\n", stdout=subprocess.DEVNULL, check=True
    )
    return True


def choose_port(asked, first=DEFAULT_PORT, tries=50):
    """A free port of this machine: the one asked for, or the first free one from ``first`` on."""
    if asked:
        if not (asked.isdigit() and 0 < int(asked) < 65536):
            raise Refusal(f"DEMO_PORT={asked} is not a port: give a number between 1 and 65535.")
        if not _is_free(int(asked)):
            raise Refusal(f"Port {asked} is taken by another program: stop that or give another number in DEMO_PORT.")
        return int(asked)
    for port in range(first, first + tries):
        if _is_free(port):
            return port
    raise Refusal(f"The ports {first} to {first + tries - 1} are all taken: give a free one in DEMO_PORT.")


def _is_free(port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
