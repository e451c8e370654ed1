# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class ArrearsFrozenMixin(models.AbstractModel):
    """Rows of a statement: written by its computation, nobody's to edit once it is issued.

    The computation writes them by SQL; this guards every other way in (RPC, import, superuser).
    """

    _name = "sales.arrears.frozen.mixin"
    _description = "Row of an arrears statement"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["sales.arrears.statement"].browse(
            {vals["statement_id"] for vals in vals_list if vals.get("statement_id")},
        )._check_not_frozen()
        return super().create(vals_list)

    def write(self, vals):
        statements = self.statement_id
        if vals.get("statement_id"):
            statements |= statements.browse(vals["statement_id"])
        statements._check_not_frozen()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self.statement_id._check_not_frozen()
