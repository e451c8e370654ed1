# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from lxml import html
from psycopg2 import errors

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import DisciplineCase

LADDER = [
    {"first": 1, "last": 1, "kind": "duty", "duty_days": 1},
    {"first": 2, "last": 2, "kind": "pay_share", "pay_percent": 30},
    {"first": 3, "last": 3, "kind": "absence", "absence_days": 1},
    {"first": 4, "last": 4, "kind": "volume"},
    {"first": 5, "last": 0, "kind": "dismissal"},
]


@tagged("post_install", "-at_install")
class TestSanctions(DisciplineCase):
    """Every kind of sanction from the ladder to the closing (SAN-01, SAN-03)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.graver = cls._rule("Graver", "GRAVER", offence_group="graver")
        cls.graver.version_ids.step_ids = [Command.clear(), *map(Command.create, LADDER)]
        cls.ann.version_ids.wage = 3333.35
        cls.company.external_report_layout_id = cls.env.ref("web.external_layout_standard")

    def _late_on(self, *days, employee=None):
        for day in days:
            self._punch(employee or self.ann, f"2026-06-{day:02} 08:40")
        self._run(rule=self.graver)

    def _costs(self, employee=None):
        """[(sanction, money, duty days, percent, absence days, month whose volume is off)]"""
        return [
            (entry.step_kind, entry.amount, entry.duty_days, entry.pay_percent, entry.absence_days,
             entry.volume_month and entry.volume_month.strftime("%Y-%m"))
            for entry in self._entries(employee or self.ann, self.graver)
        ]

    def test_an_offence_costs_no_more_than_its_cap(self):
        """SAN-12: 30% of 3333.35 would be 1000.01; with 600 at most per offence it costs 600, and the rule says so."""
        self.graver.version_ids.offence_cap = 600
        self._late_on(1, 2)

        self.assertEqual([cost[:2] for cost in self._costs()], [("duty", 0), ("pay_share", 600)])
        self.assertIn(", at most 600 an offence", self.graver.version_ids.summary)

    def test_each_kind_of_the_ladder(self):
        """SAN-01: a duty day, 30% of 3333.35 = 1000.01, an absence mark, June's volume, a dismissal case."""
        self._late_on(1, 2, 3, 4, 5)

        self.assertEqual(self._costs(), [
            ("duty", 0, 1, 0, 0, False),
            ("pay_share", 1000.01, 0, 30, 0, False),
            ("absence", 0, 0, 0, 1, False),
            ("volume", 0, 0, 0, 0, "2026-06"),
            ("dismissal", 0, 0, 0, 0, False),
        ])
        reasons = self._entries(self.ann, self.graver).mapped("reason")
        for text, reason in zip((
            "extra duty 1 extra duty days", "share of base pay 30% of base pay", "absence mark 1 days of absence",
            "volume not counted the volume of the month does not count", "dismissal case",
        ), reasons, strict=True):
            self.assertIn(text, reason)
        self.assertEqual(
            self.graver.version_ids.summary,
            "Late after 08:25: 1 extra duty days, then 30% of base pay, then 1 days of absence, then the volume of the "
            "month does not count, then dismissal case each time, per month")

    def test_the_base_pay_of_the_day_counts(self):
        """SAN-01: a rise from 15 June leaves the 2nd of June at 30% of 3333.35; the one of July is 30% of 5000."""
        self.ann.create_version({"date_version": "2026-06-15", "wage": 5000})
        self._late_on(1, 2)
        for day in (1, 2):
            self._punch(self.ann, f"2026-07-{day:02} 08:40")
        self._run(date_to="2026-07-31", rule=self.graver)

        self.assertEqual([row[1] for row in self._costs() if row[0] == "pay_share"], [1000.01, 1500])

    def test_no_wage_no_money_until_it_is_known(self):
        """SAN-01: without a known pay the share stands without money and says so; the pay, once known, is proposed."""
        self._late_on(1, 2, employee=self.bob)
        entry = self._entries(self.bob, self.graver)[-1]

        self.assertEqual((entry.amount, entry.pay_percent), (0, 30))
        self.assertIn("no base pay is known", entry.reason)
        self.bob.version_ids.wage = 4000
        self._run(rule=self.graver)
        self.assertEqual((entry.amount, entry.revision, entry.state), (1200, 0, "proposed"))

    def test_shares_of_pay_need_the_switch_of_fines(self):
        """SAN-01, SAN-12: with fines switched off a share of the pay costs nothing, and says so."""
        self.company.discipline_fines = False
        self._late_on(1, 2)
        entry = self._entries(self.ann, self.graver)[-1]

        self.assertEqual((entry.step_kind, entry.amount, entry.pay_percent), ("pay_share", 0, 0))
        self.assertIn("fines are switched off", entry.reason)

    def test_a_share_of_pay_is_collected_within_the_limits(self):
        """SAN-12: 1000.01 booked, at most 20% of 3333.35 = 666.67 collected, 333.34 carried on."""
        self.company.discipline_fine_share = 20
        self._late_on(1, 2, 3, 4)
        self._entries(self.ann, self.graver).with_user(self.ann.user_id).action_accept()
        sheet = self._close("2026-06").sheet_ids

        self.assertRecordValues(sheet, [{
            "amount_total": 1000.01, "amount_capped": 666.67, "amount_carried": 333.34, "fine_count": 1,
            "duty_days_total": 1, "absence_days_total": 1, "volume_off": True, "case_count": 0,
        }])

    def test_a_case_waits_for_a_person(self):
        """SAN-03: the person accepts the facts; the case then waits for the decider, and counts when he confirms it."""
        self._late_on(1, 2, 3, 4, 5)
        case = self._entries(self.ann, self.graver)[-1]
        self._tell()

        case.with_user(self.ann.user_id).action_accept()

        self.assertEqual((case.state, case.answer, case.decider_id), ("to_decide", "accepted", self.sue))
        self.assertEqual(case.activity_ids.user_id, self.sue)
        with self.assertRaises(AccessError):
            case.with_user(self.ann.user_id).decide("uphold", "I decide myself")
        self._run(rule=self.graver)
        case.with_user(self.sue).decide("uphold", "Five times in a week")
        self.assertEqual((case.state, case.decided_by_id), ("confirmed", self.sue))
        self.assertFalse(case.activity_ids)

    def test_silence_confirms_no_case(self):
        """SAN-03: nobody answers: the duty day is confirmed, the dismissal is not; at last it is dropped."""
        with freeze_time("2026-06-08 01:00"):
            self._late_on(1, 2, 3, 4, 5)
            self._tell()
        with freeze_time("2026-06-12 01:00"):
            self._tell()
        states = self._entries(self.ann, self.graver).mapped("state")
        self.assertEqual(states, ["confirmed"] * 4 + ["to_decide"])

        case = self._entries(self.ann, self.graver)[-1]
        for day in ("06-18", "06-25", "07-02"):
            with freeze_time(f"2026-{day} 01:00"):
                self._tell()
        self.assertEqual((case.state, case.decision_note), ("waived", "Lapsed: nobody has decided in time."))

    def test_a_correction_takes_every_component_back(self):
        """SAN-01: a closed month's duty, money, absence and volume are reversed to nothing by corrections in July."""
        self._late_on(1, 2, 3, 4)
        entries = self._entries(self.ann, self.graver)
        entries.with_user(self.ann.user_id).action_accept()
        self._close("2026-06")

        entries.with_user(self.olga).decide("reverse", "The clock was wrong")

        rows = self._entries(self.ann, self.graver)
        self.assertEqual(len(rows), 8)
        for name in ("amount", "duty_days", "pay_percent", "absence_days", "volume_off"):
            self.assertAlmostEqual(sum(rows.mapped(name)), 0, msg=name)
        self.assertEqual(set((rows - entries).period_id.mapped("name")), {"2026-07"})

    def test_an_undone_run_restores_every_component(self):
        """A run that renumbers an absence mark down to a share of pay is taken back: the mark stands again."""
        self._late_on(1, 2, 3)
        last = self._entries(self.ann, self.graver)[-1]
        punch = self.env["hr.attendance"].search([("employee_id", "=", self.ann.id)], order="check_in", limit=1)
        punch.unlink()
        run = self._run(rule=self.graver)
        self.assertEqual((last.step_kind, last.absence_days, last.pay_percent), ("pay_share", 0, 30))

        run.action_undo()

        self.assertEqual((last.step_kind, last.absence_days, last.pay_percent, last.amount), ("absence", 1, 0, 0))

    def test_paper_says_every_component(self):
        """SAN-01: the notice letters and the closing sheet say what follows: days, percent, month, score."""
        self._late_on(1, 2, 3, 4)
        entries = self._entries(self.ann, self.graver)
        letters = [self._text("report_violation", entry) for entry in entries]
        for expected, text in zip((
            "Extra Duty Days 1", "Percent of Base Pay 30.00", "Absence Days 1", "Volume Not Counted 2026-06",
        ), letters, strict=True):
            self.assertIn(expected, text)
        entries.with_user(self.ann.user_id).action_accept()
        sheet = self._close("2026-06").sheet_ids
        for expected in ("Score 100 / 100", "Extra Duty Days 1", "Days Marked as Absence 1", "Volume Not Counted"):
            self.assertIn(expected, self._text("report_period_sheet", sheet))

    def _text(self, report, records):
        content, _type = self.env["ir.actions.report"].with_user(self.carl)._render_qweb_html(
            f"sales_discipline.{report}", records.ids)
        return " ".join(html.fromstring(content).text_content().split())

    def test_wages_stay_with_hr(self):
        """Neither rules nor entries show a wage: Ann's manager reads the amount of the share, not her pay."""
        self._late_on(1, 2)
        entry = self._entries(self.ann, self.graver)[-1].with_user(self.sue)

        self.assertEqual(entry.amount, 1000.01)
        with self.assertRaises(AccessError):
            self.ann.with_user(self.sue).version_id.read(["wage"])


