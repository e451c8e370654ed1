# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..engine import settlement
from ..engine.settlement import FINE, PENDING, UNAPPROVED

DRAFT, REQUESTED, APPROVED, REFUSED, SIGNED, ENDED = "draft", "requested", "approved", "refused", "signed", "ended"
CASH, MONTHLY = "cash", "monthly"
#: What only the buttons write, whoever calls.
BY_BUTTON = {
    "state", "tons", "requester_id", "requested_at", "decided_by_id", "decided_at", "decision_reason", "verbal_by_id",
    "verbal_at", "verbal_on", "first_order_on", "signed_on", "ended_on",
}
#: With these every agreement of a person begins, whatever the context calls a default.
BLANK = {**dict.fromkeys(BY_BUTTON, False), "state": DRAFT, "tons": 0}
OF_FINANCE = {"original", "has_stamp"}
#: What may still be filed after the draft: the papers, until it is signed.
PAPERS = {"original", "original_name", "has_stamp", "rep_copy", "rep_copy_name"}
FINANCE = "sales_receivable_followup.group_arrears_finance"


class SettlementAgreement(models.Model):
    """How a customer settles: cash, as every new one does, or monthly by an agreement on paper (STL-01 to STL-05)."""

    _name = "sales.settlement.agreement"
    _description = "Settlement Agreement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    _open_uniq = models.UniqueIndex(
        "(company_id, partner_id) WHERE state IN ('draft', 'requested', 'approved', 'signed')",
        "A customer has one agreement at a time. End the old one before you make a new one.",
    )

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, tracking=True,
        domain=[("parent_id", "=", False)], check_company=True,
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    kind = fields.Selection(
        [(CASH, "Cash, or paid in advance"), (MONTHLY, "Monthly")], required=True, default=CASH, tracking=True,
        help="New customers start with cash.",
    )
    user_id = fields.Many2one(
        "res.users", string="Salesperson", required=True, default=lambda self: self.env.user, index=True, tracking=True,
    )
    team_id = fields.Many2one("crm.team", string="Sales Team", compute="_compute_team_id", store=True, index="btree_not_null")
    payment_term_id = fields.Many2one("account.payment.term", string="Terms", check_company=True)
    date_to = fields.Date(string="Valid until", help="Empty: until it is ended.")
    state = fields.Selection(
        [
            (DRAFT, "Draft"), (REQUESTED, "Asked"), (APPROVED, "Approved, to be signed"), (REFUSED, "Refused"),
            (SIGNED, "Signed"), (ENDED, "Ended"),
        ],
        required=True, default=DRAFT, tracking=True, index=True, copy=False,
    )
    tons = fields.Float(
        string="Monthly Tons", digits=(12, 3), readonly=True, copy=False,
        help="Average of what was invoiced in the full months before the request, by the weight of the products.",
    )
    is_famous = fields.Boolean(string="Fortune 500 or Nationally Known")
    famous_evidence = fields.Text(string="Evidence")
    is_inspected = fields.Boolean(string="Passed the Factory Inspection")
    inspection_report = fields.Binary(attachment=True)
    inspection_report_name = fields.Char(string="Inspection Report File")
    requester_id = fields.Many2one("res.users", readonly=True, copy=False)
    requested_at = fields.Datetime(string="Asked on", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_at = fields.Datetime(string="Decided on", readonly=True, copy=False)
    decision_reason = fields.Text(readonly=True, copy=False)
    verbal_by_id = fields.Many2one("res.users", string="Verbal Approval by", readonly=True, copy=False)
    verbal_at = fields.Datetime(string="Verbal Approval on", readonly=True, copy=False)
    verbal_on = fields.Date(string="Day of the Verbal Approval", readonly=True, copy=False)
    first_order_on = fields.Date(
        string="First Monthly Order", readonly=True, copy=False,
        help="The first order on credit without a signed agreement. The agreement has to be signed in the same month.",
    )
    original = fields.Binary(attachment=True, copy=False)
    original_name = fields.Char(string="Original File", copy=False)
    has_stamp = fields.Boolean(string="Customer's Company Stamp on It", copy=False)
    rep_copy = fields.Binary(string="Salesperson's Copy", attachment=True, copy=False)
    rep_copy_name = fields.Char(string="Copy File", copy=False)
    signed_on = fields.Date(readonly=True, copy=False)
    ended_on = fields.Date(readonly=True, copy=False)
    missing = fields.Char(string="Still Missing", compute="_compute_missing")
    warning = fields.Char(compute="_compute_warning")
    may_decide = fields.Boolean(compute="_compute_may_decide")
    is_finance = fields.Boolean(compute="_compute_may_decide")

    @api.depends("user_id")
    def _compute_team_id(self):
        for agreement in self:
            agreement.team_id = agreement.user_id.sudo().sale_team_id  # sudo: the team decides who may approve

    @api.depends("original", "rep_copy", "has_stamp")
    def _compute_missing(self):
        """STL-05: the original with finance, a copy with the salesperson, the customer's stamp."""
        for agreement in self:
            lacking = [name for there, name in (
                (agreement.original, self.env._("the original (finance)")),
                (agreement.has_stamp, self.env._("the customer's company stamp on it")),
                (agreement.rep_copy, self.env._("the salesperson's copy")),
            ) if not there]
            agreement.missing = ", ".join(lacking)

    @api.depends("state", "kind", "partner_id", "user_id", "verbal_on", "first_order_on", "signed_on")
    def _compute_warning(self):
        for agreement in self:
            today = agreement.company_id._arrears_today()
            agreement.warning = agreement._warning(
                agreement.first_order_on, agreement.user_id, today,
            ) if agreement.kind == MONTHLY and agreement.first_order_on else False

    @api.depends_context("uid")
    @api.depends("state", "requester_id", "user_id", "team_id")
    def _compute_may_decide(self):
        finance = self.env.user.has_group(FINANCE)
        for agreement in self:
            agreement.may_decide = self.env.user in agreement._get_deciders()
            agreement.is_finance = finance

    def _get_deciders(self):
        """The leader of the salesperson's team, or the approvers of orders; never who asks or sells."""
        self.ensure_one()
        leader = self.sudo().team_id.user_id  # sudo: who leads the team is no secret
        return (leader | self.company_id._order_check_directors()) - self.requester_id - self.user_id

    # ------------------------------------------------------------
    # Nothing by hand
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                self._check_by_button(set(vals) - {"state"} if vals.get("state", DRAFT) == DRAFT else set(vals))
                self._check_original({name for name in OF_FINANCE if vals.get(name)})  # a form sends what is empty too
                # sent as a default, it is no more for a person to say
                vals.update(BLANK)
                vals.update({name: vals.get(name, False) for name in OF_FINANCE})
            if vals.get("partner_id"):
                partner = self.env["res.partner"].browse(vals["partner_id"])
                vals["partner_id"] = partner.commercial_partner_id.id
        return super().create(vals_list)

    def write(self, vals):
        """What was asked for stays as it was asked; papers are filed until it is signed, the original by finance."""
        if not self.env.su:
            self.check_access("write")
            self._check_by_button(set(vals))
            own = {name for name in vals if name in self._fields and not name.startswith(("message_", "activity_"))}
            for agreement in self:
                if agreement.state in (SIGNED, ENDED, REFUSED) and own:
                    raise UserError(self.env._(
                        "The agreement of %(customer)s is %(state)s and stays as it is. End it and make a new one.",
                        customer=agreement.partner_id.name, state=agreement._get_state_name(),
                    ))
                if agreement.state != DRAFT and own - PAPERS:
                    raise UserError(self.env._(
                        "What was asked about %(customer)s stays as it was asked. Only papers can be filed now.",
                        customer=agreement.partner_id.name,
                    ))
            self._check_original(set(vals))
        return super().write(vals)

    def _check_original(self, names):
        if names & OF_FINANCE and not self.env.user.has_group(FINANCE):
            raise AccessError(self.env._("The original belongs to finance: finance files it and looks at the stamp."))

    def _check_by_button(self, names):
        if names & BY_BUTTON:
            raise AccessError(self.env._(
                "%(fields)s: this is written by the buttons of the agreement alone.",
                fields=", ".join(sorted(self._fields[name].string for name in names & BY_BUTTON)),
            ))

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        for agreement in self:
            if agreement.state != DRAFT:
                raise UserError(self.env._(
                    "The agreement of %(customer)s is no draft any more: end it instead.",
                    customer=agreement.partner_id.name,
                ))

    def _get_state_name(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state].lower()

    def _expect(self, *states):
        for agreement in self:
            if agreement.state not in states:
                raise UserError(self.env._(
                    "The agreement of %(customer)s is %(state)s: that does not go.",
                    customer=agreement.partner_id.name, state=agreement._get_state_name(),
                ))

    # ------------------------------------------------------------
    # In words
    # ------------------------------------------------------------

    def _judge(self, order_on, today):
        """:func:`settlement.judge` for an order, also where a customer has no agreement at all."""
        return settlement.judge(
            min(self.first_order_on or order_on, order_on), self.verbal_on, self.signed_on, today,
        )

    def _warning(self, order_on, user, today, partner=None):
        """What comes of an order on credit for its salesperson, before it comes; False if nothing does (STL-04)."""
        verdict, why = self._judge(order_on, today)
        if verdict == FINE:
            return False
        names = {"customer": (partner or self.partner_id).sudo().name, "user": user.name or self.env._("the salesperson")}
        last = format_date(self.env, settlement.deadline(min(self.first_order_on or order_on, order_on)))
        if verdict == PENDING:
            return self.env._(
                "The agreement of %(customer)s has to be signed by %(date)s. Otherwise %(user)s is jointly liable for "
                "the invoices until it is.", date=last, **names,
            )
        if why == UNAPPROVED:
            return self.env._(
                "%(customer)s has no signed agreement, and nobody approved verbally before the order: %(user)s is "
                "jointly liable for what is not collected.", **names,
            )
        return self.env._(
            "The agreement of %(customer)s was not signed by %(date)s: %(user)s is jointly liable for what is not "
            "collected.", date=last, **names,
        )

    @api.model
    def _of_customers(self, company, partners):
        """``{partner id: the agreement on monthly settlement that counts today}``, one query."""
        today = company._arrears_today()
        agreements = self.sudo().search([  # sudo: whether a customer has an agreement is no secret to who sells to him
            ("company_id", "=", company.id), ("partner_id", "in", partners.ids), ("kind", "=", MONTHLY),
            ("state", "in", (DRAFT, REQUESTED, APPROVED, SIGNED)),
            "|", ("date_to", "=", False), ("date_to", ">=", today),
        ])
        return {agreement.partner_id.id: agreement for agreement in agreements}

    @api.model
    def _signed_with(self, company, partners):
        """Every agreement that was or is in force with these customers, one query."""
        return self.sudo().search([  # sudo: as in _of_customers
            ("company_id", "=", company.id), ("partner_id", "in", partners.ids), ("kind", "=", MONTHLY),
            ("signed_on", "!=", False),
        ])

    def _covers(self, day):
        self.ensure_one()
        return self.signed_on <= day and (not self.date_to or day <= self.date_to)
