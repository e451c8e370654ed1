# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Policies and who has read them, a deputy, a proposal of merit (POL, CON, AUT, SAN-09).

    Attendance and Conduct   issued on day 1 for all; accepted by all but Chen Jing, Ma Chao and Chen Jianguo
    Business Secrets         on trial from day 15 for the fleet team, to be accepted every year; by two so far
    deputy                   Zhao Qiang decides for Wang Fang while she is on leave
    merit                    lately Zhao Qiang proposes 5 points for Guo Feng, still to be decided
"""

from odoo.fields import Command

from .people import FLEET, PEOPLE, TEAMS
from .stage import LATEST, recall, remember

UNREAD = {"chen.jing", "ma.chao"}
ON_PAPER = "he.xiuying"
READ_AT_ONCE = ("guo.feng", "hu.bin")
MERIT = 5
ATTENDANCE = (
    ("Attendance and Conduct", "考勤与行为规范"),
    ("<p>Whoever sells for us is at his post by 08:25. Leave is asked for before it begins.</p>"
     "<p>What is missed is told to the person, who can answer it, before it counts.</p>",
     "<p>销售人员应于 08:25 前到岗，请假须事先办理。</p><p>违规事项先通知本人，本人可以申辩，之后才生效。</p>"),
)  # fmt: skip
SECRETS = (
    ("Business Secrets", "商业秘密"),
    ("<p>Prices, customers and plans are not given to third parties. Exports need the right and are logged.</p>",
     "<p>价格、客户和计划不得泄露给第三方。导出数据须有权限，并留有记录。</p>"),
)  # fmt: skip


def _policy(env, words, text, **values):
    """A policy with the draft of its first version."""
    name, body = text
    policy = env["sales.policy"].create({
        "name": words(*name), "interpreter_id": recall(env, "employee_zhou.min").user_id.id, **values,
    })
    return env["sales.policy.version"].create({"policy_id": policy.id, "step": "test", "body": words(*body)})


def _issue_attendance(stage):
    with stage.acting("zheng.hao") as env:
        version = _policy(env, stage.words, ATTENDANCE)
        version.action_issue()
        env["sales.discipline.rule"].search([("kind", "=", "late")]).policy_id = version.policy_id
        remember(env, policy_attendance=version)


def _read_attendance(stage):
    for person in PEOPLE:
        if person.has_user and person.key not in UNREAD:
            with stage.acting(person.key) as env:
                recall(env, "policy_attendance").action_accept()
    with stage.acting("sun.li") as env:
        env["sales.policy.receipt"].search([
            ("version_id", "=", recall(env, "policy_attendance").id),
            ("employee_id", "=", recall(env, f"employee_{ON_PAPER}").id),
        ]).action_accept()


def _issue_secrets(stage):
    with stage.acting("zheng.hao") as env:
        fleet = env["crm.team"].search([("name", "=", stage.words(*TEAMS[FLEET]))])
        version = _policy(
            env, stage.words, SECRETS, scope="team", team_ids=[Command.set(fleet.ids)], repeat_months=12)
        version.action_issue_trial()
        remember(env, policy_secrets=version)


def _read_secrets(stage):
    for who in READ_AT_ONCE:
        with stage.acting(who) as env:
            recall(env, "policy_secrets").action_accept()


def _name_deputy(stage):
    with stage.acting("wang.fang") as env:
        env["sales.discipline.deputy"].create({
            "user_id": env.uid, "deputy_id": recall(env, "employee_zhao.qiang").user_id.id, "moment": "away",
        })


def _propose_merit(stage):
    with stage.acting("zhao.qiang") as env:
        env["sales.discipline.proposal"].create({
            "employee_id": recall(env, "employee_guo.feng").id, "kind": "merit", "points": MERIT,
            "reason": stage.words(
                "Won back Tiancheng Group with twenty vehicle lifts.", "争取回天成集团，售出二十台举升机。"),
        }).action_propose()


SCENES = {
    1: [_issue_attendance, _name_deputy],
    2: [_read_attendance],
    15: [_issue_secrets],
    16: [_read_secrets],
    LATEST: [_propose_merit],
}
