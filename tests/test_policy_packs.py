# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The shipped policy packs can be read, name fields that exist and rows that are there, and speak Chinese."""

from pathlib import Path

from odoo import fields
from odoo.tests import TransactionCase, tagged

from odoo.addons.sales_discipline.engine.pack_files import read_folder
from odoo.addons.sales_discipline.models.policy_pack_loader import NOT_LOADED

FOLDER = Path(__file__).parents[1] / "data" / "policy_packs"
PACKS = sorted(path for path in FOLDER.iterdir() if path.is_dir())


@tagged("post_install", "-at_install")
class TestShippedPackFiles(TransactionCase):

    def each_table(self):
        for folder in PACKS:
            pack = read_folder(folder)
            for table in pack.tables:
                with self.subTest(pack=folder.name, file=table.file):
                    yield pack, table

    def test_columns_are_fields_and_references_resolve(self):
        for pack, table in self.each_table():
            names = {row.id for other in pack.tables for row in other.rows}
            self.assertIn(table.model, self.env)
            known = self.env[table.model]._fields
            unchecked = self.unchecked(pack)
            for row in table.rows:
                parents = [name for _column, name in table.references(row)]
                self.assertLessEqual(set(parents), names, f"line {row.line}")
                if row.id in unchecked or unchecked & set(parents):
                    continue
                for column, cell in row.cells.items():
                    name = column.split("/")[0].split("@")[0]
                    self.assertTrue(name in known or not cell, f"line {row.line}: {column}")

    def unchecked(self, pack):
        """Rules of kinds that no add-on has yet, and their terms."""
        kinds = dict(self.env["sales.discipline.rule"]._fields["kind"]._description_selection(self.env))
        left_out = set()
        for table in pack.tables:
            for row in table.rows:
                unknown = table.model == "sales.discipline.rule" and row.cells["kind"] not in kinds
                if unknown or left_out & {name for _column, name in table.references(row)}:
                    left_out.add(row.id)
        return left_out

    def test_rules_carry_their_code_and_a_chinese_name(self):
        for _pack, table in self.each_table():
            if table.model == "sales.discipline.rule":
                for row in table.rows:
                    self.assertRegex(row.cells["code"], r"^[A-Z]{3}-\d\d$")
                    self.assertRegex(row.cells["name@zh_CN"], "[\u4e00-\u9fff]")

    def test_each_pack_loads_and_loads_again_without_a_change(self):
        company = self.env["res.company"].create({"name": "New"})
        Pack = self.env["sales.policy.pack"]
        today = fields.Date.today()
        self.assertEqual(sorted(Pack._available()), [folder.name for folder in PACKS])
        for folder in PACKS:
            files = Pack._read_available(folder.name)
            first = Pack._load_pack(folder.name, files, company, today)
            self.assertTrue([step for step in first if step.action != NOT_LOADED])
            again = Pack._load_pack(folder.name, files, company, today)
            self.assertFalse([step for step in again if step.action != NOT_LOADED])
