# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One distribution for all the add-ons, which are versioned together.

`odoo` and `odoo.addons` are namespace packages: nothing of theirs is shipped. Odoo 19 itself is no requirement,
since no package index has it: install beside it.
"""

import ast
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
ADDONS = sorted(manifest.parent.name for manifest in ROOT.glob("sales_*/__manifest__.py"))
MANIFESTS = [ast.literal_eval((ROOT / addon / "__manifest__.py").read_text()) for addon in ADDONS]


def packages(addon):
    folders = (path.parent.relative_to(ROOT) for path in (ROOT / addon).rglob("__init__.py"))
    return [".".join(["odoo.addons", *folder.parts]) for folder in folders]


def data_files(addon):
    """Everything an installed add-on reads or shows that is not Python."""
    folder = ROOT / addon
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return [str(path.relative_to(folder)) for path in files if path.suffix not in (".py", ".pyc")]


class BuildWithPolicyPacks(build_py):
    """The policy packs are the suite's: beside the add-ons in the checkout, inside one of them in the wheel."""

    def run(self):
        super().run()
        target = Path(self.build_lib, "odoo", "addons", "sales_discipline", "data", "policy_packs")
        shutil.copytree(ROOT / "data" / "policy_packs", target, dirs_exist_ok=True)


setup(
    name="sales-discipline-suite",
    version=MANIFESTS[0]["version"],
    description="Odoo 19 add-ons: sales discipline, arrears of customers, targets and commission",
    long_description=(ROOT / "README.md").read_text(),
    long_description_content_type="text/markdown",
    author="Sales Discipline Suite Contributors",
    license="AGPL-3.0-or-later",
    python_requires=">=3.11",
    packages=sorted(package for addon in ADDONS for package in packages(addon)),
    package_dir={f"odoo.addons.{addon}": addon for addon in ADDONS},
    package_data={f"odoo.addons.{addon}": data_files(addon) for addon in ADDONS},
    cmdclass={"build_py": BuildWithPolicyPacks},
    install_requires=["odoo-addon-base-tier-validation==19.0.*"],
    classifiers=["Framework :: Odoo :: 19.0", "Programming Language :: Python :: 3"],
    zip_safe=False,
)
