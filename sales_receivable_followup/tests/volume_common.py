# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

from odoo import Command
from odoo.tests import Form, freeze_time

from .common import JUNE, day
from .test_delivery import DeliveryCase

SENT = "2026-07-05 02:00:00"  # 5 July, 10:00 in Shanghai
EVENING = "2026-07-05 15:30:00"  # 23:30
AFTER_MIDNIGHT = "2026-07-05 16:01:00"  # 6 July, 00:01


class VolumeCase(DeliveryCase):
    """Ann sells paper by the ton to two customers in Shanghai; Tom leads her, Fay is in finance, Sam administers sales."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.ann | cls.bob).tz = "Asia/Shanghai"
        cls.sam = cls._user("sam", groups="sales_team.group_sale_manager")
        cls.company.volume_unit = "weight"
        kilogram, ton = cls.env.ref("uom.product_uom_kgm"), cls.env.ref("uom.product_uom_ton")
        cls.paper = cls.env["product.product"].create(
            {"name": "Paper", "type": "consu", "weight": 1, "uom_id": kilogram.id, "taxes_id": [Command.clear()]})
        cls.board = cls.env["product.product"].create(
            {"name": "Board", "type": "consu", "weight": 25, "taxes_id": [Command.clear()]})
        cls.ton = ton

    @classmethod
    def _goods(cls, customer, on, *goods, move_type="out_invoice"):
        """A posted document: goods are (product, quantity, unit, price); the last two may be left out."""
        move = cls.env["account.move"].create({
            "move_type": move_type,
            "partner_id": customer.id,
            "invoice_date": on,
            "date": on,
            "invoice_line_ids": [
                Command.create({
                    "product_id": product.id, "quantity": quantity,
                    "product_uom_id": (more[0] if more else product.uom_id).id,
                    "price_unit": more[1] if len(more) > 1 else 1,
                    "tax_ids": [Command.clear()], "account_id": cls.income.id,
                })
                for product, quantity, *more in goods
            ],
        })
        move.action_post()
        return move

    def _send(self, at=SENT):
        """June's statement, issued by Fay, and the salespeople's figures sent with it."""
        with freeze_time(at):
            statement = self.env["sales.arrears.statement"].with_user(self.fay).create({"month": JUNE})
            statement.action_issue()
            self._run_cron("volume_check_cron")
        return statement.with_env(self.env)

    def _check(self, statement, user):
        return self.env["sales.volume.check"].search([("statement_id", "=", statement.id), ("user_id", "=", user.id)])

    def _line_of(self, check, customer):
        return check.line_ids.filtered(lambda line: line.customer_id == customer.id)

    def _answer(self, user, line, reason, volume=None, collections=None):
        """Press the button of the line and fill in its dialog, as the client does."""
        action = line.with_user(user).action_answer()
        dialog = self.env[action["res_model"]].with_user(user).with_context(**action["context"])
        with Form(dialog) as form:
            form.reason = reason
            if volume is not None:
                form.volume = volume
            if collections is not None:
                form.collections = collections
        form.record.action_apply()

    def _run_cron(self, name):
        cron = self.env.ref(f"sales_receivable_followup.{name}")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()


def moment(text):
    return datetime.fromisoformat(text)


__all__ = ["AFTER_MIDNIGHT", "EVENING", "JUNE", "SENT", "VolumeCase", "day", "moment"]
