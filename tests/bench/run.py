# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Both jobs of the first month beside their floor. Times are compared within one run and never asserted.

Started by ``scripts/dev bench``: BENCH_SIZE is XS, S or L; BENCH_OUT takes JSON lines.
"""

from odoo.fields import Command

from . import floor
from .dataset import MONTH, SCALES, seed_punches, seed_receivables
from .measure import Board, measure


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
        run = env["sales.discipline.run"].create({"rule_id": rule.id, "date_from": MONTH[0], "date_to": MONTH[1]})
        run._start()
        while run.state == "running":
            run._judge_chunk()
        return run.propose_count

    def simulate():
        run = env["sales.discipline.run"].create({"rule_id": rule.id, "date_from": MONTH[0], "date_to": MONTH[1]})
        run.action_simulate()
        return run.propose_count

    def fresh():
        env.cr.rollback()
        env.invalidate_all()

    found = measure(sql, env.cr.rollback)
    board.add("lateness of a month, judged", found, measure(simulate, fresh))
    board.add("lateness of a month, entries", found, measure(judge, fresh))
    fresh()
