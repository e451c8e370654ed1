# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The month in two pages for a sales manager, read from the ledgers. The public functions return lines of text."""

from dateutil.relativedelta import relativedelta

from .phrases import say
from .table import table

BUCKETS = ("not_due", "due_1_30", "due_31_60", "due_61_90", "due_over_90")
BINDING = ("confirmed", "posted")
UNDECIDED = ("proposed", "notified", "appealed")
OLDEST = 5


def money(amount):
    return f"{amount:,.2f}"


def whole(amount):
    return f"{amount:,.0f}" if amount else "-"


# --- lateness ---


def late_by_person(env, month):
    """{employee: figures and entries}, the dearest first; facts of the month, corrections included."""
    entries = env["sales.discipline.violation"].search(
        [
            ("company_id", "=", env.company.id),
            ("fact_date", ">=", month),
            ("fact_date", "<", month + relativedelta(months=1)),
            ("rule_id.kind", "=", "late"),
        ],
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
    company = [("company_id", "=", env.company.id)]
    rule = env["sales.discipline.rule"].search([("kind", "=", "late"), *company], limit=1)
    period = env["sales.discipline.period"].search([("date_from", "=", month), *company])
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
        say(words, "late_title", rule=rule.summary),
        "",
        *table(
            say(words, "late_head", currency=currency).split("|"),
            [*rows, [say(words, "total"), *map(whole, totals), ""]],
            numbers=(1, 2, 3, 4),
        ),
        "",
        posted,
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
    return [
        say(
            words, "arrears_title", day=statement.date_to, closing=money(statement.closing),
            overdue=money(statement.overdue), currency=statement.currency_id.name,
        ),
        say(words, "issued", name=statement.name, day=statement.issued_at.date(), mails=len(mails)),
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
    oldest = lines.sorted(lambda line: tuple(-line[bucket] for bucket in reversed(BUCKETS)))[:OLDEST]
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
