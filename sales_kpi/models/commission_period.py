# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class SalesCommissionPeriod(models.Model):
    """A month of a company: its statements are sent, checked and closed together. Closed stays closed."""

    _name = "sales.commission.period"
    _description = "Commission Period"
    _inherit = ["sales.period.mixin", "mail.thread"]

    company_id = fields.Many2one(readonly=True)
    statement_ids = fields.One2many("sales.commission.statement", "period_id", string="Statements", readonly=True)
    amount_total = fields.Monetary(compute="_compute_amount_total", string="Commission")

    @api.depends("statement_ids.amount_total")
    def _compute_amount_total(self):
        for period in self:
            period.amount_total = sum(period.statement_ids.mapped("amount_total"))

    def action_send(self):
        """Send the statements: the salespeople check them until the deadline."""
        for period in self._as_administrator():
            period._check_open()
            statements = period.statement_ids.filtered(lambda statement: statement.state == "open")
            if not statements:
                raise UserError(self.env._(
                    "Commission period %(period)s has no statement that waits to be sent. Compute a plan first.",
                    period=period.name))
            statements._send()

    def action_close(self):
        """Freeze the lines and statements of these months."""
        for period in self._as_administrator().sorted("date_from"):
            period._check_open()
            period._check_closable()
            period._touch()
            period.statement_ids.write({"state": "closed"})
            period._freeze()

    def action_view_lines(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id("sales_kpi.sales_commission_line_action"),
            "domain": [("period_id", "=", self.id)],
            "context": {},
        }

    def _as_administrator(self):
        """These periods with full rights, for an administrator: nobody may write periods and statements by hand.

        :raise AccessError: for everybody else
        """
        if not self.env.su and not self.env.user.has_group("sales_kpi.group_kpi_administrator"):
            raise AccessError(self.env._("Only an administrator of Sales KPI sends and closes commission periods."))
        self.check_access("read")
        return self.sudo()

    def _check_closable(self):
        self._check_turn()
        self._check_others_closed()
        unchecked = self.statement_ids.filtered(lambda statement: statement.state != "checked")
        if unchecked:
            labels = dict(unchecked._fields["state"]._description_selection(self.env))
            raise UserError(self.env._(
                "Commission period %(period)s cannot be closed yet. Send the statements, decide the disputes, and wait "
                "for the answers or the deadline: %(statements)s.",
                period=self.name,
                statements=", ".join(f"{row.user_id.name} ({labels[row.state]})" for row in unchecked[:10])))

    def _check_others_closed(self):
        """:raise UserError: discipline or arrears of these dates are still open, and may still change what is paid"""
        self.ensure_one()
        discipline = self.env["sales.discipline.period"].search([
            ("company_id", "=", self.company_id.id), ("state", "=", "open"), ("date_from", "<=", self.date_to),
        ], order="date_from", limit=1)
        if discipline:
            raise UserError(self.env._(
                "Discipline period %(other)s is still open: close it before commission period %(period)s.",
                other=discipline.name, period=self.name))
        statement = self.env["sales.arrears.statement"].search([
            ("company_id", "=", self.company_id.id), ("state", "=", "draft"), ("date_to", "<=", self.date_to),
        ], order="date_to", limit=1)
        if statement:
            raise UserError(self.env._(
                "Arrears statement '%(other)s' is not issued: issue it before closing commission period %(period)s.",
                other=statement.display_name, period=self.name))
