# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
from unittest.mock import patch

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common import DisciplineCase

LOGGER = "odoo.addons.sales_discipline.models.export_log"


@tagged("post_install", "-at_install")
class TestExportLog(DisciplineCase, HttpCase):
    """What leaves the system is noted (CON-02, CON-03): who, when, of what, how many, which fields, chosen how."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exporter = cls.ann.user_id
        cls.customers = cls.env["res.partner"].create([
            {"name": f"Customer {number}", "ref": "CON", "company_id": cls.company.id} for number in range(300)])

    def _allow(self, user):
        user.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]

    def _logs(self):
        return self.env["sales.export.log"].search([("company_id", "=", self.company.id)], order="id")

    def _export(self, records, user=None):
        """As a program does, over RPC."""
        env = self.env(user=user or self.exporter, context={"allowed_company_ids": self.company.ids})
        return call_kw(env[records._name], "export_data", [records.ids, ["name", "id"]], {})["datas"]

    def _alerts(self):
        return self.env["mail.activity"].search([
            ("res_model", "=", "sales.export.log"), ("res_id", "in", self._logs().ids)])

    def test_rep_exports_300_customers(self):
        """CON example 1: needs the right; then a line with count 300, and an alert, being more than 200."""
        with self.assertRaises(UserError):
            self._export(self.customers)
        self.assertFalse(self._logs())

        self._allow(self.exporter)
        with freeze_time("2026-06-03 02:00:00"), self.assertNoLogs(LOGGER, "ERROR"):
            self.assertEqual(len(self._export(self.customers)), 300)
        log = self._logs()
        self.assertEqual(
            (log.user_id, log.model, log.record_count, log.field_names, log.alerted, str(log.exported_on)),
            (self.exporter, "res.partner", 300, "name, id", True, "2026-06-03 02:00:00"))
        self.assertIn(self.ida, self._alerts().user_id)
        self.assertNotIn(self.exporter, self._alerts().user_id)

    def test_the_export_button_is_logged_with_its_condition(self):
        """CON-02: /web/export/csv and /web/export/xlsx, the whole list by its domain."""
        self._allow(self.exporter)
        self.exporter.password = "exporter-of-customers"
        self.authenticate(self.exporter.login, "exporter-of-customers")
        for kind in ("csv", "xlsx"):
            response = self.url_open(f"/web/export/{kind}", data={
                "csrf_token": http.Request.csrf_token(self),
                "data": json.dumps({
                    "model": "res.partner", "ids": False, "domain": [["ref", "=", "CON"]], "groupby": [],
                    "fields": [{"name": "name", "label": "Name", "type": "char"}], "import_compat": False,
                    "context": {"allowed_company_ids": self.company.ids},
                }),
            })
            self.assertEqual(response.status_code, 200, response.text[:500])
        logs = self._logs()
        self.assertEqual(logs.mapped("record_count"), [300, 300])
        self.assertEqual(set(logs.mapped("selection")), {"[['ref', '=', 'CON']]"})
        self.assertEqual(logs.user_id, self.exporter)

    def test_small_exports_of_a_day_add_up(self):
        """CON-02: twice 150 in a day alert; 150 a day do not."""
        self._allow(self.exporter)
        for moment, alerts in (("2026-06-01 02:00:00", 0), ("2026-06-03 02:00:00", 0), ("2026-06-03 09:00:00", 1)):
            with self.subTest(moment=moment), freeze_time(moment):
                self._export(self.customers[:150])
                self.assertEqual(len(self._logs().filtered("alerted")), alerts)
        self.company.discipline_export_alert = 0
        with freeze_time("2026-06-03 10:00:00"):
            self._export(self.customers)
        self.assertEqual(len(self._logs().filtered("alerted")), 1)

    def test_what_is_watched(self):
        """The records of the suite and customers; not a list of countries."""
        self._allow(self.ida)
        self._export(self.env["res.country"].search([], limit=3), self.ida)
        self.assertFalse(self._logs())
        self._export(self.rule, self.ida)
        self.assertEqual(self._logs().model, "sales.discipline.rule")

    def test_a_failing_log_takes_no_export_away(self):
        self._allow(self.exporter)
        Log = self.env.registry["sales.export.log"]

        def broken(model, name):
            model.env.cr.execute("SELECT no_such_column FROM res_users")

        with (
            patch.object(Log, "_selection_of_request", broken), mute_logger("odoo.sql_db"),
            self.assertLogs(LOGGER, "ERROR"),
        ):
            self.assertEqual(len(self._export(self.customers)), 300)

    def test_read_by_the_office_written_by_nobody(self):
        self._allow(self.exporter)
        self._export(self.customers[:1])
        log = self._logs()
        self.assertEqual(log.with_user(self.olga).record_count, 1)
        for user in (self.exporter, self.sue, self.carl):
            with self.subTest(reads=user.name), self.assertRaises(AccessError):
                log.with_user(user).read(["record_count"])
        for user in (self.olga, self.ida):
            for attempt in ("write", "unlink", "create"):
                with self.subTest(user=user.name, attempt=attempt), self.assertRaises(UserError):
                    mine = log.with_user(user).with_context(discipline_purge=True)
                    {
                        "write": lambda mine=mine: mine.write({"record_count": 0}),
                        "unlink": mine.unlink,
                        "create": lambda mine=mine: mine.create({
                            "company_id": self.company.id, "user_id": mine.env.uid, "model": "x", "record_count": 1,
                            "exported_on": "2026-06-01"}),
                    }[attempt]()
        with self.assertRaises(UserError):
            log.unlink()
        self.assertTrue(log.exists())

    def test_lines_go_when_their_time_is_over(self):
        """CON-02: kept 24 months, purged by Odoo's daily clean-up; 0 keeps them for good."""
        self._allow(self.exporter)
        with freeze_time("2024-05-01 02:00:00"):
            self._export(self.customers[:1])
        with freeze_time("2026-04-01 02:00:00"):
            self._export(self.customers[:2])
        for months, today, left in ((0, "2036-01-01", 2), (24, "2026-04-30", 2), (24, "2026-05-02", 1)):
            with self.subTest(today=today), freeze_time(f"{today} 02:00:00"):
                self.company.discipline_export_months = months
                self.env["sales.export.log"]._gc_export_log()
                self.assertEqual(len(self._logs()), left)
