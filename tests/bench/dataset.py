# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The one seeded dataset that all benchmarks share. Written by SQL: it is the input, not what is measured.

L: 50,000 customers, 1,000,000 receivable items in 24 months, 10,000 employees x 60 days of punches. S: a tenth.
Every figure follows from the row's number, so that two databases hold the same data.
"""

from datetime import date
from typing import NamedTuple
from unittest.mock import patch

from odoo.tools import SQL


class Scale(NamedTuple):
    customers: int
    items: int
    employees: int
    days: int


SCALES = {
    "S": Scale(5_000, 100_000, 1_000, 60),
    "L": Scale(50_000, 1_000_000, 10_000, 60),
    "XS": Scale(500, 10_000, 100, 60),
}
FIRST_DAY = date(2024, 1, 1)
MONTH = (date(2025, 11, 1), date(2025, 11, 30))
PUNCHES_UNTIL = date(2025, 11, 30)


def seed_receivables(env, scale):
    """Half of the items are invoices over 24 months, half are payments; one payment in ten is partial and each is
    matched, one month after its invoice on average. A fifth of the invoices stay open.

    :return: the receivable account
    """
    company = env.company
    account = env["account.account"].search(
        [
            ("account_type", "=", "asset_receivable"),
            ("company_ids", "in", company.id),
            ("non_trade", "=", False),
            ("id", "!=", company.account_default_pos_receivable_account_id.id),  # the statement leaves it out
        ],
        limit=1,
    )
    income = env["account.account"].search(
        [("account_type", "=", "income"), ("company_ids", "in", company.id)], limit=1
    )
    journals = {
        kind: env["account.journal"].search([("type", "=", kind), ("company_id", "=", company.id)], limit=1).id
        for kind in ("sale", "bank")
    }
    names = {
        "company": company.id, "currency": company.currency_id.id, "receivable": account.id, "income": income.id,
        "sale": journals["sale"], "bank": journals["bank"], "customers": scale.customers, "invoices": scale.items // 2,
        "first_day": FIRST_DAY,
    }  # fmt: skip
    for statement in _RECEIVABLES:
        env.cr.execute(SQL(statement, **names))
    env.cr.execute("ANALYZE")
    env.invalidate_all()
    return account


_RECEIVABLES = (
    """
    INSERT INTO res_partner (name, complete_name, active, is_company, autopost_bills, type, lang, create_date,
                             write_date)
    SELECT 'Bench ' || n, 'Bench ' || n, true, true, 'ask', 'contact', 'en_US', now(), now()
      FROM generate_series(1, %(customers)s) n
    """,
    "UPDATE res_partner SET commercial_partner_id = id WHERE name LIKE 'Bench %%' AND commercial_partner_id IS NULL",
    """
    CREATE TEMP TABLE bench_item AS
    WITH customer AS (
        SELECT id, row_number() OVER (ORDER BY id) - 1 AS position FROM res_partner WHERE name LIKE 'Bench %%'
    ), invoice AS (
        SELECT n, customer.id AS partner_id, %(first_day)s::date + (n * 7919 %% 700)::int AS day,
               (100 + n * 31 %% 9900)::numeric AS amount
          FROM generate_series(1::bigint, %(invoices)s) n
          JOIN customer ON customer.position = n %% %(customers)s
    )
    SELECT n, 'out_invoice' AS move_type, partner_id, day, amount AS balance FROM invoice
     UNION ALL
    SELECT n, 'entry', partner_id, day + 5 + (n * 13 %% 60)::int,
           CASE WHEN n %% 5 = 0 THEN -1 WHEN n %% 10 = 1 THEN -round(amount / 2, 2) ELSE -amount END
      FROM invoice
    """,
    """
    INSERT INTO account_move (name, ref, date, invoice_date, state, move_type, journal_id, company_id, currency_id,
                              partner_id, commercial_partner_id, auto_post, amount_total, create_date, write_date)
    SELECT 'BENCH/' || move_type || '/' || n, 'bench ' || move_type || n, day, day, 'posted', move_type,
           CASE move_type WHEN 'entry' THEN %(bank)s ELSE %(sale)s END, %(company)s, %(currency)s,
           partner_id, partner_id, 'no', abs(balance), now(), now()
      FROM bench_item
    """,
    """
    INSERT INTO account_move_line (move_id, journal_id, company_id, company_currency_id, currency_id, account_id,
        partner_id, date, invoice_date, date_maturity, debit, credit, balance, amount_currency, amount_residual,
        amount_residual_currency, reconciled, parent_state, display_type, move_name, name, no_followup,
        create_date, write_date)
    SELECT move.id, move.journal_id, move.company_id, %(currency)s, %(currency)s, side.account_id,
           item.partner_id, item.day, item.day, item.day + 30, greatest(side.balance, 0), greatest(-side.balance, 0),
           side.balance, side.balance, CASE WHEN side.main THEN side.balance ELSE 0 END,
           CASE WHEN side.main THEN side.balance ELSE 0 END, false, 'posted',
           CASE WHEN side.main THEN 'payment_term' ELSE 'product' END, move.name, 'bench', false, now(), now()
      FROM bench_item item
      JOIN account_move move ON move.ref = 'bench ' || item.move_type || item.n
     CROSS JOIN LATERAL (VALUES (true, %(receivable)s, item.balance), (false, %(income)s, -item.balance))
           AS side (main, account_id, balance)
    """,
    """
    INSERT INTO account_partial_reconcile (debit_move_id, credit_move_id, amount, debit_amount_currency,
        credit_amount_currency, debit_currency_id, credit_currency_id, company_id, max_date, create_date, write_date)
    SELECT debit.id, credit.id, -credit.balance, -credit.balance, -credit.balance, %(currency)s, %(currency)s,
           %(company)s, greatest(debit.date, credit.date), now(), now()
      FROM bench_item item
      JOIN account_move_line debit
        ON debit.move_name = 'BENCH/out_invoice/' || item.n AND debit.account_id = %(receivable)s
      JOIN account_move_line credit
        ON credit.move_name = 'BENCH/entry/' || item.n AND credit.account_id = %(receivable)s
     WHERE item.move_type = 'entry' AND item.n %% 5 <> 0
    """,
    """
    UPDATE account_move_line line
       SET amount_residual = line.balance - matched.amount, amount_residual_currency = line.balance - matched.amount,
           reconciled = line.balance = matched.amount
      FROM (SELECT debit_move_id AS id, sum(amount) AS amount FROM account_partial_reconcile GROUP BY 1
             UNION ALL
            SELECT credit_move_id, -sum(amount) FROM account_partial_reconcile GROUP BY 1) matched
     WHERE matched.id = line.id AND line.name = 'bench'
    """,
    "DROP TABLE bench_item",
)


def seed_punches(env, scale):
    """Everybody punches in and out on each of the last weekdays; one in eight mornings is late.

    :return: the employees
    """
    calendar = env.company.resource_calendar_id
    calendar.tz = "Asia/Shanghai"
    # drawing 10,000 avatars would take longer than everything that is measured
    with patch.object(env.registry["hr.employee"], "_avatar_generate_svg", lambda employee: False):
        employees = env["hr.employee"].create([
            {"name": f"Bench {n}", "tz": "Asia/Shanghai", "date_version": FIRST_DAY, "contract_date_start": FIRST_DAY}
            for n in range(scale.employees)
        ])
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            INSERT INTO hr_attendance (employee_id, check_in, check_out, date, worked_hours, in_mode, out_mode,
                                       create_date, write_date)
            SELECT employee.id, day + time '00:10' + (late * interval '1 minute'), day + time '09:30', day, 9,
                   'kiosk', 'kiosk', now(), now()
              FROM unnest(%(employees)s) WITH ORDINALITY AS employee (id, position)
             CROSS JOIN (SELECT d::date AS day, row_number() OVER (ORDER BY d) AS number
                           FROM generate_series(%(until)s::date - 100, %(until)s::date, interval '1 day') d
                          WHERE extract(isodow FROM d) < 6 ORDER BY d DESC LIMIT %(days)s) calendar
             CROSS JOIN LATERAL (SELECT CASE WHEN (employee.position * 7 + calendar.number * 3) %% 8 = 0
                                             THEN 16 + (employee.position %% 40)::int ELSE 5 END AS late) lateness
            """,
            employees=employees.ids,
            until=PUNCHES_UNTIL,
            days=scale.days,
        )
    )
    env.cr.execute("ANALYZE")
    env.invalidate_all()
    return employees


