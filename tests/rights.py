# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who may do what: found out by trying, as RPC does, on the records of the demo's month.

Models and methods are found by themselves, so that a new one without a row in ``rights_table.py`` fails the test.
"""

import inspect
from itertools import product
from unittest.mock import patch

from psycopg2 import IntegrityError
from rights_table import METHODS, MODEL_METHODS, RECORDS, ROLES
from rights_table_credit import METHODS as CREDIT_METHODS
from rights_table_credit import RECORDS as CREDIT_RECORDS

from odoo import models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user
from odoo.tools import SQL, mute_logger

OWN, LED, FOREIGN, COMPANY = "own", "led", "foreign", "company"
REFUSALS = (AccessError, MissingError, UserError)
ADDONS = "odoo.addons.sales_"
# tables in which a row written means that something was changed; chatter, activities and triggers do not
WATCHED = ("sales_%", "account_move%", "account_partial%", "hr_%", "res_partner", "res_users", "res_company", "crm_%",
           "stock_picking")
# what to call the parameters of a method with; every combination is tried
ARGUMENTS = {
    "accuracy": [10.0],
    "amount": [1.0],
    "decision": ["uphold", "waive", "overturn", "reverse"],
    "granted": [True, False],
    "latitude": [24.48],
    "longitude": [118.09],
    "note": ["Because"],
    "reason": ["Because"],
    "result": ["false"],
}
# a dialog: the field that names what it is about, and its other values
DIALOGS = {
    "sales.credit.decision": ("proposal_ids", "reason", ["Because"]),
    "sales.discipline.decision": (
        "violation_ids", "decision", ["accept", "appeal", "uphold", "waive", "overturn", "reverse"]
    ),
    "sales.discipline.fine.receipt.record": ("sheet_id", "method", ["cash"]),
    "sales.discipline.fine.receipt.cancel": ("receipt_id", "reason", ["Because"]),
    "sales.discipline.proposal": ("employee_id", "kind", ["merit"]),
    "sales.daily.log.check": ("log_ids", "result", ["false"]),
    "sales.commission.answer": ("line_id", "question", ["dispute", "decide"]),
    "sales.order.credit.reason": ("request_ids", "purpose", ["approved", "refused"]),
    "sales.policy.pack.load": ("company_id", "code", ["field_agency"]),
    "sales.volume.answer": ("line_id", "question", ["object", "recheck", "escalate", "decide"]),
    "sales.delivery.as.of": ("company_id", "day", ["2026-06-01"]),
}
LATER = "2099-12-31"
# columns that would hinder everybody alike: what is answered or past its time
UNDONE = {
    "sales.discipline.violation": {
        "answer": None, "answer_deadline": LATER, "decision_deadline": LATER, "notified_on": "2026-01-01",
        "acknowledged_on": None,
    },
    "sales.discipline.period.sheet": {"amount_capped": 40, "amount_received": 0, "amount_due": 40},
    "sales.commission.statement": {"deadline": LATER},
    "sales.visit": {"check_out": None},
}
# the month is over and closed; nobody could change anything in it
REOPENED = {
    "sales_volume_check": f"state = 'rechecked', deadline = '{LATER}', answer_deadline = '{LATER}'",
    "sales_discipline_period": "state = 'open'",
    "sales_commission_period": "state = 'open'",
    "sales_commission_statement": f"state = 'to_check', deadline = '{LATER}'",
}


def our_models(env):
    """{name: class} of the models that the suite adds, abstract ones left out."""
    return {
        name: env.registry[name]
        for name in sorted(env.registry)
        if name.startswith("sales.") and not env.registry[name]._abstract and any(
            base.__module__.startswith(ADDONS) for base in env.registry[name].__mro__
        )
    }


def public_methods(cls, of_model=False):
    """Names of the methods of ours that RPC can call on records, or on the model itself, in their order."""
    return sorted({
        name
        for base in cls.__mro__ if base.__module__.startswith(ADDONS)
        for name, function in vars(base).items()
        if inspect.isfunction(function) and not name.startswith("_") and not hasattr(models.BaseModel, name)
        and getattr(function, "_api_model", False) == of_model and not getattr(function, "_api_private", False)
    })


class Caller:
    """A user who tries, and how he stands to the records of a company."""

    def __init__(self, user, company):
        self.user = user
        self.companies = user.company_ids & company or user.company_ids
        Employee = user.env["hr.employee"]
        self.own = Employee.search([("user_id", "=", user.id)])
        members = user.env["crm.team"].search([("user_id", "=", user.id)]).member_ids
        self.led = Employee.search([
            "|", ("user_id", "in", members.ids), ("id", "child_of", self.own.ids), ("id", "not in", self.own.ids),
        ])

    def env(self, env):
        return env(user=self.user.id, context={"allowed_company_ids": self.companies.ids, "lang": "en_US"}, su=False)

    def relation(self, record):
        """Whether a record is about the caller, about those he leads, or others; "company": about nobody."""
        record = record.sudo()
        if "employee_id" in record._fields:
            people = record.employee_id
        elif "user_id" in record._fields and record._name not in ("sales.discipline.run", "sales.commission.run"):
            people = self.own.search([("user_id", "in", record.user_id.ids)])
        else:
            return COMPANY
        if people & self.own:
            return OWN
        return LED if people & self.led else FOREIGN


def scope(caller, records, operation):
    """Relations to the caller of the records on which he has a right."""
    model = caller.env(records.env)[records._name]
    if not model.has_access(operation):
        return set()
    allowed = model.browse(records.ids)._filtered_access(operation)
    if operation == "read":
        found = model.with_context(active_test=False).search([("id", "in", records.ids)])
        assert set(found.ids) == set(allowed.ids), "a search finds what can be read"
    return {caller.relation(record) for record in records.browse(allowed.ids)}


def examples(caller, records):
    """{relation: a record}; where none is about the caller, one becomes his."""
    found = {}
    # rather what somebody else has issued: nobody decides about his own
    for record in records.sorted(lambda record: "issuer_id" in record._fields and record.issuer_id == caller.user):
        found.setdefault(caller.relation(record), record)
    if found and OWN not in found and COMPANY not in found and caller.own:
        found[OWN] = next(iter(found.values()))
    return found


def states(caller, record):
    """States to try a record in; one is enough for who cannot even read it."""
    field = record._fields.get(state_field(record._name))
    if not field:
        return [None]
    every = [state for state, _label in field.selection]
    readable = caller.env(record.env)[record._name].has_access("read")
    return every if readable else every[:1]


def state_field(model):
    return "answer" if model == "sales.commission.line" else "state"


def changed_by(caller, record, relation, method, state):
    """Whether a call of a method over RPC changes anything, the record being in that state."""
    parameters = list(inspect.signature(getattr(record.env.registry[record._name], method)).parameters.values())[1:]
    known = [parameter.name for parameter in parameters if parameter.name in ARGUMENTS]
    missing = [p.name for p in parameters if p.default is p.empty and p.name not in known]
    assert not missing, f"say in ARGUMENTS what to call {missing} of {record._name}.{method} with"
    return any(
        _tried(caller, record, relation, state, lambda env, values=values: call_kw(
            env[record._name], method, [record.ids], dict(zip(known, values, strict=True))))
        for values in product(*(ARGUMENTS[name] for name in known))
    )  # fmt: skip


def changed_by_dialog(caller, dialog, record, relation, method, state):
    """The same for a dialog about a record, filled in and confirmed."""
    about, question, answers = DIALOGS[dialog]

    def confirm(env, answer):
        multi = env[dialog]._fields[about].type == "many2many"
        values = {about: [(6, 0, record.ids)] if multi else record.id, question: answer}
        values |= {name: "Because" for name in ("note", "reason") if name in env[dialog]._fields}
        made = call_kw(env[dialog], "create", [values], {})
        env.flush_all()
        before = _written(env.cr)
        call_kw(env[dialog], method, [[made] if isinstance(made, int) else made], {})
        return before

    return any(
        _tried(caller, record, relation, state, lambda env, answer=answer: confirm(env, answer)) for answer in answers
    )


def _tried(caller, record, relation, state, call):
    env = caller.env(record.env)
    columns = dict(UNDONE.get(record._name, {}))
    if state:
        columns[state_field(record._name)] = state
    if relation == OWN:
        columns |= {"employee_id": caller.own.id, "user_id": caller.user.id}
    with env.cr.savepoint(flush=False) as savepoint:
        for name, value in columns.items() if record._auto else ():  # the rows of a view are nobody's to write
            if name in record._fields and record._fields[name].store:
                env.cr.execute(SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    SQL.identifier(record._table), SQL.identifier(name), value, record.id))
        env.invalidate_all()
        before = _written(env.cr)
        try:
            started = call(env)
            env.flush_all()
            return _written(env.cr) > (started if isinstance(started, int) else before)
        except REFUSALS:
            return False
        except IntegrityError:
            return True  # it has tried to write
        finally:
            env.transaction.clear()
            savepoint.rollback()


def _written(cr):
    """Rows added, changed and deleted so far by this transaction, in the tables that count."""
    cr.execute(SQL(
        "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int FROM pg_stat_xact_user_tables"
        " WHERE relname LIKE ANY(%s)", list(WATCHED)))
    return cr.fetchone()[0]


class RightsOfTheMonth:
    """Tests on the records that the story has left behind; a mixin, so that the story is played once."""

    maxDiff = None

    def callers(self):
        """{role: Caller}: a person for each role, an administrator of another company and a customer."""
        company = self.env.company
        other = self.env["res.company"].create({"name": "Other"})
        administrator = ",".join(f"{addon}_administrator" for addon in (
            "sales_discipline.group_discipline", "sales_receivable_followup.group_arrears", "sales_kpi.group_kpi"))
        users = {role: self.env["res.users"].search([("login", "=", login)]) for role, login in ROLES.items()}
        users["stranger"] = new_test_user(
            self.env, "stranger", groups=administrator, company_id=other.id, company_ids=[Command.set(other.ids)])
        users["customer"] = new_test_user(
            self.env, "customer", groups="base.group_portal", company_id=company.id,
            company_ids=[Command.set(company.ids)])
        return {role: Caller(user, company) for role, user in users.items()}

    def setUp(self):
        super().setUp()
        # customers are asked after the month, when the story is over
        self.statement.with_env(self.env).action_ask_customers()

    def records(self, model):
        """All records of the company, archived ones too."""
        records = self.env[model].sudo().with_context(active_test=False).search([])
        if "company_id" in records._fields:
            return records.filtered(lambda record: record.company_id == self.env.company)
        return records

    def test_who_may_read_and_write_which_records(self):
        """Design 6.4: a salesperson himself, a manager his team, nobody another company; found by model."""
        callers = self.callers()
        rights = {}
        for model, cls in our_models(self.env).items():
            if not cls._transient:
                found = {role: self.rights_text(caller, self.records(model)) for role, caller in callers.items()}
                rights[model] = {role: text for role, text in found.items() if text}
        self.assertEqual(rights, RECORDS | CREDIT_RECORDS)

    def rights_text(self, caller, records):
        texts = []
        for operation in ("read", "write", "unlink"):
            relations = scope(caller, records, operation)
            if relations:
                texts.append(f"{operation} {'+'.join(sorted(relations))}")
        if caller.env(self.env)[records._name].has_access("create"):
            texts.append("create")
        return ", ".join(texts)

    def test_who_may_change_what_by_which_button(self):
        """Design 6.4: every public method, called over RPC by everybody, on records of every state.

        What nobody may do by a method is not in the table: it opens a view, or asks a question first.
        """
        callers = self.callers()
        for table, columns in REOPENED.items():
            self.env.cr.execute(SQL("UPDATE %s SET %s", SQL.identifier(table), SQL(columns)))
        self.env.invalidate_all()
        found = {}
        with (
            patch.object(self.env.registry["ir.actions.report"], "_render_qweb_pdf", lambda *args, **kw: (b"", "pdf")),
            mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule"),
        ):
            for model, cls in our_models(self.env).items():
                for method in public_methods(cls):
                    roles = {role: self.changing(caller, model, method) for role, caller in callers.items()}
                    roles = {role: relations for role, relations in roles.items() if relations}
                    if roles:
                        found[f"{model}.{method}"] = roles
        self.assertEqual(found, METHODS | CREDIT_METHODS)

    def test_who_may_change_what_without_a_record(self):
        """Design 6.4: methods of a model itself, which RPC calls without ids."""
        callers = self.callers()
        found = {}
        for model, cls in our_models(self.env).items():
            for method in public_methods(cls, of_model=True):
                found[f"{model}.{method}"] = [
                    role for role, caller in callers.items() if self.changes_without_a_record(caller, model, method)
                ]
        self.assertEqual(found, MODEL_METHODS)

    def changes_without_a_record(self, caller, model, method):
        return _tried(caller, self.env[model], COMPANY, None, lambda env: call_kw(env[model], method, [], {}) and None)

    def changing(self, caller, model, method):
        """Relations to the caller of the records that he changes by a method, as text."""
        dialog = model if self.env.registry[model]._transient else None
        if dialog:
            self.assertIn(dialog, DIALOGS, "say what the dialog is about")
        about = self.env[dialog]._fields[DIALOGS[dialog][0]].comodel_name if dialog else model
        records = self.env.company if about == "res.company" else self.records(about)
        relations = {
            relation
            for relation, record in examples(caller, records).items()
            if any(
                changed_by_dialog(caller, dialog, record, relation, method, state) if dialog
                else changed_by(caller, record, relation, method, state)
                for state in states(caller, record)
            )
        }
        return "+".join(sorted(relations))
