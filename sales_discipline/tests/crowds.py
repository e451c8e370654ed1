# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import gc
from datetime import datetime

from odoo.fields import Command
from odoo.tools import SQL

from .common import DisciplineCase

#: Terms of a rule of each kind that finds those whom :meth:`CrowdCase._crowd` made offend, once each.
LOGS = {"record_model": "sales.daily.log", "owner_field": "employee_id", "date_field": "date", "record_period": "day"}
KINDS = {
    "late": {"on_post_by": 8 + 25 / 60},
    "daily_log": {"valid_from": "2026-06-04"},
    "record_deadline": {**LOGS, "valid_from": "2026-06-04", "filed_field": "submitted_on"},
    "record_quota": {**LOGS, "valid_from": "2026-06-04", "quota_size": 1},
    "stale_record": {
        **LOGS, "valid_from": "2026-06-04", "stale_after": 1, "record_domain": "[('state', '=', 'draft')]",
    },
}


class CrowdCase(DisciplineCase):
    """Companies of many people; on 5 June 2026 the first of each have done everything wrong, the others nothing."""

    def _crowd(self, name, size, offenders):
        """A company at work on 3 and 4 June.

        The offenders were late on the 3rd, filed no log of the 4th and left that of the 2nd a draft.
        """
        company = self._company(name)
        employees = self._people(company, size)
        offends = [number < offenders for number in range(size)]
        arrival = {True: self._utc("2026-06-03 08:40"), False: self._utc("2026-06-03 08:20")}
        self.env.cr.execute(SQL(
            "INSERT INTO hr_attendance (employee_id, check_in, check_out, date, in_mode, write_date) "
            "SELECT employee, arrival, arrival + interval '4 hours', '2026-06-03', 'kiosk', arrival "
            "FROM unnest(%s, %s) AS punch (employee, arrival)",
            employees.ids, [arrival[late] for late in offends],
        ))
        self.env.cr.execute(SQL(
            "INSERT INTO sales_daily_log (employee_id, company_id, date, state, submitted_on, write_date) "
            "SELECT employee, %s, day::date, state, CASE state WHEN 'submitted' THEN day END, day "
            "FROM unnest(%s, %s, %s) AS log (employee, day, state)",
            company.id, employees.ids, [datetime(2026, 6, 2 if missing else 4, 9) for missing in offends],
            ["draft" if missing else "submitted" for missing in offends],
        ))
        # what is not committed is not counted by itself, and a plan for an empty table can take minutes
        self.env.cr.execute("ANALYZE hr_employee, hr_version, resource_resource, hr_attendance, sales_daily_log")
        return employees

    def _people(self, company, size):
        """So many copies of one employee, by SQL: the ORM takes seconds for 500, and none of it is what is tested."""
        first = self.env["hr.employee"].create({
            "name": "One of many", "company_id": company.id, "date_version": "2020-01-01",
            "resource_calendar_id": self.calendar.id, "tz": self.tz,
        })
        self.env.flush_all()
        resources = self._copies(first.resource_id, {"company_id": [company.id] * (size - 1)})
        people = self._copies(first, {"resource_id": resources})
        versions = self._copies(first.version_id, {"employee_id": people})
        self.env.cr.execute(SQL(
            "UPDATE hr_employee SET current_version_id = version FROM unnest(%s, %s) AS link (person, version) "
            "WHERE id = person", people, versions,
        ))
        self.env.invalidate_all()
        return first | first.browse(people)

    def _copies(self, record, columns):
        """Ids of copies of a stored row; ``columns``: {name: its value in each copy}."""
        kept = [
            SQL.identifier(field.name) for field in record._fields.values()
            if field.store and field.column_type and field.name not in ("id", *columns)
        ]
        given = [SQL.identifier(name) for name in columns]
        rows = self.env.execute_query(SQL(
            "INSERT INTO %(table)s (%(given)s, %(kept)s) SELECT copy.*, %(kept)s FROM %(table)s, "
            "unnest(%(values)s) AS copy WHERE id = %(id)s RETURNING id",
            table=SQL.identifier(record._table), given=SQL(", ").join(given), kept=SQL(", ").join(kept),
            values=SQL(", ").join(SQL("%s", value) for value in columns.values()), id=record.id,
        ))
        return [row[0] for row in rows]

    def _rule_of_kind(self, kind, terms, company):
        return self.env["sales.discipline.rule"].create({
            "name": kind, "code": kind, "kind": kind, "company_id": company.id, "owner_id": self.ida.id,
            "state": "active", "version_ids": [Command.create({
                "valid_from": "2026-01-01", **terms, "step_ids": [Command.create({"first": 1, "kind": "warning"})],
            })],
        })

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        gc.collect()  # environments of earlier work live on until then, and what they know costs no query
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _counts(self, rule):
        """Queries to simulate, to judge, to judge again and to tell."""
        span = {"rule_id": rule.id, "date_from": "2026-05-25", "date_to": "2026-06-30"}
        simulated, first, again = self.env["sales.discipline.run"].create([span] * 3)
        entries = self.env["sales.discipline.violation"]
        return (
            self._count(simulated.action_simulate),
            self._count(first.action_apply),
            self._count(again.action_apply),
            self._count(lambda: entries.search([("rule_id", "=", rule.id)])._tell()),
        )

    def _assert_same_queries(self, kinds, most):
        """50 are found among 50 and among 500 people by a rule of each kind, with as many queries, ``most`` at most."""
        counts = []
        for name, size, offenders in (("Warm-up", 5, 5), ("Fifty", 50, 50), ("Five hundred", 500, 50)):
            company = self._crowd(name, size, offenders).company_id
            rules = {kind: self._rule_of_kind(kind, terms, company) for kind, terms in kinds.items()}
            counts.append({kind: self._counts(rule) for kind, rule in rules.items()})
            for kind, rule in rules.items():
                self.assertEqual(len(self._entries(rule=rule)), offenders, kind)
        _warm_up, small, large = counts
        self.assertEqual(small, large)
        self.assertLessEqual(max(max(kind) for kind in large.values()), most)
