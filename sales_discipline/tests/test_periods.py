# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import OFFICER, DisciplineCase


@tagged("post_install", "-at_install")
@freeze_time("2026-07-06 02:00:00")
class TestPeriods(DisciplineCase):
    """Closing June on 6 July: what is confirmed is posted, what is undecided moves on, all of it is frozen."""

    def setUp(self):
        super().setUp()
        for day in (1, 2, 3):
            self._punch(self.ann, f"2026-06-{day:02} 08:40")
        self._punch(self.bob, "2026-06-10 08:40")
        self._run()
        self.first, self.second, self.third = self._entries(self.ann)
        (self.first | self.second).with_user(self.ann.user_id).action_accept()

    def _snapshot(self, records):
        """Every stored column of the rows, as the database has them."""
        records.flush_recordset()
        self.env.cr.execute(f"SELECT * FROM {records._table} WHERE id IN %s ORDER BY id", [tuple(records.ids)])
        return self.env.cr.fetchall()

    def test_closing_posts_moves_and_sums(self):
        """Ann: a warning and 20 posted, her third offence still undecided; Bob: undecided."""
        june = self._close("2026-06")

        self.assertEqual(june.state, "closed")
        self.assertEqual((self.first | self.second).mapped("state"), ["posted", "posted"])
        july = self.third.period_id
        self.assertEqual((july.name, july.state, self.third.state), ("2026-07", "open", "proposed"))
        self.assertEqual(june.pending_ids, self.third | self._entries(self.bob))
        ann, bob = june.sheet_ids.sorted("employee_id")
        self.assertEqual(
            (ann.employee_id, ann.warning_count, ann.fine_count, ann.amount_total, ann.pending_count),
            (self.ann, 1, 1, 20, 1),
        )
        self.assertEqual((bob.employee_id, bob.amount_total, bob.pending_count), (self.bob, 0, 1))
        self.assertEqual(ann.violation_ids, self.second | self.first)

    def test_sheet_caps_the_fines_of_a_month(self):
        self.company.discipline_fine_cap = 15
        sheet = self._close("2026-06").sheet_ids.filtered(lambda sheet: sheet.employee_id == self.ann)

        self.assertEqual((sheet.amount_total, sheet.amount_capped, sheet.amount_carried), (20, 15, 5))

    def _sheet(self, month):
        return self._close(month).sheet_ids.filtered(lambda sheet: sheet.employee_id == self.ann)

    def test_what_is_carried_is_collected_later(self):
        """SAN-12: 20 in June, at most 15 a month: 5 in July, though July has no offence, and nothing in August."""
        self.company.discipline_fine_cap = 15
        self._sheet("2026-06")
        with freeze_time("2026-09-10 02:00:00"):
            self.third.with_user(self.olga).decide("waive", "Bus strike")
            july, august = self._sheet("2026-07"), self._sheet("2026-08")
        self.assertEqual((july.amount_total, july.amount_carried_in, july.amount_capped), (0, 5, 5))
        self.assertFalse(august)

    def test_a_share_of_the_wage_and_never_below_the_floor(self):
        """SAN-12: of a wage of 50.00, 20 % are 10.00; a floor of 42.00 leaves 8.00. 12.00 of 20.00 go on."""
        self.company.write({"discipline_fine_share": 20, "discipline_wage_floor": 42})
        self.ann.version_id.wage = 50
        sheet = self._sheet("2026-06")
        self.assertEqual((sheet.amount_limit, sheet.amount_capped, sheet.amount_carried), (8, 8, 12))

    def test_who_is_fined_needs_a_wage_where_it_limits(self):
        self.company.discipline_fine_share = 20
        with self.assertRaisesRegex(UserError, "no wage is known of: Ann"):
            self._close("2026-06")
        self.assertEqual(self.second.state, "confirmed")

    def test_taking_back_a_fine_that_the_limit_cut_pays_back_what_was_collected(self):
        """SAN-12: of 20 only 15 were collected, 5 dropped; the offence turns out to be none: 15 come back, not 20."""
        self.company.write({"discipline_fine_cap": 15, "discipline_fine_rest": "drop"})
        june = self._sheet("2026-06")
        self.assertEqual((june.amount_capped, june.amount_dropped, june.amount_carried), (15, 5, 0))
        with freeze_time("2026-08-10 02:00:00"):
            self.third.with_user(self.olga).decide("waive", "Bus strike")
            self.second.with_user(self.olga).decide("reverse", "The clock was wrong")
            self._entries(self.ann).filtered(lambda entry: entry.state in ("proposed", "notified"))._answer(
                "accepted", "confirmed")
            july = self._sheet("2026-07")
        self.assertEqual((july.amount_total, july.amount_capped, july.amount_dropped), (-20, -15, -5))

    def test_a_punch_that_arrives_after_closing_is_a_correction_in_the_open_period(self):
        """The punch of 1 June is corrected to 08:20 in July: the warning falls away and the 2nd becomes the warning.
        Both are booked in July against the closed entries, which stay as they are to the byte."""
        june = self._close("2026-06")
        closed = self.first | self.second
        before = self._snapshot(closed), self._snapshot(june.sheet_ids)

        punch = self.env["hr.attendance"].search([("employee_id", "=", self.ann.id), ("date", "=", "2026-06-01")])
        punch.check_in = self._utc("2026-06-01 08:20")
        self._run()

        self.assertEqual((self._snapshot(closed), self._snapshot(june.sheet_ids)), before)
        corrections = self._entries(self.ann).filtered("corrects_id")
        self.assertEqual(corrections.corrects_id, closed)
        self.assertEqual(
            [(row.fact_date.day, row.period_id.name, row.state, row.step_kind, row.amount) for row in corrections],
            [(1, "2026-07", "confirmed", False, 0), (2, "2026-07", "confirmed", "warning", -20)],
        )
        self.assertEqual(self.third.amount, 20)
        self.assertEqual(self.third.occurrence, 2)

    def test_a_punch_deleted_or_moved_from_a_closed_month_is_judged_again(self):
        """Nobody runs anything by hand: the next scheduled action books both corrections in July."""
        self._close("2026-06")
        punches = self.env["hr.attendance"].search([("employee_id", "=", self.ann.id)], order="check_in")
        with self._cron():
            self.env["sales.discipline.run"]._cron_judge()
            punches[0].unlink()
            punches[1].write({"check_in": self._utc("2026-07-02 08:20"), "check_out": self._utc("2026-07-02 17:30")})
            self.env["sales.discipline.run"]._cron_judge()

        for closed in (self.first, self.second):
            corrections = self._entries(self.ann).filtered(
                lambda entry, closed=closed: entry.revision and entry.fact_key == closed.fact_key,
            )
            self.assertEqual(set(corrections.period_id.mapped("name")), {"2026-07"})
            self.assertEqual(closed.amount + sum(corrections.mapped("amount")), 0)
            self.assertFalse(corrections[-1:].step_kind)

    def test_what_was_on_hold_is_looked_at_when_the_appeal_is_decided_after_the_closing(self):
        """Late on 3 June, under appeal when June is closed; then the punch is put right. Upheld days later, on facts that
        are no more: the next scheduled action takes the 20 back, in July."""
        self.third.with_user(self.ann.user_id).appeal("The clock was wrong")
        self._close("2026-06")
        punch = self.env["hr.attendance"].search([("employee_id", "=", self.ann.id), ("date", "=", "2026-06-03")])
        with self._cron():
            self.env["sales.discipline.run"]._cron_judge()
            punch.check_in = self._utc("2026-06-03 08:20")
            self.env["sales.discipline.run"]._cron_judge()
            self.assertEqual((self.third.state, self.third.amount), ("appealed", 20))
            self.env.flush_all()
            for table in ("hr_attendance", "sales_discipline_violation", "resource_calendar_leaves"):
                self.env.cr.execute(f"UPDATE {table} SET write_date = write_date - INTERVAL '2 days'")
            self.env.invalidate_all()
            self.third.with_user(self.sue).decide("uphold", "The clock was right")
            self.env["sales.discipline.run"]._cron_judge()
        rows = self._entries(self.ann).filtered(lambda row: row.fact_key == self.third.fact_key)
        self.assertEqual(rows.mapped("amount"), [20, -20])
        self.assertEqual(rows.mapped("state"), ["confirmed", "confirmed"])

    def test_a_new_offence_of_a_closed_month_is_posted_to_the_open_one(self):
        self._close("2026-06")
        self._punch(self.bob, "2026-06-11 09:00")
        self._run()

        self.assertEqual(self._entries(self.bob).mapped("period_id.name"), ["2026-07"])

    def test_nobody_changes_what_is_closed(self):
        """Not the superuser, not by import, not by an administrator's button (design 6.3)."""
        june = self._close("2026-06")
        posted = self.second.sudo()
        attempts = {
            "amount": lambda: posted.write({"amount": 0}),
            "state": lambda: posted.write({"state": "waived"}),
            "move out": lambda: posted.write({"period_id": self.third.period_id.id}),
            "move in": lambda: self.third.sudo().write({"period_id": june.id}),
            "delete": posted.unlink,
            "copy": lambda: posted.copy({"revision": 9}),
            "reopen": lambda: june.sudo().write({"state": "open"}),
            "close again": june.action_close,
            "delete period": june.sudo().unlink,
            "sheet": lambda: june.sheet_ids[0].sudo().write({"amount_total": 0}),
            "delete sheet": june.sheet_ids[0].sudo().unlink,
            "pending": lambda: june.sudo().write({"pending_ids": [Command.clear()]}),
            "waive": lambda: posted.with_user(self.olga).decide("waive", "Please"),
        }
        for name, attempt in attempts.items():
            with self.subTest(attempt=name), self.assertRaises(UserError):
                attempt()
        loaded = self.env["sales.discipline.violation"].sudo().load([".id", "amount"], [[str(posted.id), "0"]])
        self.assertFalse(loaded["ids"])
        self.assertIn("closed", loaded["messages"][0]["message"])
        self.assertEqual((posted.amount, posted.state, posted.period_id), (20, "posted", june))

    def test_who_decided_stays_on_closed_entries(self):
        """Deleting the user who waived Bob's entry would change the row; he can be archived."""
        entry = self._entries(self.bob)
        boss = self._user("boss", OFFICER)
        entry.with_user(boss).decide("waive", "Metro")
        self._close("2026-06")

        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            boss.unlink()
        self.assertEqual(entry.decided_by_id, boss)

    def test_a_period_without_its_month_is_refused_in_words(self):
        result = self.env["sales.discipline.period"].with_user(self.olga).load(["name"], [["June"]])
        self.assertFalse(result["ids"])
        self.assertIn("Date From", result["messages"][0]["message"])

    def test_a_posted_entry_is_reversed_in_the_open_period(self):
        june = self._close("2026-06")
        before = self._snapshot(self.second)

        self.second.with_user(self.olga).decide("reverse", "The clock was wrong")
        self._run()

        self.assertEqual(self._snapshot(self.second), before)
        reversal = self._entries(self.ann).filtered(lambda row: row.corrects_id == self.second)
        self.assertEqual((reversal.amount, reversal.period_id.name, reversal.state), (-20, "2026-07", "confirmed"))
        self.assertEqual(reversal.decision_note, "The clock was wrong")
        self.assertEqual(june.amount_total, 20)

    def test_undo_leaves_closed_entries(self):
        run = self._entries(self.ann)[0].run_id
        self._close("2026-06")
        run.action_undo()

        self.assertEqual(self._entries(self.ann).mapped("state"), ["posted", "posted", "withdrawn"])
        self.assertIn(self.second.display_name, run.note)

    def test_periods_are_closed_in_order_and_after_their_end(self):
        self._month("2026-05")
        with self.assertRaises(UserError) as caught:
            self._close("2026-06")
        self.assertIn("2026-05", str(caught.exception))

        self._close("2026-05")
        self._close("2026-06")
        with self.assertRaises(UserError) as caught:
            self._close("2026-07")
        self.assertIn("2026-07-31", str(caught.exception))

    def test_a_month_is_over_when_it_is_where_the_company_works(self):
        """1 July 00:30 in Shanghai, where Olga sits, is 30 June 12:30 in New York, where the company works."""
        self.company.resource_calendar_id = self._calendar("Overseas", "America/New_York")
        june = self._entries(self.ann).period_id.with_user(self.olga)
        with freeze_time("2026-06-30 16:30:00"), self.assertRaisesRegex(UserError, "2026-06-30"):
            june.with_context(tz="Pacific/Kiritimati").action_close()
        with freeze_time("2026-07-01 04:00:00"):
            june.with_context(tz="Pacific/Honolulu").action_close()
        self.assertEqual(june.state, "closed")

    def _month(self, month):
        return self.env["sales.discipline.period"].create({"company_id": self.company.id, "date_from": f"{month}-15"})

    def test_two_months_of_entries_and_corrections_equal_a_judge_of_the_final_facts(self):
        """Whatever the order of arrival and closing, what binds adds up to the ladder on the final facts."""
        self.third.with_user(self.ann.user_id).action_accept()
        self._close("2026-06")
        for arrival in ("2026-05-29 08:40", "2026-06-05 08:40"):
            self._punch(self.ann, arrival)
        self._run("2026-05-01", "2026-07-06")
        self.env["hr.attendance"].search([
            ("employee_id", "=", self.ann.id), ("date", "=", "2026-06-02"),
        ]).check_in = self._utc("2026-06-02 08:00")
        self._run("2026-05-01", "2026-07-06")

        standing = self._entries(self.ann).filtered(lambda row: row.state not in ("withdrawn", "waived", "overturned"))
        self.assertEqual(
            {day: sum(rows.mapped("amount")) for day, rows in standing.grouped(lambda row: str(row.fact_date)).items()},
            {"2026-05-29": 0, "2026-06-01": 0, "2026-06-02": 0, "2026-06-03": 20, "2026-06-05": 20},
        )
