# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The month in two pages for a sales manager, read from the ledgers. The public functions return lines of text."""

from dateutil.relativedelta import relativedelta

from .phrases import STATES, say
from .table import table

BUCKETS = ("not_due", "due_1_30", "due_31_60", "due_61_90", "due_over_90")
BINDING = ("confirmed", "posted")
UNDECIDED = ("proposed", "notified", "appealed", "to_decide")
OLDEST = 5


def money(amount):
    return f"{amount:,.2f}"


def whole(amount):
    return f"{amount:,.0f}" if amount else "-"


def entries_of(env, month, kind):
    """Entries of a month's facts about rules of a kind, corrections included, by day."""
    return env["sales.discipline.violation"].search(
        [
            ("company_id", "=", env.company.id),
            ("fact_date", ">=", month),
            ("fact_date", "<", month + relativedelta(months=1)),
            ("rule_id.kind", "=", kind),
        ],
        order="fact_date, revision",
    )


def rule_of(env, kind):
    return env["sales.discipline.rule"].search([("kind", "=", kind), ("company_id", "=", env.company.id)], limit=1)


# --- lateness ---


def late_by_person(env, month):
    """{employee: figures and entries}, the dearest first."""
    people = {}
    for employee, own in entries_of(env, month, "late").grouped("employee_id").items():
        binding = own.filtered(lambda entry: entry.state in BINDING)
        people[employee] = {
            "late": len(own.filtered(lambda entry: not entry.revision)),
            "warnings": len(binding.filtered(lambda entry: entry.step_kind == "warning")),
            "fines": len(binding.filtered(lambda entry: entry.step_kind == "fine" and entry.amount > 0)),
            "amount": sum(binding.mapped("amount")),
            "entries": own,
        }
    return dict(sorted(people.items(), key=lambda item: (-item[1]["amount"], -item[1]["late"], item[0].name)))


def _outcome(entry, period):
    """Phrase that says what became of an entry; None where it simply counts."""
    if entry.state == "withdrawn":
        return "withdrawn"
    if entry in period.pending_ids:
        return "moved_on"
    if entry.state in UNDECIDED:
        return "open"
    if entry.answer == "appealed":
        return "rejected" if entry.state in BINDING else "granted"
    return None


def _outcomes(entries, period, words):
    notes, silent = [], 0
    for entry in entries:
        phrase = _outcome(entry, period)
        if phrase:
            day = say(words, "day", day=entry.fact_date)
            notes.append(say(words, phrase, day=day, note=entry.decision_note))
        silent += not phrase and entry.answer == "silent"
    if silent:
        notes.append(say(words, "silent", number=silent))
    return words("; ", "；").join(notes)


def discipline(env, month, words):
    period = env["sales.discipline.period"].search([("date_from", "=", month), ("company_id", "=", env.company.id)])
    people = late_by_person(env, month)
    names = ("late", "warnings", "fines", "amount")
    rows = [
        [employee.name, *(whole(own[name]) for name in names), _outcomes(own["entries"], period, words)]
        for employee, own in people.items()
    ]
    totals = [sum(own[name] for own in people.values()) for name in names]
    currency = env.company.currency_id.name
    posted = say(
        words, "closed" if period.state == "closed" else "not_closed",
        who=period.closed_by_id.name, amount=whole(period.amount_total), currency=currency,
    )
    return [
        say(words, "late_title", rule=rule_of(env, "late").summary),
        "",
        *table(
            say(words, "late_head", currency=currency).split("|"),
            [*rows, [say(words, "total"), *map(whole, totals), ""]],
            numbers=(1, 2, 3, 4),
        ),
        "",
        posted,
    ]


# --- daily log, visits ---


def _points(entries):
    """{employee: (size of what was missed, points)}; undecided entries included."""
    standing = entries.filtered(lambda entry: entry.state in (*BINDING, *UNDECIDED))
    return {
        employee: (sum(own.mapped("quantity")), sum(own.mapped("points")))
        for employee, own in standing.grouped("employee_id").items()
    }


def logs_by_person(env, month):
    """{employee: (logs filed, started days late, points)}"""
    filed = env["sales.daily.log"]._read_group(
        [("date", ">=", month), ("date", "<", month + relativedelta(months=1)), ("state", "=", "submitted"),
         ("company_id", "=", env.company.id)],
        ["employee_id"], ["__count"],
    )
    points = _points(entries_of(env, month, "daily_log"))
    return {employee: (count, *points.get(employee, (0, 0))) for employee, count in filed}


def daily_logs(env, month, words):
    rows = [
        [employee.name, *map(whole, figures)]
        for employee, figures in sorted(logs_by_person(env, month).items(), key=lambda item: -item[1][2])
    ]
    return [
        say(words, "log_title", rule=rule_of(env, "daily_log").summary),
        "",
        *table(say(words, "log_head").split("|"), rows, numbers=range(1, 4)),
    ]


