# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestVersions(DisciplineCase):
    """Terms change from a date, and the rule that fits a person best judges him (POL)."""

    def test_the_version_in_force_judges(self):
        """POL example 1: version 2 from 1 July: a lateness on 30 June costs 20, one on 1 July costs 30."""
        self.rule.version_ids.reset = "year"
        self.rule.write({"version_ids": [Command.create(self._terms(
            valid_from="2026-07-01", steps=[(1, 1, "warning", 0), (2, 0, "fine", 30)], reset="year",
        ))]})
        for day in ("2026-06-29", "2026-06-30", "2026-07-01"):
            self._punch(self.ann, f"{day} 08:40")
        self._run(date_to="2026-07-31")

        self.assertEqual(self._entries(self.ann).mapped("amount"), [0, 20, 30])
        self.assertEqual(
            self._entries(self.ann).version_id.mapped("valid_from"), [date(2026, 1, 1), date(2026, 7, 1)]
        )

    def test_the_local_rule_wins(self):
        """POL example 2: the shop starts at 09:00, the company at 08:30: 08:50 is late only outside the shop."""
        shop = self.env["hr.work.location"].create({
            "name": "Shop", "company_id": self.company.id, "address_id": self.company.partner_id.id,
        })
        self.ann.work_location_id = shop
        self._rule("Late in the shop", "SHOP", "09:00", scope="work_location",
                   work_location_ids=[Command.set(shop.ids)])
        self._punch(self.ann, "2026-06-03 08:50")
        self._punch(self.bob, "2026-06-03 08:50")
        self._run()

        self.assertEqual(self._entries().employee_id, self.bob)

    def test_an_explicit_priority_comes_before_the_scope(self):
        company_wide = self._rule("Strict", "STRICT", "08:15", priority=5)
        person = self._rule("Ann", "ANN", "10:00", scope="employee", employee_ids=[Command.set(self.ann.ids)])
        self._punch(self.ann, "2026-06-03 08:20")
        for rule in (self.rule, company_wide, person):
            self._run(rule=rule)

        self.assertEqual(self._entries(rule=company_wide).employee_id, self.ann)
        self.assertFalse(self._entries(rule=person) | self._entries())

    def test_the_newest_version_wins_at_equal_priority_and_scope(self):
        newer = self._rule("Newer", "NEWER", "08:15", valid_from="2026-06-02")
        for day in (1, 2):
            self._punch(self.ann, f"2026-06-{day:02} 08:40")
        for rule in (self.rule, newer):
            self._run(rule=rule)

        self.assertEqual(self._ledger(rule=self.rule)[0][0], "06-01")
        self.assertEqual(self._ledger(rule=newer)[0][0], "06-02")
        self.assertEqual(len(self._entries()) + len(self._entries(rule=newer)), 2)

    def test_rules_of_two_offence_groups_add_up(self):
        """ATT example 3 with one_offence_per_day=no: at post 08:25 and meeting 08:30, arrival 08:33: two entries."""
        meeting = self._rule("Meeting", "MEET", "08:30", offence_group="meeting")
        self._punch(self.ann, "2026-06-03 08:33")
        self._run()
        self._run(rule=meeting)
        self.assertEqual(len(self._entries()) + len(self._entries(rule=meeting)), 2)

        meeting.offence_group = False
        self._run()
        self._run(rule=meeting)
        standing = (self._entries() | self._entries(rule=meeting)).filtered(lambda row: row.state != "withdrawn")
        self.assertEqual(standing.rule_id, meeting)

    def test_scope_follows_the_department_of_the_day(self):
        """Ann changes to the field on 15 June: the showroom's rule binds her until the 14th."""
        showroom, field = self.env["hr.department"].create([
            {"name": name, "company_id": self.company.id} for name in ("Showroom", "Field")
        ])
        floor = self.env["hr.department"].create({
            "name": "Ground floor", "parent_id": showroom.id, "company_id": self.company.id,
        })
        self.ann.department_id = floor
        self.ann.create_version({"date_version": "2026-06-15", "department_id": field.id})
        self.rule.write({"scope": "department", "department_ids": [Command.set(showroom.ids)]})
        self._punch(self.ann, "2026-06-12 08:40")
        self._punch(self.ann, "2026-06-16 08:40")
        self._run()

        self.assertEqual([row[0] for row in self._ledger(self.ann)], ["06-12"])

    def test_a_team_rule_binds_its_members(self):
        self.rule.write({"scope": "team", "team_ids": [Command.set(self.tom_team.ids)]})
        for employee in (self.ann, self.zoe):
            self._punch(employee, "2026-06-03 08:40")
        self._run()

        self.assertEqual(self._entries().employee_id, self.zoe)

    def test_a_version_that_has_judged_is_read_only(self):
        self._punch(self.ann, "2026-06-03 08:40")
        self._run()
        version = self.rule.version_ids

        attempts = {
            "time": lambda: version.write({"on_post_by": 9.0}),
            "ladder": lambda: version.step_ids[0].write({"amount": 50}),
            "new step": lambda: version.write({"step_ids": [Command.create({"first": 9})]}),
            "less steps": version.step_ids[1].unlink,
            "delete": version.unlink,
            "delete rule": self.rule.unlink,
            "forget that it has judged": lambda: version.with_user(self.ida).write({"judged": False}),
            "step of another version": lambda: other.step_ids[1].write({"version_id": version.id}),
            "kind": lambda: self.rule.write({"kind": "daily_log"}),
            "company": lambda: self.rule.write({"company_id": self._company("Other").id}),
        }
        other = self.env["sales.discipline.rule.version"].create(
            {"rule_id": self.rule.id, **self._terms(valid_from="2026-08-01")})
        for name, attempt in attempts.items():
            with self.subTest(attempt=name), self.assertRaises(UserError):
                attempt()

    @freeze_time("2026-06-20 02:00:00")
    def test_editing_makes_a_new_version_from_a_date(self):
        self._punch(self.ann, "2026-06-03 08:40")
        self._run()
        action = self.rule.action_new_version()
        version = self.env["sales.discipline.rule.version"].with_context(action["context"]).create({})

        self.assertEqual((version.valid_from, version.judged), (date(2026, 6, 20), False))
        self.assertEqual(version.step_ids.mapped("amount"), [0, 20])
        version.step_ids[1].amount = 30
        self.assertEqual(self.rule.summary, "Late after 08:25: warning, then 30 each time, per month")

    @freeze_time("2026-07-06 02:00:00")
    def test_no_new_terms_for_closed_months(self):
        self._punch(self.ann, "2026-06-03 08:40")
        self._run()
        self._close("2026-06")

        with self.assertRaises(ValidationError):
            self.rule.write({"version_ids": [Command.create(self._terms(valid_from="2026-06-30"))]})
        self.rule.write({"version_ids": [Command.create(self._terms(valid_from="2026-07-01"))]})

    def test_a_rule_without_terms_is_not_activated(self):
        rule = self.env["sales.discipline.rule"].create({
            "name": "Empty", "code": "EMPTY", "kind": "late", "company_id": self.company.id, "owner_id": self.ida.id,
        })
        with self.assertRaises(UserError):
            rule.action_activate()
