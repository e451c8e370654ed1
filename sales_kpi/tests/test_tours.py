# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged

from .common import SHOP


@tagged("post_install", "-at_install")
class PhoneCase(HttpCase):
    """Ann holds her phone in one hand; Sue leads her team."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.sue = new_test_user(
            cls.env, "kpi_sue", name="Sue", tz="UTC",
            groups="sales_discipline.group_discipline_supervisor,sales_kpi.group_kpi_manager")
        cls.ann_user = new_test_user(
            cls.env, "kpi_ann", name="Ann", tz="UTC", groups="sales_team.group_sale_salesman")
        cls.team = cls.env["crm.team"].create({"name": "Sue's team", "user_id": cls.sue.id})
        cls.env["crm.team.member"].create({"user_id": cls.ann_user.id, "crm_team_id": cls.team.id})
        cls.calendar = cls.env["resource.calendar"].create({
            "name": "Every day",
            "tz": "UTC",
            "attendance_ids": [
                Command.create({"name": str(day), "dayofweek": str(day), "hour_from": 8, "hour_to": 17})
                for day in range(7)
            ],
        })
        cls.ann = cls.env["hr.employee"].create({
            "name": "Ann", "user_id": cls.ann_user.id, "tz": "UTC", "resource_calendar_id": cls.calendar.id,
            "date_version": "2020-01-01", "contract_date_start": "2020-01-01",
        })

    @classmethod
    def _rule(cls, kind, **terms):
        return cls.env["sales.discipline.rule"].create({
            "name": kind.title(),
            "code": f"TOUR {kind}",
            "kind": kind,
            "owner_id": cls.env.ref("base.user_admin").id,
            "scope": "employee",
            "employee_ids": cls.ann.ids,
            "state": "active",
            "version_ids": [Command.create({
                "valid_from": "2020-01-01", "step_ids": [Command.create({"first": 1, "kind": "warning"})], **terms,
            })],
        })


@tagged("post_install", "-at_install")
class TestPhoneTours(PhoneCase):
    def test_salesperson_appeals_on_the_phone(self):
        """SAN-06: Ann, late yesterday, sees it in My Day and appeals with a reason."""
        rule = self._rule("late", on_post_by=8.0)
        yesterday = fields.Date.subtract(fields.Date.today(), days=1)
        self.env["hr.attendance"].create({
            "employee_id": self.ann.id, "check_in": f"{yesterday} 08:30:00", "check_out": f"{yesterday} 17:00:00",
        })
        self.env["sales.discipline.run"].create({
            "rule_id": rule.id, "date_from": yesterday, "date_to": yesterday,
        }).action_apply()
        entry = self.env["sales.discipline.violation"].search([("rule_id", "=", rule.id)])
        entry._tell()

        self.start_tour("/odoo/my-day", "sales_kpi_appeal_on_the_phone", login="kpi_ann")

        self.assertRecordValues(entry, [{"state": "appealed", "answer_note": "The bus broke down"}])

    def test_salesperson_checks_in_on_the_phone(self):
        """VIS-03, VIS-05, VIS-07: verified, outside and denied; one of three counts, and Sue sees it against the 20."""
        self._rule("visit_quota", visits_per_week=20)
        self.company.visit_radius = 200
        for name in ("Shop", "Market", "Kiosk"):
            customer = self.env["res.partner"].create({
                "name": name, "partner_latitude": SHOP[0], "partner_longitude": SHOP[1],
            })
            self.env["sales.visit"].with_user(self.ann_user).create({"partner_id": customer.id})

        self.start_tour("/odoo/my-day", "sales_kpi_visits_on_the_phone", login="kpi_ann")

        visits = self.env["sales.visit"].search([("employee_id", "=", self.ann.id)], order="id")
        self.assertRecordValues(visits, [
            {"state": "done", "result": "verified", "result_reason": "within", "distance": 101, "counted": True},
            {"state": "done", "result": "outside", "result_reason": "beyond", "distance": 1012, "counted": False},
            {"state": "in_progress", "result": "cannot_tell", "result_reason": "denied", "distance": 0,
             "counted": False},
        ])
        # The day of the next step was proposed: a sample goes out within three days.
        self.assertRecordValues(visits[0].activity_ids, [{
            "user_id": self.ann_user.id, "date_deadline": fields.Date.add(visits[0].visit_date, days=3),
        }])
        self.start_tour("/odoo/my-day", "sales_kpi_manager_sees_the_quota_on_the_phone", login="kpi_sue")


@tagged("post_install", "-at_install")
class TestDesktopTours(PhoneCase):
    browser_size = "1366x768"
    touch_enabled = False

    def test_manager_sees_the_visits_of_the_team(self):
        """VIS-03: from the team's figures to Ann's visits and to the one that was made elsewhere."""
        self._rule("visit_quota", visits_per_week=20)
        now = fields.Datetime.now()
        for name, result, reason, distance in (
            ("Shop", "verified", "within", 101), ("Market", "outside", "beyond", 1012),
        ):
            self.env["sales.visit"].create({
                "partner_id": self.env["res.partner"].create({"name": name}).id, "employee_id": self.ann.id,
                "check_in": now, "check_out": now, "state": "done", "note": "Talked", "allowed_radius": 200,
                "result": result, "result_reason": reason, "distance": distance,
            })
        self.start_tour("/odoo/my-day", "sales_kpi_manager_sees_the_quota", login="kpi_sue")
