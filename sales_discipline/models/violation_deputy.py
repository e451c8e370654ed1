# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from .violation import UNDECIDED
from .violation_notice import BATCH

_logger = logging.getLogger(__name__)


class SalesDisciplineViolation(models.Model):
    """Deputies decide while the decider is away (AUT-06); what they may not is as impartiality says."""

    _inherit = "sales.discipline.violation"

    in_place_of_id = fields.Many2one(
        "res.users", readonly=True, index="btree_not_null", ondelete="restrict",
        help="The decider is a deputy: this person would decide, but is away.",
    )
    stand_in_ids = fields.Many2many(
        "res.users", string="Deputies Now", compute="_compute_stand_in_ids", compute_sudo=True,
        help="Who may decide at the moment in the place of the decider, who is away.",
    )

    @api.depends("decider_id", "in_place_of_id")
    def _compute_stand_in_ids(self):
        acting = self.env["sales.discipline.deputy"]._stand_ins(self.company_id)
        for entry in self:
            deputies = acting[entry.company_id].get(entry.in_place_of_id or entry.decider_id, ())
            entry.stand_in_ids = self.env["res.users"].union(*filter(entry._is_impartial, deputies))

    # --- naming the decider ---

    def _roles_above(self):
        return {**super()._roles_above(), "stand_ins": self.env["sales.discipline.deputy"]._stand_ins(self.company_id)}

    def _candidates(self, role, pools):
        """Before each one who is away, those who act for him."""
        acting = pools["stand_ins"].get(self.company_id, {})
        return [
            candidate for user in super()._candidates(role, pools) for candidate in (*acting.get(user, ()), user)
        ]

    def _choose_decider(self, role, pools, asked=()):
        user_id, found_role = super()._choose_decider(role, pools, asked)
        principal = self._represented(user_id, found_role, pools) if user_id else False
        if principal != self.in_place_of_id:
            self.in_place_of_id = principal
        return user_id, found_role

    def _represented(self, user_id, role, pools):
        """For whom the chosen user acts; nobody when he is of that role himself and nobody before him is away."""
        acting = pools["stand_ins"].get(self.company_id, {})
        for user in self._candidates(role, {**pools, "stand_ins": {}}):
            if user.id == user_id:
                break
            if any(deputy.id == user_id for deputy in acting.get(user, ())):
                return user
        return self.env["res.users"]

    # --- after it was named ---

    @api.model
    def _cron_notices_and_deadlines(self):
        """First hand entries to deputies and back; the time to decide runs on, and silence is the deputy's then."""
        undecided = Domain("state", "in", UNDECIDED)
        self._hand_over(undecided & Domain.OR(
            Domain("company_id", "=", company.id) & Domain("decider_id", "in", [user.id for user in acting])
            for company, acting in self.env["sales.discipline.deputy"]._stand_ins().items()
        ))
        self._hand_over(undecided & Domain("in_place_of_id", "!=", False))
        return super()._cron_notices_and_deadlines()

    @api.model
    def _hand_over(self, domain):
        """Give entries to who has to decide them today; each batch in a transaction of its own."""
        for ids in split_every(BATCH, self.search(domain, order="id").ids):
            entries = self.browse(ids)
            try:
                entries._hand_to_who_is_there()
                self.env.flush_all()
            except Exception:
                self.env.cr.rollback()
                self.env.invalidate_all()
                _logger.exception("Discipline entries %s could not be handed to a deputy", ids)
            self.env["ir.cron"]._commit_progress(len(ids))

    def _hand_to_who_is_there(self):
        """The decider, or who acts for him today; the activity goes with the entry."""
        by_decider = {}
        for entry in self:
            principal = entry.in_place_of_id or entry.decider_id
            decider = entry.stand_in_ids[:1] or principal
            if entry.in_place_of_id and entry.decider_id in entry.stand_in_ids:
                continue
            if decider != entry.decider_id:
                key = (decider, principal if decider != principal else decider.browse())
                by_decider[key] = by_decider.get(key, self.browse()) | entry
        activity_type = self.env.ref("sales_discipline.activity_type_decide")
        for (decider, principal), entries in by_decider.items():
            entries.with_context(tracking_disable=True).write(
                {"decider_id": decider.id, "in_place_of_id": principal.id})
            entries.activity_ids.filtered(lambda activity: activity.activity_type_id == activity_type).write(
                {"user_id": decider.id})
            text = self.env._(
                "%(deputy)s decides in place of %(user)s, who is away.", deputy=decider.name, user=principal.name,
            ) if principal else self.env._("%(user)s is back and decides.", user=decider.name)
            entries._message_log_batch(bodies=dict.fromkeys(entries.ids, text))

    # --- who may decide ---

    def _may_decide(self):
        """Also the deputies of a decider as long as he is away, and he himself at any time."""
        allowed = super()._may_decide()
        user, entry = self.env.user, self.sudo()
        if not entry._is_impartial(user):
            return False
        if user == entry.in_place_of_id or user in entry.stand_in_ids:
            return True
        if allowed and entry.in_place_of_id and user == entry.decider_id:
            # his time as a deputy is over
            return user in entry.stand_in_ids or user.has_group("sales_discipline.group_discipline_officer")
        return allowed
