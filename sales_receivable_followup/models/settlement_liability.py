# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

import psycopg2
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import settlement
from ..engine.settlement import LATE, LIABLE, UNAPPROVED
from . import settlement_query
from .settlement_agreement import FINANCE

_logger = logging.getLogger(__name__)


class SettlementLiability(models.Model):
    """An invoice on credit that no agreement covers: its salesperson answers for what is not collected (STL-04, STL-06).

    It says so and how much; what is taken off wages is decided elsewhere.
    """

    _name = "sales.settlement.liability"
    _description = "Joint Liability of a Salesperson"
    _order = "month desc, id desc"
    _rec_name = "move_id"

    _move_uniq = models.Constraint("UNIQUE (move_id)", "An invoice carries one liability.")

    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, readonly=True, index=True, ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", string="Salesperson", required=True, readonly=True, index=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True, index="btree_not_null")
    agreement_id = fields.Many2one("sales.settlement.agreement", readonly=True, index="btree_not_null", ondelete="restrict")
    month = fields.Date(required=True, readonly=True)
    why = fields.Selection(
        [(UNAPPROVED, "Nobody approved before the order"), (LATE, "Not signed in time")], required=True, readonly=True,
    )
    state = fields.Selection(
        [("liable", "Liable"), ("waived", "Waived")], required=True, default="liable", readonly=True, index=True,
    )
    amount = fields.Monetary(readonly=True, help="The invoice in company currency when the month ended.")
    uncollected = fields.Monetary(
        compute="_compute_uncollected", compute_sudo=True,
        help="What of the invoice is open now. The salesperson answers for all of it; nothing once it is paid.",
    )
    waived_by_id = fields.Many2one("res.users", readonly=True)
    waived_at = fields.Datetime(readonly=True)
    waive_reason = fields.Text(readonly=True)

    @api.depends("move_id.amount_residual_signed", "state")
    def _compute_uncollected(self):
        for liability in self:
            liability.uncollected = 0 if liability.state == "waived" else max(liability.move_id.amount_residual_signed, 0)

    @api.model
    def _find(self, company, month):
        """Write down who is liable for which invoices of a month that is over; again is nothing new."""
        today = company._arrears_today()
        month_end = settlement.deadline(month)
        for model in ("account.move", "sales.settlement.agreement", self._name):
            self.env[model].flush_model()
        rows = self.env.execute_query(settlement_query.uncovered_invoices(
            company.id, max(month, company.settlement_liable_from), month_end,
        ))
        moves = self.env["account.move"].browse([row[0] for row in rows])
        Agreement = self.env["sales.settlement.agreement"]
        vals_list = []
        for move, (_move_id, agreement_id, *_dates) in zip(moves, rows, strict=True):
            verdict, why = Agreement.browse(agreement_id or [])._judge(move.invoice_date, today)
            if verdict == LIABLE:
                vals_list.append({
                    "move_id": move.id, "company_id": company.id, "partner_id": move.commercial_partner_id.id,
                    "user_id": move.invoice_user_id.id, "team_id": move.team_id.id, "agreement_id": agreement_id,
                    "month": month, "why": why, "amount": move.amount_total_signed,
                })
        return self.create(vals_list)

    @api.model
    def _cron_find(self):
        """Every day, for the month before this one: invoices may be posted late."""
        companies = self.env["res.company"].search([("settlement_liable_from", "!=", False)])
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(companies))
        for company in companies:
            month = company._arrears_today().replace(day=1) - relativedelta(months=1)
            try:
                with self.env.cr.savepoint():
                    self.with_company(company)._find(company, month)
            except psycopg2.OperationalError:
                raise  # two at once: the run is repeated
            except Exception:
                _logger.exception("Liabilities of company %s could not be found", company.id)
            if not commit(1):
                break

    def action_waive(self, reason=None):
        """The salesperson does not answer for it after all. Right: finance, not the salesperson himself."""
        self.check_access("read")
        if not self.env.user.has_group(FINANCE) or self.env.user in self.user_id:
            raise AccessError(self.env._("Finance waives liabilities, never the salesperson himself."))
        if any(liability.state == "waived" for liability in self):
            raise UserError(self.env._("This liability is waived already."))
        if not (reason or "").strip():
            return self.env["sales.order.credit.reason"]._open(self, "waive")
        self.sudo().write({  # sudo: nobody edits liabilities by hand; who may was checked above
            "state": "waived", "waived_by_id": self.env.uid, "waived_at": fields.Datetime.now(),
            "waive_reason": reason.strip(),
        })
        return True
