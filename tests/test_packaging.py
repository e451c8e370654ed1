# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The wheel that users install holds all that the add-ons need."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from odoo.tools import config

ROOT = Path(__file__).parents[1]
ADDONS = sorted(path.parent.name for path in ROOT.glob("sales_*/__manifest__.py"))


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, f"{words}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done


def tracked(folder):
    """Files of the checkout that users get: all but what Python leaves behind."""
    return {
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    # A copy, so that building leaves nothing in the checkout.
    source.mkdir()
    run("cp", "-r", *(ROOT / name for name in (*ADDONS, "data", "setup.py", "README.md")), source)
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-index", "--no-build-isolation", "-w", folder, source)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_file_and_no_package_of_odoo(wheel):
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    expected = {f"odoo/addons/{name}" for addon in ADDONS for name in tracked(addon)}
    expected |= {f"odoo/addons/sales_discipline/{name}" for name in tracked("data")}
    assert names == expected


def test_the_addons_install_from_the_wheel_beside_odoo(wheel, tmp_path):
    """A new virtual environment that sees Odoo and its libraries by a .pth file, and this checkout nowhere."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    odoo_folder = Path(config.root_path).parent
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(tmp_path / "venv")}))
    (site / "beside.pth").write_text(f"{sysconfig.get_path('purelib')}\n{odoo_folder}\n")
    environ = {name: value for name, value in os.environ.items() if name not in ("ODOO_ADDONS_PATH", "PYTHONPATH")}
    environ |= {"ODOO_DATA_DIR": str(tmp_path / "data"), "ODOO_RC": str(tmp_path / "odoo.conf")}
    (tmp_path / "odoo.conf").write_text("[options]\nhttp_interface = 127.0.0.1\n")

    run(python, "-m", "pip", "install", "--no-deps", "--no-index", wheel, env=environ)
    database = f"sales_wheel_{os.getpid()}"
    template = os.environ.get("SALES_SUITE_TEMPLATE", "template0")
    odoo = [python, "-m", "odoo"]
    try:
        run(
            *(*odoo, "-d", database, f"--db-template={template}", "--no-http", "--stop-after-init"),
            *("--max-cron-threads=0", "-i", ",".join(ADDONS)),
            env=environ,
            cwd=tmp_path,
        )
        code = (
            "from odoo.modules import Manifest\n"
            f"names = {ADDONS!r}\n"
            "found = env['ir.module.module'].search([('name', 'in', names), ('state', '=', 'installed')])\n"
            "print('INSTALLED', len(found), [Manifest.for_addon(name).path for name in names])"
        )
        shell = run(
            *odoo, "shell", "-d", database, "--no-http", "--log-level=error", env=environ, cwd=tmp_path, input=code
        )
    finally:
        run(*odoo, "db", "drop", database, env=environ, cwd=tmp_path)

    assert f"INSTALLED {len(ADDONS)} " in shell.stdout
    assert shell.stdout.count(str(site)) == len(ADDONS)
    assert str(ROOT) not in shell.stdout
