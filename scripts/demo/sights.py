# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What else the month has left behind, and as whom and where to look at it."""

from dateutil.relativedelta import relativedelta

from .ledger import customer
from .phrases import say
from .stage import recall
from .summary import money
from .table import table

STORIES = ("orders", "grades", "agreements", "deliveries", "figures", "governance")


def sights(env, month, words):
    """Lines: a table of as whom, the menu, and what; what is not there on this day is left out."""
    rows = []
    for story in STORIES:
        for what, who, menu in globals()[f"_{story}"](env, month, words):
            rows.append([who, env.ref(menu).complete_name.replace("/", " / "), what])
    return [say(words, "sights_title"), "", *table(say(words, "sights_head").split("|"), rows)]


def _orders(env, month, words):
    menu = "sales_receivable_followup.sales_order_credit_request_menu"
    leader = {"approved": "li.na", "requested": "wang.fang"}
    for request in env["sales.order.credit.request"].search([("state", "in", list(leader))], order="id"):
        yield say(
            words, f"order_{request.state}", order=request.order_id.name, customer=request.partner_id.name,
            excess=money(request.excess), who=request.decided_by_id.name, why=request.decision_reason,
        ), leader[request.state], menu
    for order in env["sale.order"].search([("partner_id", "=", customer(env, "Jinpeng Tools").id)]):
        yield say(words, "order_refused", order=order.name, customer=order.partner_id.name), "liu.yang", (
            "sale.menu_sale_quotations")


def _grades(env, month, words):
    policy = recall(env, "grade_policy")
    yield say(words, "grade_policy", grades=policy.summary), "zheng.hao", (
        "sales_receivable_followup.sales_customer_grade_policy_menu")
    waiting = env["sales.customer.grade.proposal"].search_count([
        ("state", "=", "proposed"), ("company_id", "=", env.company.id)])
    yield say(words, "grade_proposals", number=waiting), "zheng.hao", (
        "sales_receivable_followup.sales_customer_grade_proposal_menu")
    for extra in env["sales.customer.credit.extra"].search([("company_id", "=", env.company.id)], order="id"):
        yield say(words, f"extra_{extra.state}", extra=extra.display_name), "wu.jing", (
            "sales_receivable_followup.sales_customer_credit_extra_menu")
    for account in env["sales.key.account"].search([("company_id", "=", env.company.id)]):
        classes = dict(account._fields["key_account_class"]._description_selection(env))
        yield say(
            words, "key_account", customer=account.partner_id.name, percent=account.completeness,
            kind=classes[account.key_account_class],
        ), "zhao.qiang", "sales_receivable_followup.sales_key_account_menu"


def _agreements(env, month, words):
    Agreement = env["sales.settlement.agreement"]
    menu = "sales_receivable_followup.sales_settlement_agreement_menu"
    signed = Agreement.search([("state", "=", "signed"), ("company_id", "=", env.company.id)])
    yield say(words, "agreement_signed", customers=words(", ", "、").join(signed.partner_id.mapped("name"))), "li.na", menu
    for agreement in Agreement.search([("verbal_on", "!=", False), ("company_id", "=", env.company.id)]):
        day = agreement.first_order_on + relativedelta(day=31)
        yield say(words, "agreement_verbal", customer=agreement.partner_id.name, day=day), "lin.xiao", menu
    for liability in env["sales.settlement.liability"].search([("company_id", "=", env.company.id)]):
        yield say(
            words, "liability", who=liability.user_id.name, invoice=liability.move_id.name,
            customer=liability.partner_id.name, amount=money(liability.uncollected),
        ), "hu.bin", "sales_receivable_followup.sales_settlement_liability_menu"


def _deliveries(env, month, words):
    notes = env["sales.delivery.note"].search([("company_id", "=", env.company.id)])
    states = dict(notes._fields["state"]._description_selection(env))
    counts = words(", ", "，").join(
        f"{states[state]} {len(own)}" for state, own in notes.grouped("state").items())
    yield say(words, "delivery_notes", counts=counts), "wu.jing", "sales_receivable_stock.delivery_note_menu"


def _figures(env, month, words):
    checks = env["sales.volume.check"].search([("month", "=", month), ("company_id", "=", env.company.id)])
    states = dict(checks._fields["state"]._description_selection(env))
    counts = words(", ", "，").join(
        f"{states[state]} {len(own)}" for state, own in checks.grouped("state").items())
    yield say(words, "volume_checks", counts=counts), "wang.fang", "sales_receivable_followup.volume_check_menu_team"


def _governance(env, month, words):
    for name in ("policy_attendance", "policy_secrets"):
        version = recall(env, name)
        yield say(
            words, "policy", policy=version.display_name, read=version.accepted_count, asked=version.receipt_count,
        ), "sun.li", "sales_discipline.menu_policy_receipt"
    for deputy in env["sales.discipline.deputy"].search([("company_id", "=", env.company.id)]):
        yield say(words, "deputy", deputy=deputy.display_name), "wang.fang", "sales_discipline.menu_deputy_my"
    Entry = env["sales.discipline.violation"]
    for entry in Entry.search([("step_kind", "=", "merit"), ("state", "=", "to_decide")]):
        yield say(words, "merit", who=entry.employee_id.name), entry.decider_id.login, (
            "sales_discipline.menu_decide")
    for entry in Entry.search([("acknowledged_on", "!=", False)]):
        yield say(words, "letter", who=entry.employee_id.name), "sun.li", "sales_discipline.menu_board"
