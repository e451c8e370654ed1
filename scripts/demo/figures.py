# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Volume and collections of the month, checked by the salespeople on the day they get them (VOL).

    Li Na       accepts
    Liu Yang    objects to Yongxin Decoration; finance has to look again
    Zhang Wei   objects to the collections of Boya School; finance stays with 45,000, he turns to Wang Fang
    the others  say nothing, and so accept at midnight
"""

from .ledger import customer


def answer(stage):
    """Once the figures are out; does nothing where they have been answered."""
    if not _is_open(stage):
        return
    with stage.acting("li.na") as env:
        _check(stage, env, "li.na").action_accept()
    _say(stage, "liu.yang", "liu.yang", "Yongxin Decoration", "object", (
        "One invoice belongs to the month before.", "有一张发票应属于上月。"))
    _say(stage, "zhang.wei", "zhang.wei", "Boya School", "object", (
        "The school has paid 50,000, of which 5,000 in cash.", "学校已付 50,000，其中 5,000 为现金。"))
    _say(stage, "wu.jing", "zhang.wei", "Boya School", "recheck", (
        "There is a bank slip of 45,000 and no receipt of cash.", "仅有 45,000 的银行回单，无现金收据。"))
    _say(stage, "zhang.wei", "zhang.wei", "Boya School", "escalate", (
        "The cashier has the receipt.", "收据在出纳处。"))


def _check(stage, env, who):
    return env["sales.volume.check"].search([
        ("user_id.login", "=", who), ("month", "=", stage.month.first), ("company_id", "=", env.company.id),
    ])


def _is_open(stage):
    with stage.acting() as env:
        check = _check(stage, env, "li.na")
        return check.state == "sent" and stage.clock.now < check.deadline


def _say(stage, who, whose, key, question, reason):
    with stage.acting(who) as env:
        line = _check(stage, env, whose).line_ids.filtered(lambda line: line.customer_id == customer(env, key).id)
        env["sales.volume.answer"].create({
            "line_id": line.id, "question": question, "reason": stage.words(*reason),
        }).action_apply()
