# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..engine.pack_files import PackError, read_zip
from ..models.policy_pack_loader import ADD, CHANGE, NEW_VERSION, NOT_LOADED, REMOVE

ACTIONS = [
    (ADD, "Add"),
    (CHANGE, "Change"),
    (NEW_VERSION, "New version"),
    (REMOVE, "Remove"),
    (NOT_LOADED, "Not loaded"),
]


class SalesPolicyPackLoad(models.TransientModel):
    """Loads a policy pack after showing what it will add or change."""

    _name = "sales.policy.pack.load"
    _description = "Load a Policy Pack"

    source = fields.Selection(
        [("suite", "Comes with the suite"), ("upload", "Uploaded file")], required=True, default="suite"
    )
    code = fields.Selection(lambda self: self.env["sales.policy.pack"]._selection_available(), string="Pack")
    file = fields.Binary(string="Zip of CSV Files", attachment=False)
    file_name = fields.Char()
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    valid_from = fields.Date(
        required=True, default=fields.Date.context_today,
        help="When the loaded terms begin. Terms that have judged stay; what changes becomes a version from this day.",
    )
    previewed = fields.Boolean()
    line_ids = fields.One2many("sales.policy.pack.load.line", "load_id", string="Changes", readonly=True)
    change_count = fields.Integer(compute="_compute_counts", string="Rows to Change")
    gap_count = fields.Integer(compute="_compute_counts", string="Rows Not Loaded")

    @api.depends("line_ids.action")
    def _compute_counts(self):
        for load in self:
            load.gap_count = len(load.line_ids.filtered(lambda line: line.action == NOT_LOADED))
            load.change_count = len(load.line_ids) - load.gap_count

    @api.onchange("source", "code", "file", "company_id", "valid_from")
    def _onchange_question(self):
        self.previewed = False
        self.line_ids = [Command.clear()]

    def action_preview(self):
        """Show what loading would do; nothing is written but this preview."""
        self._run(simulate=True)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Load a Policy Pack"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_load(self):
        """Load the pack: all of it, or nothing when a row is wrong."""
        pack = self._run(simulate=False)
        return {
            "type": "ir.actions.act_window",
            "name": pack.name,
            "res_model": pack._name,
            "res_id": pack.id,
            "view_mode": "form",
        }

    def _run(self, simulate):
        self.ensure_one()
        Pack = self.env["sales.policy.pack"]
        Pack._check_administrator()
        code, files = self._read()
        plan = Pack._load_pack(code, files, self.company_id, self.valid_from, simulate)
        lines = [
            Command.create({
                "sequence": number,
                "action": step.action,
                "file": step.table.file,
                "row": step.row.line if step.row else 0,
                "record": step.row.id if step.row else step.cells[0][1],
                "column": column,
                "before": before,
                "after": after,
            })
            for number, step in enumerate(plan)
            for column, before, after in self._shown_cells(step, self.company_id)
        ]
        # the preview is written by the system only
        self.sudo().write({"previewed": simulate, "line_ids": [Command.clear(), *lines]})
        return Pack._loaded(code, self.company_id)

    @api.model
    def _shown_cells(self, step, company):
        """[(column, before, after)] to show of a row: what is new in one line, what changes cell by cell."""
        if step.action == NOT_LOADED:
            return [("", "", step.reason)]
        shown = getattr(self.env[step.table.model], "_policy_pack_shown", None)
        if shown and step.row:
            return shown(step.row.cells, company)
        if step.action == ADD:
            cells = [f"{column}: {after}" for column, _before, after in step.cells if "@" not in column]
            return [("", "", ", ".join(cells))]
        return step.cells

    def _read(self):
        """(code, files) of the chosen pack.

        :raise UserError: nothing chosen, or a file that cannot be read
        """
        Pack = self.env["sales.policy.pack"]
        if self.source == "suite":
            if not self.code:
                raise UserError(self.env._("Choose a pack."))
            return self.code, Pack._read_available(self.code)
        if not self.file:
            raise UserError(self.env._("Choose a zip file with the pack's CSV files."))
        code = re.sub(r"[^a-z0-9]+", "_", (self.file_name or "upload").lower().removesuffix(".zip")).strip("_")
        try:
            return code or "upload", read_zip(base64.b64decode(self.file))
        except PackError as error:
            raise UserError(Pack._error_text(error)) from error


class SalesPolicyPackLoadLine(models.TransientModel):
    """One cell that loading would write, or one row that it leaves out."""

    _name = "sales.policy.pack.load.line"
    _description = "Change by a Policy Pack"
    _order = "sequence, id"

    load_id = fields.Many2one("sales.policy.pack.load", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer()
    action = fields.Selection(ACTIONS, readonly=True)
    file = fields.Char(readonly=True)
    row = fields.Integer(string="Line", readonly=True)
    record = fields.Char(string="Row", readonly=True)
    column = fields.Char(readonly=True)
    before = fields.Text(readonly=True)
    after = fields.Text(string="After, or Why Not", readonly=True)
