# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import fields, models
from odoo.tools.mail import plaintext2html

from .run_cron import CONFLICTS

_logger = logging.getLogger(__name__)

# More people than this in one chunk who cannot be judged: the rule is broken, not they.
BROKEN = 20


class SalesDisciplineRule(models.Model):
    """Whoever stands behind a rule is told when it, or somebody by it, could not be judged."""

    _name = "sales.discipline.rule"
    _inherit = ["sales.discipline.rule", "mail.activity.mixin"]

    def _report_trouble(self, text):
        """An activity for the issuer, one at a time; a report that fails is logged and stops nothing."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                activity_type = self.env.ref("sales_discipline.activity_type_trouble")
                known = self.activity_ids.filtered(lambda activity: activity.activity_type_id == activity_type)
                if known:
                    known.write({"note": plaintext2html(text), "date_deadline": fields.Date.context_today(self)})
                    return
                user = self.owner_id if self.owner_id.active else self.company_id.discipline_officer_id
                self.with_context(mail_activity_quick_update=True).activity_schedule(
                    activity_type_id=activity_type.id, user_id=(user or self.env.user).id, note=plaintext2html(text))
        except Exception:
            _logger.exception("Discipline rule %s: its trouble could not be reported", self.id)

    def _trouble_is_over(self):
        activity_type = self.env.ref("sales_discipline.activity_type_trouble")
        self.activity_ids.filtered(lambda activity: activity.activity_type_id == activity_type).unlink()


class SalesDisciplineRun(models.Model):
    """One employee who cannot be judged does not stop the others (design 6.11)."""

    _inherit = "sales.discipline.run"

    skip_count = fields.Integer(
        string="Not Judged", readonly=True, copy=False,
        help="Employees whose data could not be read; the log names them. The next nightly run tries again.",
    )

    def _start(self):
        result = super()._start()
        self.skip_count = 0
        return result

    def _judge_employees(self, employees):
        """Judge these employees and write the difference; who cannot be judged is left out and reported.

        :raise Exception: nobody of them can be judged, or too many cannot: the rule is broken
        """
        failed = {}
        self._judge_or_split(employees, failed)
        if len(failed) == len(employees):
            raise next(iter(failed.values()))
        if failed:
            self._note_skipped(failed)

    def _judge_or_split(self, employees, failed):
        """Halve who cannot be judged together until those remain who cannot be judged alone: {employee: error}."""
        try:
            with self.env.cr.savepoint():
                self._apply_changes(*self._changes(employees))
        except CONFLICTS:
            raise
        except Exception as error:
            if len(employees) == 1:
                failed[employees] = error
                if len(failed) > BROKEN:
                    raise
                return
            middle = len(employees) // 2
            for half in (employees[:middle], employees[middle:]):
                self._judge_or_split(half, failed)

    def _note_skipped(self, failed):
        for employee, error in failed.items():
            _logger.error("Discipline run %s: employee %s could not be judged", self.id, employee.id, exc_info=error)
        names = [
            self.env._("Not judged: %(employee)s (%(error)s)", employee=employee.name, error=error)
            for employee, error in failed.items()
        ]
        self.write({
            "skip_count": self.skip_count + len(failed),
            "note": "\n".join(filter(None, [self.note, *names])),
        })
        self.rule_id._report_trouble(self.env._(
            "%(run)s: some employees could not be judged. Mend their working hours, time zone or contract; the next "
            "nightly run tries again.\n%(names)s",
            run=self.name, names="\n".join(names)))

    def _report_failure(self, error):
        """The run was given up: its rule is broken."""
        self.rule_id._report_trouble(self.env._(
            "%(run)s was interrupted: %(error)s\nOther rules are judged as ever. Correct the rule, or archive it.",
            run=self.name, error=error))