def seed_fieldwork(env, employees):
    """A daily log of each working day of the month, one in eight late, one in forty a draft; three visits a week."""
    partner = env["res.partner"].create({"name": "Visited"})
    days = (
        "FROM unnest(%(employees)s) WITH ORDINALITY AS employee (id, position) "
        "CROSS JOIN (SELECT d::date AS day, row_number() OVER (ORDER BY d) AS number "
        "FROM generate_series(%(date_from)s::date, %(date_to)s, interval '1 day') d WHERE extract(isodow FROM d) < 6) m"
    )
    names = {
        "employees": employees.ids, "date_from": MONTH[0], "date_to": MONTH[1], "company": env.company.id,
        "partner": partner.id,
    }  # fmt: skip
    env.cr.execute(SQL(
        """
        INSERT INTO sales_daily_log (employee_id, company_id, date, state, submitted_on, create_date, write_date)
        SELECT id, %(company)s, day, CASE WHEN draft THEN 'draft' ELSE 'submitted' END,
               CASE WHEN NOT draft THEN day + CASE WHEN (position + number) %% 8 = 0 THEN time '13:00' ELSE '09:00' END
               END, now(), now()
          FROM (SELECT *, (position * 3 + number) %% 40 = 0 AS draft """ + days + """) log
        """, **names,
    ))  # fmt: skip
    env.cr.execute(SQL(
        """
        INSERT INTO sales_visit (employee_id, company_id, partner_id, planned_date, visit_date, check_in, state, result,
                                 result_reason, counted, create_date, write_date)
        SELECT id, %(company)s, %(partner)s, day, day, day + time '04:00', 'done', 'verified', 'within', true, now(),
               now() """ + days + " WHERE (position + number) %% 5 < 3", **names,
    ))  # fmt: skip
    env.cr.execute("ANALYZE sales_daily_log, sales_visit")
    env.invalidate_all()
