# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_amount, format_date

from ..engine.promise import BROKEN, KEPT, ONCE, OPEN, may_promise
from .credit_request_mixin import FINANCE
from .payment_promise_query import seen

WITHDRAWN = "withdrawn"
TEAM = "sales_receivable_followup.group_arrears_team"
#: What the person who takes a promise says; all the rest follows from it.
SAID = {
    "partner_id", "company_id", "currency_id", "amount", "promised_on", "taken_on", "taken_by_id", "channel", "reason",
    "note", "item_ids",
}


class SalesPaymentPromise(models.Model):
    """A customer's word that he will pay an amount by a day (DUN-04).

    What was said is never changed: a promise is kept or broken by the receipts, or withdrawn with a reason.
    """

    _name = "sales.payment.promise"
    _description = "Promise to Pay"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "promised_on desc, id desc"
    _rec_name = "partner_id"
    _mail_post_access = "read"
    _check_company_auto = True

    _amount_positive = models.Constraint("CHECK (amount > 0)", "Enter the amount that the customer promises to pay.")
    _days_in_order = models.Constraint(
        "CHECK (promised_on >= taken_on)", "A promise is for the day on which it is given, or for a later one."
    )
    _open_idx = models.Index("(company_id, promised_on) WHERE state = 'open'")
    _judged_idx = models.Index("(company_id, promised_on, partner_id) WHERE state IN ('kept', 'broken')")

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict", check_company=True,
        domain="[('parent_id', '=', False), ('company_id', 'in', (False, company_id))]",
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson", store=True, index="btree_not_null")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict",
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, ondelete="restrict",
    )
    amount = fields.Monetary(string="Promised", required=True)
    promised_on = fields.Date(string="To Be Paid By", required=True, index=True)
    taken_on = fields.Date(
        string="Promised On", required=True, default=lambda self: self.env.company._arrears_today(),
        help="The day on which the customer gave his word. Money counts from this day on.",
    )
    taken_by_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.user, domain=[("share", "=", False)],
    )
    written_on = fields.Date(readonly=True)
    channel = fields.Selection(
        [
            ("phone", "Phone"), ("visit", "Visit"), ("message", "Message"), ("mail", "E-mail"), ("letter", "Letter"),
            ("other", "Other"),
        ],
        string="Given By", required=True, default="phone",
    )
    reason = fields.Char(
        string="Why It Was Not Paid Yet", required=True, help="What the customer says; a promise comes with a reason (DUN-04)."
    )
    note = fields.Text()
    item_ids = fields.One2many(
        "sales.payment.promise.item", "promise_id", string="Open Items",
        help="What the customer promises to pay. None: whatever he owes, so that any of his payments counts.",
    )
    names_items = fields.Boolean(readonly=True)
    # what was booked already when it was written down, by number: two things of one day have no other order
    seen_match_id = fields.Integer(readonly=True, aggregator=None)
    seen_item_id = fields.Integer(readonly=True, aggregator=None)

    state = fields.Selection(
        [(OPEN, "Open"), (KEPT, "Kept"), (BROKEN, "Broken"), (WITHDRAWN, "Withdrawn")],
        required=True, default=OPEN, readonly=True, index=True, tracking=True, group_expand=True,
    )
    judged_on = fields.Date(readonly=True, help="Day on which it was found kept or broken; nothing changes it later.")
    judged_received = fields.Monetary(readonly=True)
    received = fields.Monetary(compute="_compute_received", help="What came in for it, until it was kept or broken.")
    missing = fields.Monetary(compute="_compute_received")
    is_partly = fields.Boolean(string="Kept in Part", compute="_compute_received")
    verdict = fields.Char(string="Why", compute="_compute_verdict")
    withdrawn_by_id = fields.Many2one("res.users", readonly=True)
    withdrawn_on = fields.Date(readonly=True)
    withdraw_reason = fields.Char(readonly=True)
    may_withdraw = fields.Boolean(compute="_compute_may_withdraw")
    is_finance = fields.Boolean(compute="_compute_may_withdraw")

    @api.depends("partner_id.name", "amount", "currency_id", "promised_on")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = self.env._(
                "%(customer)s: %(amount)s by %(day)s", customer=promise.partner_id.name or "",
                amount=format_amount(self.env, promise.amount, promise.currency_id or self.env.company.currency_id),
                day=format_date(self.env, promise.promised_on),
            ) if promise.promised_on else promise.partner_id.name

    @api.depends("state", "judged_received", "amount")
    def _compute_received(self):
        verdicts = self.filtered(lambda promise: promise.state == OPEN)._origin._verdicts()
        for promise in self:
            verdict = verdicts.get(promise._origin.id)
            received = verdict.received if verdict else promise.judged_received
            promise.received = received
            promise.missing = max(promise.amount - received, 0) if promise.state in (OPEN, BROKEN) else 0
            promise.is_partly = bool(received > 0 and promise.missing)

    @api.depends("state", "judged_received", "withdraw_reason")
    @api.depends_context("lang")
    def _compute_verdict(self):
        for promise in self:
            promise.verdict = promise._sentence() if promise.ids else False

    @api.depends_context("uid")
    @api.depends("state", "taken_by_id", "written_on")
    def _compute_may_withdraw(self):
        finance = self.env.user.has_group(FINANCE)
        for promise in self:
            promise.is_finance = finance
            promise.may_withdraw = bool(promise.state == OPEN and promise.ids and promise._origin._is_withdrawable())

    # --- taking a promise ---

    @api.onchange("partner_id", "company_id")
    def _onchange_customer(self):
        """Offer the customer's open items, none covered yet."""
        company = self.company_id or self.env.company
        customer = self.partner_id.commercial_partner_id
        lines = self._open_items(company, customer) if customer and self._may_promise(customer) else []
        self.item_ids = [Command.clear(), *(Command.create(self._item_values(line, company)) for line in lines)]

    @api.onchange("item_ids")
    def _onchange_items(self):
        """What is covered is what is promised, in its currency where it has only one."""
        covered = self.item_ids.filtered("is_covered")
        if covered:
            self.currency_id = covered.currency_id if len(covered.currency_id) == 1 else self.company_id.currency_id
            if len(covered.currency_id) == 1:
                self.amount = sum(covered.mapped("amount"))

    @api.model
    def _may_promise(self, customer):
        """Whether one may take a customer's promise, as the record rules say: own, team, all."""
        user = self.env.user
        owner = customer.sudo().user_id  # sudo: who leads the salesperson's team is no secret
        return self.env.su or user.has_group(FINANCE) or owner == user or (
            user.has_group(TEAM) and owner.sale_team_id.user_id == user)

    @api.model
    def _open_items(self, company, customers):
        """Open debts of customers on the statement's accounts, the oldest first."""
        # sudo: salespeople have no accounting rights; callers check whose customer it is
        accounts, _advance = company.sudo()._arrears_accounts()
        return self.env["account.move.line"].sudo().search([
            ("company_id", "=", company.id), ("account_id", "in", accounts.ids), ("parent_state", "=", "posted"),
            ("reconciled", "=", False), ("amount_residual", ">", 0),
            ("partner_id.commercial_partner_id", "in", customers.ids),
        ], order="date_maturity, id")

    @api.model
    def _item_values(self, line, company):
        own = line.currency_id == company.currency_id
        return {
            "move_line_id": line.id, "move_id": line.move_id.id, "account_id": line.account_id.id,
            "name": line.move_id.name, "date": line.date, "date_maturity": line.date_maturity or line.date,
            "currency_id": line.currency_id.id,
            "amount": line.amount_residual if own else line.amount_residual_currency,
        }

    @api.model_create_multi
    def create(self, vals_list):
        Partner, covered = self.env["res.partner"], []
        finance = self.env.su or self.env.user.has_group(FINANCE)
        self.env.flush_all()
        match_id, item_id = self.env.execute_query(seen())[0]
        vals_list = [{name: value for name, value in vals.items() if self.env.su or name in SAID} for vals in vals_list]
        for vals in vals_list:
            items = [command[2] for command in vals.pop("item_ids", []) if command[0] == Command.CREATE]
            covered.append(list(dict.fromkeys(
                item["move_line_id"] for item in items if item.get("is_covered") and item.get("move_line_id"))))
            vals.update(
                names_items=bool(covered[-1]), seen_match_id=match_id, seen_item_id=item_id,
                partner_id=Partner.browse(vals.get("partner_id")).commercial_partner_id.id)
            if not finance:
                vals["taken_by_id"] = self.env.uid
            if not self.env.su:
                # not even as a default is any of this for a person to say
                vals.update(state=OPEN, judged_on=False, judged_received=0, withdrawn_by_id=False, withdrawn_on=False)
        promises = super().create(vals_list)
        promises.sudo()._check_days()  # sudo: the day on which it was written down is not for a person to say
        for company, of_company in promises.grouped("company_id").items():
            of_company._cover(company, dict(zip(promises, covered, strict=True)))
        promises._announce()
        return promises

    def _check_days(self):
        """:raise UserError: written down for a day that is over, or before it was given"""
        for promise in self:
            today = promise.company_id._arrears_today()
            if promise.taken_on > today or promise.promised_on < today:
                raise UserError(self.env._(
                    "%(promise)s: today is %(today)s. A promise was given today or before, and is written down for a day "
                    "that is not over.", promise=promise.display_name, today=format_date(self.env, today)))
            promise.written_on = today

    def _cover(self, company, covered):
        """Write down which items the promises of a company cover, as they are now.

        :param covered: {promise: ids of journal items}
        :raise UserError: not an open item of the customer, not what may be promised once more, or too much
        """
        lines = self._open_items(company, self.partner_id)
        known = {line.id: line for line in lines}
        wanted = {line_id for promise in self for line_id in covered[promise]}
        Item = self.env["sales.payment.promise.item"].sudo()  # sudo: nobody edits items by hand
        before = Item.search([("move_line_id", "in", list(wanted)), ("promise_state", "!=", WITHDRAWN)]).grouped("move_line_id")
        # sudo: a colleague who sold to the customer before may have taken one
        unnamed = self.sudo().search([
            ("company_id", "=", company.id), ("partner_id", "in", self.partner_id.ids), ("state", "=", OPEN),
            ("names_items", "=", False),
        ]).grouped("partner_id")
        vals_list = []
        for promise in self:
            if not promise.names_items and len(unnamed[promise.partner_id]) > 1:
                other = (unnamed[promise.partner_id] - promise)[:1]
                raise UserError(self.env._(
                    "%(other)s is promised for whatever the customer owes and still open. Wait for that day, or name the "
                    "items that the new promise covers.", other=other.display_name))
            for line_id in covered[promise]:
                line = known.get(line_id)
                if not line or line.partner_id.commercial_partner_id != promise.partner_id:
                    raise UserError(self.env._(
                        "A promise of %(customer)s covers open items of this customer on the statement's accounts, and "
                        "item %(item)s is none. Choose the customer again to see what is open today.",
                        customer=promise.partner_id.name, item=line_id))
                earlier = before.get(line, Item)
                promise._check_promised_before(line, earlier)
                vals_list.append({**self._item_values(line, company), "promise_id": promise.id, "is_covered": True})
            promise._check_amount(company, [known[line_id] for line_id in covered[promise]])
        Item.create(vals_list)

    def _check_promised_before(self, line, earlier):
        """DUN-04: once per item, as long as the company says so."""
        policy = self.company_id.sudo().promise_allowed
        if may_promise(policy, earlier.mapped("promise_state")):
            return
        last = earlier.promise_id.sorted("id")[-1:]
        states = dict(self._fields["state"]._description_selection(self.env))
        names = {
            "item": line.move_id.name, "promise": last.display_name, "state": states[last.state].lower(),
        }
        if policy == ONCE:
            raise UserError(self.env._(
                "%(item)s was promised for already (%(promise)s, %(state)s), and a promise is taken once per item "
                "(DUN-04). Take the matter to your manager, or leave the item out.", **names))
        raise UserError(self.env._(
            "%(item)s is promised for already (%(promise)s, %(state)s). Wait for that day, or leave the item out.", **names))

    def _check_amount(self, company, lines):
        """What is promised for items is no more than what is open of them, in a currency that they have."""
        if not lines:
            return
        currency = self.currency_id
        if currency not in (company.currency_id, *{line.currency_id for line in lines}) or (
            currency != company.currency_id and any(line.currency_id != currency for line in lines)
        ):
            raise UserError(self.env._(
                "%(promise)s: promise in the currency of all of the items, or in %(currency)s.",
                promise=self.display_name, currency=company.currency_id.name))
        is_open = sum(
            line.amount_residual if currency == company.currency_id else line.amount_residual_currency for line in lines)
        if currency.compare_amounts(self.amount, is_open) > 0:
            raise UserError(self.env._(
                "%(promise)s: of the items only %(open)s are open. Promise that much at most, or cover more items.",
                promise=self.display_name, open=format_amount(self.env, is_open, currency)))

    def write(self, vals):
        """What was said stays; a note may be added."""
        own = {name for name in vals if name in self._fields and not name.startswith(("message_", "activity_"))}
        if not self.env.su and own - {"note"}:
            self.check_access("write")
            raise AccessError(self.env._(
                "What a customer promised is not changed afterwards. Withdraw the promise with a reason and take a new one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Promises are not deleted: withdraw one that was a mistake, with the reason."))
