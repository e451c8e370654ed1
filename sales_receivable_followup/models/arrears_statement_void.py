# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .arrears_statement import DRAFT, ISSUED, VOID


class ArrearsStatement(models.Model):
    """An issued statement that was wrong: voided with a reason, kept as it was, issued again under the next revision."""

    _inherit = "sales.arrears.statement"

    revision = fields.Integer(
        readonly=True, copy=False, default=0, aggregator=None,
        help="0 for the month's first issue; 1 and on when a void statement was issued again.",
    )
    replaced_id = fields.Many2one(
        "sales.arrears.statement", string="Replaces", readonly=True, copy=False, ondelete="restrict",
        index="btree_not_null", help="The void statement of the same month that this one was issued in place of.",
    )
    void_reason = fields.Char(
        string="Reason for Voiding", copy=False,
        help="Told to everyone who got the statement.",
    )
    voided_at = fields.Datetime(string="Voided On", readonly=True, copy=False)
    voided_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")

    def action_void(self):
        """Take back the latest issued statement for the reason entered on it. Right: finance (write access).

        Lines and items stay as they were; the month can be computed and issued again.
        """
        self.check_access("write")
        for statement in self.sorted("month", reverse=True):
            statement._lock_company()
            statement._check_can_void()
            statement._void()
        return True

    def _check_can_void(self):
        if self.state != ISSUED:
            raise UserError(self.env._(
                "%(statement)s is not issued; only an issued statement can be voided.", statement=self.display_name,
            ))
        later = self.search(
            Domain("company_id", "=", self.company_id.id) & Domain("state", "=", ISSUED)
            & Domain("month", ">", self.month), order="month desc", limit=1,
        )
        if later:
            raise UserError(self.env._(
                "%(statement)s cannot be voided: %(later)s stands on its closing. Void %(later)s first.",
                statement=self.display_name, later=later.display_name,
            ))
        if not (self.void_reason or "").strip():
            raise UserError(self.env._(
                "%(statement)s cannot be voided without a reason. Enter the reason for voiding on it first.",
                statement=self.display_name,
            ))

    def _void(self):
        self._set({"state": VOID, "voided_at": fields.Datetime.now(), "voided_by_id": self.env.uid})
        for draft in self.search([("previous_id", "=", self.id), ("state", "=", DRAFT)]):
            draft._discard_rows()  # they continued what is void now
            draft._set({"previous_id": False, "computed_at": False})
        holders = self.delivery_ids.sudo()._cancel()  # sudo: nobody edits copies by hand
        # sudo: as above; what was not made yet is no document of the issue any more
        self.document_ids.sudo().filtered(lambda document: not document.attachment_id).unlink()
        self.confirmation_ids.sudo()._cancel()  # sudo: as above
        self.message_post(body=self.env._("Voided: %(reason)s", reason=self.void_reason))
        self._tell_void(holders)

    def _tell_void(self, holders):
        """Tell, each in his language, those whose copy has left the house."""
        for lang, users in holders.grouped("lang").items():
            statement = self.with_context(lang=lang)
            env = statement.env
            env["mail.thread"].message_notify(
                partner_ids=users.partner_id.ids,
                subject=env._("Customer arrears %(statement)s is void", statement=statement.display_name),
                body=env._(
                    "The customer arrears statement %(statement)s that you got is void and no longer counts. Reason: "
                    "%(reason)s", statement=statement.display_name, reason=statement.void_reason,
                ),
            )

    # ------------------------------------------------------------
    # Issue again
    # ------------------------------------------------------------

    def _get_replaced(self):
        """The last void statement of the same month, or none."""
        return self.search([
            ("company_id", "=", self.company_id.id), ("month", "=", self.month), ("state", "=", VOID),
        ], order="revision desc", limit=1)

    def _next_number(self):
        replaced = self._get_replaced()
        if not replaced:
            return super()._next_number()
        revision = replaced.revision + 1
        self._set({"revision": revision, "replaced_id": replaced.id})
        number = replaced.name.removesuffix(f"-R{replaced.revision}")
        return f"{number}-R{revision}"
