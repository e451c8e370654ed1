# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
@freeze_time("2026-06-10 02:00:00")
class TestStanding(DisciplineCase):
    """SAN-07 for the person: what counts now, what the next one costs, when the present ones lapse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sales.discipline.rule"].search([("id", "!=", cls.rule.id)]).write({"state": "archived"})
        for day in ("2026-05-20", "2026-06-03", "2026-06-04"):
            cls._punch(cls.ann, f"{day} 08:40")
        cls._run("2026-05-01", "2026-06-30")

    def _standing(self, user, employee=None):
        """The list as the user sees it when he opens it."""
        self.env.flush_all()
        self.env.invalidate_all()
        rules = self.env["sales.discipline.rule"].with_user(user).with_context(
            discipline_employee_id=employee and employee.id)
        return [
            (row["name"], row["standing_count"], row["standing_next"], row["standing_until"], row["standing_lapses"])
            for row in rules.search_read([("in_standing", "=", True)], [
                "name", "standing_count", "standing_next", "standing_until", "standing_lapses"])
        ]

    def test_by_the_month(self):
        """Two in June count, that of May does not; the next costs 20; both lapse with the month."""
        [(name, count, text, until, lapses)] = self._standing(self.ann.user_id)
        self.assertEqual((name, count, text, str(until)), ("Late", 2, "20", "2026-06-30"))
        self.assertEqual(lapses, "06/03/2026, 06/04/2026: until 06/30/2026")
        self.assertEqual(self._standing(self.bob.user_id), [("Late", 0, "warning", False, "")])

    def test_rolling_days(self):
        """Within 30 days three count; that of 20 May until 18 June."""
        rule = self._rule("Rolling", "ROLL", offence_group="roll", reset="rolling", rolling_days=30)
        self._run("2026-05-01", "2026-06-30", rule)
        [row] = [row for row in self._standing(self.ann.user_id) if row[0] == "Rolling"]
        self.assertEqual((row[1], str(row[3])), (3, "2026-06-18"))

    def test_what_does_not_stand_does_not_count(self):
        """Waived, and confirmed but reversed: nothing counts any more, the next one is a warning again."""
        _may, first, second = self._entries(self.ann)
        first.with_user(self.sue).decide("waive", "Metro")
        second.with_user(self.ann.user_id).action_accept()
        self.assertEqual(self._standing(self.ann.user_id)[0][1:3], (1, "20"))
        second.with_user(self.olga).decide("reverse", "With a customer")
        self.assertEqual(self._standing(self.ann.user_id)[0][1:3], (0, "warning"))

    def test_foretold_is_what_comes(self):
        """The next offence gets the number and the amount that were shown before."""
        [(_name, count, text, _until, _lapses)] = self._standing(self.ann.user_id)
        self._punch(self.ann, "2026-06-10 08:40")
        self._run()
        entry = self._entries(self.ann)[-1:]
        self.assertEqual((entry.occurrence, f"{entry.amount:g}"), (count + 1, text))

    def test_a_rule_that_does_not_bind_is_not_shown(self):
        self.rule.write({"scope": "team", "team_ids": [(6, 0, self.tom_team.ids)]})
        self.assertEqual([row[0] for row in self._standing(self.zoe.user_id)], ["Late"])
        self.assertEqual(self._standing(self.bob.user_id), [])

    def test_fines_that_are_switched_off_are_said_to_be(self):
        self.company.discipline_fines = False
        self.assertEqual(self._standing(self.ann.user_id)[0][2], "20 (fines are switched off)")

    def test_who_sees_whose(self):
        """Himself, his leader and the clerk; not a colleague, not the leader of another team."""
        for user in (self.ann.user_id, self.sue, self.carl, self.olga):
            self.assertEqual(self._standing(user, self.ann)[0][1], 2, user.name)
        for user in (self.bob.user_id, self.tom):
            with self.assertRaises(AccessError):
                self._standing(user, self.ann)
        action = self.rule.with_user(self.sue).with_context(
            discipline_employee_id=self.ann.id).action_view_standing_entries()
        self.assertEqual(
            self.env["sales.discipline.violation"].search_count(action["domain"]), 3)
        with self.assertRaises(AccessError):
            self.rule.with_user(self.tom).with_context(
                discipline_employee_id=self.ann.id).action_view_standing_entries()

    def test_as_many_queries_for_many_people(self):
        self.patch(self.registry["hr.employee"], "_avatar_generate_svg", lambda employee: False)
        people = self.env["hr.employee"].create([
            {"name": f"Person {number}", "company_id": self.company.id, "resource_calendar_id": self.calendar.id}
            for number in range(120)
        ])
        counts = []
        for employees in (people[:2] | self.ann, people[:20] | self.ann, people | self.ann):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = employees.with_user(self.olga)._discipline_standing()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(found), set(employees.ids))
        self.assertEqual(counts[1], counts[2])
