# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from ..engine.reading import PENDING, next_round


class SalesPolicyVersion(models.Model):
    """Who has to read a version: always those whom its policy binds now, whatever the number of people."""

    _inherit = "sales.policy.version"

    def _sync_receipts(self):
        """Ask those who are bound and have not been asked, or are to accept it again; nobody else any more."""
        self.ensure_one()
        Receipt = self.env["sales.policy.receipt"].with_context(tracking_disable=True)
        today, now = fields.Date.context_today(self), fields.Datetime.now()
        asked = {"state": PENDING, "sent_on": now, "reminded_on": False,
                 "due_on": today + timedelta(days=self.company_id.policy_read_days)}
        audience = self.policy_id._audience()
        latest = {
            receipt.employee_id.id: receipt
            for receipt in Receipt.search([("version_id", "=", self.id)], order="round")
        }
        again, vals_list = Receipt.browse(), []
        for employee_id in audience.ids:
            receipt = latest.get(employee_id)
            accepted_on = receipt and receipt.accepted_on
            number = next_round(
                receipt and receipt.state, (receipt and receipt.round) or 0,
                accepted_on and fields.Datetime.context_timestamp(self, accepted_on).date(),
                self.policy_id.repeat_months, today)
            if receipt and number == receipt.round:
                again += receipt
            elif number:
                vals_list.append({"version_id": self.id, "employee_id": employee_id, "round": number, **asked})
        again.write(asked)
        gone = latest.keys() - set(audience.ids)
        Receipt.browse([latest[who].id for who in gone if latest[who].state == PENDING])._void()
        (again | Receipt.create(vals_list))._plan_reading()

    def _remind(self):
        """Remind once who has not accepted in time, and tell the owner how many they are (POL-06)."""
        self.ensure_one()
        late = self.env["sales.policy.receipt"].search(
            Domain("version_id", "=", self.id) & Domain("is_late", "=", True) & Domain("reminded_on", "=", False))
        if not late:
            return
        for lang, receipts in late.filtered("user_id.active").grouped(lambda receipt: receipt.user_id.lang).items():
            version = self.with_context(lang=lang)
            version.message_notify(
                partner_ids=receipts.user_id.partner_id.ids,
                subject=version.display_name,
                body=version.env._("Please read '%(version)s' and accept it.", version=version.display_name),
            )
        late.write({"reminded_on": fields.Date.context_today(self)})
        self._tell_owner()

    def _tell_owner(self):
        """One task for the owner with the number of people who are overdue."""
        xmlid = "sales_discipline.activity_type_policy_late"
        count = self.env["sales.policy.receipt"].search_count(
            Domain("version_id", "=", self.id) & Domain("is_late", "=", True))
        summary = self.env._("%(count)s have not accepted '%(version)s' in time", count=count, version=self.display_name)
        activity_type = self.env.ref(xmlid)
        known = self.activity_ids.filtered(lambda activity: activity.activity_type_id == activity_type)
        if known:
            known.write({"summary": summary})
        else:
            self.activity_schedule(xmlid, user_id=self.policy_id.owner_id.id, summary=summary)
