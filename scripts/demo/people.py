# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who works at the demo company."""

from dataclasses import dataclass

from odoo.fields import Command

PASSWORD = "demo"
WAGE = 6500.0
SHOWROOM, FLEET = "showroom", "fleet"
CHINA, WEST = "Asia/Shanghai", "Asia/Urumqi"


@dataclass(frozen=True)
class Person:
    key: str  # the login, for those who have one
    latin: str
    chinese: str
    role: str
    team: str = ""
    zone: str = CHINA
    has_user: bool = True


PEOPLE = [
    Person("wang.fang", "Wang Fang", "王芳", "leader", SHOWROOM),
    Person("li.na", "Li Na", "李娜", "salesperson", SHOWROOM),
    Person("zhang.wei", "Zhang Wei", "张伟", "salesperson", SHOWROOM),
    Person("liu.yang", "Liu Yang", "刘洋", "salesperson", SHOWROOM),
    Person("chen.jing", "Chen Jing", "陈静", "salesperson", SHOWROOM),
    Person("yang.fan", "Yang Fan", "杨帆", "salesperson", SHOWROOM),
    Person("huang.lei", "Huang Lei", "黄蕾", "salesperson", SHOWROOM),
    Person("zhao.qiang", "Zhao Qiang", "赵强", "leader", FLEET),
    Person("xu.peng", "Xu Peng", "徐鹏", "salesperson", FLEET),
    Person("ma.chao", "Ma Chao", "马超", "salesperson", FLEET),
    Person("zhu.ting", "Zhu Ting", "朱婷", "salesperson", FLEET),
    Person("hu.bin", "Hu Bin", "胡斌", "salesperson", FLEET),
    Person("guo.feng", "Guo Feng", "郭峰", "salesperson", FLEET),
    Person("lin.xiao", "Lin Xiao", "林晓", "salesperson", FLEET, zone=WEST),
    Person("sun.li", "Sun Li", "孙丽", "clerk"),
    Person("zhou.min", "Zhou Min", "周敏", "officer"),
    Person("wu.jing", "Wu Jing", "吴静", "finance"),
    Person("zheng.hao", "Zheng Hao", "郑浩", "administrator"),
    Person("he.xiuying", "He Xiuying", "何秀英", "assistant", SHOWROOM, has_user=False),
    Person("chen.jianguo", "Chen Jianguo", "陈建国", "driver", FLEET, has_user=False),
]
SALESPEOPLE = [person for person in PEOPLE if person.role == "salesperson"]
LEADERS = {person.team: person for person in PEOPLE if person.role == "leader"}

JOBS = {
    "leader": ("Sales Manager", "销售经理"),
    "salesperson": ("Salesperson", "销售员"),
    "clerk": ("Info Clerk", "信息员"),
    "officer": ("Sales Administration", "销售内勤主管"),
    "finance": ("Accountant", "会计"),
    "administrator": ("System Administrator", "系统管理员"),
    "assistant": ("Showroom Assistant", "展厅助理"),
    "driver": ("Driver", "司机"),
}
TEAMS = {SHOWROOM: ("Showroom", "展厅部"), FLEET: ("Fleet Customers", "大客户部")}

# Groups of each role, those of an add-on that is not installed are left out.
GROUPS = {
    "salesperson": ["sales_team.group_sale_salesman", "sales_kpi.group_kpi_user"],
    "leader": [
        "sales_team.group_sale_salesman_all_leads", "sales_discipline.group_discipline_supervisor",
        "sales_receivable_followup.group_arrears_team", "sales_kpi.group_kpi_manager",
    ],
    "clerk": ["sales_discipline.group_discipline_clerk", "hr_attendance.group_hr_attendance_officer"],
    "officer": [
        "sales_discipline.group_discipline_officer", "hr_holidays.group_hr_holidays_user",
        "sales_kpi.group_kpi_manager", "stock.group_stock_user",
    ],
    "finance": ["account.group_account_invoice", "sales_receivable_followup.group_arrears_finance"],
    "administrator": [
        "base.group_system", "sales_team.group_sale_manager", "account.group_account_manager",
        "hr.group_hr_manager", "hr_attendance.group_hr_attendance_manager", "hr_holidays.group_hr_holidays_manager",
        "sales_discipline.group_discipline_administrator", "sales_receivable_followup.group_arrears_administrator",
        "sales_kpi.group_kpi_administrator",
    ],
}


