# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ArrearsCase


class VolumeTourCase(ArrearsCase, HttpCase):
    """Last month Ann's customer Acme got 30 t for 12,000 and paid 5,000; the figures went out today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.fay = cls._user("ann"), cls._user("fay", "account.group_account_invoice")
        cls.ann.name, cls.fay.name = "Ann", "Fay"
        cls.company.write({"volume_unit": "weight", "volume_answer_days": 1})
        first = fields.Date.today().replace(day=1) - relativedelta(months=1)
        acme = cls._customer("Acme", user=cls.ann)
        cls.env["sales.customer.assignment"].search([("partner_id", "=", acme.id)]).date_from = first
        invoice = cls._invoice(acme, 12000, first)
        cls.paper = cls.env["product.product"].create({"name": "Paper", "type": "consu", "weight": 1000})
        invoice.button_draft()
        invoice.invoice_line_ids.write({"product_id": cls.paper.id, "quantity": 30, "price_unit": 400, "tax_ids": False})
        invoice.action_post()
        cls._pay(invoice, 5000, first + timedelta(days=5))
        statement = cls.env["sales.arrears.statement"].with_user(cls.fay).create({"month": first})
        statement.action_issue()
        statement.action_send_volume()
        cls.check = statement.volume_check_ids.filtered(lambda check: check.user_id == cls.ann).with_env(cls.env)
        cls.line = cls.check.line_ids


@tagged("post_install", "-at_install")
class TestVolumePhone(VolumeTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_salesperson_objects_on_the_phone(self):
        """VOL-02: Ann sees 30 t and 5,000 and objects with a reason."""
        self.assertEqual([self.line.volume, self.line.collections], [30, 5000])
        self.start_tour("/odoo/my-figures", "volume_object", login="ann")
        self.assertEqual([self.check.state, self.line.objection], ["disputed", "4 t of the 28th are missing."])


@tagged("post_install", "-at_install")
class TestVolumeDesktop(VolumeTourCase):
    browser_size = "1366x768"

    def test_finance_checks_again(self):
        """VOL-02: Fay finds the objection in her list, enters 34 t and says why; both values stay."""
        self.line.with_user(self.ann)._answer("object", "4 t of the 28th are missing.", 0, 0)
        self.start_tour("/odoo/volume-objections", "volume_recheck", login="fay")
        self.assertEqual([self.line.volume, self.line.volume_final, self.line.answer], [30, 34, "Found the note."])
        self.assertEqual(self.check.state, "rechecked")
