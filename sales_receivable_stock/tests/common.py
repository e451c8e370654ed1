# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


def day(text):
    """``day("06-12")`` is 12 June 2026."""
    return f"2026-{text}"


@tagged("post_install", "-at_install")
class LedgerCase(AccountTestInvoicingCommon):
    """Ann sells paper in Tom's team, Fay is in finance; neither has a right on transfers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.company.delivery_copy_from = "2026-01-01"
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.ann, cls.bob = cls._user("ann"), cls._user("bob")
        cls.tom = cls._user("tom", "sales_receivable_followup.group_arrears_team")
        cls.fay = cls._user("fay", "sales_receivable_followup.group_arrears_finance")
        cls.north = cls.env["crm.team"].create({"name": "North", "user_id": cls.tom.id})
        cls.customer = cls.env["res.partner"].create({"name": "Acme"})
        cls.paper = cls.env["product.product"].create({
            "name": "Paper", "type": "consu", "invoice_policy": "order", "taxes_id": [Command.clear()],
            "property_account_income_id": cls.company_data["default_account_revenue"].id,
        })

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups() | cls.env.ref("sales_team.group_sale_manager")
        return groups | cls.env.ref("stock.group_stock_manager")

    @classmethod
    def _user(cls, login, groups="sales_receivable_followup.group_arrears_user"):
        return cls.env["res.users"].with_context(no_reset_password=True).create({
            "name": login.title(), "login": login, "email": f"{login}@example.com",
            "group_ids": [Command.set([cls.env.ref(group).id for group in groups.split(",")])],
            "company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)],
        })

    def _order(self, quantity=10, user=None, on="06-10", **line):
        """A confirmed order of paper at 7."""
        with freeze_time(f"{day(on)} 02:00:00"):
            order = self.env["sale.order"].create({
                "partner_id": self.customer.id, "user_id": (user or self.ann).id, "team_id": self.north.id,
                "order_line": [Command.create({
                    "product_id": self.paper.id, "product_uom_qty": quantity, "price_unit": 7, **line,
                })],
            })
            order.action_confirm()
        return order

    def _deliver(self, order, quantity, on):
        """Validate the open delivery with that quantity, the rest in a back order; returns the delivery."""
        picking = order.picking_ids.filtered(lambda row: row.state not in ("done", "cancel"))[:1]
        with freeze_time(f"{day(on)} 02:00:00"):
            picking.move_ids.quantity = quantity
            picking.move_ids.picked = True
            picking.with_context(skip_backorder=True).button_validate()
        return picking

    def _return(self, picking, quantity, on):
        """What came back, to be credited."""
        with freeze_time(f"{day(on)} 02:00:00"):
            wizard = Form(self.env["stock.return.picking"].with_context(active_id=picking.id, active_model="stock.picking"))
            wizard = wizard.save()
            wizard.product_return_moves.quantity = quantity
            wizard.product_return_moves.to_refund = True
            back = wizard._create_return()
            back.move_ids.quantity = quantity
            back.move_ids.picked = True
            back.button_validate()
        return back

    def _invoice(self, order, on, quantity=None):
        """A posted invoice of what is to invoice, or of a part of it."""
        with freeze_time(f"{day(on)} 02:00:00"):
            invoice = order._create_invoices(final=True)
            invoice.invoice_date = day(on)
            if quantity is not None:
                invoice.invoice_line_ids.quantity = quantity
            invoice.action_post()
        return invoice

    def _note(self, picking, as_of="06-30"):
        self.env.invalidate_all()
        return self.env["sales.delivery.note"].with_context(ledger_as_of=day(as_of)).browse(picking.id)

    def _differences(self, as_of="06-30", user=None):
        self.env.invalidate_all()
        model = self.env["sales.delivery.reconciliation"].with_context(ledger_as_of=day(as_of))
        return model.with_user(user or self.env.user).search([("company_id", "=", self.company.id)])
