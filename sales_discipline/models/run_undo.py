# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .run import DONE, INTERRUPTED, RUNNING, UNDONE
from .violation import CONFIRMED, NOTIFIED, PROPOSED, WITHDRAWN

# What the run did with an entry: states in which nobody has acted on it since.
TAKEN_BACK = {"propose": (PROPOSED, NOTIFIED), "correct": (CONFIRMED,)}
RESTORED = {"update": (PROPOSED, NOTIFIED), "withdraw": (WITHDRAWN,)}


class SalesDisciplineRun(models.Model):
    """Taking a run back."""

    _inherit = "sales.discipline.run"

    def _check_is_latest(self):
        """:raise UserError: another run has changed the ledger of the same rule later, on these dates or in these facts

        What counts is when it wrote: a run may have been made long before it is applied.
        """
        for run in self:
            own = run.line_ids.filtered("done")
            if not own:
                continue
            later = self.search(
                Domain("rule_id", "=", run.rule_id.id)
                & Domain("id", "!=", run.id)
                & Domain("state", "in", (RUNNING, DONE, INTERRUPTED))
                & Domain("line_ids", "any", Domain("done", "=", True) & Domain("id", ">", max(own.ids)))
                & (
                    Domain("date_from", "<=", run.date_to) & Domain("date_to", ">=", run.date_from)
                    # windows reach beyond the dates of a run
                    | Domain("line_ids", "any", (
                        Domain("done", "=", True) & Domain("id", ">", max(own.ids))
                        & Domain("fact_key", "in", own.mapped("fact_key"))))
                ), limit=1)
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
