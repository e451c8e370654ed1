# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io
import zipfile
from contextlib import contextmanager
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..engine.pack_files import MAX_BYTES, read_files
from .common import DisciplineCase

RULES = "sales.discipline.rule.csv"
TERMS = "sales.discipline.rule.version-late.csv"
STEPS = "sales.discipline.rule.step.csv"
OTHERS = "sales.discipline.rule.version-moon.csv"


def small_pack(**changed):
    """Contents of a small pack: lateness after 09:00, and a rule of a kind nobody checks; {name: text} changes it."""
    files = {
        "rule": "id,code,name,name@zh_CN,kind\nlate,ATT-08,Late,迟到,late\nmoon,MOON,Moonlight,,moon\n",
        "terms": "id,rule_id/id,reset,on_post_by\nlate_terms,late,month,9\n",
        "steps": "id,version_id/id,first,last,kind,amount\nfirst,late_terms,1,1,warning,\nnext,late_terms,2,,fine,20\n"
                 "moon_each,moon_terms,1,,fine,5\n",
        "others": "id,rule_id/id,craters\nmoon_terms,moon,3\n",
        **changed,
    }
    names = {"rule": RULES, "terms": TERMS, "steps": STEPS, "others": OTHERS}
    return {names.get(name, name): text.encode() for name, text in files.items() if text is not None}


