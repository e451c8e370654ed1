# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import ADMINISTRATOR, DisciplineCase

ROLES = ("ann", "bob", "sue", "tom", "carl", "olga", "ida", "alien")
# role: whose entries he sees, of Ann (own or team), Bob (colleague), Zoe (other team), Xi (other company)
VISIBLE = {
    "ann": {"ann"},
    "bob": {"bob"},
    "sue": {"ann", "bob"},
    "tom": {"zoe"},
    "carl": {"ann", "bob", "zoe"},
    "olga": {"ann", "bob", "zoe"},
    "ida": {"ann", "bob", "zoe"},
    "alien": {"xi"},
}
# role: whose proposals he may accept or appeal, waive or overturn
ANSWERS = {"ann": {"ann"}, "bob": {"bob"}}
DECIDES = {"sue": {"ann", "bob"}, "tom": {"zoe"}, "olga": {"ann", "bob", "zoe"}, "alien": {"xi"}}
PEOPLE = ("ann", "bob", "zoe", "xi")


@tagged("post_install", "-at_install")
@freeze_time("2026-06-03 02:00:00")
class TestAccess(DisciplineCase):
    """Who sees what and decides what (design 6.4): checked on the server, method by method.

    Ida issues the rules: she sees everything and decides nothing. Alien is administrator of another company.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls._company("Other Ltd")
        cls.alien = cls._user("alien", ADMINISTRATOR, company=other)
        cls.env.user.company_ids |= other
        xi = cls._salesperson("xi", cls._team("Xi's team", cls.alien))
        ida_there = cls._user("ida_there", ADMINISTRATOR, company=other)
        other_rule = cls._rule("Late", "LATE", company_id=other.id, owner_id=ida_there.id)
        people = (cls.ann, cls.bob, cls.zoe, xi)
        for employee in people:
            cls._punch(employee, "2026-06-03 08:40")
        cls._run()
        cls._run(rule=other_rule)
        cls.entry = dict(zip(PEOPLE, ((cls._entries() | cls._entries(rule=other_rule)).filtered(
            lambda row, employee=employee: row.employee_id == employee) for employee in people), strict=True))
        cls.role = {
            "ann": cls.ann.user_id, "bob": cls.bob.user_id, "sue": cls.sue, "tom": cls.tom, "carl": cls.carl,
            "olga": cls.olga, "ida": cls.ida, "alien": cls.alien,
        }

    def _as(self, role, records):
        user = self.role[role]
        return records.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def _try(self, role, person, call):
        """Whether a call on the entry of a person succeeds; what it did is taken back."""
        entry = self._as(role, self.entry[person])
        savepoint = self.env.cr.savepoint()
        try:
            call(entry)
            self.env.flush_all()
            return True
        except AccessError:
            return False
        finally:
            savepoint.rollback()
            savepoint.close()
            self.env.invalidate_all()

    def _assert_matrix(self, call, allowed):
        for role in ROLES:
            for person in PEOPLE:
                with self.subTest(role=role, entry_of=person):
                    self.assertEqual(self._try(role, person, call), person in allowed.get(role, ()))

    def test_who_sees_whose_entries(self):
        everything = self.env["sales.discipline.violation"].concat(*self.entry.values())
        for role in ROLES:
            with self.subTest(role=role):
                Violation = self._as(role, self.env["sales.discipline.violation"])
                seen = Violation.search([("id", "in", everything.ids)])
                self.assertEqual({name for name, entry in self.entry.items() if entry.id in seen.ids}, VISIBLE[role])
        self._assert_matrix(lambda entry: entry.read(["reason"]), VISIBLE)

    def test_a_manager_sees_the_people_below_him(self):
        """Carl's manager is above Tom, who is above nobody: child_of, not only direct reports; without a sales team."""
        chief = self._user("chief", "sales_discipline.group_discipline_supervisor")
        chief_employee = self._employee("Chief", chief)
        middle = self._employee("Middle", parent_id=chief_employee.id)
        self.zoe.parent_id = middle
        seen = self.entry["zoe"].with_user(chief).search([("rule_id", "=", self.rule.id)])

        self.assertEqual(seen, self.entry["zoe"])

    def test_who_answers(self):
        for call in (
            lambda entry: entry.action_accept(),
            lambda entry: entry.action_appeal(),
            lambda entry: entry.appeal("The metro stood still"),
        ):
            self._assert_matrix(call, ANSWERS)

    def test_who_waives_and_overturns(self):
        for decision in ("waive", "overturn"):
            # called before the loop goes on
            self._assert_matrix(lambda entry: entry.decide(decision, "I was there"), DECIDES)  # noqa: B023
        self._assert_matrix(lambda entry: entry.action_waive(), DECIDES)
        self._assert_matrix(lambda entry: entry.action_overturn(), DECIDES)

    def test_who_upholds(self):
        for entry in self.entry.values():
            user = entry.employee_id.user_id
            entry.with_user(user).with_context(allowed_company_ids=user.company_ids.ids).appeal("Why me")
        self._assert_matrix(lambda entry: entry.action_uphold(), DECIDES)
        self._assert_matrix(lambda entry: entry.decide("uphold", "I was there"), DECIDES)

    def test_who_reverses(self):
        """Only the sales administration, and never the issuer: not even the decider of the team."""
        for entry in self.entry.values():
            entry._accept_silence()
        allowed = {"olga": {"ann", "bob", "zoe"}, "alien": {"xi"}}
        self._assert_matrix(lambda entry: entry.action_reverse(), allowed)
        self._assert_matrix(lambda entry: entry.decide("reverse", "The clock was wrong"), allowed)

    def test_a_former_leader_sees_nothing_any_more(self):
        """Odoo archives a membership that ends: from then on Sue reads neither Ann's entries nor her logs."""
        log = self.env["sales.daily.log"].create({"employee_id": self.ann.id, "date": "2026-06-03"})
        records = (self.entry["ann"], log)
        for record in records:
            self.assertTrue(record.with_user(self.sue).has_access("read"))
        self.ann.user_id.crm_team_member_ids.active = False
        self.entry["ann"].decider_id = self.tom
        self.env.flush_all()
        self.env.invalidate_all()

        for record in records:
            self.assertFalse(record.with_user(self.sue).search([("id", "=", record.id)]), record)

    def test_who_hands_over_printed_notices(self):
        for entry in self.entry.values():
            entry.to_print = True
        allowed = {role: VISIBLE[role] for role in ("carl", "olga", "ida", "alien")}
        self._assert_matrix(lambda entry: entry.action_mark_printed(), allowed)

    def test_the_clerk_answers_only_for_people_without_a_user(self):
        wang = self._employee("Wang")
        self._punch(wang, "2026-06-03 08:40")
        self._run()
        entry = self._entries(wang)
        with self.assertRaises(AccessError):
            entry.with_user(self.sue).action_accept()
        entry.with_user(self.carl).action_accept()

        self.assertEqual((entry.state, entry.answered_by_id), ("confirmed", self.carl))

    def test_nobody_decides_about_himself(self):
        """Olga, the sales administration, is late herself: somebody above her decides, she answers."""
        employee = self._employee("Olga", self.olga)
        boss = self._user("boss", ADMINISTRATOR)
        self._punch(employee, "2026-06-03 08:40")
        self._run()
        entry = self._entries(employee)

        self.assertEqual(entry.decider_id, boss)
        with self.assertRaises(AccessError):
            entry.with_user(self.olga).decide("waive", "I like myself")
        entry.with_user(self.olga).appeal("Why me")
        entry.with_user(boss).decide("waive", "Fair enough")
        self.assertEqual(entry.state, "waived")

    def test_the_ledger_is_written_by_nobody_directly(self):
        for call in (
            lambda entry: entry.write({"amount": 0}),
            lambda entry: entry.write({"state": "waived"}),
            lambda entry: entry.unlink(),
            lambda entry: entry.create({"fact_key": "x"}),
        ):
            self._assert_matrix(call, {})

    def test_rights_shown_are_rights_given(self):
        """can_answer and can_decide drive the buttons: they say what the methods do."""
        for role in ROLES:
            for person in VISIBLE[role]:
                with self.subTest(role=role, entry_of=person):
                    entry = self._as(role, self.entry[person])
                    entry.invalidate_recordset()
                    self.assertEqual(bool(entry.can_answer), person in ANSWERS.get(role, ()))
                    self.assertEqual(bool(entry.can_decide), person in DECIDES.get(role, ()))

    def test_runs_and_periods_belong_to_the_administration(self):
        run = self.entry["ann"].run_id
        period = self.entry["ann"].period_id
        span = {"rule_id": self.rule.id, "date_from": "2026-06-01", "date_to": "2026-06-30"}
        for role in ("ann", "sue", "tom", "carl"):
            his_run, his_period, his_rule = (self._as(role, records) for records in (run, period, self.rule))
            for name, call in {
                "log": lambda run=his_run: run.read(["note"]),
                "undo": his_run.action_undo,
                "simulate": his_run.action_simulate,
                "apply": his_run.action_apply,
                "new run": lambda run=his_run: run.create(span),
                "close": his_period.action_close,
                "close by hand": lambda period=his_period: period.write({"state": "closed"}),
                "rename": lambda rule=his_rule: rule.write({"name": "Mine"}),
                "draft": his_rule.action_draft,
                "activate": his_rule.action_activate,
                "archive": his_rule.action_archive_rule,
            }.items():
                with self.subTest(role=role, call=name), self.assertRaises(AccessError):
                    call()
        with self.assertRaises(AccessError):
            self._as("olga", self.rule).write({"name": "Mine"})
        with self.assertRaises(AccessError):
            self._as("alien", period).action_close()
        with self.assertRaises(AccessError):
            self._as("alien", run).action_undo()
        mine = self._as("olga", self.env["sales.discipline.run"]).create(span)
        mine.action_simulate()
        mine.action_apply()
        with freeze_time("2026-07-06 02:00:00"):
            self._as("olga", period).action_close()
        self.assertEqual(period.state, "closed")

    def test_sheets_are_seen_like_entries(self):
        with freeze_time("2026-07-06 02:00:00"):
            for entry in self.entry.values():
                entry._accept_silence()
            self.entry["ann"].period_id.action_close()
            self.entry["xi"].period_id.action_close()
        for role in ROLES:
            with self.subTest(role=role):
                sheets = self._as(role, self.env["sales.discipline.period.sheet"]).search([])
                expected = {self.entry[person].employee_id.id for person in VISIBLE[role]}
                self.assertEqual(set(sheets.sudo().employee_id.ids), expected)

    def test_time_to_answer_ends(self):
        entry = self.entry["ann"]
        entry._tell()
        with freeze_time("2026-06-20 02:00:00"), self.assertRaises(UserError):
            entry.with_user(self.ann.user_id).action_accept()
