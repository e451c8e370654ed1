# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The settings, rules and the commission plan of the demo company, as its administrator enters them."""

from odoo.fields import Command

from .fieldwork import REPORTERS, VISITORS

ON_POST_BY = 8 + 25 / 60
FINE = 20.0
LOG_BY = 18.0
POINTS_PER_LATE_LOG = 5
VISITS_PER_WEEK = 5
POINTS_PER_MISSING_VISIT = 2
COMMISSION_RATE = 1.5
STATEMENT_DAY = 3


def set_policy(env, company, employees, stage):
    company.write({
        "discipline_fines": True,
        "discipline_fines_from": stage.month.first,
        "discipline_officer_id": employees["zhou.min"].user_id.id,
        "arrears_auto_issue": True,
        "arrears_issue_day": STATEMENT_DAY,
        "arrears_send_mail": False,
        "visit_next_step_required": False,
    })
    rules = env["sales.discipline.rule"].create(_rules(company, employees, stage))
    rules.action_activate()
    plan = env["sales.commission.plan"].create({
        "name": stage.words("Commission on Receipts", "回款提成"),
        "company_id": company.id,
        "version_ids": [Command.create({"valid_from": stage.month.first, "rate": COMMISSION_RATE})],
    })
    plan.action_activate()


def _rules(company, employees, stage):
    words = stage.words
    common = {"company_id": company.id, "owner_id": employees["zheng.hao"].user_id.id, "decider_policy": "supervisor"}

    def version(steps, **terms):
        return [Command.create({
            "valid_from": stage.month.first, "reset": "month", **terms,
            "step_ids": [Command.create(step) for step in steps],
        })]

    def only(people):
        return {"scope": "employee", "employee_ids": [Command.set([employees[who].id for who in people])]}

    return [
        {  # ATT-01, ATT-03
            **common, "name": words("Late", "迟到"), "code": "LATE", "kind": "late",
            "version_ids": version(
                [{"first": 1, "last": 1, "kind": "warning"}, {"first": 2, "kind": "fine", "amount": FINE}],
                time_source="fixed", on_post_by=ON_POST_BY,
            ),
        },
        {  # LOG-01, RPD-01
            **common, "name": words("Daily Log", "工作日志"), "code": "LOG", "kind": "daily_log", **only(REPORTERS),
            "version_ids": version(
                [{"first": 1, "kind": "points", "points": POINTS_PER_LATE_LOG, "per_unit": True}], log_deadline=LOG_BY,
            ),
        },
        {  # VIS-03
            **common, "name": words("Visits", "客户拜访"), "code": "VISIT", "kind": "visit_quota", **only(VISITORS),
            "version_ids": version(
                [{"first": 1, "kind": "points", "points": POINTS_PER_MISSING_VISIT, "per_unit": True}],
                visits_per_week=VISITS_PER_WEEK,
            ),
        },
    ]


def mail_from_now_on(stage):
    """The administrator switches the mailing of statements on; the one of the month before went out on paper."""
    with stage.acting("zheng.hao") as env:
        env["res.config.settings"].create({"arrears_send_mail": True}).execute()


def send_commission(stage):
    """The salespeople get their commission to check; one accepts at once."""
    with stage.acting("zheng.hao") as env:
        env["sales.commission.period"].search([("date_from", "=", stage.month.first)]).action_send()
    with stage.acting("li.na") as env:
        env["sales.commission.statement"].search([
            ("user_id", "=", env.uid), ("date_from", "=", stage.month.first),
        ]).action_accept()
