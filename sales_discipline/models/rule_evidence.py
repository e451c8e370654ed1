# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .violation import CONFIRMED

# A transaction may stay open for so long: what it writes carries the time of its beginning, and is seen at its end.
OVERLAP = timedelta(hours=1)
# The local date of a moment may be the day before that of UTC, and leave is known in UTC.
MARGIN = timedelta(days=1)
# Records of so long before the first version of a rule may count for its first period.
BEFORE = timedelta(days=62)


def _its_own(day):
    return day


@dataclass(frozen=True)
class Evidence:
    """Records on which entries rest: a run between two nights begins with the earliest day of those that were changed.

    The domain does not ask for what may change: a record that no longer counts has counted before.
    """

    model: str
    date_field: str  # stored, a date or a moment
    domain: Domain
    first_day: Callable[[date], date] = _its_own  # earliest day that is judged by the evidence of a day


class SalesDisciplineRule(models.Model):
    """What a rule looks at, and whether that has changed since it last judged.

    Deleted records and those moved to another day leave no trace where they were; the nightly run sees it, and punches
    of closed months ask for a run of their own.
    """

    _inherit = "sales.discipline.rule"

    def _evidence(self):
        """[Evidence] of any kind, leave and decisions, and that of the rule's own, ``_evidence_<kind>``.

        What was on hold during an appeal is looked at again once that is decided.
        """
        self.ensure_one()
        decided = Domain("pinned", "=", True) | Domain("state", "=", CONFIRMED) & Domain("decided_on", "!=", False)
        own = getattr(self, f"_evidence_{self.kind}", list)
        return [
            Evidence("resource.calendar.leaves", "date_from", Domain("company_id", "=", self.company_id.id)),
            Evidence("sales.discipline.violation", "fact_date", decided & Domain("rule_id", "=", self.id)),
            *own(),
        ]

    def _record_evidence(self, first_day):
        """[Evidence] of the kinds about records of any model.

        A document that gets another owner because a document it belongs to does, is found by the nightly run.

        :param first_day: function (versions, day of a record) -> earliest day that is judged by it
        """
        evidence = []
        begin = min(self.version_ids.mapped("valid_from"), default=date.max - BEFORE) - BEFORE
        for versions in self.version_ids.grouped(
            lambda version: (version.record_model, version.owner_field, version.date_field, bool(version.filed_field))
        ).values():
            version = versions[0]
            if not (version._record_path(version.owner_field) and version._record_path(version.date_field)):
                continue  # the run itself says what is wrong
            if version._record_company_field():
                own = Domain("company_id", "in", [False, self.company_id.id])
            else:
                own = Domain(f"{version.owner_field}.company_id", "=", self.company_id.id)
            since = Domain(version.date_field, ">=", begin)
            evidence.append(
                Evidence(version.record_model, version.date_field, own & since, partial(first_day, versions)))
        return evidence

    def _touched(self):
        """(earliest local date whose evidence has changed since the last run or None, time up to which was looked).

        One query, whatever the rule looks at.
        """
        since = self.seen_write_date - OVERLAP if self.seen_write_date else datetime.min
        # models without the time of the last change are left to the nightly run
        evidence = [one for one in self._evidence() if one.model in self.env and self.env[one.model]._log_access]
        looks = [self._latest_change(number, one, since) for number, one in enumerate(evidence)]
        rows = self.env.execute_query(SQL(
            "%s UNION ALL SELECT -1, NULL, now() AT TIME ZONE 'UTC'", SQL(" UNION ALL ").join(looks)))
        days = [evidence[number].first_day(day - MARGIN) for number, day, _seen in rows if day]
        # what is younger than the overlap is looked at again, and then no more
        return min(days, default=None), max(seen for _number, _day, seen in rows if seen)

    def _latest_change(self, number, evidence, since):
        """SQL: the number, earliest day and latest change of what was written since then."""
        # sudo: of records that only the judge may see no more than when; archived ones may have counted before
        Model = self.env[evidence.model].sudo().with_context(active_test=False)
        query = Model._search(evidence.domain & Domain("write_date", ">=", since))
        return query.select(
            SQL("%s", number),
            SQL("min(%s::date)", Model._field_to_sql(Model._table, evidence.date_field, query)),
            SQL("max(%s)", Model._field_to_sql(Model._table, "write_date", query)),
        )
