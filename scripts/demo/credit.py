# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Grades, extra limits, a key account, and orders that the credit check looks at (GRD, KAM).

Prices with 13 % tax: a vehicle lift is 25,990. Limits by the example grades: A 500,000, B 200,000, C 50,000.

    Tiancheng Group      A, key account (a star), 200,000 more until the end of the next month: both orders pass
    Hongyuan Machinery   B, ten lifts are 259,900: over by 59,900, approved by Wang Fang, who says why
    Baichuan Supplies    C, three lifts are 77,970: over by 27,970, waits; more limit is asked for, and open
    Jinpeng Tools        90,000 overdue since two months: refused
    Xingyun Sports       has no agreement: noted (agreements.py)
    Lanhai Trading       B, buys on a verbal agreement (agreements.py)

Every other customer has a proposal that waits for the director, with its reasons; one is rejected.
"""

from dateutil.relativedelta import relativedelta

from odoo.exceptions import UserError
from odoo.fields import Command

from . import books
from .ledger import customer
from .stage import StoryError, recall, remember

GRADED = {"Tiancheng Group": "A", "Hongyuan Machinery": "B", "Baichuan Supplies": "C", "Lanhai Trading": "B"}
# What they bought three months ago, and Jinpeng has not paid.
BOUGHT = {
    "Tiancheng Group": 620000, "Hongyuan Machinery": 300000, "Baichuan Supplies": 80000, "Lanhai Trading": 260000,
    "Jinpeng Tools": 90000,
}  # fmt: skip
LEADER_APPROVES_UP_TO = 100000
TOLERATED_DAYS = 30
EXTRA = 200000
DIRECTOR, FINANCE = "zheng.hao", "wu.jing"


def set_policy(env, company, employees, stage):
    """What the administrator sets, and the grades that he puts into force."""
    company.write({
        "account_use_credit_limit": True,
        "order_check_limit": "approve",
        "order_check_overdue": "block",
        "order_check_agreement": "warn",
        "order_check_tolerance_days": TOLERATED_DAYS,
        "order_check_leader_amount": LEADER_APPROVES_UP_TO,
        "order_check_approver_ids": [Command.set(employees[DIRECTOR].user_id.ids)],
    })
    policy = env["sales.customer.grade.policy"].create({
        "name": stage.words("Customer Grades", "客户信用分级"), "company_id": company.id,
        "version_ids": [Command.create({"valid_from": stage.month.first})],
    })
    policy.action_use_example()
    policy.action_activate()
    env["sales.credit.authority"].create([
        {"user_id": employees[who].user_id.id, "company_id": company.id, "amount": amount}
        for who, amount in (("guo.feng", 3000000), ("li.na", 1500000))
    ])
    remember(env, grade_policy=policy)


def months_before(env, back):
    """Finance invoices three months before the story, and gets the money two months before."""
    if back == 3:
        for key, total in BOUGHT.items():
            move = books.invoice(env, customer(env, key), recall(env, "product_service"), total)
            remember(env, **{f"bought_{move.partner_id.id}": move})
    if back == 2:
        paid = [key for key in BOUGHT if key != "Jinpeng Tools"]
        books.pay(env, env["account.move"].union(*(recall(env, f"bought_{customer(env, key).id}") for key in paid)))


# --- grades ---


def _propose_grades(stage):
    with stage.acting(FINANCE, quiet=True) as env:
        recall(env, "grade_policy").action_propose()


def _decide_grades(stage):
    with stage.acting(DIRECTOR) as env:
        proposals = env["sales.customer.grade.proposal"].search([("state", "=", "proposed")])
        graded = proposals.filtered(lambda one: one.partner_id in [customer(env, key) for key in GRADED])
        found = {one.partner_id: one.new_code for one in graded}
        if found != {customer(env, key): code for key, code in GRADED.items()}:
            raise StoryError(f"Other grades are proposed than the story tells: {sorted(found.values())}.")
        _decide(env, graded, "approve", stage.words("By the figures.", "按数据核定。"))
        school = proposals.filtered(lambda one: one.partner_id == customer(env, "Boya School"))
        _decide(env, school, "reject", stage.words(
            "Wait until the new contract is signed.", "待新合同签订后再评。"))


def _decide(env, requests, decision, reason):
    field = "proposal_ids" if requests._name == "sales.customer.grade.proposal" else "extra_ids"
    wizard = env["sales.credit.decision"].create({field: [Command.set(requests.ids)], "reason": reason})
    getattr(wizard, f"action_{decision}")()


# --- extra limits ---


def _ask_more(stage, key, amount, reason):
    with stage.acting(FINANCE) as env:
        extra = env["sales.customer.credit.extra"].create({
            "partner_id": customer(env, key).id, "amount": amount, "reason": stage.words(*reason),
            "date_to": stage.month.next + relativedelta(months=1, days=-1),
        })
        remember(env, **{f"extra_{extra.partner_id.id}": extra})


def _ask_more_for_tiancheng(stage):
    _ask_more(stage, "Tiancheng Group", EXTRA, ("They equip a second workshop.", "客户新建第二个维修车间。"))


def _allow_more(stage):
    with stage.acting(DIRECTOR) as env:
        extra = recall(env, f"extra_{customer(env, 'Tiancheng Group').id}")
        _decide(env, extra, "approve", stage.words("Until the workshop is open.", "至车间投产为止。"))


def _ask_more_for_baichuan(stage):
    _ask_more(stage, "Baichuan Supplies", 30000, ("For the three lifts.", "用于三台举升机的订单。"))


# --- a key account ---


def _open_card(stage):
    """The manager scores the customer, the salesperson fills in the card; trade terms are still missing."""
    with stage.acting("zhao.qiang") as env:
        account = env["sales.key.account"].create({
            "partner_id": customer(env, "Tiancheng Group").id, "attractiveness": 82, "position": 70, "is_scored": True,
        })
    with stage.acting("guo.feng") as env:
        env["sales.key.account"].browse(account.id).write({
            "company_kind": stage.words("Chain of workshops", "维修连锁企业"),
            "strategy": stage.words("Twenty workshops in three years.", "三年内开设二十家门店。"),
            "target_market": stage.words("Owners of cars older than three years", "三年以上车龄的车主"),
        })


# --- orders ---


def quote(stage, who, key, lifts):
    """A salesperson's quotation, sent to the customer."""
    with stage.acting(who) as env:
        order = env["sale.order"].create({
            "partner_id": customer(env, key).id,
            "order_line": [Command.create({"product_id": recall(env, "product_lift").id, "product_uom_qty": lifts})],
        })
        order.action_quotation_sent()
        return order.id


