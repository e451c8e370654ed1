# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError

from .run import DONE, INTERRUPTED, RUNNING, UNDONE
from .violation import CONFIRMED, NOTIFIED, PROPOSED, WITHDRAWN

# What the run did with an entry: states in which nobody has acted on it since.
TAKEN_BACK = {"propose": (PROPOSED, NOTIFIED), "correct": (CONFIRMED,)}
RESTORED = {"update": (PROPOSED, NOTIFIED), "withdraw": (WITHDRAWN,)}


class SalesDisciplineRun(models.Model):
    """Taking a run back."""

    _inherit = "sales.discipline.run"

    def _check_is_latest(self):
        """:raise UserError: a later run has changed the ledger of the same rule and dates"""
        for run in self:
            later = self.search([
                ("rule_id", "=", run.rule_id.id),
                ("id", ">", run.id),
                ("state", "in", (RUNNING, DONE, INTERRUPTED)),
                ("date_from", "<=", run.date_to),
                ("date_to", ">=", run.date_from),
                ("line_ids.done", "=", True),
            ], limit=1)
            if later:
                raise UserError(self.env._(
                    "Run '%(run)s' is not the latest over its dates: take back '%(later)s' first.",
                    run=run.name, later=later.name))

    def _undo(self):
        """Withdraw what the run proposed and restore what it changed; keep and name what people have acted on.

        An entry taken back stays as a tombstone: later runs leave its fact alone until the facts themselves change.
        """
        self.ensure_one()
        kept = self.env["sales.discipline.violation"]
        # the latest change first: a run that was cut off and goes on may have changed an entry twice
        for line in self.line_ids.filtered("done").sorted("id", reverse=True):
            entry = line.violation_id
            if entry.period_id.state == "closed" or not entry._is_last_revision():
                kept |= entry
            elif entry.state in TAKEN_BACK.get(line.action, ()):
                entry._withdraw(pinned=True)
            elif entry.state in RESTORED.get(line.action, ()):
                entry._restore(line.before)
            elif line.action != "hold":
                kept |= entry
        self.write({
            "state": UNDONE,
            "ended_on": fields.Datetime.now(),
            "note": self.env._(
                "Taken back by %(user)s. Answered or posted, so left as they are; reverse them one by one: %(entries)s",
                user=self.env.user.name, entries="; ".join(kept.mapped("display_name")),
            ) if kept else self.env._("Taken back by %(user)s.", user=self.env.user.name),
        })
