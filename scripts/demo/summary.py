# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The month in two pages for a sales manager, read from the ledgers. Every function returns lines of text."""

from dateutil.relativedelta import relativedelta

from .table import table

BUCKETS = ("not_due", "due_1_30", "due_31_60", "due_61_90", "due_over_90")
BINDING = ("confirmed", "posted")
UNDECIDED = ("proposed", "notified", "appealed")
OLDEST = 5


def money(amount):
    return f"{amount:,.2f}"


def whole(amount):
    return f"{amount:,.0f}" if amount else "-"


def count(number):
    return str(number) if number else "-"


# --- lateness ---


def late_by_person(env, month):
    """{employee: figures and notes}, the dearest first; facts of the month, corrections included."""
    entries = env["sales.discipline.violation"].search(
        [("company_id", "=", env.company.id), ("fact_date", ">=", month), ("fact_date", "<", month + relativedelta(months=1)),
         ("rule_id.kind", "=", "late")],
        order="fact_date, revision",
    )
    people = {}
    for employee, own in entries.grouped("employee_id").items():
        binding = own.filtered(lambda entry: entry.state in BINDING)
        people[employee] = {
            "late": len(own.filtered(lambda entry: not entry.revision)),
            "warnings": len(binding.filtered(lambda entry: entry.step_kind == "warning")),
            "fines": len(binding.filtered(lambda entry: entry.step_kind == "fine" and entry.amount > 0)),
            "amount": sum(binding.mapped("amount")),
            "entries": own,
        }
    return dict(sorted(people.items(), key=lambda item: (-item[1]["amount"], -item[1]["late"], item[0].name)))


def _outcomes(entries, period, words):
    """What became of a person's entries, in a few words."""
    notes = []
    for entry in entries:
        day = f"{entry.fact_date:%d.%m.}" if words.language != "zh_CN" else f"{entry.fact_date.month}月{entry.fact_date.day}日"
        if entry.answer == "appealed" and entry.state in ("waived", "overturned"):
            notes.append(words(f"{day} appealed, granted: {entry.decision_note}", f"{day}申诉成立：{entry.decision_note}"))
        elif entry.answer == "appealed" and entry.state in BINDING:
            notes.append(words(f"{day} appealed, rejected: {entry.decision_note}", f"{day}申诉驳回：{entry.decision_note}"))
        elif entry.state == "withdrawn":
            notes.append(words(f"{day} withdrawn: was on leave", f"{day}撤回：已请假"))
        elif entry in period.pending_ids:
            notes.append(words(f"{day} undecided at the closing, moved on", f"{day}结账时未决，转入下月"))
        elif entry.state in UNDECIDED:
            notes.append(words(f"{day} still open", f"{day}尚未处理"))
    silent = len(entries.filtered(lambda entry: entry.answer == "silent" and entry.state in BINDING and entry not in period.pending_ids))
    if silent:
        times = "once" if silent == 1 else f"{silent} times"
        notes.append(words(f"no answer {times}", f"{silent} 次未答复"))
    return words("; ", "；").join(notes)


def discipline(env, month, words):
    rule = env["sales.discipline.rule"].search([("kind", "=", "late"), ("company_id", "=", env.company.id)], limit=1)
    period = env["sales.discipline.period"].search([("date_from", "=", month), ("company_id", "=", env.company.id)])
    people = late_by_person(env, month)
    rows = [
        [employee.name, count(own["late"]), count(own["warnings"]), count(own["fines"]), whole(own["amount"]),
         _outcomes(own["entries"], period, words)]
        for employee, own in people.items()
    ]
    totals = [sum(own[name] for own in people.values()) for name in ("late", "warnings", "fines", "amount")]
    rows.append([words("Total", "合计"), *map(count, totals[:3]), whole(totals[3]), ""])
    currency = env.company.currency_id.name
    head = [words("Who", "人员"), words("Late", "迟到"), words("Warnings", "警告"), words("Fines", "罚款次数"), currency,
            words("What became of it", "结果")]
    closed = period.state == "closed"
    return [
        words(f"LATE: {rule.summary}", f"迟到：{rule.summary}"),
        "",
        *table(head, rows, numbers=(1, 2, 3, 4)),
        "",
        words(
            f"  Closed by {period.closed_by_id.name}: fines of {whole(period.amount_total)} {currency} are posted." if closed
            else "  The month is not closed yet.",
            f"  由{period.closed_by_id.name}结账：入账罚款 {whole(period.amount_total)} {currency}。" if closed else "  本月尚未结账。",
        ),
    ]