def confirm(stage, who, order_id):
    with stage.acting(who) as env:
        env["sale.order"].browse(order_id).action_confirm()


def _is_not_confirmed(stage, who, order_id):
    """The salesperson tries, and is told what stands against it."""
    try:
        confirm(stage, who, order_id)
    except UserError:
        return
    raise StoryError("An order passes that should not.")


def _wait(stage, who, key, lifts, reason):
    order_id = quote(stage, who, key, lifts)
    _is_not_confirmed(stage, who, order_id)
    with stage.acting(who) as env:
        env["sale.order"].browse(order_id).action_request_credit_approval(stage.words(*reason))


def _refused(stage):
    _is_not_confirmed(stage, "liu.yang", quote(stage, "liu.yang", "Jinpeng Tools", 1))


def _over_the_limit(stage):
    _wait(stage, "li.na", "Hongyuan Machinery", 10, (
        "They have always paid in time, and a third is paid on delivery.", "客户一贯按时付款，到货先付三分之一。"))


def _approved(stage):
    with stage.acting("wang.fang") as env:
        request = env["sales.order.credit.request"].search([("approver_id", "=", env.uid), ("state", "=", "requested")])
        request.action_approve(stage.words("Three years without a late payment.", "三年来无逾期记录，同意。"))
        order_id = request.order_id.id
    confirm(stage, "li.na", order_id)


def _waits(stage):
    _wait(stage, "chen.jing", "Baichuan Supplies", 3, (
        "A new workshop; the limit is being raised.", "客户新开门店，正在申请临时额度。"))


# By number of the working day.
SCENES = {
    2: [_propose_grades],
    3: [_decide_grades],
    4: [_open_card],
    5: [_ask_more_for_tiancheng],
    6: [_allow_more],
    8: [_refused],
    9: [_over_the_limit],
    10: [_approved],
    17: [_ask_more_for_baichuan, _waits],
}
