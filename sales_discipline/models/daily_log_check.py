# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .daily_log import SUBMITTED

VERIFIED, FALSE, UNVERIFIED = "verified", "false", "unverified"
CHECK_RESULTS = [(VERIFIED, "Verified"), (FALSE, "False"), (UNVERIFIED, "Not verified")]


class SalesDailyLog(models.Model):
    """Spot checks: what a call to the customer, or a look, said about a log (FLS-01, FLS-04)."""

    _inherit = "sales.daily.log"

    check_result = fields.Selection(
        CHECK_RESULTS,
        readonly=True,
        tracking=True,
        help="Not verified: nobody could be asked. That never counts against the person.",
    )
    check_note = fields.Text(readonly=True, help="Who was asked, when, and what was said.")
    checked_on = fields.Datetime(readonly=True)
    checked_by_id = fields.Many2one("res.users", readonly=True)

    def action_check(self):
        """Ask for the result of a spot check."""
        self._check_may_check()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Spot Check"),
            "res_model": "sales.daily.log.check",
            "view_mode": "form",
            "target": "new",
            "context": {"default_log_ids": self.ids},
        }

    def record_check(self, result, note=False):
        """Record the result of a spot check.

        :param str result: verified, false or unverified
        :param str note: who was asked and what was said; required for false
        :raise AccessError: not the supervisor or the sales administration, or the person himself
        """
        self._check_may_check()
        if result not in dict(CHECK_RESULTS):
            raise UserError(self.env._(
                "'%(result)s' is no result of a check. Choose one of: %(known)s.",
                result=result, known=", ".join(dict(CHECK_RESULTS))))
        if result == FALSE and not (note or "").strip():
            raise UserError(self.env._(
                "Say who was asked and what was said: a false log has consequences, so the reason stays with it."))
        # readers of a log do not write it; the right was checked above
        self.sudo().write({
            "check_result": result,
            "check_note": note,
            "checked_on": fields.Datetime.now(),
            "checked_by_id": self.env.uid,
        })

    def _check_may_check(self):
        self.check_access("read")
        supervisor = self.env.user.has_group("sales_discipline.group_discipline_supervisor")
        for log in self:
            if not supervisor or log.user_id == self.env.user:
                raise AccessError(self.env._(
                    "Logs are checked by the supervisor or the sales administration; nobody checks his own."))
            if log.state != SUBMITTED:
                raise UserError(self.env._(
                    "Daily log '%(log)s' has not been submitted, so there is nothing to check.", log=log.display_name))
