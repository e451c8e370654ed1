# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Each job beside its floor, and beside what others offer for it. Times are compared within one run, never asserted.

Started by ``scripts/dev bench``: BENCH_SIZE is XS, S or L; BENCH_OUT takes JSON lines.
"""

from odoo.fields import Command

from . import floor
from .dataset import MONTH, SCALES, seed_fieldwork, seed_punches, seed_receivables
from .measure import Board, TooLongError, at_most, measure
from .peers import PEERS

#: A peer that takes longer is stopped (seconds). One that takes a third of it is not repeated.
PEER_LIMIT = 15 * 60


def run(env, size="S", out=""):
    """Seed an own database and measure.

    :param env: superuser environment of a database that holds the add-ons and is thrown away afterwards
    :param size: a key of SCALES
    :param out: path of the JSON lines, or nothing
    """
    scale = SCALES[size]
    board = Board(size, out)
    bench_statement(env, scale, board)
    bench_lateness(env, scale, board)
    return 0


def bench_statement(env, scale, board):
    """The month's statement, stored with ageing; then issued with its snapshot of items."""
    account = seed_receivables(env, scale)
    env.company.write({"arrears_account_ids": [Command.set(account.ids)], "arrears_send_mail": False})
    statement = env["sales.arrears.statement"].create({"month": MONTH[0]})
    # a database of its own: each repeat rolls back to here
    env.cr.commit()  # pylint: disable=invalid-commit

    def sql(query):
        def job():
            env.cr.execute(query)
            return env.cr.rowcount

        return measure(job, env.cr.rollback)

    def compute():
        statement.action_compute()
        return statement.line_count

    def issue():
        statement.action_issue()
        return env["sales.arrears.statement.item"].search_count([("statement_id", "=", statement.id)])

    def fresh():
        env.cr.rollback()
        env.invalidate_all()

    lines = sql(floor.statement(account.id, *MONTH))
    board.add("arrears statement, stored", lines, measure(compute, fresh))
    items = sql(floor.issue(account.id, MONTH[1]))
    both = {**items, "seconds": lines["seconds"] + items["seconds"]}
    board.add("arrears statement, issued", both, measure(issue, fresh))
    fresh()
    for name, module, job in PEERS:
        if module not in env.registry._init_modules:
            board.miss(name, f"the add-on {module} could not be installed")
            continue

        def peer(job=job):
            with at_most(env.cr, PEER_LIMIT):
                return job(env, account, *MONTH)

        try:
            board.add(name, lines, measure(peer, fresh, patience=PEER_LIMIT / 3))
        except TooLongError:
            board.miss(name, f"stopped after {PEER_LIMIT // 60} min")
    fresh()


def bench_lateness(env, scale, board):
    """A month of lateness of all employees: judged, numbered, entries written."""
    employees = seed_punches(env, scale)
    env.company.write({"discipline_fines": True, "discipline_fines_from": "2025-01-01"})
    rule = env["sales.discipline.rule"].create({
        "name": "Late",
        "code": "BENCH",
        "kind": "late",
        "version_ids": [Command.create({
            "valid_from": MONTH[0],
            "on_post_by": 8 + 25 / 60,
            "step_ids": [
                Command.create({"first": 1, "last": 1, "kind": "warning"}),
                Command.create({"first": 2, "kind": "fine", "amount": 20}),
            ],
        })],
    })  # fmt: skip
    # a database of its own: each repeat rolls back to here
    env.cr.commit()  # pylint: disable=invalid-commit

    def sql():
        env.cr.execute(floor.lateness(employees.ids, *MONTH))
        return env.cr.rowcount

    def judge():
        return sum(_judged(rule) for rule in rules)

    def simulate():
        run = env["sales.discipline.run"].create({"rule_id": rule.id, "date_from": MONTH[0], "date_to": MONTH[1]})
        run.action_simulate()
        return run.propose_count

    def bare():
        """As many plain rows, by nothing but the ORM's create()."""
        run = env["sales.discipline.run"].create({"rule_id": rule.id, "date_from": MONTH[0], "date_to": MONTH[1]})
        env["sales.discipline.run.line"].create([
            {
                "run_id": run.id, "action": "propose", "employee_id": employees[number % len(employees)].id,
                "fact_date": MONTH[0], "fact_key": str(number), "revision": 0, "occurrence": 1, "step_kind": "fine",
                "amount": 20, "points": 0, "reason": "Arrived at 08:40:00, expected by 08:25: 15 min late.",
            }
            for number in range(found["rows"])
        ])  # fmt: skip
        env.flush_all()
        return found["rows"]

    def fresh():
        env.cr.rollback()
        env.invalidate_all()

    found = measure(sql, env.cr.rollback)
    board.add("lateness of a month, judged", found, measure(simulate, fresh))
    rows = measure(bare, fresh)
    board.add("as many plain rows, bare create()", found, rows)
    rules = [rule]
    board.add(
        "lateness of a month, entries", {**found, "seconds": found["seconds"] + rows["seconds"]}, measure(judge, fresh)
    )
    fresh()
    seed_fieldwork(env, employees)
    rules = [rule, *_rules(env)]
    # a database of its own: each repeat rolls back to here
    env.cr.commit()  # pylint: disable=invalid-commit
    ten = len(rules) * (found["seconds"] + rows["seconds"])
    board.add("a night's run of ten rules", {**found, "seconds": ten}, measure(judge, fresh))
    fresh()


def _judged(rule):
    """Entries that a run over the month proposes."""
    run = rule.env["sales.discipline.run"].create({"rule_id": rule.id, "date_from": MONTH[0], "date_to": MONTH[1]})
    run._start()
    while run.state == "running":
        run._judge_chunk()
    return run.propose_count


def _rules(env):
    """Nine rules more: each kind twice and the visits, all for everybody, none in another's place."""
    logs = {
        "record_model": "sales.daily.log",
        "owner_field": "employee_id",
        "date_field": "date",
        "record_period": "day",
    }
    terms = {
        "late": [{"on_post_by": 8.5, "reset": "year"}],
        "daily_log": [{"log_deadline": 18.0}, {"log_deadline": 20.0}],
        "record_deadline": [{**logs, "filed_field": "submitted_on"}],
        "record_quota": [{**logs, "quota_size": 1}, {**logs, "record_period": "week", "quota_size": 5}],
        "stale_record": [
            {**logs, "stale_after": days, "record_domain": "[('state', '=', 'draft')]"} for days in (1, 3)
        ],
        "visit_quota": [{"visits_per_week": 3}],
    }
    return env["sales.discipline.rule"].create([
        {
            "name": f"{kind} {number}", "code": f"{kind}{number}", "kind": kind, "offence_group": f"{kind}{number}",
            "version_ids": [Command.create({
                "valid_from": MONTH[0], **vals, "step_ids": [Command.create({"first": 1, "kind": "warning"})],
            })],
        }
        for kind, versions in terms.items()
        for number, vals in enumerate(versions)
    ])  # fmt: skip
