# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Company settings that policy packs carry: PK-11 `credit_director` with GRD, ARS and DUN-04."""

import base64
import io
import zipfile
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, new_test_user, tagged

from odoo.addons.sales_discipline.engine.pack_files import read_files
from odoo.addons.sales_discipline.models.policy_pack_loader import CHANGE, NOT_LOADED

CODE = "credit_director"
# setting: (what the pack says, what stands there before)
CARRIED = {
    "arrears_send_mail": (True, False),
    "order_check_authority": ("approve", "warn"),
    "account_use_credit_limit": (True, False),
    "order_check_limit": ("approve", "ignore"),
    "order_check_overdue": ("approve", "warn"),
    "promise_allowed": ("once", "again"),
}
SAYS = {name: says for name, (says, _before) in CARRIED.items()}
BEFORE = {name: before for name, (_says, before) in CARRIED.items()}


@tagged("post_install", "-at_install")
class TestPackSettings(TransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Pack = cls.env["sales.policy.pack"]
        cls.companies = cls.env["res.company"].create([{"name": "North", **BEFORE}, {"name": "South", **BEFORE}])
        cls.north, cls.south = cls.companies
        cls.env.user.company_ids |= cls.companies

    def load(self, company, files=None, code=CODE):
        files = files or self.Pack._read_available(code)
        return self.Pack._load_pack(code, files, company, date(2026, 8, 1))

    def settings(self, company):
        return {name: company[name] for name in CARRIED}

    def pack(self, company, code=CODE):
        return self.Pack.search([("company_id", "=", company.id), ("code", "=", code)])

    def small(self, **settings):
        """A pack of settings alone."""
        rows = "".join(f"{name},GRD-04,{name},{value}\n" for name, value in settings.items())
        return read_files({"sales.policy.pack.setting.csv": f"id,rule,name,value\n{rows}".encode()})

    def test_loaded_for_its_company_only(self):
        """GRD-03, GRD-04.block=soft, ARS-03, DUN-04.promise_allowed=once per item."""
        self.load(self.north)
        self.assertEqual(self.settings(self.north), SAYS)
        self.assertEqual(self.settings(self.south), BEFORE)
        self.assertEqual(
            {setting.rule for setting in self.pack(self.north).setting_ids}, {"ARS-03", "GRD-03", "GRD-04", "DUN-04"})

    def test_what_is_not_there_yet_is_named(self):
        """PRM-02, TGT-05, EXP-02, DUN-01 to -03 and AUT-03 are listed as not loaded, with the reason."""
        left_out = {
            step.row.cells["code"]: step.reason for step in self.load(self.north) if step.action == NOT_LOADED
        }
        self.assertEqual(set(left_out), {"PRM-02", "TGT-05", "EXP-02", "DUN-01", "DUN-02", "DUN-03", "AUT-03"})
        self.assertIn("No installed add-on checks the kind 'dunning_notice'", left_out["DUN-02"])

    def test_seen_before_loading(self):
        """The preview says by name what stands there and what will; nothing is written."""
        form = Form(self.env["sales.policy.pack.load"].with_context(allowed_company_ids=self.north.ids))
        form.code, form.company_id = CODE, self.north
        load = form.save()
        load.action_preview()
        shown = {line.record: (line.column, line.before, line.after) for line in load.line_ids}
        self.assertEqual(
            shown["grd_04_limit"], ("Order over the Credit Limit", "Do nothing", "Wait for approval"))
        self.assertEqual(shown["ars_03"], ("Mail Statements", "No", "Yes"))
        self.assertEqual(self.settings(self.north), BEFORE)
        self.assertFalse(self.pack(self.north))

    def test_loading_twice_changes_nothing(self):
        """Also not what somebody has changed since."""
        self.load(self.north)
        self.north.order_check_limit = "block"
        self.assertEqual([step for step in self.load(self.north) if step.action != NOT_LOADED], [])
        self.assertEqual(self.settings(self.north), {**SAYS, "order_check_limit": "block"})
        changed = self.pack(self.north).setting_ids.filtered("is_changed")
        self.assertEqual((changed.name, changed.value_label, changed.now_label), (
            "order_check_limit", "Wait for approval", "Refuse"))

    def test_removed_what_was_changed_since_stays(self):
        self.load(self.north)
        self.load(self.south)
        self.north.order_check_limit = "block"
        self.pack(self.north).action_remove()
        self.assertEqual(self.settings(self.north), {**BEFORE, "order_check_limit": "block"})
        self.assertEqual(self.settings(self.south), SAYS)

    def test_two_packs_with_the_same_setting(self):
        """The pack that was loaded last stands; removed in either order, what was there before comes back."""
        for first, second in (("one", "two"), ("two", "one")):
            self.load(self.north, self.small(order_check_limit="approve"), "one")
            self.load(self.north, self.small(order_check_limit="block"), "two")
            self.assertEqual(self.north.order_check_limit, "block")
            self.pack(self.north, first).action_remove()
            self.assertEqual(self.north.order_check_limit, "block" if first == "one" else "approve")
            self.pack(self.north, second).action_remove()
            self.assertEqual(self.north.order_check_limit, "ignore")

    def test_large_figures_come_back_to_the_cent(self):
        """1,234,567.89 stood there, the pack says 1,234,568: written, and given back as it was."""
        for name, before, says in (("order_check_tolerance_amount", 1234567.89, 1234568.0),
                                   ("order_check_tolerance_days", 1234567, 1234568)):
            self.north[name] = before
            self.load(self.north, self.small(**{name: says}), "large")
            self.assertEqual(self.north[name], says)
            self.assertFalse(self.pack(self.north, "large").setting_ids.is_changed)
            self.pack(self.north, "large").action_remove()
            self.assertEqual(self.north[name], before)

    def test_what_is_no_number_is_refused(self):
        for value in ("nan", "inf", "1e400"):
            with self.assertRaisesRegex(UserError, "a number"):
                self.load(self.north, self.small(order_check_tolerance_amount=value), "odd")

    def test_a_pack_that_says_something_else(self):
        """Another value is a change, shown beside what stands there; a row that is gone gives its setting back."""
        self.load(self.north, self.small(order_check_limit="approve", settlement_months="6"), "own")
        steps = self.load(self.north, self.small(order_check_limit="block"), "own")
        self.assertIn(CHANGE, [step.action for step in steps])
        self.assertEqual((self.north.order_check_limit, self.north.settlement_months), ("block", 3))
        self.pack(self.north, "own").action_remove()
        self.assertEqual(self.north.order_check_limit, "ignore")

    def test_a_wrong_value_names_file_and_line(self):
        for settings, message in (
            ({"arrears_send_mail": "1", "order_check_limit": "maybe"}, "line 3.*no value 'maybe'. Possible: ignore, "),
            ({"settlement_months": "many"}, "setting.csv, line 2.*Possible: a number"),
            ({"settlement_months": "99"}, "1 to 60 months"),
        ):
            with self.subTest(message=message), self.assertRaisesRegex(UserError, message):
                self.load(self.north, self.small(**settings), "own")
            self.assertEqual(self.settings(self.north), BEFORE)

    def test_only_settings_on_the_list(self):
        """Any other field of a company is left out with the reason, and refused by hand."""
        steps = self.load(self.north, self.small(name="Hacked", order_check_limit="block"), "own")
        self.assertEqual(
            [(step.row.id, step.reason) for step in steps if step.action == NOT_LOADED],
            [("name", "No installed add-on has a setting 'name' that packs may carry.")])
        self.assertEqual((self.north.name, self.north.order_check_limit), ("North", "block"))
        with self.assertRaisesRegex(ValidationError, "packs may carry"):
            self.env["sales.policy.pack.setting"].create({"company_id": self.north.id, "name": "email", "value": "x"})
        setting = self.pack(self.north, "own").setting_ids
        with self.assertRaisesRegex(UserError, "stays the same setting"):
            setting.name = "promise_allowed"

    def test_the_settings_are_their_add_ons_right(self):
        """A discipline administrator without the right on Receivables cannot set them by a pack of his own."""
        user = new_test_user(
            self.env, "pack-administrator", groups="sales_discipline.group_discipline_administrator",
            company_id=self.north.id, company_ids=[Command.set(self.north.ids)])
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("sales.policy.pack.setting.csv", "id,rule,name,value\na,GRD-04,order_check_limit,block\n")
        load = self.env["sales.policy.pack.load"].with_user(user).create({
            "source": "upload", "file": base64.b64encode(content.getvalue()), "file_name": "own.zip",
        })
        with self.assertRaisesRegex(UserError, "belongs to .*Receivables"):
            load.action_load()
        self.assertEqual(self.north.order_check_limit, "ignore")
        self.load(self.north)
        with self.assertRaises(AccessError):
            self.pack(self.north).with_user(user).action_remove()
        self.assertEqual(self.settings(self.north), SAYS)