# --- arrears ---


def statement_of(env, month):
    return env["sales.arrears.statement"].search(
        [("month", "=", month), ("state", "=", "issued"), ("company_id", "=", env.company.id)]
    )


def arrears(env, month, words):
    statement = statement_of(env, month)
    if not statement:
        return [words("ARREARS: the statement has not been issued.", "欠款：对账单尚未签发。")]
    lines = statement.line_ids
    currency = statement.currency_id.name
    mails = len(statement.delivery_ids.filtered(lambda copy: copy.state == "queued"))
    return [
        words(f"ARREARS at {statement.date_to}: {money(statement.closing)} {currency}, of which overdue {money(statement.overdue)}",
              f"截至 {statement.date_to} 应收欠款：{money(statement.closing)} {currency}，其中逾期 {money(statement.overdue)}"),
        words(f"  Statement {statement.name}, issued {statement.issued_at:%Y-%m-%d}; a copy for each of {mails} people waits in Odoo as "
              "outgoing mail (the demo sends nothing).",
              f"  对账单 {statement.name}，{statement.issued_at:%Y-%m-%d} 签发；{mails} 人的邮件留在 Odoo 待发（演示不外发）。"),
        "",
        *_movements(statement, words),
        "",
        *_by_salesperson(lines, words),
        "",
        words("  Oldest debts", "  最旧欠款"),
        *_oldest(lines, words),
        "",
        *_proof(statement, words),
    ]


def _movements(statement, words):
    parts = [
        (words("Last statement", "上期期末"), statement.previous_closing),
        (words("Changes of earlier months", "以前月份变动"), statement.prior_movement),
        (words("Sales", "本月销售"), statement.sales),
        (words("Credit notes", "贷项"), -statement.credit_notes),
        (words("Receipts", "收款"), -statement.receipts),
        (words("Other", "其他"), statement.other),
    ]
    return table([name for name, _amount in parts] + [words("Closing", "期末")],
                 [[money(amount) for _name, amount in parts] + [money(statement.closing)]], numbers=range(7))


def _by_salesperson(lines, words):
    groups = sorted(lines.grouped("user_id").items(), key=lambda item: -sum(item[1].mapped("closing")))
    rows = [
        [user.name or "-", str(len(set(own.mapped("customer_id")))), money(sum(own.mapped("closing"))),
         *(whole(sum(own.mapped(bucket))) for bucket in BUCKETS)]
        for user, own in groups
    ]
    head = [words("Salesperson", "销售员"), words("Customers", "客户数"), words("Owed", "欠款"), words("Not due", "未到期"),
            words("1-30 days", "1-30天"), "31-60", "61-90", words("over 90", "90天以上")]
    return table(head, rows, numbers=range(1, 8))


def _oldest(lines, words):
    old = lines.sorted(lambda line: tuple(-line[bucket] for bucket in reversed(BUCKETS)))[:OLDEST]
    rows = [
        [line.customer_name, line.user_id.name or "-", *(whole(line[bucket]) for bucket in ("due_31_60", "due_61_90", "due_over_90"))]
        for line in old
    ]
    head = [words("Customer", "客户"), words("Salesperson", "销售员"), words("31-60 days", "31-60天"), "61-90", words("over 90", "90天以上")]
    return table(head, rows, numbers=(2, 3, 4))


def _proof(statement, words):
    return [
        words(
            f"  Proof, account {account.account_code}: sum of closings {money(account.closing)} "
            f"{'=' if not account.difference else '<>'} ledger balance {money(account.ledger_balance)}, "
            f"difference {money(account.difference)}",
            f"  平衡验证，科目 {account.account_code}：期末合计 {money(account.closing)} "
            f"{'=' if not account.difference else '<>'} 总账余额 {money(account.ledger_balance)}，差额 {money(account.difference)}",
        )
        for account in statement.account_line_ids
    ]
