# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command

from odoo.addons.sales_discipline.tests.common import DisciplineCase

SALESMAN = "sales_team.group_sale_salesman"
MANAGER = "sales_kpi.group_kpi_manager"
ADMINISTRATOR = "sales_kpi.group_kpi_administrator"
SHOP = (24.4798, 118.0894)


class KpiCase(DisciplineCase):
    """The showroom of DisciplineCase; Ann, Bob and Zoe visit customers, Sue leads Ann and Bob.

    "Shop" lies at 24.4798 N 118.0894 E; one thousandth of a degree east of it is 101 m away.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for employee in (cls.ann, cls.bob, cls.zoe):
            employee.user_id.group_ids |= cls.env.ref(SALESMAN)
        for leader in (cls.sue, cls.tom):
            leader.group_ids |= cls.env.ref(MANAGER)
        cls.company.visit_radius = 200
        cls.shop = cls.env["res.partner"].create({
            "name": "Shop", "partner_latitude": SHOP[0], "partner_longitude": SHOP[1],
        })
        cls.sample = cls.env.ref("sales_kpi.activity_type_sample")

    @classmethod
    def _visit(cls, employee, customer=None, planned="2026-06-03"):
        """A plan of the person himself."""
        return cls.env["sales.visit"].with_user(employee.user_id).create({
            "partner_id": (customer or cls.shop).id, "planned_date": planned,
        })

    @classmethod
    def _made(cls, employee, local_day, count=1, **vals):
        """Visits as check-in and check-out leave them, written directly: "2026-06-03"."""
        check_in = cls._utc(f"{local_day} 10:00", employee.tz)
        return cls.env["sales.visit"].sudo().create([{
            "partner_id": cls.shop.id, "employee_id": employee.id, "company_id": employee.company_id.id,
            "planned_date": local_day, "check_in": check_in, "check_out": check_in, "state": "done",
            "result": "verified", "result_reason": "within", "note": "Talked", **vals,
        }] * count)

    @classmethod
    def _quota_rule(cls, valid_from="2026-01-01", visits_per_week=20, **vals):
        return cls.env["sales.discipline.rule"].create({
            "name": "Visits",
            "code": "VISITS",
            "kind": "visit_quota",
            "company_id": cls.company.id,
            "owner_id": cls.ida.id,
            "state": "active",
            "version_ids": [Command.create({
                "valid_from": valid_from,
                "visits_per_week": visits_per_week,
                "step_ids": [Command.create({"first": 1, "kind": "warning"})],
            })],
            **vals,
        })
