# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import ADMINISTRATOR, OFFICER, SUPERVISOR, DisciplineCase

NOW = "2026-06-03 02:00:00"  # Wednesday, 10:00 in Shanghai


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDeputies(DisciplineCase):
    """AUT-06: approvals follow the role; Dan is Sue's deputy while she is away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dan = cls._user("dan", SUPERVISOR)
        cls.deputyship = cls._deputy(cls.sue, cls.dan)
        cls.days, cls.hours = cls.env["hr.leave.type"].create([
            {
                "name": f"Unpaid by the {unit}", "requires_allocation": False, "company_id": cls.company.id,
                "leave_validation_type": "no_validation", "request_unit": unit,
            }
            for unit in ("day", "hour")
        ])

    @classmethod
    def _deputy(cls, user, deputy, **vals):
        return cls.env["sales.discipline.deputy"].create({
            "user_id": user.id, "deputy_id": deputy.id, "company_id": cls.company.id, **vals,
        })

    def _leave(self, first="2026-06-01", last="2026-06-05", employee=None, **vals):
        leave = self.env["hr.leave"].create({
            "employee_id": (employee or self.sue_employee).id,
            "holiday_status_id": (self.hours if vals else self.days).id,
            "request_date_from": first, "request_date_to": last, **vals,
        })
        self.assertEqual(leave.state, "validate")
        self.env.invalidate_all()
        return leave

    def _late(self, employee=None, day="2026-06-03"):
        employee = employee or self.ann
        self._punch(employee, f"{day} 08:40")
        self._run()
        return self._entries(employee)[-1:]

    def test_absent_manager_with_deputy(self):
        """AUT-06 example 2: absent MGR with deputy DEP: the approval goes to DEP, who is asked and decides."""
        self._leave()
        entry = self._late()
        self.assertEqual((entry.decider_id, entry.in_place_of_id), (self.dan, self.sue))
        self.assertEqual(entry.decider_role, "supervisor")

        entry.with_user(self.ann.user_id).appeal("The metro stood still")
        self.assertEqual(entry.activity_ids.user_id, self.dan)
        entry.with_user(self.dan).decide("waive", "It did")
        self.assertEqual((entry.state, entry.decided_by_id), ("waived", self.dan))

    def test_who_is_there_decides_himself(self):
        """No leave, one not yet approved, and one that is over: Sue decides, Dan does not."""
        self._leave("2026-06-01", "2026-06-02")
        entry = self._late()
        self.assertEqual((entry.decider_id, entry.in_place_of_id), (self.sue, self.env["res.users"]))
        with self.assertRaises(AccessError):
            entry.with_user(self.dan).decide("waive", "I would")

    def test_leave_is_read_in_the_time_zone_of_the_employee(self):
        """A whole day of leave on 4 June in Shanghai has begun at 16:00 UTC of the 3rd, a minute earlier it has not."""
        self._leave("2026-06-04", "2026-06-04")
        deputies = self.env["sales.discipline.deputy"]
        for moment, acting in (("2026-06-03 15:59:00", {}), ("2026-06-03 16:00:00", {self.sue: [self.dan]}),
                               ("2026-06-04 15:59:00", {self.sue: [self.dan]}), ("2026-06-04 16:00:00", {})):
            with freeze_time(moment):
                self.assertEqual(deputies._stand_ins(self.company)[self.company], acting, moment)

    def test_hours_of_leave(self):
        """Leave from 09:00 to 12:00 local: away at 10:00, back at 12:00 (04:00 UTC)."""
        self._leave("2026-06-03", "2026-06-03", request_unit_hours=True, request_hour_from=9, request_hour_to=12)
        deputies = self.env["sales.discipline.deputy"]
        self.assertTrue(deputies._stand_ins(self.company)[self.company])
        with freeze_time("2026-06-03 04:00:00"):
            self.assertFalse(deputies._stand_ins(self.company)[self.company])

    def test_dated_deputyship_needs_no_leave(self):
        self.deputyship.write({"moment": "dates", "date_from": "2026-06-03", "date_to": "2026-06-04"})
        self.assertEqual(self._late().decider_id, self.dan)
        with freeze_time("2026-06-05 02:00:00"):
            self.assertEqual(self._late(day="2026-06-05").decider_id, self.sue)

    def test_deputy_of_an_archived_leader(self):
        self.sue.active = False
        entry = self._late()
        self.assertEqual((entry.decider_id, entry.in_place_of_id), (self.dan, self.sue))

    def test_a_deputy_is_impartial_too(self):
        """Dan issues the rule, and later he is late himself: he never decides for Sue then."""
        self._leave()
        self.rule.owner_id = self.dan
        self.assertEqual(self._late(self.bob).decider_id, self.sue)
        self.rule.owner_id = self.ida
        self.env["crm.team.member"].create({"user_id": self.dan.id, "crm_team_id": self.sue_team.id})
        entry = self._late(self._employee("Dan", self.dan))
        self.assertEqual(entry.decider_id, self.sue)
        with self.assertRaises(AccessError):
            entry.with_user(self.dan).decide("waive", "Me")

    def test_deputy_of_a_deputy(self):
        """Dan is on leave as well: his own deputy decides, in place of Sue."""
        self._leave()
        self._leave(employee=self._employee("Dan", self.dan))
        self._deputy(self.dan, self.tom)
        entry = self._late()
        self.assertEqual((entry.decider_id, entry.in_place_of_id), (self.tom, self.sue))

    def test_leave_after_the_appeal(self):
        """Sue goes on leave with an appeal on her desk: Dan may decide at once, the cron moves it, the deadline stays,
        Dan's silence hands it up; when Sue is back in time it is hers again."""
        entry = self._late()
        entry.with_user(self.ann.user_id).appeal("Why me")
        deadline = entry.decision_deadline
        self.assertFalse(entry.with_user(self.dan)._may_decide())
        leave = self._leave("2026-06-03", "2026-06-09")
        self.assertTrue(entry.with_user(self.dan)._may_decide())
        self.assertTrue(entry.with_user(self.sue)._may_decide())

        self._tell()
        self.assertEqual((entry.decider_id, entry.in_place_of_id), (self.dan, self.sue))
        self.assertEqual((entry.decision_deadline, entry.activity_ids.user_id), (deadline, self.dan))
        messages = len(entry.message_ids)
        self._tell()
        self.assertEqual(len(entry.message_ids), messages)

        leave.sudo().action_refuse()
        self.env.invalidate_all()
        self.assertFalse(entry.with_user(self.dan)._may_decide())
        self._tell()
        self.assertEqual((entry.decider_id, entry.in_place_of_id.id), (self.sue, False))
        self._leave("2026-06-03", "2026-06-09")
        self._tell()
        with freeze_time("2026-06-08 17:00:00"):
            self.env.invalidate_all()
            self._tell()
        self.assertEqual((entry.decider_role, entry.decider_id, entry.in_place_of_id.id), ("officer", self.olga, False))

    def test_silence_of_a_deputy_is_that_of_whom_he_stands_in_for(self):
        """AUT-06: Sue leads the team and is the officer of the settings; Dan is silent for her until Monday 8 June, so
        neither of them is asked as sales administration, but Olga, until Friday; then the administrator, who is Sue's
        and Dan's chief. Nobody is asked twice."""
        self.env.ref(OFFICER).sudo().user_ids |= self.sue | self.dan
        boss = self._user("boss", ADMINISTRATOR)
        self.env.ref(ADMINISTRATOR).sudo().user_ids |= self.dan
        self.company.discipline_officer_id = self.sue
        self._leave("2026-06-03", "2026-06-30")
        entry = self._late()
        entry.with_user(self.ann.user_id).appeal("Why me")
        self.assertEqual((entry.decider_id, entry.in_place_of_id), (self.dan, self.sue))
        for moment, role, decider, silent in (
            ("2026-06-08 17:00:00", "officer", self.olga, self.dan),
            ("2026-06-12 17:00:00", "administrator", boss, self.olga),
        ):
            with freeze_time(moment):
                self.env.invalidate_all()
                self._tell()
            self.assertEqual(
                (entry.decider_role, entry.decider_id, entry.in_place_of_id.id, entry.silent_decider_id),
                (role, decider, False, silent))
        for user in (self.olga, self.ann.user_id):
            with self.assertRaises(AccessError):
                entry.with_user(user).decide("waive", "Too late")

    def test_the_officer_of_the_settings_has_a_deputy_too(self):
        self.rule.decider_policy = "officer"
        self._deputy(self.olga, self.tom, moment="dates", date_from="2026-06-01")
        entry = self._late()
        self.assertEqual((entry.decider_id, entry.in_place_of_id), (self.tom, self.olga))

    def test_who_names_deputies(self):
        """Everybody his own, the sales administration anybody's; nobody himself, nobody of another company."""
        rows = self.env["sales.discipline.deputy"]
        rows.with_user(self.tom).create({"deputy_id": self.dan.id, "company_id": self.company.id})
        with self.assertRaises(AccessError):
            rows.with_user(self.tom).create({"user_id": self.sue.id, "deputy_id": self.tom.id})
        with self.assertRaises(AccessError):
            self.deputyship.with_user(self.dan).write({"deputy_id": self.tom.id})
        with self.assertRaises(AccessError):
            rows.with_user(self.ann.user_id).create({"deputy_id": self.bob.user_id.id})
        self.deputyship.with_user(self.olga).write({"deputy_id": self.tom.id})
        stranger = self._user("stranger", company=self.env["res.company"].create({"name": "Elsewhere"}))
        with self.assertRaisesRegex(ValidationError, "Stranger does not work in Showroom"):
            self._deputy(self.sue, stranger)
        with self.assertRaisesRegex(ValidationError, "first day"):
            self._deputy(self.sue, self.tom, moment="dates")

    def test_as_many_queries_for_500_entries_as_for_50(self):
        """Rows go to the database by the hundred, so 450 more of them cost 4 queries more and nothing else does."""
        # drawing 500 avatars takes minutes
        self.patch(self.registry["hr.employee"], "_avatar_generate_svg", lambda employee: False)
        self._leave()
        counts = []
        for number, size in enumerate((5, 50, 500)):
            people = self.env["hr.employee"].create([
                {"name": f"{number}-{index}", "company_id": self.company.id, "parent_id": self.sue_employee.id}
                for index in range(size)
            ])
            period = self.env["sales.discipline.period"]._posting_periods(
                self.company, {self.rule.create_date.date()})
            entries = self.env["sales.discipline.violation"].with_context(tracking_disable=True).create([
                {
                    "company_id": self.company.id, "rule_id": self.rule.id, "version_id": self.rule.version_ids.id,
                    "employee_id": person.id, "fact_key": f"{number}/{person.id}", "revision": 0,
                    "fact_date": "2026-06-03", "issuer_id": self.ida.id,
                    "period_id": next(iter(period.values())).id,
                }
                for person in people
            ])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            entries._assign_deciders()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(entries.mapped("decider_id.id")), {self.dan.id})
            self.assertEqual(set(entries.mapped("in_place_of_id.id")), {self.sue.id})
        _warm_up, small, large = counts
        self.assertEqual(large - small, (500 - 50 - 50) // 100)

    def test_a_deputy_decides_a_case_that_nobody_appealed_against(self):
        """SAN-03: accepted or silent, a dismissal waits for Sue; she goes on leave, and Dan decides before any night."""
        self.rule.version_ids.step_ids[0].kind = "dismissal"
        entry = self._late()
        self._tell()
        entry.with_user(self.ann.user_id).action_accept()
        self.assertEqual((entry.state, entry.decider_id), ("to_decide", self.sue))
        self._leave()
        entry.with_user(self.dan).decide("waive", "A first time")
        self.assertEqual(entry.state, "waived")

    def test_who_was_a_deputy_once_reads_nothing_any_more(self):
        """From 1 to 3 June Dan reads what Sue has to decide; a few days later these are other people's entries."""
        self.deputyship.write({"moment": "dates", "date_from": "2026-06-01", "date_to": "2026-06-03"})
        entry = self._late()
        entry.write({"decider_id": self.sue.id, "in_place_of_id": False})
        self.assertTrue(entry.with_user(self.dan).has_access("read"))
        with freeze_time("2026-06-08 02:00:00"):
            self.env.invalidate_all()
            self.assertFalse(entry.with_user(self.dan).has_access("read"))
