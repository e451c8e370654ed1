# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged
from odoo.tools import SQL

from .test_record_rules import LOGS, WARNING, RecordCase


@tagged("post_install", "-at_install")
class TestStaleRecord(RecordCase):
    """Records nobody has moved on."""

    @classmethod
    def _stale(cls, code="STALE", **terms):
        return cls._report_rule(code, "stale_record", WARNING, **{
            **LOGS, "date_field": "write_date", "record_label": "logs untouched", "stale_after": 3, "stale_allowed": 2,
            "record_domain": "[('state', '=', 'draft')]", **terms,
        })

    def _drafts(self, employee, count, at):
        """Drafts last touched at a local moment."""
        drafts = self.env["sales.daily.log"].create([
            {"employee_id": employee.id, "date": f"2026-05-{11 + index:02}"} for index in range(count)
        ])
        self._touch(drafts, at)
        return drafts

    def _touch(self, drafts, at):
        self.env.flush_all()
        # nothing but the database sets this column
        self.env.cr.execute(SQL(
            "UPDATE sales_daily_log SET write_date = %s WHERE id IN %s", self._utc(at), tuple(drafts.ids)))
        drafts.invalidate_recordset(["write_date"])

    def test_more_than_allowed_for_three_working_days(self):
        """Touched Wednesday 3 June: still on Thursday, Friday and Monday, so found from Monday the 8th on.

        3 lie, 2 are allowed: 1 too many a day; Bob has 2, Zoe's were touched on Thursday.
        """
        rule = self._stale()
        self._drafts(self.ann, 3, "2026-06-03 23:59")
        self._drafts(self.bob, 2, "2026-06-01 09:00")
        self._drafts(self.zoe, 3, "2026-06-04 00:00")
        self._judge("2026-06-10 03:00", "2026-06-01", rule=rule)
        self.assertEqual(self._found(rule, self.ann), [("06-08", 1), ("06-09", 1)])
        self.assertEqual(self._found(rule, self.bob), [])
        self.assertEqual(self._found(rule, self.zoe), [("06-09", 1)])
        self.assertRegex(
            self._entries(self.ann, rule)[0].reason,
            "3 logs untouched at the end of 2026-06-08, allowed are 2: Ann .*, Ann .*, Ann .*Offence no. 1")

    def test_leave_and_weekends_do_not_count(self):
        """Ann is away Monday and Tuesday: her third working day after Wednesday is 10 June, and no day of leave is
        judged."""
        rule = self._stale()
        self._drafts(self.ann, 3, "2026-06-03 12:00")
        self._away(self.ann, "2026-06-08", "2026-06-09")
        self._judge("2026-06-11 03:00", "2026-06-01", rule=rule)
        self.assertEqual(self._found(rule, self.ann), [("06-10", 1)])

    def test_working_hours(self):
        """7.5 hours a day: touched Wednesday 17:00, 8 hours are passed at Friday 08:30, and exactly 8 is not longer.

        Touched at 16:59:59 the 8 hours are over on Thursday: 1 s + 30 min on Wednesday, 7.5 h on Thursday.
        """
        rule = self._stale(stale_unit="hours", stale_after=8)
        self._drafts(self.ann, 3, "2026-06-03 17:00")
        self._drafts(self.bob, 3, "2026-06-03 16:59:59")
        self._judge("2026-06-06 03:00", "2026-06-03", rule=rule)
        self.assertEqual(self._found(rule, self.ann), [("06-05", 1)])
        self.assertEqual(self._found(rule, self.bob), [("06-04", 1), ("06-05", 1)])

    def test_what_a_run_has_seen_stays_proven(self):
        """Judged Tuesday morning, touched Tuesday noon: Monday's entry stays, Tuesday has none.

        A rule first judged on Wednesday can no longer tell: it finds nothing rather than guess.
        """
        rule, later = self._stale(), self._stale(code="LATER", offence_group="own")
        drafts = self._drafts(self.ann, 3, "2026-06-03 12:00")
        self._judge("2026-06-09 03:00", "2026-06-01", rule=rule)
        self._touch(drafts, "2026-06-09 12:00")
        for judged in (rule, later):
            self._judge("2026-06-10 03:00", "2026-06-01", rule=judged)
        self.assertEqual(self._found(rule, self.ann), [("06-08", 1)])
        self.assertEqual(self._entries(self.ann, rule).state, "proposed")
        self.assertEqual(self._found(later), [])

    def test_a_record_changed_since_proves_nothing_for_earlier_days(self):
        """By a date that changes leave alone: changed Tuesday noon, it may have been anybody's until then."""
        rule = self._stale(date_field="date")
        self._drafts(self.ann, 3, "2026-06-09 12:00")
        self._judge("2026-06-10 03:00", "2026-06-01", rule=rule)
        self.assertEqual(self._found(rule, self.ann), [("06-09", 1)])

    def test_leave_granted_later_withdraws_what_was_seen(self):
        rule = self._stale()
        self._drafts(self.ann, 3, "2026-06-03 12:00")
        self._judge("2026-06-09 03:00", "2026-06-01", rule=rule)
        self._away(self.ann, "2026-06-08")
        self._judge("2026-06-09 04:00", "2026-06-01", rule=rule)
        self.assertEqual(self._entries(self.ann, rule).state, "withdrawn")

    def test_undone_and_waived_days_stay_so(self):
        """Undo Monday's entry, then Ann touches one of four: fewer records do not bring the day back."""
        rule = self._stale()
        drafts = self._drafts(self.ann, 4, "2026-06-03 12:00")
        run = self._judge("2026-06-09 03:00", "2026-06-01", rule=rule)
        self.assertRegex(self._entries(self.ann, rule).evidence_note, r"allowed are 2: (Ann [-\d]+, ){2}Ann [-\d]+ and 1 more")
        run.action_undo()
        self._touch(drafts[:1], "2026-06-09 03:30")
        self._judge("2026-06-09 04:00", "2026-06-01", rule=rule)
        self.assertEqual([(entry.state, entry.pinned) for entry in self._entries(self.ann, rule)],
                         [("withdrawn", True)])

    def test_nothing_is_judged_before_the_day_is_over(self):
        rule = self._stale()
        self._drafts(self.ann, 3, "2026-06-03 12:00")
        self._judge("2026-06-08 23:59:59", "2026-06-01", rule=rule)
        self.assertEqual(self._found(rule), [])

    def test_the_rule_says_itself_in_a_sentence(self):
        self.assertEqual(self._stale().summary, "More than 2 logs untouched for 3 working days: warning, per month")
