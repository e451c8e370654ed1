# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What OCA's add-ons offer for the same question on the same data: their own code, without layout and printer."""


def aged_balance(env, account, date_from, date_to):
    """account_financial_report: aged partner balance as of the month's end."""
    wizard = env["aged.partner.balance.report.wizard"].create({"date_at": date_to, "account_ids": account.ids})
    data = wizard._prepare_report_data() | {"date_at": str(date_to)}
    report = env["report.account_financial_report.aged_partner_balance"]
    values = report._get_report_values(wizard.ids, data)
    return sum(len(account["partners"]) for account in values["aged_partner_balance"])


def activity_statement(env, account, date_from, date_to):
    """partner_statement: activity of the month of every customer, with its ageing."""
    customers = env["res.partner"].search([("name", "=like", "Bench %")])
    wizard = env["activity.statement.wizard"].with_context(active_ids=customers.ids).create({
        "date_start": date_from, "date_end": date_to, "filter_partners_non_due": False,
        "filter_negative_balances": False,
    })  # fmt: skip
    report = env["report.partner_statement.activity_statement"]
    return len(report._get_report_values(customers.ids, wizard._prepare_statement())["data"])


#: (name of the job, module it needs, function)
PEERS = [
    ("OCA aged partner balance", "account_financial_report", aged_balance),
    ("OCA activity statement", "partner_statement", activity_statement),
]