@tagged("post_install", "-at_install")
class TestLadderForm(DisciplineCase):
    """What an administrator writes into a ladder."""

    def test_a_kind_needs_its_figure(self):
        for kind, label in (("duty", "Extra Duty Days"), ("pay_share", "Percent of Base Pay"), ("absence", "Absence Days")):
            with self.assertRaisesRegex(ValidationError, label):
                self._rule(kind, kind, steps=[(1, 0, kind, 0)])

    def test_more_than_the_whole_pay_is_refused(self):
        with self.assertRaises(errors.CheckViolation), mute_logger("odoo.sql_db"):
            self.env["sales.discipline.rule.step"].create({
                "version_id": self.rule.version_ids.id, "first": 3, "kind": "pay_share", "pay_percent": 120})

    def test_a_new_row_begins_where_the_ladder_ends(self):
        """The next row starts after the last one, and its kind has to be chosen: so the row is never dropped unseen."""
        rule = self._rule("Form", "FORM", state="draft", steps=[(1, 2, "warning", 0)])
        version = rule.version_ids
        self.assertEqual(version.next_first, 3)
        with Form(version.with_user(self.ida)) as form:
            with form.step_ids.new() as step:
                self.assertFalse(step.kind)
                step.first, step.kind, step.amount = form.next_first, "fine", 20
            self.assertEqual(form.next_first, 4)
        self.assertEqual(version.step_ids.mapped(lambda step: (step.first, step.kind)), [(1, "warning"), (3, "fine")])
        with self.assertRaises(errors.NotNullViolation), mute_logger("odoo.sql_db"):
            self.env["sales.discipline.rule.step"].create({"version_id": version.id, "first": 4})
