# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from odoo.addons.sales_discipline.tests.crowds import CrowdCase


@tagged("post_install", "-at_install")
@freeze_time("2026-06-05 02:00:00")
class TestVisitQueryCounts(CrowdCase):
    """Work grows with data, not with queries (design 6.6)."""

    def _crowd(self, name, size, offenders):
        """The others made a verified visit in the week of 25 May."""
        employees = super()._crowd(name, size, offenders)
        customer = self.env["res.partner"].create({"name": "Shop"})
        self.env.cr.execute(SQL(
            "INSERT INTO sales_visit (employee_id, company_id, partner_id, planned_date, visit_date, check_in, state, "
            "result, result_reason, counted) SELECT employee, %s, %s, '2026-05-27', '2026-05-27', '2026-05-27 04:00', 'done', "
            "'verified', 'within', true FROM unnest(%s::integer[]) AS employee",
            employees.company_id.id, customer.id, employees[offenders:].ids,
        ))
        self.env.cr.execute("ANALYZE sales_visit")
        return employees

    def test_a_quota_needs_as_many_queries_for_500_people_as_for_50(self):
        """VIS-03: a run stays within 55 queries."""
        self._assert_same_queries({"visit_quota": {"valid_from": "2026-05-25", "visits_per_week": 1}}, most=60)