def visits_by_person(env, month):
    """{employee: (visits, verified, outside, cannot tell, missing of the quota, points)}"""
    made = env["sales.visit"]._read_group(
        [("visit_date", ">=", month), ("visit_date", "<", month + relativedelta(months=1)), ("check_in", "!=", False),
         ("company_id", "=", env.company.id)],
        ["employee_id", "result"], ["__count"],
    )
    counts = {}
    for employee, result, number in made:
        counts.setdefault(employee, {})[result] = number
    points = _points(entries_of(env, month, "visit_quota"))
    return {
        employee: (
            sum(own.values()), *(own.get(result, 0) for result in ("verified", "outside", "cannot_tell")),
            *points.get(employee, (0, 0)),
        )
        for employee, own in counts.items()
    }


def visits(env, month, words):
    rows = [[employee.name, *map(whole, figures)] for employee, figures in visits_by_person(env, month).items()]
    return [
        say(words, "visit_title", rule=rule_of(env, "visit_quota").summary),
        "",
        *table(say(words, "visit_head").split("|"), rows, numbers=range(1, 7)),
    ]


# --- arrears ---


def statement_of(env, month):
    return env["sales.arrears.statement"].search(
        [("month", "=", month), ("state", "=", "issued"), ("company_id", "=", env.company.id)]
    )


def arrears(env, month, words):
    statement = statement_of(env, month)
    if not statement:
        return [say(words, "not_issued")]
    mails = statement.delivery_ids.filtered(lambda copy: copy.state == "queued")
    failed = statement.delivery_ids.filtered(lambda copy: copy.state == "failed")
    return [
        say(
            words, "arrears_title", day=statement.date_to, closing=money(statement.closing),
            overdue=money(statement.overdue), currency=statement.currency_id.name,
        ),
        say(words, "issued", name=statement.name, day=statement.issued_at.date(), mails=len(mails)),
        *([say(words, "not_mailed", number=len(failed), error=failed[0].error.strip())] if failed else []),
        "",
        *_movements(statement, words),
        "",
        *_by_salesperson(statement.line_ids, words),
        "",
        say(words, "oldest"),
        *_oldest(statement.line_ids, words),
        "",
        *_proof(statement, words),
    ]


def _movements(statement, words):
    names = ("previous_closing", "prior_movement", "sales", "credit_notes", "receipts", "other", "closing")
    return table(
        say(words, "movement_head").split("|"), [[money(statement[name]) for name in names]], numbers=range(7),
    )


def _by_salesperson(lines, words):
    groups = sorted(lines.grouped("user_id").items(), key=lambda item: -sum(item[1].mapped("closing")))
    rows = [
        [
            user.name or "-",
            str(len(set(own.mapped("customer_id")))),
            money(sum(own.mapped("closing"))),
            *(whole(sum(own.mapped(bucket))) for bucket in BUCKETS),
        ]
        for user, own in groups
    ]
    return table(say(words, "salesperson_head").split("|"), rows, numbers=range(1, 8))


def _oldest(lines, words):
    old = lines.filtered(lambda line: any(line[bucket] > 0 for bucket in BUCKETS[2:]))
    oldest = old.sorted(lambda line: tuple(-line[bucket] for bucket in reversed(BUCKETS)))[:OLDEST]
    rows = [
        [line.customer_name, line.user_id.name or "-", *(whole(line[bucket]) for bucket in BUCKETS[2:])]
        for line in oldest
    ]
    return table(say(words, "oldest_head").split("|"), rows, numbers=(2, 3, 4))


def _proof(statement, words):
    return [
        say(
            words, "proof", code=account.account_code, closing=money(account.closing),
            sign="<>" if account.difference else "=", balance=money(account.ledger_balance),
            difference=money(account.difference),
        )
        for account in statement.account_line_ids
    ]


# --- commission ---


def commission(env, month, words):
    statements = env["sales.commission.statement"].search(
        [("date_from", "=", month), ("company_id", "=", env.company.id)]
    )
    plan = env["sales.commission.plan"].search([("company_id", "=", env.company.id)], limit=1)
    rows = [
        [
            statement.user_id.name,
            str(len(statement.line_ids)),
            money(sum(statement.line_ids.mapped("base_amount"))),
            money(statement.amount_total),
            words(*STATES[statement.state]),
        ]
        for statement in statements.sorted("amount_total", reverse=True)
    ]
    total = [sum(statements.line_ids.mapped("base_amount")), sum(statements.mapped("amount_total"))]
    rows.append([say(words, "total"), str(len(statements.line_ids)), *map(money, total), ""])
    return [
        say(words, "commission_title", plan=plan.summary),
        "",
        *table(say(words, "commission_head").split("|"), rows, numbers=(1, 2, 3)),
    ]
