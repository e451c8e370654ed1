# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""After the closing: the clerk receives fines, the sales administration hands the rest to payroll.

    Li Na       40, paid in cash
    Liu Yang    20 typed for Zhang Wei's, cancelled; Zhang Wei pays 20 of his 60
    payroll     Zhang Wei 40, Liu Yang 20, Chen Jing 40; then Chen Jing pays 20 in cash: a second revision
"""

from .stage import recall


def hand_over(stage):
    _receive(stage, "li.na", 40)
    wrong = _receive(stage, "liu.yang", 20)
    with stage.acting("sun.li") as env:
        env["sales.discipline.fine.receipt"].browse(wrong).cancel(
            stage.words("It was Zhang Wei who paid.", "付款人是张伟，记错了。"))
    _receive(stage, "zhang.wei", 20)
    _export(stage)
    _receive(stage, "chen.jing", 20)
    _export(stage)


def _receive(stage, who, amount):
    with stage.acting("sun.li") as env:
        sheet = env["sales.discipline.period.sheet"].search([
            ("employee_id", "=", recall(env, f"employee_{who}").id),
            ("period_id.date_from", "=", stage.month.first),
        ])
        return sheet.record_receipt(amount)


def _export(stage):
    with stage.acting("zhou.min") as env:
        env["sales.discipline.period"].search([("date_from", "=", stage.month.first)]).action_export_payroll()