def name_of(person, words):
    return words(f"{person.latin} {person.chinese}", person.chinese)


def _email(person):
    return f"{person.key}@xinghe.example"


def hire(env, company, calendars, words, since):
    """Create users, employees and sales teams.

    :param calendars: working calendar by time zone
    :param since: first day of everybody's contract
    :return: ``{key: employee}``
    """
    users = _create_users(env, company, words)
    employees = _create_employees(env, company, calendars, words, since, users)
    _create_teams(env, company, words, users)
    return employees


def _create_users(env, company, words):
    groups = {role: env["res.groups"].union(*filter(None, (env.ref(name, False) for name in names)))
              for role, names in GROUPS.items()}
    people = [person for person in PEOPLE if person.has_user]
    users = env["res.users"].with_context(no_reset_password=True).create([
        {
            "name": name_of(person, words),
            "login": person.key,
            "email": _email(person),
            "phone": f"+86 571 8800 {1001 + number}",
            "tz": person.zone,
            "lang": words.language,
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set((env.ref("base.group_user") | groups[person.role]).ids)],
            "notification_type": "inbox",
            "tour_enabled": False,
        }
        for number, person in enumerate(people)
    ])
    if "odoobot_state" in users._fields:
        users.odoobot_state = "disabled"  # its greeting would cover the phone's first page
    password = env["res.users"]._crypt_context().hash(PASSWORD)  # once: a hash is slow on purpose
    for user in users:
        user._set_encrypted_password(user.id, password)
    return {person.key: user for person, user in zip(people, users, strict=True)}


def _create_employees(env, company, calendars, words, since, users):
    jobs = dict(zip(JOBS, env["hr.job"].create([
        {"name": words(*names), "company_id": company.id} for names in JOBS.values()
    ]), strict=True))
    departments = dict(zip(TEAMS, env["hr.department"].create([
        {"name": words(*names), "company_id": company.id} for names in TEAMS.values()
    ]), strict=True))
    employees = dict(zip((person.key for person in PEOPLE), env["hr.employee"].create([
        {
            "name": name_of(person, words),
            "company_id": company.id,
            "user_id": users[person.key].id if person.has_user else False,
            "job_id": jobs[person.role].id,
            "job_title": words(*JOBS[person.role]),
            "department_id": departments[person.team].id if person.team else False,
            "resource_calendar_id": calendars[person.zone].id,
            "tz": person.zone,
            "work_email": _email(person) if person.has_user else False,
            "work_phone": f"+86 571 8800 {1001 + number}",
            "mobile_phone": f"+86 139 5710 {2001 + number}",
            "attendance_manager_id": users["sun.li"].id,
            "ruleset_id": False,  # nobody counts overtime here
            "date_version": since,
            "contract_date_start": since,
            "wage": WAGE,
        }
        for number, person in enumerate(PEOPLE)
    ]), strict=True))
    for person in PEOPLE:
        leader = LEADERS.get(person.team)
        if leader and leader is not person:
            employees[person.key].write({
                "parent_id": employees[leader.key].id, "leave_manager_id": users[leader.key].id,
            })
    return employees


def _create_teams(env, company, words, users):
    for team, names in TEAMS.items():
        env["crm.team"].create({
            "name": words(*names),
            "company_id": company.id,
            "user_id": users[LEADERS[team].key].id,
            "member_ids": [Command.set([users[person.key].id for person in SALESPEOPLE if person.team == team])],
        })
