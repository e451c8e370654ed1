# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import csv
import hashlib
import io
import re
from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import OFFICER
from .handover_common import HandoverCase

DOCS = Path(__file__).parents[2] / "docs" / "payroll-export.md"


@tagged("post_install", "-at_install")
@freeze_time("2026-07-06 02:00:00")
class TestPayrollExport(HandoverCase):
    """SAN-12: payroll gets what may be deducted, less what the clerk has received; what was handed over stays."""

    def setUp(self):
        super().setUp()
        self.company.discipline_fine_cap = 30
        self.ann.barcode = "0410017"
        self.bob.identification_id = "ID-77"
        self.zoe.name = "=Zoe"
        self.sheets = self._sheets()
        self.june = self.sheets[self.ann].period_id

    def _export(self, period=None, user=None):
        action = (period or self.june).with_user(user or self.olga).action_export_payroll()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _csv(self, export):
        return list(csv.DictReader(io.StringIO(export.csv_id.raw.decode("utf-8-sig"))))

    def _xlsx(self, export):
        head, *rows = load_workbook(io.BytesIO(export.xlsx_id.raw)).active.values
        return [dict(zip(head, row, strict=True)) for row in rows]

    def test_both_files_say_what_the_sheets_say(self):
        """Ann: 40 in fines, at most 30, 10 received: 20 to deduct, 10 carried on. Figures in CSV, XLSX and sheet agree."""
        self._receive(self.sheets[self.ann], 10)
        export = self._export()
        rows = {int(row["employee_id"]): row for row in self._csv(export)}
        ann = rows[self.ann.id]
        self.assertEqual(
            [ann[name] for name in (
                "company", "period", "revision", "employee_number", "employee_name", "warnings", "fines",
                "fines_amount", "to_collect", "collected_cash", "collected_payroll", "to_deduct", "carried_on")],
            ["Showroom Ltd", "2026-06", "1", "0410017", "Ann", "1", "2",
             "40.00", "30.00", "10.00", "0.00", "20.00", "10.00"],
        )
        excel = {row["employee_id"]: row for row in self._xlsx(export)}
        self.assertEqual(set(rows), {employee.id for employee in self.sheets})
        for employee, sheet in self.sheets.items():
            for row in (rows[employee.id], excel[employee.id]):
                self.assertEqual(
                    [float(row[name]) for name in (
                        "points", "warnings", "fines", "fines_amount", "carried_in", "to_collect", "to_deduct",
                        "carried_on", "dropped")],
                    [sheet.points_total, sheet.warning_count, sheet.fine_count, sheet.amount_total,
                     sheet.amount_carried_in, sheet.amount_capped, sheet.amount_due, sheet.amount_carried,
                     sheet.amount_dropped])
                self.assertEqual(
                    [float(row[name]) for name in ("duty_days", "absence_days", "score", "performance_pay")],
                    [sheet.duty_days_total, sheet.absence_days_total, sheet.score, sheet.pay_proposal])
        self.assertEqual(excel[self.bob.id]["employee_number"], "ID-77")
        self.assertEqual((rows[self.zoe.id]["employee_name"], excel[self.zoe.id]["employee_name"]), ("'=Zoe", "=Zoe"))
        self.assertEqual(export.amount_total, 20 + 30 + 20 + 20)

    def test_the_files_are_proven_by_their_hash(self):
        export = self._export()
        for kind in ("csv", "xlsx"):
            self.assertEqual(hashlib.sha256(export[f"{kind}_id"].raw).hexdigest(), export[f"{kind}_sha256"])
        self.assertEqual((export.exported_by_id, str(export.exported_on)), (self.olga, "2026-07-06 02:00:00"))
        for user in (self.olga, self.carl):
            self.assertIn(str(export.csv_id.id), export.with_user(user).action_download_csv()["url"])
            self.assertTrue(export.csv_id.with_user(user).raw)
            with self.assertRaises(AccessError):
                export.csv_id.with_user(user).unlink()

    def test_columns_are_documented_and_fixed(self):
        """The manual names each column, and no translation changes one."""
        self.env["res.lang"]._activate_lang("zh_CN")
        export = self._export(self.june.with_context(lang="zh_CN"))
        head = list(self._csv(export)[0])
        named = re.findall(r"`(\w+)`", "".join(
            line.split("|")[1] for line in DOCS.read_text().splitlines() if line.startswith("| `")))
        fixed = [name for name in head if not name.startswith("count_")]
        self.assertEqual(fixed, [name for name in named if not name.startswith("count_")])
        kinds = self.env["sales.discipline.violation"]._fields["step_kind"].get_values(self.env)
        counted = [f"count_{kind}" for kind in kinds if kind not in ("warning", "fine", "none")]
        self.assertEqual(head[len(fixed):], counted)
        self.assertEqual(list(self._xlsx(export)[0]), head)

    def test_a_log_of_exports_gets_model_count_and_columns(self):
        """CON-02: what a log needs to know is one call away."""
        export = self._export()
        values = export._export_log_values()
        self.assertEqual(
            (values["model"], values["record_count"], values["columns"]),
            ("sales.discipline.payroll.export.line", 4, list(self._csv(export)[0])))

    def test_exporting_again_says_what_differs(self):
        """Bob pays 5 in cash after the export: revision 2 asks for 25 and names him; revision 1 stays to the byte."""
        first = self._export()
        before = first.csv_id.raw, first.xlsx_id.raw, first.line_ids.read([])
        self.assertFalse(first.difference or first.outdated)
        self._receive(self.sheets[self.bob], 5)
        self.assertTrue(first.outdated)
        second = self._export()
        self.assertEqual((second.revision, second.previous_id, first.state), (2, first, "superseded"))
        self.assertRegex(second.difference, r"^1 changed since 2026-06/1: Bob: .*30.00 -> .*25.00$")
        self.assertEqual(second.line_ids.filtered("changed").employee_id, self.bob)
        bob = next(row for row in self._csv(second) if row["employee_name"] == "Bob")
        self.assertEqual((bob["to_deduct"], bob["to_deduct_before"], bob["collected_cash"]), ("25.00", "30.00", "5.00"))
        self.assertEqual((first.csv_id.raw, first.xlsx_id.raw, first.line_ids.read([])), before)
        self.assertEqual(self._export().difference, "The same figures as in 2026-06/2.")

    def test_only_a_closed_month_is_exported(self):
        july = self.june._posting_periods(self.company, [date(2026, 7, 6)])[date(2026, 7, 6)]
        with self.assertRaisesRegex(UserError, "2026-07 is not closed"):
            july.with_user(self.olga).action_export_payroll()

    def test_what_was_handed_over_stays(self):
        export = self._export()
        line = export.line_ids[0]
        for attempt in (
            lambda: export.sudo().write({"amount_total": 0}),
            lambda: export.sudo().unlink(),
            lambda: line.sudo().write({"amount": 0}),
            lambda: line.sudo().unlink(),
            lambda: export.with_user(self.olga).write({"state": "deducted"}),
            lambda: export.with_user(self.olga).create({"period_id": self.june.id, "revision": 9}),
        ):
            with self.assertRaises(UserError):
                attempt()

    def test_who_exports_and_who_reads(self):
        """The sales administration exports, the clerk downloads and records; nobody else sees the file."""
        for user in (self.carl, self.sue, self.ann.user_id):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._export(user=user)
        export = self._export()
        stranger = self._user("stranger", OFFICER, company=self._company("Other Ltd"))
        for user in (self.sue, self.ann.user_id, stranger):
            for attempt in ("action_download_csv", "action_download_xlsx", "action_record_deductions"):
                with self.subTest(user=user.login, attempt=attempt), self.assertRaises(AccessError):
                    getattr(export.with_user(user), attempt)()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                export.csv_id.with_user(user).read(["raw"])
        self.assertEqual(export.with_user(self.carl).line_ids.employee_id, self.env["hr.employee"].union(*self.sheets))

    def test_deductions_become_receipts_once(self):
        """Payroll has deducted: every line a receipt, every balance 0; a second press is refused."""
        export = self._export()
        self._receive(self.sheets[self.bob], 5)
        with self.assertRaisesRegex(UserError, "export the month again"):
            export.with_user(self.carl).action_record_deductions()
        export = self._export()
        self.assertEqual(self.sheets[self.bob].amount_exported, 25)
        export.with_user(self.carl).action_record_deductions()
        receipts = self.env["sales.discipline.fine.receipt"].search([("method", "=", "payroll")])
        self.assertEqual(
            {receipt.employee_id: (receipt.amount, receipt.note) for receipt in receipts},
            {self.ann: (30, "Payroll export 2026-06/2"), self.bob: (25, "Payroll export 2026-06/2"),
             self.zoe: (20, "Payroll export 2026-06/2"), self.clara: (20, "Payroll export 2026-06/2")})
        self.assertEqual({sheet.amount_due for sheet in self.sheets.values()}, {0})
        self.assertEqual((export.state, export.deducted_by_id, export.outdated), ("deducted", self.carl, False))
        with self.assertRaises(UserError):
            export.with_user(self.carl).action_record_deductions()
        self.assertEqual(self._export().amount_total, 0)
        self.assertEqual(export.state, "deducted")

    def test_a_clerk_on_the_list_does_not_record_it(self):
        """SAN-04: nobody collects his own; the whole list waits for another clerk."""
        export = self._export()
        with self.assertRaisesRegex(AccessError, "Nobody collects his own"):
            export.with_user(self.clara.user_id).action_record_deductions()
        self.assertFalse(self.sheets[self.ann].receipt_ids)
        self.assertEqual(export.state, "exported")

    def test_exported_entries_are_reversed_and_not_undone(self):
        """Undoing the run leaves them and names them; a reversal is paid back by the next month's export."""
        export = self._export()
        export.with_user(self.carl).action_record_deductions()
        entry = self._entries(self.zoe)[1]
        run = entry.run_id
        run.action_undo()
        self.assertEqual(entry.state, "posted")
        self.assertIn(entry.display_name, run.note)
        with freeze_time("2026-08-05 02:00:00"):
            entry.with_user(self.olga).decide("reverse", "The clock was wrong")
            july = self._close("2026-07")
            zoe = next(row for row in self._csv(self._export(july)) if int(row["employee_id"]) == self.zoe.id)
        self.assertEqual((zoe["fines_amount"], zoe["to_collect"], zoe["to_deduct"]), ("-20.00", "-20.00", "-20.00"))
        self.assertEqual(self._csv(export)[0]["period"], "2026-06")

    def test_as_many_queries_for_many_employees_as_for_few(self):
        self.patch(self.registry["hr.employee"], "_avatar_generate_svg", lambda employee: False)
        Period = self.env["sales.discipline.period"]
        counts = []
        for number, size in enumerate((3, 3, 40)):
            people = self.env["hr.employee"].create([
                {"name": f"Person {number} {index}", "company_id": self.company.id} for index in range(size)])
            period = Period.create({"company_id": self.company.id, "date_from": f"2026-{8 + number:02}-01"})
            self.env["sales.discipline.period.sheet"].create([
                {"period_id": period.id, "employee_id": person.id, "amount_capped": 20} for person in people])
            period._freeze()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            export = self._export(period)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual((export.line_count, export.amount_total), (size, 20 * size))
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install")
@freeze_time("2026-07-06 02:00:00")
class TestPendingAndCorrections(HandoverCase):
    """What a closing moved on, and what the open month corrects, each with a count and a list."""

    def _listed(self, action):
        return self.env[action["res_model"]].with_user(self.olga).search(action["domain"])

    def test_pending_entries_of_a_closed_month(self):
        """Bob's third is undecided at the closing of June: one moved on, and the list follows it to its decision."""
        third = self._entries(self.bob)[2]
        third.sudo().write({"state": "proposed", "answer": False})
        june = self._close("2026-06")
        self.assertEqual(june.pending_count, 1)
        third.with_user(self.olga).decide("waive", "Bus strike")
        listed = self._listed(june.with_user(self.olga).action_view_pending())
        self.assertEqual((listed, listed.state, listed.period_id.name), (third, "waived", "2026-07"))

    def test_corrections_name_what_they_correct(self):
        """Ann's second of June is reversed in July: July has one correction, which names entry and month."""
        june = self._close("2026-06")
        second = self._entries(self.ann)[1]
        second.with_user(self.olga).decide("reverse", "The clock was wrong")
        july = self.env["sales.discipline.period"].search([
            ("company_id", "=", self.company.id), ("date_from", "=", "2026-07-01")])
        self.assertEqual((june.correction_count, july.correction_count), (0, 1))
        correction = self._listed(july.with_user(self.olga).action_view_corrections())
        self.assertEqual(
            (correction.corrects_id, correction.corrected_period_id, correction.amount), (second, june, -20))