class PackCase(DisciplineCase):
    """Ida, a discipline administrator, loads packs into companies that have none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.state = "archived"
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.other = cls._company("Second Showroom")
        cls.ida.company_ids |= cls.other
        cls.pack = cls.env["sales.policy.pack"].with_user(cls.ida).with_context(
            allowed_company_ids=(cls.company | cls.other).ids)

    def _load(self, contents=None, company=None, code="small", valid_from="2026-01-01", simulate=False):
        return self.pack._load_pack(
            code, read_files(contents or small_pack()), company or self.company, date.fromisoformat(valid_from),
            simulate)

    def _loaded_rule(self, code="ATT-08", company=None):
        return self.env["sales.discipline.rule"].search(
            [("code", "=", code), ("company_id", "=", (company or self.company).id)])

    def _activated(self, code, company=None):
        rule = self._loaded_rule(code, company)
        rule.owner_id = self.ida
        rule.action_activate()
        return rule

    @staticmethod
    def _did(plan):
        return sorted((step.action, step.row.id if step.row else step.cells[0][1]) for step in plan)

    @staticmethod
    def _zip(members):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return base64.b64encode(stream.getvalue())


@tagged("post_install", "-at_install")
class TestPolicyPacks(PackCase):

    def test_load_into_two_companies(self):
        for company in (self.company, self.other):
            plan = self._load(company=company)
            self.assertEqual(self._did(plan), [
                ("add", "first"), ("add", "late"), ("add", "late_terms"), ("add", "next"),
                ("not_loaded", "moon"), ("not_loaded", "moon_each"), ("not_loaded", "moon_terms"),
            ])
            rule = self._loaded_rule(company=company)
            self.assertEqual(rule.state, "draft")
            self.assertEqual(rule.with_context(lang="zh_CN").name, "迟到")
            self.assertEqual(rule.version_ids.summary, "Late after 09:00: warning, then 20 each time, per month")
            self.assertEqual(rule.version_ids.valid_from, date(2026, 1, 1))
        reasons = {step.row.id: step.reason for step in plan if step.action == "not_loaded"}
        self.assertIn("kind 'moon'", reasons["moon"])
        self.assertIn("'moon'", reasons["moon_terms"])
        self.assertFalse(self._loaded_rule("MOON"))

    def test_loading_again_writes_nothing(self):
        self._load()
        self.env.flush_all()
        with self._nothing_written():
            self.assertEqual({step.action for step in self._load()}, {"not_loaded"})

    @contextmanager
    def _nothing_written(self):
        """PostgreSQL has seen no row added, changed or deleted by this transaction meanwhile."""
        before = self._rows_written()
        yield
        self.env.flush_all()
        self.assertEqual(self._rows_written(), before)

    def _rows_written(self):
        self.env.cr.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        return self.env.cr.fetchone()[0]

    def test_preview_writes_nothing_and_says_before_and_after(self):
        self._load()
        changed = small_pack(terms="id,rule_id/id,reset,on_post_by\nlate_terms,late,month,8.75\n")
        plan = self._load(changed, simulate=True)
        self.assertEqual(
            [(step.row.id, step.cells) for step in plan if step.action == "change"],
            [("late_terms", [("on_post_by", "9.0", "8.75")])])
        self.assertEqual(self._loaded_rule().version_ids.on_post_by, 9)
        self.assertEqual(self._load(simulate=True, company=self.other)[0].action, "add")
        self.assertFalse(self._loaded_rule(company=self.other))

    def test_a_changed_pack_follows_terms_that_have_judged(self):
        """POL example 1: what June was judged by stays (20); from 1 July the second lateness costs 30."""
        self._load()
        rule = self._activated("ATT-08")
        for day in ("2026-06-03", "2026-06-09"):
            self._punch(self.ann, f"{day} 09:05")
        self._run(rule=rule)
        first = rule.version_ids
        self.assertTrue(first.judged)

        changed = small_pack(steps=(
            "id,version_id/id,first,last,kind,amount\nfirst,late_terms,1,1,warning,\nnext,late_terms,2,,fine,30\n"))
        self.assertIn(("new_version", "next"), self._did(self._load(changed, valid_from="2026-07-01", simulate=True)))
        self.assertEqual(rule.version_ids, first)
        self._load(changed, valid_from="2026-07-01")

        self.assertEqual(first.step_ids.mapped("amount"), [0, 20])
        second = rule.version_ids - first
        self.assertEqual((second.valid_from, second.step_ids.mapped("amount")), (date(2026, 7, 1), [0, 30]))
        for day in ("2026-07-03", "2026-07-09"):
            self._punch(self.ann, f"{day} 09:05")
        self._run("2026-06-01", "2026-07-31", rule)
        self.assertEqual(self._entries(self.ann, rule).mapped("amount"), [0, 20, 0, 30])
        with self._nothing_written():
            self._load(changed, valid_from="2026-08-01")
        with self.assertRaisesRegex(UserError, "Choose a later date"):
            self._load(valid_from="2026-07-01")

    def test_a_step_that_the_pack_no_longer_has_goes(self):
        self._load()
        self._load(small_pack(steps="id,version_id/id,first,last,kind,amount\nfirst,late_terms,1,,warning,\n"))
        self.assertEqual(self._loaded_rule().version_ids.step_ids.mapped("kind"), ["warning"])

    def test_remove_leaves_nothing_of_what_was_not_used(self):
        self._load()
        self.pack.search([("code", "=", "small")]).action_remove()
        self.assertFalse(self._loaded_rule())
        self.assertFalse(self.env["ir.model.data"].search([("module", "=like", "__policy_pack_small%")]))
        self.assertFalse(self.pack.search([("code", "=", "small")]))

    def test_remove_archives_what_has_judged_and_loading_again_brings_it_back(self):
        self._load()
        rule = self._activated("ATT-08")
        self._punch(self.ann, "2026-06-03 09:05")
        self._run(rule=rule)
        self.pack.search([("code", "=", "small")]).action_remove()
        self.assertEqual(rule.state, "archived")
        self.assertEqual(len(self._entries(self.ann, rule)), 1)
        self._load()
        self.assertEqual((self._loaded_rule(), rule.state), (rule, "draft"))

    def test_a_bad_file_is_refused_by_file_line_and_column(self):
        bad = [
            ({"rule": "id,code,name,kind\nmoon,M,Moonlight,moon\nlate,ATT-08,,late\n"}, r"rule\.csv, line 3"),
            ({"steps": "id,version_id/id,first,last,kind,amount\nfirst,late_terms,1,,slap,\n"},
             r"rule\.step\.csv, line 2, column 'kind'"),
            ({"steps": "id,version_id/id,first,last,kind,amount\nfirst,late_terms,one,,warning,\n"},
             r"rule\.step\.csv, line 2, column 'first'"),
            ({"steps": "id,version_id/id,first,last,kind,amount\nfirst,nowhere,1,,warning,\n"},
             r"rule\.step\.csv, line 2, column 'version_id/id'.*'nowhere'"),
            ({"terms": "id,rule_id/id,reset,on_pst_by\nlate_terms,late,month,9\n"},
             r"version-late\.csv, line 1, column 'on_pst_by'"),
            ({"terms": "id,rule_id/id,reset,on_post_by\n\nlate_terms,late,month,25\n"}, r"version-late\.csv, line 3"),
            ({"steps": "id,version_id/id,first,last,kind,amount\nnext,late_terms,2,,fine,20\n"},
             r"version-late\.csv, line 2.*occurrence 1"),
        ]
        for changed, where in bad:
            with self.assertRaisesRegex(UserError, where):
                self._load(small_pack(**changed))
            self.assertFalse(self._loaded_rule(), "nothing of it is loaded")
            self.assertFalse(self.pack._loaded("small", self.company))

    def test_administrators_only(self):
        for user in (self.olga, self.ann.user_id):
            with self.assertRaises(AccessError):
                self.pack.with_user(user)._load_pack(
                    "small", read_files(small_pack()), self.company, date(2026, 1, 1))
            with self.assertRaises(AccessError):
                self.env["sales.policy.pack.load"].with_user(user).create({"code": "auto_showroom"})
        self._load()
        with self.assertRaises(AccessError):
            self.pack.search([("code", "=", "small")]).with_user(self.olga).action_remove()
        stranger = self._company("Not Ida's")
        with self.assertRaises(AccessError):
            self._load(company=stranger)


@tagged("post_install", "-at_install")
class TestPolicyPackWizard(PackCase):

    def _wizard(self, **vals):
        return self.env["sales.policy.pack.load"].with_user(self.ida).create({
            "company_id": self.company.id, "valid_from": "2026-06-01", **vals})

    def test_preview_then_load(self):
        wizard = self._wizard(code="auto_showroom")
        wizard.action_preview()
        added = wizard.line_ids.filtered(lambda line: line.action == "add")
        terms = added.filtered(lambda line: line.record == "att_01_terms")
        self.assertEqual((terms.file, terms.row), ("sales.discipline.rule.version-late.csv", 2))
        self.assertIn("on_post_by: 8.416667", terms.after)
        self.assertTrue(wizard.previewed and wizard.gap_count and wizard.change_count)
        self.assertFalse(self._loaded_rule("ATT-01"))
        action = wizard.action_load()
        self.assertEqual(self.env["sales.policy.pack"].browse(action["res_id"]).rule_ids, self._loaded_rule("ATT-01"))
        again = self._wizard(code="auto_showroom")
        again.action_preview()
        self.assertFalse(again.change_count)

    def test_upload(self):
        members = {f"small/{name}": content for name, content in small_pack().items()}
        self._wizard(source="upload", file=self._zip(members), file_name="Small Pack.zip").action_load()
        self.assertEqual(self.pack.search([]).mapped("code"), ["small_pack"])
        self.assertTrue(self._loaded_rule())

    def test_unsafe_uploads_are_refused(self):
        good = small_pack()
        for members, said in (
            ({"../../etc/passwd.csv": b"id\n"}, r"\.\./\.\./etc/passwd\.csv"),
            ({"/tmp/x.csv": b"id\n"}, "one folder"),
            ({**good, "run.py": b"print()"}, r"run\.py: A pack holds CSV files only"),
            ({RULES: b"id,name\n" + b"x" * MAX_BYTES}, "at most"),
            ({RULES: "id,name\nr,é\n".encode("latin-1")}, r"rule\.csv, line 2: The file is not in UTF-8"),
            ({RULES: b"id,name\nr,a,b\n"}, r"rule\.csv, line 2: .*3/2"),
            ({RULES: b"id,name\nr,a\nr,b\n"}, r"line 3, column 'id': .*'r' is used twice"),
            ({}, "no file"),
        ):
            with self.assertRaisesRegex(UserError, said):
                self._wizard(source="upload", file=self._zip(members), file_name="x.zip").action_preview()
        with self.assertRaisesRegex(UserError, "no zip"):
            self._wizard(source="upload", file=base64.b64encode(b"PK no"), file_name="x.zip").action_preview()


@tagged("post_install", "-at_install")
class TestShippedPacks(PackCase):
    """Values of the shipped packs against the rulebook, on a month of facts."""

    def _ship(self, code, company=None):
        return self.pack._load_pack(code, self.pack._read_available(code), company or self.company, date(2026, 1, 1))

    def _simulated(self, rule, at="2026-07-15 03:00"):
        """{day: (kind, amount, points)} of a simulation of June 2026; nothing is booked."""
        with freeze_time(self._utc(at)):
            run = self.env["sales.discipline.run"].create({
                "rule_id": rule.id, "date_from": "2026-06-01", "date_to": "2026-06-30"})
            run.action_simulate()
        self.assertFalse(self._entries(rule=rule))
        return {
            (line.employee_id.name, line.fact_date.strftime("%m-%d")): (line.step_kind, line.amount, line.points)
            for line in run.line_ids
        }

    def test_auto_showroom(self):
        """PK-01: on post by 08:25 (ATT-01), warning, then 20 each (ATT-03), month. ATT examples 1 and 2."""
        plan = self._ship("auto_showroom")
        rule = self._activated("ATT-01")
        self.assertEqual(rule.version_ids.summary, "Late after 08:25: warning, then 20 each time, per month")
        self.assertEqual((rule.with_context(lang="zh_CN").name, rule.offence_group), ("上岗迟到", "lateness"))
        for arrival in ("03 08:26", "09 08:40", "20 08:31", "16 08:25:00", "22 08:25:01"):
            self._punch(self.ann, f"2026-06-{arrival}")
        self.assertEqual(self._simulated(rule), {
            ("Ann", "06-03"): ("warning", 0, 0), ("Ann", "06-09"): ("fine", 20, 0), ("Ann", "06-22"): ("fine", 20, 0),
        })
        left_out = {step.row.cells["code"] for step in plan if step.action == "not_loaded" and "code" in step.row.cells}
        self.assertTrue({"ATT-02", "DTY-04", "DSK-03", "APP-03"} <= left_out)

    def test_field_agency(self):
        """PK-03: daily log by 18:00 (LOG-02), 5 points a started day (RPD-01), false log 5, the 6th a case (FLS-02)."""
        self._ship("field_agency")
        log_rule, false_rule = self._activated("LOG-02"), self._activated("FLS-02")
        self.assertEqual(
            log_rule.version_ids.summary, "Daily log filed after 18:00: 5 points per started day, per month")
        self.assertEqual(
            false_rule.version_ids.summary,
            "Daily log found false: 5 points 5 times, then dismissal case + 5 points each time, counted for good")
        employees = self.env["hr.employee"].search([("company_id", "=", self.company.id)]) - self.ann
        employees.active = False
        days = [date(2026, 6, day) for day in range(1, 31) if date(2026, 6, day).weekday() < 5]
        for day in days:
            log = self.env["sales.daily.log"].create({"employee_id": self.ann.id, "date": day, "results": "Seen."})
            filed = {3: f"{day} 18:05", 10: "2026-06-12 18:01"}.get(day.day, f"{day} 18:00:00")
            with freeze_time(self._utc(filed)):
                log.with_user(self.ann.user_id).action_submit()
            if day.day in (1, 2, 4, 5, 8, 9):
                log.with_user(self.sue).record_check("false", "Nobody there.")
        self.assertEqual(self._simulated(log_rule), {
            ("Ann", "06-03"): ("points", 0, 5), ("Ann", "06-10"): ("points", 0, 15),
        })
        false = self._simulated(false_rule)
        self.assertEqual(sum(points for _kind, _amount, points in false.values()), 30)
        self.assertEqual([kind for kind, _amount, _points in false.values()].count("dismissal"), 1)
        self.assertEqual(false["Ann", "06-09"][0], "dismissal")

    def test_both_packs_in_two_companies_and_gone_again(self):
        for code in ("auto_showroom", "field_agency"):
            for company in (self.company, self.other):
                self._ship(code, company)
                self.assertEqual({step.action for step in self._ship(code, company)}, {"not_loaded"})
        loaded = self.env["sales.discipline.rule"].with_context(allowed_company_ids=[]).search(
            [("code", "in", ("ATT-01", "LOG-02", "FLS-02"))])
        self.assertEqual(len(loaded), 6)
        self.pack.search([]).action_remove()
        self.assertFalse(loaded.exists())
        self.assertFalse(self.env["ir.model.data"].search([("module", "=like", "__policy_pack%")]))
