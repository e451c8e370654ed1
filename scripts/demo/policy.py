# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The settings, rules and the commission plan of the demo company, as its administrator enters them."""

from odoo.fields import Command

from . import agreements, credit
from .fieldwork import REPORTERS, VISITORS

PACKS = ("auto_showroom", "field_agency")  # lateness for all; daily logs for the field
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
    for code in PACKS:
        env["sales.policy.pack.load"].create({
            "code": code, "company_id": company.id, "valid_from": stage.month.first,
        }).action_load()
    field_pack = env["sales.policy.pack"].search([("code", "=", "field_agency"), ("company_id", "=", company.id)])
    field_pack.rule_ids.write(_only(REPORTERS, employees))
    rules = env["sales.policy.pack"].search([("company_id", "=", company.id)]).rule_ids
    rules |= env["sales.discipline.rule"].create(_visit_quota(company, employees, stage))
    rules.owner_id = employees["zheng.hao"].user_id
    rules.action_activate()
    plan = env["sales.commission.plan"].create({
        "name": stage.words("Commission on Receipts", "回款提成"),
        "company_id": company.id,
        "version_ids": [Command.create({"valid_from": stage.month.first, "rate": COMMISSION_RATE})],
    })
    plan.action_activate()
    credit.set_policy(env, company, employees, stage)
    agreements.set_policy(company, stage)


def _visit_quota(company, employees, stage):
    """VIS-03, which no pack of the two has, entered by hand."""
    return {
        "name": stage.words("Visits", "客户拜访"), "code": "VISIT", "kind": "visit_quota", "company_id": company.id,
        **_only(VISITORS, employees),
        "version_ids": [Command.create({
            "valid_from": stage.month.first, "visits_per_week": VISITS_PER_WEEK,
            "step_ids": [Command.create({
                "first": 1, "kind": "points", "points": POINTS_PER_MISSING_VISIT, "per_unit": True,
            })],
        })],
    }


def _only(people, employees):
    return {"scope": "employee", "employee_ids": [Command.set([employees[who].id for who in people])]}


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
