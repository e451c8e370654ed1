# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.tools import format_date, format_datetime

COLUMNS = ("opening", "sales", "credit_notes", "receipts", "other", "closing", "not_due", "due_1_30", "due_31_60",
           "due_61_90", "due_over_90", "deposits", "cross_customer")  # fmt: skip


class ArrearsStatementReport(models.AbstractModel):
    """Values of the printed statement (F-31): lines by salesperson, with sums."""

    _name = "report.sales_receivable_followup.report_arrears_statement"
    _description = "Printed Arrears Statement"

    @api.model
    def _get_report_values(self, docids, data=None):
        statements = self.env["sales.arrears.statement"].browse(docids)
        return {
            "docs": statements,
            "sections_of": {doc.id: self._sections(doc.line_ids) for doc in statements},
            "months": {doc.id: doc._get_month_name() for doc in statements},
            "heads": {doc.id: self._head(doc) for doc in statements},
        }

    @api.model
    def _sections(self, lines):
        """Return (list of (salesperson or none, lines, sums), sums of all); the nameless section last."""
        by_user = sorted(lines.grouped("user_id").items(), key=lambda item: (not item[0], item[0].name or ""))
        return [(user, user_lines, self._sums(user_lines)) for user, user_lines in by_user], self._sums(lines)

    @api.model
    def _head(self, statement):
        """The sentence below the title, in the language of the statement's environment."""
        env = statement.env
        money = env._(
            "Amounts in %(currency)s as of %(day)s.",
            currency=statement.company_id.currency_id.name, day=format_date(env, statement.date_to),
        )
        if statement.state == "draft":
            return env._("Draft, not issued. %(amounts)s", amounts=money)
        if statement.state == "void":
            return env._(
                "VOID: number %(number)s no longer counts. Reason: %(reason)s. %(amounts)s",
                number=statement.name, reason=statement.void_reason, amounts=money,
            )
        return env._(
            "Number %(number)s, issued on %(moment)s. %(amounts)s",
            number=statement.name, moment=format_datetime(env, statement.issued_at, dt_format="short"), amounts=money,
        )

    @api.model
    def _sums(self, lines):
        return {name: sum(lines.mapped(name)) for name in COLUMNS}


class ArrearsStatementDeliveryReport(models.AbstractModel):
    """The same for one person's copy: the lines that he may see."""

    _name = "report.sales_receivable_followup.report_arrears_delivery"
    _inherit = ["report.sales_receivable_followup.report_arrears_statement"]
    _description = "Printed Copy of an Arrears Statement"

    @api.model
    def _get_report_values(self, docids, data=None):
        copies = self.env["sales.arrears.statement.delivery"].browse(docids)
        return {
            "docs": copies,
            "sections_of": {doc.id: self._sections(doc._get_lines()) for doc in copies},
            # sudo: the head of the statement (number, month, dates) belongs to every copy of it
            "months": {
                doc.id: doc.with_context(lang=doc.user_id.lang).statement_id.sudo()._get_month_name() for doc in copies
            },
            "heads": {doc.id: self._head_of_copy(doc.with_context(lang=doc.user_id.lang)) for doc in copies},
        }

    @api.model
    def _head_of_copy(self, copy):
        scope = dict(copy._fields["scope"]._description_selection(copy.env))[copy.scope]
        person = copy.env._("Copy for %(user)s: %(scope)s.", user=copy.user_id.name, scope=scope)
        return f"{person} {self._head(copy.statement_id.sudo())}"  # sudo: as above
