# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from pathlib import Path

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.pack_files import PackError, read_folder

ADMINISTRATOR = "sales_discipline.group_discipline_administrator"
# In an installed add-on; in a checkout, where the packs of the whole suite lie beside the add-ons.
FOLDERS = [Path(__file__).parents[1] / "data" / "policy_packs", Path(__file__).parents[2] / "data" / "policy_packs"]


class SalesPolicyPack(models.Model):
    """A regulation that a company has loaded: rules and values as one set of files.

    Its records carry external IDs of a module name of their own, made of pack and company, so that two companies can
    load the same pack and an upgrade of the add-on never touches what was loaded.
    """

    _name = "sales.policy.pack"
    _description = "Policy Pack"
    _order = "company_id, name"

    _code_uniq = models.Constraint("UNIQUE (code, company_id)", "A company loads a policy pack once.")

    name = fields.Char(required=True, readonly=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    summary = fields.Text(readonly=True, translate=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    digest = fields.Char(readonly=True, help="Fingerprint of the files that were loaded last.")
    loaded_on = fields.Datetime(readonly=True)
    loaded_by_id = fields.Many2one("res.users", readonly=True)
    rule_ids = fields.Many2many("sales.discipline.rule", compute="_compute_rule_ids", string="Rules")
    setting_ids = fields.Many2many("sales.policy.pack.setting", compute="_compute_rule_ids", string="Settings")

    def _compute_rule_ids(self):
        for pack in self:
            data = pack._external_ids(pack.code, pack.company_id)
            for name in ("rule_ids", "setting_ids"):
                model = self.env[self._fields[name].comodel_name]
                ids = data.filtered(lambda row, model=model: row.model == model._name).mapped("res_id")
                pack[name] = model.browse(ids).exists()

    @api.model
    def _check_administrator(self):
        if not self.env.su and not self.env.user.has_group(ADMINISTRATOR):
            raise AccessError(self.env._("Only discipline administrators load and remove policy packs."))

    # --- what there is ---

    @api.model
    def _available(self):
        """{code: folder} of the packs that come with the add-ons."""
        root = next((folder for folder in FOLDERS if folder.is_dir()), None)
        return {folder.name: folder for folder in sorted(root.iterdir()) if folder.is_dir()} if root else {}

    @api.model
    def _selection_available(self):
        """(code, name) of the packs that come with the add-ons, in the user's language."""
        titles = []
        for code, folder in self._available().items():
            try:
                cells = self._description_row(read_folder(folder))
            except PackError:
                cells = {}
            titles.append((code, cells.get(f"name@{self.env.lang}") or cells.get("name") or code))
        return titles

    @api.model
    def _description_row(self, pack):
        """{column: cell} of the file that describes the pack itself; empty when there is none."""
        for table in pack.tables:
            if table.model == self._name and table.rows:
                return table.rows[0].cells
        return {}

    @api.model
    def _read_available(self, code):
        """Files of a pack that comes with the add-ons.

        :raise UserError: unknown pack, or a file that cannot be read
        """
        folder = self._available().get(code)
        if not folder:
            raise UserError(self.env._("There is no policy pack '%(code)s'.", code=code))
        try:
            return read_folder(folder)
        except PackError as error:
            raise UserError(self._error_text(error)) from error

    @api.model
    def _error_text(self, error):
        """A PackError as a sentence for people: file, line and column, what is wrong and how to mend it."""
        reasons = {
            "bad_zip": self.env._("This is no zip file that can be read."),
            "path": self.env._("Put the CSV files at the top of the zip or in one folder, each name once."),
            "not_csv": self.env._("A pack holds CSV files only, named after their models."),
            "too_big": self.env._("A pack has at most %(limit)s.", limit=error.about),
            "empty": self.env._("The pack holds no file."),
            "encoding": self.env._("The file is not in UTF-8. Save it as CSV in UTF-8."),
            "no_id": self.env._("The first line names the columns, each once, and one of them is 'id'."),
            "width": self.env._("Cells found / columns expected: %(count)s.", count=error.about),
            "id_missing": self.env._("Each row needs an id without a dot."),
            "id_twice": self.env._("The id '%(id)s' is used twice in this pack.", id=error.about),
            "circle": self.env._("Its rows name rows of other files that name them in turn."),
        }
        return self._at(error.file, error.line, error.column, reasons.get(error.reason, error.about))

    @api.model
    def _at(self, file, line, column, message):
        if column:
            return self.env._(
                "%(file)s, line %(line)s, column '%(column)s': %(message)s",
                file=file, line=line, column=column, message=message)
        if line:
            return self.env._("%(file)s, line %(line)s: %(message)s", file=file, line=line, message=message)
        return f"{file}: {message}" if file else message

    # --- what is loaded ---

    @api.model
    def _module_name(self, code, company):
        """Module part of the external IDs of a pack in a company; no installable module can have such a name."""
        return f"__policy_pack_{code}_{company.id}"

    @api.model
    def _external_ids(self, code, company):
        # external IDs belong to the settings administrator; these are the pack's own
        return self.env["ir.model.data"].sudo().search(
            [("module", "=", self._module_name(code, company))], order="id"
        )

    def action_remove(self):
        """Delete what nobody uses and archive the rest; then forget the pack."""
        self._check_administrator()
        self.check_access("read")
        for pack in self:
            pack._discard(pack._external_ids(pack.code, pack.company_id))
        # a pack is written by its loader only; the right was checked above
        self.sudo().unlink()

    @api.model
    def _discard(self, data):
        """Delete the records of these external IDs where nothing uses them, archive the others.

        :return: the external IDs of what is left
        """
        kept = {}
        for row in data:
            record = self.env[row.model].browse(row.res_id).exists() if row.model in self.env else None
            if not record or (not self._is_part_of(record, kept) and self._deleted(record)):
                continue
            kept[row.model, row.res_id] = row.id
            if hasattr(record, "_policy_pack_archive"):
                record._policy_pack_archive()
            elif "active" in record._fields:
                record.action_archive()
        left = data.filtered(lambda row: row.id in kept.values())
        (data - left).exists().unlink()
        return left

    @api.model
    def _is_part_of(self, record, kept):
        """Whether the record is a detail of one that stays, such as the versions of a rule that has judged."""
        return any(
            (field.comodel_name, record[name].id) in kept
            for name, field in record._fields.items()
            if field.type == "many2one" and field.store and field.ondelete == "cascade" and record[name]
        )

    @api.model
    def _deleted(self, record):
        try:
            with self.env.cr.savepoint():
                record.unlink()
        except (UserError, psycopg2.IntegrityError) as error:
            if isinstance(error, AccessError):
                raise
            return False
        return True

    def action_view_rules(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "sales.discipline.rule",
            "view_mode": "list,kanban,form",
            "domain": [("id", "in", self.rule_ids.ids)],
        }
