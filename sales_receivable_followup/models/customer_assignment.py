# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class CustomerAssignment(models.Model):
    """Who was responsible for a customer since when. Odoo itself only knows who is today.

    Before the first row of a customer its owner is unknown, never today's.
    """

    _name = "sales.customer.assignment"
    _description = "Customer Assignment"
    _order = "partner_id, company_id, date_from desc, id desc"
    _rec_name = "partner_id"

    # Not unique: core's merge of partners moves rows to one partner and deletes what collides.
    _lookup_idx = models.Index("(company_id, partner_id, date_from DESC, id DESC)")

    partner_id = fields.Many2one("res.partner", string="Customer", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade",
    )
    user_id = fields.Many2one("res.users", string="Salesperson", index="btree_not_null", ondelete="restrict")
    team_id = fields.Many2one("crm.team", string="Sales Team", index="btree_not_null", ondelete="restrict")
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)

    @api.model
    def _follow_partners(self, partners, former_users=None):
        """Write down, from today on, who is responsible for ``partners`` now. One statement, however many.

        A partner of one company belongs there; a shared one in the companies of his salesperson. In the companies
        of a former salesperson whom the new one does not follow, nobody is responsible any more.

        :param former_users: who was responsible before the change
        """
        self._follow(SQL("partner.id IN %s", tuple(partners.ids)) if partners else None, former_users)

    @api.model
    def _follow_users(self, users):
        """Write down, from today on, the teams of these salespeople for all of their customers."""
        self._follow(SQL("partner.user_id IN %s", tuple(users.ids)) if users else None)

    def _follow(self, condition, former_users=None):
        if condition is None:
            return
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """
            WITH customer AS (
                SELECT partner.id, partner.company_id, partner.user_id, users.sale_team_id AS team_id
                  FROM res_partner partner
             LEFT JOIN res_users users ON users.id = partner.user_id
                 WHERE partner.commercial_partner_id = partner.id AND %(condition)s
            ),
            known AS (
                SELECT DISTINCT ON (row.partner_id, row.company_id)
                       row.id, row.partner_id, row.company_id, row.user_id, row.team_id, row.date_from
                  FROM sales_customer_assignment row
                  JOIN customer ON customer.id = row.partner_id
                 WHERE row.date_from <= %(today)s
              ORDER BY row.partner_id, row.company_id, row.date_from DESC, row.id DESC
            ),
            wanted AS (
                SELECT customer.id AS partner_id, company.cid AS company_id, customer.user_id, customer.team_id
                  FROM customer
                  JOIN res_company_users_rel company ON company.user_id = customer.user_id
                   AND (customer.company_id IS NULL OR customer.company_id = company.cid)
             UNION ALL
                SELECT known.partner_id, known.company_id, NULL, NULL
                  FROM known
                  JOIN customer ON customer.id = known.partner_id
                 WHERE (customer.user_id IS NULL OR known.user_id IN %(former_users)s)
                   AND NOT EXISTS (
                       SELECT FROM res_company_users_rel company
                        WHERE company.user_id = customer.user_id AND company.cid = known.company_id)
            ),
            changed AS (
                SELECT wanted.*, known.id AS known_id, known.date_from
                  FROM wanted
             LEFT JOIN known USING (partner_id, company_id)
                 WHERE (wanted.user_id, wanted.team_id) IS DISTINCT FROM (known.user_id, known.team_id)
            ),
            same_day AS (
                UPDATE sales_customer_assignment row
                   SET user_id = changed.user_id, team_id = changed.team_id,
                       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
                  FROM changed
                 WHERE row.id = changed.known_id AND row.date_from = %(today)s
            )
            INSERT INTO sales_customer_assignment
                   (partner_id, company_id, user_id, team_id, date_from, create_uid, create_date, write_uid, write_date)
            SELECT partner_id, company_id, user_id, team_id, %(today)s,
                   %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM changed
             WHERE date_from IS DISTINCT FROM %(today)s
            """,
            condition=condition,
            today=fields.Date.context_today(self),
            former_users=tuple((former_users or self.env["res.users"]).ids) or (None,),
            uid=self.env.uid,
        ))
        self.invalidate_model()

    @api.model
    def _seed_from_invoices(self):
        """Begin the history at install: a row for each change of salesperson that posted invoices tell.

        Customers without a row for their present salesperson get one from today.
        """
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """
            WITH invoice AS (
                SELECT partner.commercial_partner_id AS partner_id, move.company_id, move.invoice_user_id AS user_id,
                       move.team_id, move.invoice_date, move.id,
                       LAG((move.invoice_user_id, move.team_id)) OVER customer AS before
                  FROM account_move move
                  JOIN res_partner partner ON partner.id = move.partner_id
                 WHERE move.state = 'posted' AND move.move_type = 'out_invoice' AND move.invoice_user_id IS NOT NULL
                WINDOW customer AS (
                       PARTITION BY partner.commercial_partner_id, move.company_id ORDER BY move.invoice_date, move.id)
            )
            INSERT INTO sales_customer_assignment
                   (partner_id, company_id, user_id, team_id, date_from, create_uid, create_date, write_uid, write_date)
            SELECT partner_id, company_id, user_id, team_id, invoice_date,
                   %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM invoice
             WHERE before IS NULL OR before IS DISTINCT FROM (user_id, team_id)
          ORDER BY invoice_date, id
            """,
            uid=self.env.uid,
        ))
        self._follow(SQL("partner.user_id IS NOT NULL"))
