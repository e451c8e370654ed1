# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.pack_files import Row, Table

ADD, CHANGE, NEW_VERSION, REMOVE, NOT_LOADED = "add", "change", "new_version", "remove", "not_loaded"


class PackRowError(UserError):
    """A row that cannot be loaded; the message names file, line and column."""


@dataclass
class Planned:
    """What loading does about one row."""

    action: str
    table: Table
    row: Row | None = None
    record: models.Model | None = None
    # [(column, before, after)]
    cells: list = field(default_factory=list)
    reason: str = ""


class SalesPolicyPack(models.Model):
    """Loading: compare the files with what is there, write the difference and nothing else."""

    _inherit = "sales.policy.pack"

    @api.model
    def _load_pack(self, code, files, company, valid_from, simulate=False):
        """Load a pack into a company; all of it or, when a row is wrong, nothing.

        :param str code: name of the pack, lower case
        :param files: engine.pack_files.Pack
        :param date valid_from: when new versions of rules begin
        :param simulate: only say what would be done
        :return: list of Planned; rows that stay as they are have none
        :raise UserError: a row that cannot be loaded, by file, line and column
        """
        self._check_administrator()
        if not self.env.su and company not in self.env.user.company_ids:
            raise AccessError(self.env._("You do not work in company %(company)s.", company=company.name))
        module = self._module_name(code, company)
        loader = self.with_company(company).with_context(lang=None, module=module, noupdate=True)
        plan = loader._plan(code, files, company)
        steps = [step for step in plan if step.action != NOT_LOADED]
        if steps or loader._loaded(code, company).digest != files.digest:
            with self._undone_if(simulate):
                plan = loader._succeed(plan, valid_from) + loader._not_loaded(plan)
                loader._write_plan(loader._plan(code, files, company), valid_from)
                loader._check_loaded(code, files, company)
                loader._remember(code, files, company)
        return plan

    @contextmanager
    def _undone_if(self, simulate):
        if not simulate:
            with self.env.cr.savepoint():
                yield
            return
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            # external IDs that were made and taken back must not stay in the caches
            self.env.registry.clear_all_caches()
            self.env.registry.reset_changes()

    @api.model
    def _loaded(self, code, company):
        return self.sudo().search([("code", "=", code), ("company_id", "=", company.id)])

    # --- what is to be done ---

    @api.model
    def _plan(self, code, files, company):
        """Rows to add, change, remove or leave out, in the order of the files."""
        data = self._external_ids(code, company)
        known = {row.name: (row.model, row.res_id) for row in data}
        records = {}
        for model, rows in data.grouped("model").items():
            if model in self.env:
                there = set(self.env[model].browse(rows.mapped("res_id")).exists().ids)
                records.update(
                    (row.name, self.env[model].browse(row.res_id)) for row in rows if row.res_id in there
                )
        plan, left_out = [], {}
        named = {row.id for table in files.tables for row in table.rows}
        for table in files.tables:
            if table.model == self._name:
                continue
            kept = []
            for row in table.rows:
                reason = self._gap(table, row, left_out)
                if reason:
                    left_out[row.id] = reason
                    plan.append(Planned(NOT_LOADED, table, row, reason=reason))
                else:
                    kept.append(row)
            columns = self._known_columns(table, kept)
            for row in kept:
                self._check_references(table, row, columns, named)
                record = records.get(row.id)
                cells = self._differences(record, row, columns, records)
                if record is None:
                    plan.append(Planned(ADD, table, row, cells=cells))
                elif cells:
                    plan.append(Planned(CHANGE, table, row, record, cells))
        by_model = {table.model: table for table in files.tables}
        for name in reversed(list(known)):
            if name in records and (name not in named or name in left_out):
                table = by_model.get(known[name][0]) or Table(f"{known[name][0]}.csv", (), ())
                plan.append(Planned(REMOVE, table, record=records[name], cells=[("id", name, "")]))
        return plan

    @api.model
    def _gap(self, table, row, left_out):
        """Why a row cannot be loaded here though nothing is wrong with it; empty when it can."""
        if table.model not in self.env:
            return self.env._("No installed add-on has '%(model)s'.", model=table.model)
        for _column, name in table.references(row):
            if name in left_out:
                return self.env._("Belongs to '%(name)s', which is not loaded.", name=name)
        gap = getattr(self.env[table.model], "_policy_pack_gap", None)
        return gap(row.cells) if gap else ""

    @api.model
    def _known_columns(self, table, rows):
        """Columns of fields that exist. One that does not may be there for rows that are left out, empty for others."""
        columns = []
        for column in table.columns:
            name = column.split("/")[0].split("@")[0]
            if table.model not in self.env or name == "id" or name in self.env[table.model]._fields:
                columns.append(column)
            elif not table.rows or any(row.cells[column] for row in rows):
                raise PackRowError(self._at(table.file, 1, column, self.env._(
                    "%(model)s has no field '%(field)s'.", model=table.model, field=name)))
        return columns

    @api.model
    def _check_references(self, table, row, columns, named):
        for column, name in table.references(row):
            if column in columns and name not in named:
                raise PackRowError(self._at(table.file, row.line, column, self.env._(
                    "There is no row with the id '%(name)s' in this pack.", name=name)))

    @api.model
    def _differences(self, record, row, columns, records):
        """[(column, before, after)] of the cells that say something else than the record."""
        differences = []
        for column in columns:
            if column == "id" or self._is_dormant(column):
                continue
            cell = row.cells[column]
            before = "" if record is None else self._as_cell(record, column, cell, records)
            if before != cell and (record is not None or cell):
                differences.append((column, before, cell))
        return differences

    @api.model
    def _is_dormant(self, column):
        """A translation into a language that is not installed."""
        _name, _at, lang = column.partition("@")
        return bool(lang) and lang not in dict(self.env["res.lang"].get_installed())

    @api.model
    def _as_cell(self, record, column, cell, records):
        """What the record says in this column, written the way the cell is when it says the same."""
        name, _at, lang = column.partition("@")
        if lang:
            return record.with_context(lang=lang)[name] or ""
        name = name.split("/")[0]
        field_, value = record._fields[name], record[name]
        if field_.relational:
            wanted = [part.strip() for part in cell.split(",") if part.strip()]
            ids = [
                (records[part].id if part in records else None)
                if "." not in part else self.env["ir.model.data"]._xmlid_to_res_id(part)
                for part in wanted
            ]
            same = column.endswith("/id") and set(ids) == set(value.ids)
            return cell if same else ", ".join(value.mapped("display_name"))
        try:
            if field_.type == "boolean":
                said = cell.lower() in ("1", "true", "yes")
            elif field_.type in ("integer", "float", "monetary"):
                said = float(cell or 0)
                value = said if abs(said - value) < 1e-6 else value
            elif field_.type in ("date", "datetime"):
                said, value = cell, str(value or "")
            else:
                said, value = cell, value or ""
        except ValueError:
            return str(value)
        return cell if said == value else str(value)

    # --- versions that have judged ---

    @api.model
    def _succeed(self, plan, valid_from):
        """Give what can no longer be changed a successor from a date, to which the pack's external IDs move."""
        steps = [step for step in plan if step.action != NOT_LOADED]
        frozen = {}
        for step in steps:
            for owner in self._frozen_owners(step):
                frozen.setdefault(owner, step)
        result = steps
        for owner, step in frozen.items():
            with self._located(step.table, step.row):
                moved = owner._policy_pack_successor(valid_from)
            for old, new in moved.items():
                rows = self.env["ir.model.data"].sudo().search([
                    ("module", "=", self.env.context["module"]), ("model", "=", old._name), ("res_id", "=", old.id),
                ])
                rows.res_id = new.id
            result = [*result, Planned(NEW_VERSION, step.table, step.row, owner, [
                ("valid_from", str(owner.valid_from), str(valid_from))])]
        return result

    @api.model
    def _frozen_owners(self, step):
        """Records that a step would change though they have judged."""
        if step.record is not None:
            touched = [step.record]
        else:
            touched = [
                self._record(name) for column, name in step.table.references(step.row)
                if column in {column for column, _before, _after in step.cells}
            ]
        return [
            owner for record in touched if record and hasattr(record, "_policy_pack_frozen")
            for owner in record._policy_pack_frozen()
        ]

    @api.model
    def _record(self, name):
        row = self.env["ir.model.data"].sudo().search(
            [("module", "=", self.env.context["module"]), ("name", "=", name)]
        )
        return self.env[row.model].browse(row.res_id).exists() if row and row.model in self.env else None

    @api.model
    def _not_loaded(self, plan):
        return [step for step in plan if step.action == NOT_LOADED]

    # --- writing ---

    @api.model
    def _write_plan(self, plan, valid_from):
        removed = [step.record for step in plan if step.action == REMOVE]
        if removed:
            rows = self.env["ir.model.data"].sudo().search([("module", "=", self.env.context["module"])], order="id")
            gone = {(record._name, record.id) for record in removed}
            # what judged stays, archived, and no longer belongs to the pack
            self._discard(rows.filtered(lambda row: (row.model, row.res_id) in gone)).unlink()
        by_table = defaultdict(list)
        for step in plan:
            if step.action in (ADD, CHANGE):
                by_table[step.table.file].append(step)
        for steps in by_table.values():
            self._load_rows(steps[0].table, steps, valid_from)

    @api.model
    def _load_rows(self, table, steps, valid_from):
        """Hand the rows to Odoo's own import."""
        known = self._known_columns(table, [step.row for step in steps])
        columns = [column for column in known if "@" not in column]
        model = self.env[table.model]
        if "valid_from" in model._fields and "valid_from" not in columns:
            model = model.with_context(default_valid_from=valid_from)
        result = model.load(columns, [[step.row.cells[column] for column in columns] for step in steps])
        errors = [message for message in result["messages"] if message["type"] == "error"]
        if errors:
            # of a batch that failed as a whole, the first message names the first row, later ones the row in question
            error = next((error for error in errors[1:] if error["message"] == errors[0]["message"]), errors[0])
            row = steps[error.get("rows", {}).get("from", 0)].row
            column = next((column for column in columns if column.split("/")[0] == error.get("field")), None)
            raise PackRowError(self._at(table.file, row.line, column, error["message"]))
        for record, step in zip(model.browse(result["ids"]), steps, strict=True):
            for column in known:
                name, _at, lang = column.partition("@")
                if lang and step.row.cells[column] and not self._is_dormant(column):
                    record.with_context(lang=lang)[name] = step.row.cells[column]

    @api.model
    def _check_loaded(self, code, files, company):
        """Let the records say whether they are whole, now that all their parts are there."""
        for table in files.tables:
            if table.model not in self.env or not hasattr(self.env[table.model], "_policy_pack_check"):
                continue
            for row in table.rows:
                record = self._record(row.id)
                if record:
                    with self._located(table, row):
                        record._policy_pack_check()

    @contextmanager
    def _located(self, table, row):
        """Errors of this block name file and line."""
        try:
            yield
        except PackRowError:
            raise
        except UserError as error:
            raise PackRowError(self._at(table.file, row and row.line, None, str(error))) from error

    @api.model
    def _remember(self, code, files, company):
        cells = self._description_row(files)
        vals = {
            "name": cells.get("name") or code,
            "summary": cells.get("summary") or False,
            "digest": files.digest,
            "loaded_on": fields.Datetime.now(),
            "loaded_by_id": self.env.uid,
        }
        pack = self._loaded(code, company)
        if pack:
            pack.write(vals)
        else:
            pack = pack.create({**vals, "code": code, "company_id": company.id})
            # rules that were archived when the pack was removed come back as drafts
            for row in self._external_ids(code, company):
                record = row.model in self.env and self.env[row.model].browse(row.res_id).exists()
                if record and hasattr(record, "_policy_pack_restore"):
                    record._policy_pack_restore()
        for column, cell in cells.items():
            name, _at, lang = column.partition("@")
            if lang and cell and name in vals and not self._is_dormant(column):
                pack.with_context(lang=lang)[name] = cell
