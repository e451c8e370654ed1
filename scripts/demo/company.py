# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The demo company: a car dealer with two sales teams, as its administrator sets it up."""

from dateutil.relativedelta import relativedelta

from odoo.fields import Command

from .customers import create_customers, create_products
from .people import CHINA, WEST, hire
from .policy import set_policy
from .stage import remember

NAME = ("Xinghe Motors 星河汽车", "星河汽车销售有限公司")
HOURS = (("morning", 8.5, 12), ("lunch", 12, 13.5), ("afternoon", 13.5, 17.5))


def found(stage):
    """Create the company and everything that is there before the first month begins."""
    with stage.acting() as env:
        company = _create_company(env, stage)
        remember(env, company=company)
    with stage.acting(quiet=True) as env:
        company = env.company
        _open_books(env, company, stage)
        calendars = _create_calendars(env, company, stage)
        employees = hire(env, company, calendars, stage.words, stage.month.first - relativedelta(years=1))
        users = {key: employee.user_id for key, employee in employees.items()}
        products = create_products(env, company, stage.words)
        customers = create_customers(env, company, users, stage.words)
        _create_leave_type(env, company, stage)
        _open_warehouse(env, company)
        set_policy(env, company, employees, stage)
        remember(
            env,
            **{f"employee_{key}": employee for key, employee in employees.items()},
            **{f"product_{key}": product for key, product in products.items()},
            **{"customer_" + key.lower().replace(" ", "_"): customer for key, customer in customers.items()},
        )


def _create_company(env, stage):
    company = env["res.company"].create({
        "name": stage.words(*NAME),
        "phone": "+86 571 8800 1000",
        "email": "office@xinghe.example",
        "logo": False,  # Odoo's placeholder would stand on every paper
        # Odoo would ask a service in the internet about the company.
        **({"iap_enrich_auto_done": True} if "iap_enrich_auto_done" in env["res.company"]._fields else {}),
    })
    # On the company the country would install a chart of accounts of its own.
    company.partner_id.write({
        "country_id": env.ref("base.cn").id,
        "city": stage.words("Hangzhou", "杭州"),
        "lang": stage.words.language,
        "tz": CHINA,
    })
    admin = env.ref("base.user_admin", raise_if_not_found=False)
    if admin:
        admin.company_ids += company
    # Nothing leaves the machine, whatever mail server it runs.
    env["ir.mail_server"].create({
        "name": stage.words("Demo: mail stays in Odoo", "演示：邮件不外发"),
        "smtp_host": "127.0.0.1",
        "smtp_port": 1,
        "sequence": 0,
    })
    return company


def _open_books(env, company, stage):
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    yuan = env.ref("base.CNY")
    yuan.active = True
    company.currency_id = yuan  # the chart of accounts has brought its own
    # made with the company, where price lists are switched on
    env["product.pricelist"].search([("company_id", "=", company.id)]).currency_id = yuan
    company.account_sale_tax_id = env["account.tax"].create({
        "name": "13%",
        "amount": 13,
        "type_tax_use": "sale",
        "company_id": company.id,
        "country_id": company.account_fiscal_country_id.id,
        "tax_group_id": env["account.tax.group"].create({"name": "13%", "company_id": company.id}).id,
    })
    dollar = env.ref("base.USD")
    dollar.active = True
    first = stage.month.first
    env["res.currency.rate"].create([
        {"currency_id": dollar.id, "company_id": company.id, "name": day, "inverse_company_rate": rate}
        for day, rate in [
            (first - relativedelta(months=6), 7.10),
            (first, 7.16),
            (first + relativedelta(days=14), 7.22),
            (stage.month.next, 7.20),
        ]
    ])
    advance = env["account.account"].create({
        "code": "220300", "name": stage.words("Advances from Customers", "预收账款"),
        "account_type": "liability_current", "reconcile": True, "company_ids": [Command.set(company.ids)],
    })
    company.arrears_advance_account_ids = advance
    remember(env, advance=advance)


def _create_calendars(env, company, stage):
    hours = [
        Command.create({
            "name": f"{weekday}-{period}", "dayofweek": str(weekday), "day_period": period,
            "hour_from": start, "hour_to": end,
        })
        for weekday in range(5) for period, start, end in HOURS
    ]
    names = {
        CHINA: stage.words("Showroom Hours", "展厅工时"),
        WEST: stage.words("Western Branch Hours", "西部分店工时"),
    }
    head, branch = env["resource.calendar"].create([
        {"name": names[zone], "company_id": company.id, "tz": zone, "attendance_ids": [Command.clear(), *hours]}
        for zone in (CHINA, WEST)
    ])
    company.resource_calendar_id = head
    holiday = stage.month.holiday
    env["resource.calendar.leaves"].create({
        "name": stage.words("Company Anniversary", "公司周年庆"), "company_id": company.id, "calendar_id": False,
        # midnight to midnight in China, in UTC
        "date_from": f"{holiday - relativedelta(days=1)} 16:00:00", "date_to": f"{holiday} 15:59:59",
    })
    return {CHINA: head, WEST: branch}


def _create_leave_type(env, company, stage):
    leave_type = env["hr.leave.type"].create({
        "name": stage.words("Sick Leave", "病假"), "company_id": company.id, "requires_allocation": False,
        "leave_validation_type": "manager", "request_unit": "half_day",
    })
    remember(env, sick_leave=leave_type)


def _open_warehouse(env, company):
    """Odoo makes one with a new company only while it is tested."""
    if not env["stock.warehouse"].search_count([("company_id", "=", company.id)], limit=1):
        env["stock.warehouse"].create({"name": company.name, "code": "XH", "company_id": company.id})
