# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class ResUsers(models.Model):
    """A salesperson's credit authority: what his customers may owe together (GRD-03)."""

    _inherit = "res.users"

    credit_authority_ids = fields.One2many(
        "sales.credit.authority",
        "user_id",
        string="Credit Authorities",
        groups="sales_receivable_followup.group_arrears_finance",
    )

    def _credit_authority(self, company):
        """What the company lets the customers of these salespeople owe together.

        :return: {user id: amount in company currency, or None when the company has granted no authority}
        """
        # sudo: who confirms an order need not be allowed to read what others were granted
        granted = self.env["sales.credit.authority"].sudo().search_fetch(
            [("user_id", "in", self.ids), ("company_id", "=", company.id)], ["user_id", "amount"],
        )
        amounts = {authority.user_id.id: authority.amount for authority in granted}
        return {user_id: amounts.get(user_id) for user_id in self.ids}

    def _credit_authority_used(self, company):
        """What the customers of these salespeople owe now: open items on the company's trade accounts.

        Whose customer it is, the company's assignments say. What a customer has paid too much lowers nobody else's
        debt: it counts as nothing.

        :return: {user id: amount in company currency}
        """
        used = dict.fromkeys(self.ids, 0.0)
        # sudo: which accounts are trade accounts is no secret, but salespeople read no account
        accounts, _advance = company.sudo()._arrears_accounts()
        if not used or not accounts:
            return used
        self.env["account.move.line"].flush_model(
            ["account_id", "amount_residual", "company_id", "parent_state", "partner_id", "reconciled"],
        )
        self.env["sales.customer.assignment"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        rows = self.env.execute_query(SQL(
            """
            WITH owner AS (
                SELECT DISTINCT ON (partner_id) partner_id, user_id
                  FROM sales_customer_assignment
                 WHERE company_id = %(company_id)s AND date_from <= %(today)s
                   AND partner_id IN (SELECT partner_id FROM sales_customer_assignment WHERE user_id IN %(user_ids)s)
              ORDER BY partner_id, date_from DESC, id DESC
            ),
            debt AS (
                SELECT owner.user_id, GREATEST(SUM(line.amount_residual), 0) AS amount
                  FROM owner
                  JOIN res_partner partner ON partner.commercial_partner_id = owner.partner_id
                  JOIN account_move_line line ON line.partner_id = partner.id
                 WHERE owner.user_id IN %(user_ids)s
                   AND line.company_id = %(company_id)s AND line.account_id IN %(account_ids)s
                   AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
              GROUP BY owner.user_id, owner.partner_id
            )
            SELECT user_id, SUM(amount) FROM debt GROUP BY user_id
            """,
            company_id=company.id,
            today=company._arrears_today(),
            user_ids=tuple(self.ids),
            account_ids=tuple(accounts.ids),
        ))
        used.update((user_id, float(amount)) for user_id, amount in rows)
        return used
