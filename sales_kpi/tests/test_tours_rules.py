# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL


@tagged("post_install", "-at_install")
class TestRulesTour(HttpCase):
    """An administrator writes rules without code, from an empty list of rules, in a company with one salesperson."""

    browser_size = "1366x768"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendar = cls.env["resource.calendar"].create({
            "name": "Every day",
            "tz": "UTC",
            "company_id": False,
            "attendance_ids": [
                Command.create({"name": str(day), "dayofweek": str(day), "hour_from": 8, "hour_to": 17})
                for day in range(7)
            ],
        })
        cls.company = cls.env["res.company"].create({
            "name": "Empty Ltd", "discipline_fines": True, "discipline_fines_from": "2020-01-01",
        })
        cls.company.resource_calendar_id = calendar
        cls.ida = cls._user("rules_ida", "sales_discipline.group_discipline_administrator,sales_team.group_sale_manager")
        cls.ann_user = cls._user("rules_ann", "sales_team.group_sale_salesman")
        cls.ann = cls.env["hr.employee"].create({
            "name": "Ann", "user_id": cls.ann_user.id, "company_id": cls.company.id, "tz": "UTC",
            "resource_calendar_id": calendar.id, "date_version": "2020-01-01", "contract_date_start": "2020-01-01",
        })

    @classmethod
    def _user(cls, login, groups):
        return new_test_user(
            cls.env, login, groups=f"base.group_user,{groups}", name=login, tz="UTC", company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)])

    def test_rules_without_code(self):
        """ATT-03, WRP-01 and leads untouched, tried on last month, activated; a run applied and undone.

        Ann was 15 minutes late three times last month: 0 + 20 + 20 = 40, and once today. She never filed a report,
        and nobody has touched her six leads for two months.
        """
        today = fields.Date.today()
        last_month = fields.Date.subtract(today.replace(day=1), months=1)
        for day in (*(last_month.replace(day=number) for number in (3, 9, 20)), today):
            self.env["hr.attendance"].create({
                "employee_id": self.ann.id, "check_in": f"{day} 08:40:00", "check_out": f"{day} 09:40:00",
            })
        leads = self.env["crm.lead"].create([
            {"name": f"Lead {number}", "user_id": self.ann_user.id, "company_id": self.company.id}
            for number in range(1, 7)
        ])
        self.env.flush_all()
        # nothing but the database sets this column
        self.env.cr.execute(SQL(
            "UPDATE crm_lead SET write_date = %s WHERE id IN %s",
            fields.Date.subtract(last_month, months=1), tuple(leads.ids)))

        self.start_tour("/odoo/discipline-rules", "sales_kpi_rules_without_code", login="rules_ida")

        rules = self.env["sales.discipline.rule"].search([("company_id", "=", self.company.id)], order="id")
        self.assertRecordValues(rules, [
            {"code": "POST", "kind": "late", "state": "active"},
            {"code": "REPORT", "kind": "record_deadline", "state": "active"},
            {"code": "LEADS", "kind": "stale_record", "state": "active"},
        ])
        leads_rule = rules[2].version_ids
        self.assertEqual(
            (leads_rule.record_model, leads_rule.owner_field, leads_rule.date_field, leads_rule.stale_allowed,
             leads_rule.stale_after, leads_rule.stale_unit),
            ("crm.lead", "user_id", "write_date", 5, 3, "days"))
        self.assertEqual(rules.run_ids.sorted("id").mapped("state"), ["simulated"] * 3 + ["undone"])
        self.assertEqual(rules.violation_ids.mapped("state"), ["withdrawn"], "only what was applied was ever written")
