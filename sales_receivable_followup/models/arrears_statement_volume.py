# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

import psycopg2
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine.volume import ACCEPTED, SENT, VOID, answer_window, is_late
from . import volume_query as query
from .arrears_statement import ISSUED
from .volume_check import TODO
from .volume_settings import BY_HAND, DAY, WEIGHT

_logger = logging.getLogger(__name__)


class ArrearsStatement(models.Model):
    """With the statement each salesperson gets his volume and collections of the month to check (VOL-01)."""

    _inherit = "sales.arrears.statement"

    volume_due = fields.Boolean(
        string="Figures to Send", readonly=True, copy=False,
        help="The salespeople still get their volume and collections of this month.",
    )
    volume_check_ids = fields.One2many("sales.volume.check", "statement_id", string="Checks of Figures", readonly=True)
    volume_check_count = fields.Integer(string="Number of Checks of Figures", compute="_compute_volume_check_count")

    @api.depends("volume_check_ids")
    def _compute_volume_check_count(self):
        counts = dict(self.env["sales.volume.check"]._read_group(
            [("statement_id", "in", self.ids)], ["statement_id"], ["__count"],
        ))
        for statement in self:
            statement.volume_check_count = counts.get(statement, 0)

    def _issue(self):
        result = super()._issue()
        if self.company_id.volume_when != BY_HAND:
            self._set({"volume_due": True})
            # nothing of this may hinder the issue: the scheduled action does it
            self.env.ref("sales_receivable_followup.volume_check_cron").sudo()._trigger()
        return result

    def _void(self):
        """What was sent on the strength of a void statement is void with it."""
        result = super()._void()
        self._set({"volume_due": False})
        checks = self.volume_check_ids.sudo()  # sudo: nobody writes checks
        checks._set({"state": VOID})
        checks.activity_unlink([TODO])
        return result

    def action_send_volume(self):
        """Send the salespeople their figures now. Right: finance (write access)."""
        self.check_access("write")
        for statement in self:
            if statement.state != ISSUED:
                raise UserError(self.env._(
                    "%(statement)s is not issued; the salespeople's figures go out with an issued statement.",
                    statement=statement.display_name,
                ))
            if statement.volume_check_ids:
                raise UserError(self.env._(
                    "%(statement)s: the salespeople have their figures already.", statement=statement.display_name,
                ))
            statement.sudo()._send_volume()  # sudo: nobody makes checks by hand
        return True

    def action_open_volume_checks(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_receivable_followup.volume_check_action_all")
        return {**action, "domain": [("statement_id", "=", self.id)], "context": {}}

    # ------------------------------------------------------------
    # Scheduled action
    # ------------------------------------------------------------

    @api.model
    def _send_due_volumes(self):
        """Send the figures of issued statements whose time has come."""
        waiting = Domain("volume_due", "=", True) & Domain("state", "=", ISSUED)
        for statement in self.search(waiting, order="month, id"):
            company = statement.company_id
            following = statement.date_to.replace(day=company.volume_day) + relativedelta(months=1)
            if company.volume_when == DAY and company._arrears_today() < following:
                continue
            try:
                with self.env.cr.savepoint():
                    statement.try_lock_for_update().filtered_domain(waiting)._send_volume()
            except psycopg2.OperationalError:
                raise  # two at once: the whole transaction is repeated
            except Exception:
                _logger.exception("The salespeople's figures of arrears statement %s could not be sent", statement.id)
            self.env["ir.cron"]._commit_progress()

    def _send_volume(self):
        for statement in self:
            checks = statement._make_volume_checks()
            statement._set({"volume_due": False})
            checks._tell_salespeople()

    def _make_volume_checks(self):
        """A check for each salesperson who has figures, and one without for customers of nobody; then their lines."""
        self.ensure_one()
        company, now = self.company_id, fields.Datetime.now()
        question = self._volume_question(company.volume_unit)
        self.env.flush_all()
        ids = [user_id for [user_id] in self.env.execute_query(query.salespeople(question))]
        Check = self.env["sales.volume.check"]
        users = self.env["res.users"].with_context(active_test=False).browse(filter(None, ids))
        late = is_late(company._arrears_today(), self.month, company.volume_day)
        vals_list = []
        for user in [*users, *(self.env["res.users"] for user_id in ids if not user_id)]:
            timezone = user.tz or company.partner_id.tz or "UTC"
            window = answer_window(now, timezone, company.volume_answer_days)
            vals_list.append({
                "statement_id": self.id, "company_id": company.id, "month": self.month, "user_id": user.id,
                "manager_id": Check._manager_of(user, company).id, "unit": company.volume_unit,
                # customers of nobody: the sum is complete, but there is nobody to ask
                "state": SENT if user else ACCEPTED,
                "sent_at": now, "is_late": late, "last_day": window.last_day, "deadline": window.deadline,
            })
        checks = Check.create(vals_list)
        self.env.flush_all()
        self.env.cr.execute(query.insert_lines(question))
        self.env.invalidate_all(flush=False)
        return checks

    def _volume_question(self, unit):
        template = self.env["product.template"]
        weight_unit = template._get_weight_uom_id_from_ir_config_parameter()
        ton = self.env.ref("uom.product_uom_ton")
        return query.Question(
            statement_id=self.id,
            company_id=self.company_id.id,
            currency_id=self.company_id.currency_id.id,
            month=self.month,
            date_to=self.date_to,
            by_weight=unit == WEIGHT,
            ton=weight_unit.factor / ton.factor,
            no_customer=self.env._("No customer"),
        )

    def _volume_of(self, customer_id, unit):
        """(volume, collections) of one customer as the ledger has them now."""
        self.env.flush_all()
        [[volume, _missing]] = self.env.execute_query(query.volume_now(self._volume_question(unit), customer_id))
        scope = self._query_scope()
        if not scope.accounts:
            return float(volume), 0.0
        [[collections]] = self.env.execute_query(query.collections_now(scope, customer_id))
        return float(volume), float(collections)
