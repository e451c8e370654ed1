# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The add-ons as files: who may know whom, and that nothing is left out or made up."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ADDONS = sorted(path.parent for path in ROOT.glob("sales_*/__manifest__.py"))
MANIFESTS = {addon.name: ast.literal_eval((addon / "__manifest__.py").read_text()) for addon in ADDONS}
LOWER = ["sales_discipline", "sales_receivable_followup"]
each_addon = pytest.mark.parametrize("addon", ADDONS, ids=lambda addon: addon.name)


def loaded_files(addon):
    manifest = MANIFESTS[addon.name]
    return set(manifest.get("data", [])) | set(manifest.get("demo", []))


def names_of(addon):
    """What only this add-on is called: itself, its models and their tables."""
    code = "\n".join(path.read_text() for path in (addon / "models").rglob("*.py"))
    models = re.findall(r'^    _name = "(sales\.[\w.]+)"', code, re.MULTILINE)
    return {addon.name, *models, *(model.replace(".", "_") for model in models)}


def test_the_three_are_released_together():
    versions = {manifest["version"] for manifest in MANIFESTS.values()}

    assert len(versions) == 1
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", versions.pop())


@each_addon
def test_licence_and_author(addon):
    manifest = MANIFESTS[addon.name]

    assert manifest["license"] == "AGPL-3"
    assert manifest["author"] == "Sales Discipline Suite Contributors"


def test_every_python_file_names_its_licence():
    header = "# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl)."
    files = [
        *ROOT.glob("*.py"),
        *ROOT.glob("sales_*/**/*.py"),
        *ROOT.glob("scripts/**/*.py"),
        *ROOT.glob("tests/**/*.py"),
    ]

    assert [str(path) for path in files if header not in path.read_text()[:300]] == []


@pytest.mark.parametrize("addon", [addon for addon in ADDONS if addon.name in LOWER], ids=lambda addon: addon.name)
def test_the_lower_addons_know_nobody_above_or_beside(addon):
    foreign = {name for other in ADDONS if other != addon for name in names_of(other)}
    words = re.compile(rf"(?<![\w.])({'|'.join(map(re.escape, sorted(foreign)))})(?![\w.]*\w)")
    files = [path for path in addon.rglob("*") if path.suffix in (".py", ".xml", ".csv", ".js", ".scss")]

    assert [f"{path}: {found[1]}" for path in files if (found := words.search(path.read_text()))] == []
    assert not set(MANIFESTS[addon.name]["depends"]) & set(MANIFESTS)


def test_the_upper_addon_stands_on_both():
    assert set(LOWER) <= set(MANIFESTS["sales_kpi"]["depends"])


@each_addon
def test_every_file_that_is_listed_exists(addon):
    assert [name for name in loaded_files(addon) if not (addon / name).is_file()] == []


@each_addon
def test_every_data_file_is_listed(addon):
    folders = ("data", "demo", "report", "security", "views", "wizards")
    files = {
        str(path.relative_to(addon))
        for folder in folders
        for path in (addon / folder).rglob("*")
        if path.suffix in (".xml", ".csv") and "policy_packs" not in path.parts
    }

    assert sorted(files - loaded_files(addon)) == []


@each_addon
def test_every_test_file_is_imported(addon):
    """Odoo finds tests by import, pytest by name: both must find the same ones."""
    imports = (addon / "tests" / "__init__.py").read_text()
    names = [path.stem for path in (addon / "tests").glob("test_*.py")]

    assert names
    assert [name for name in names if not re.search(rf"\b{name}\b", imports)] == []
