# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.grading import COW, DOG, QUESTION, STAR, class_of, completeness

CLASSES = [(STAR, "Star"), (QUESTION, "Question Mark"), (COW, "Cash Cow"), (DOG, "Dog")]
SCORES = {"attractiveness", "position", "is_scored"}
TEAM = "sales_receivable_followup.group_arrears_team"
#: What a card must say (KAM-05, GRD-06). Fax and other terms are asked for but may be left empty (ours).
MANDATORY = (
    "company_kind", "address", "phone", "contact_id", "contact_position", "contact_phone", "strategy", "target_market",
    "consumer_group", "credit_period", "discount",
)


class SalesKeyAccount(models.Model):
    """The card of a key account in a company: its class (KAM-01), and what must be known of it (KAM-05, GRD-06)."""

    _name = "sales.key.account"
    _description = "Key Account"
    _inherit = ["mail.thread"]
    _order = "company_id, partner_id, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    # Not unique in the database: core's merge of partners moves rows to one partner and deletes what collides.
    _partner_idx = models.Index("(company_id, partner_id)")
    _scores_in_range = models.Constraint(
        "CHECK (attractiveness BETWEEN 0 AND 100 AND position BETWEEN 0 AND 100)",
        "Attractiveness and position are scored from 0 to 100.",
    )

    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade", check_company=True,
        domain="[('parent_id', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="cascade",
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")

    is_scored = fields.Boolean(
        string="Scored", tracking=True, help="Attractiveness and position were judged. Until then there is no class."
    )
    attractiveness = fields.Integer(
        aggregator="avg", tracking=True, help="0 to 100: potential and volume of the customer (KAM-01)."
    )
    position = fields.Integer(
        aggregator="avg", tracking=True, help="0 to 100: how strong we are with the customer, such as our share (KAM-01)."
    )
    reviewed_on = fields.Date(readonly=True, help="When the scores were last given. Review them once a year (ours).")
    key_account_class = fields.Selection(
        CLASSES, string="Class", compute="_compute_key_account_class", store=True, index=True, tracking=True,
        help="Star: attractive and we are strong. Question mark: attractive, but we are weak. Cash cow: we are strong, "
        "but there is little future. Dog: neither. The border is a setting, 50 by default (ours).",
    )
    treatment = fields.Text(compute="_compute_treatment", help="What this class asks of us.")

    company_kind = fields.Char(help="Such as manufacturer, chain store, wholesaler.")
    address = fields.Char(related="partner_id.street", string="Address")
    phone = fields.Char(related="partner_id.phone", string="Telephone")
    fax = fields.Char()
    contact_id = fields.Many2one(
        "res.partner", string="Contact Person", index="btree_not_null", domain="[('parent_id', '=', partner_id)]"
    )
    contact_position = fields.Char(related="contact_id.function", string="Position of the Contact")
    contact_phone = fields.Char(related="contact_id.phone", string="Telephone of the Contact")
    strategy = fields.Text(help="What the customer is after.")
    target_market = fields.Char()
    consumer_group = fields.Char()
    credit_period = fields.Char(help="Trade terms (GRD-06): when the customer pays.")
    discount = fields.Char(help="Trade terms (GRD-06): what the customer gets off.")
    other_terms = fields.Char(help="Trade terms (GRD-06): anything else that was agreed.")
    completeness = fields.Integer(
        compute="_compute_completeness", aggregator=None, help="Percent of the mandatory fields that are filled in."
    )
    missing = fields.Char(compute="_compute_completeness", string="Still Missing")

    @api.depends("is_scored", "attractiveness", "position", "company_id.key_account_threshold")
    def _compute_key_account_class(self):
        for account in self:
            account.key_account_class = account.is_scored and class_of(
                account.attractiveness, account.position, account.company_id.key_account_threshold)

    @api.depends("key_account_class", *(f"company_id.key_account_treatment_{name}" for name, _label in CLASSES))
    @api.depends_context("lang")
    def _compute_treatment(self):
        for account in self:
            account.treatment = account.key_account_class and account.company_id._key_account_treatment(
                account.key_account_class)

    @api.depends(*MANDATORY)
    @api.depends_context("lang")
    def _compute_completeness(self):
        for account in self:
            account.completeness = completeness(account[name] for name in MANDATORY)
            account.missing = ", ".join(
                self.env["ir.model.fields"]._get(self._name, name).field_description
                for name in MANDATORY if not account[name]
            )

    @api.constrains("partner_id", "company_id", "active")
    def _check_one_card(self):
        found = self.sudo()._read_group(
            [("partner_id", "in", self.partner_id.ids), ("company_id", "in", self.company_id.ids)],
            ["partner_id", "company_id"], having=[("__count", ">", 1)],
        )
        for partner, company in found:
            raise UserError(self.env._(
                "%(customer)s already has a key account card in %(company)s: open that one.",
                customer=partner.name, company=company.name))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("partner_id"):
                vals["partner_id"] = self.env["res.partner"].browse(vals["partner_id"]).commercial_partner_id.id
        accounts = super().create(vals_list)
        accounts.filtered("is_scored")._note_review()
        return accounts

    def write(self, vals):
        if vals.keys() & {"partner_id", "company_id", "active"} and not self.env.su and not self.env.user.has_group(TEAM):
            raise UserError(self.env._("Managers decide which customers are key accounts; you fill in their cards."))
        if vals.keys() & {"attractiveness", "position"}:
            vals = {"is_scored": True, **vals}
        result = super().write(vals)
        if vals.keys() & SCORES:
            self._note_review()
        return result

    def _note_review(self):
        """Scores are a manager's judgement (KAM-01); who fills in the card may not give them."""
        if not self.env.su and not self.env.user.has_group(TEAM):
            raise UserError(self.env._(
                "Managers score key accounts. Fill in the card; your manager gives attractiveness and position."))
        for company, accounts in self.grouped("company_id").items():
            accounts.write({"reviewed_on": company._arrears_today()})

    def action_confirm_scores(self):
        """The yearly review found the scores right."""
        self.check_access("write")
        if not all(self.mapped("is_scored")):
            raise UserError(self.env._("Give attractiveness and position first."))
        self._note_review()
