# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from ast import literal_eval
from datetime import datetime, time

import psycopg2
import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

UTC = pytz.utc
# Kinds that look at records of a model which the administrator chooses.
RECORD_KINDS = ("record_deadline", "record_quota", "stale_record")
OWNERS = ("hr.employee", "res.users")
# Models about the system itself and about who may do what.
SECRET = ("base.", "bus.", "ir.", "res.device", "res.groups", "res.users")


class SalesDisciplineRuleVersion(models.Model):
    """Terms shared by the kinds about records of any model: which records, whose they are, and when."""

    _inherit = "sales.discipline.rule.version"

    record_model = fields.Selection(
        selection="_selection_record_model",
        string="Records",
        help="The kind of document that is looked at. Only documents that you may read and that belong to somebody.",
    )
    record_label = fields.Char(
        string="Called",
        translate=True,
        help="What sentences call these records, such as 'leads untouched' or 'weekly reports'. "
        "Empty: the name of the document.",
    )
    record_domain = fields.Char(
        string="Only Those Where",
        default="[]",
        help="Which of the records count. Write fixed values: with moving ones such as 'today' a past day would be "
        "judged differently every time.",
    )
    owner_field = fields.Char(
        string="Whose Record",
        help="The field that names the person: an employee or a user, of the record itself or of a document that it "
        "belongs to (Customer > Salesperson).",
    )
    date_field = fields.Char(string="By Date", help="The day or moment that says when a record counts.")
    record_period = fields.Selection(
        [("day", "Each working day"), ("week", "Each week"), ("month", "Each month")],
        string="How Often",
        default="week",
        required=True,
    )

    @api.model
    def _selection_record_model(self):
        """[(model, name)] of what this user may read and what names a person."""
        names = {
            name
            for name, model in self.env.registry.items()
            if not (model._abstract or model._transient or name.startswith(SECRET))
            and model._auto
            and any(
                field.type == "many2one" and field.store and field.comodel_name in OWNERS
                for field in model._fields.values()
                if field.name not in models.MAGIC_COLUMNS
            )
        }
        # sudo: whoever writes rules need not be an administrator of the system; only names are read
        known = self.env["ir.model"].sudo().search_fetch([("model", "in", list(names))], ["model", "name"], order="name")
        return [(model.model, model.name) for model in known if self.env[model.model].has_access("read")]

    @api.depends("record_model", "record_label", "record_period")
    def _compute_summary(self):
        return super()._compute_summary()

    @api.onchange("record_model")
    def _onchange_record_model(self):
        """Propose the fields that most models have."""
        for version in self.filtered("record_model"):
            known = self.env[version.record_model]._fields
            version.record_domain = "[]"
            version.owner_field = next((name for name in ("employee_id", "user_id") if name in known), False)
            stale = version.kind == "stale_record"
            wanted = ("write_date",) if stale else ("date", "date_order", "invoice_date", "start", "create_date")
            version.date_field = next((name for name in wanted if name in known), False)

    def _records_text(self):
        """What the records are called in a sentence."""
        if self.record_label or not self.record_model:
            return self.record_label or self.env._("records")
        # sudo: the name of a document, which everybody reads in the menus
        return self.env["ir.model"].sudo()._get(self.record_model).name or self.record_model

    # --- wrong choices are refused ---

    @api.constrains(
        "rule_id", "record_model", "record_domain", "owner_field", "date_field", "filed_field", "value_field")
    def _check_records(self):
        # constraints run with full rights; whoever writes the rule must be able to read what it looks at
        for version in self.sudo(False).filtered(lambda version: version.rule_id.kind in RECORD_KINDS):
            version._check_record_model()
            for term, types, steps in version._record_field_terms():
                version._check_record_field(term, types, steps)
            version._check_record_company()
            version._check_record_domain()

    def _record_field_terms(self):
        """[(term, types that its field may have, fields on the way at most)] of the terms that name a field."""
        return [("owner_field", ("many2one",), 2), ("date_field", ("date", "datetime"), 1)]

    def _check_record_model(self):
        """:raise ValidationError: no model, or one that nobody's duty can be read from"""
        name = self.record_model
        if not name:
            raise ValidationError(self.env._(
                "Rule '%(rule)s' looks at records: choose which under 'Records'.", rule=self.rule_id.name))
        model = self.env.get(name)
        if model is None or model._abstract or model._transient or not model._auto or name.startswith(SECRET):
            raise ValidationError(self.env._(
                "Rule '%(rule)s': '%(model)s' is not a document that people own. Choose another one under 'Records'.",
                rule=self.rule_id.name, model=name))
        if not model.has_access("read"):
            raise ValidationError(self.env._(
                "Rule '%(rule)s': you may not read '%(model)s'. Choose a document that you may read, or have somebody "
                "with that right write the rule.",
                rule=self.rule_id.name, model=self._records_text()))

    def _check_record_field(self, term, types, steps):
        """:raise ValidationError: a field that does not exist, is not stored or has another type"""
        chain = self._record_path(self[term])
        problem = None
        if not self[term]:
            problem = self.env._("it is empty")
        elif not chain:
            problem = self.env._("there is no such field")
        elif len(chain) > steps or any(field.type != "many2one" for field in chain[:-1]):
            problem = self.env._("the way to it is too long")
        elif not all(field.store and field.column_type and not field.company_dependent for field in chain):
            problem = self.env._("it is computed when shown and cannot be searched")
        elif chain[-1].type not in types:
            problem = self.env._("it is of another type")
        elif term == "owner_field" and chain[-1].comodel_name not in OWNERS:
            problem = self.env._("it names neither an employee nor a user")
        if problem:
            if types[0] == "many2one":
                wanted = self.env._("a stored field that names an employee or a user")
            elif "date" in types:
                wanted = self.env._("a stored date or time")
            elif "datetime" in types:
                wanted = self.env._("a stored time")
            else:
                wanted = self.env._("a stored number")
            raise ValidationError(self.env._(
                "Rule '%(rule)s', '%(label)s': field '%(field)s' of %(records)s cannot be used, %(problem)s. "
                "Choose %(wanted)s.",
                rule=self.rule_id.name, label=self._fields[term]._description_string(self.env),
                field=self[term] or "", records=self._records_text(),
                problem=problem, wanted=wanted))

    def _check_record_company(self):
        """:raise ValidationError: records that could be another company's"""
        employee = self._record_path(self.owner_field)[-1].comodel_name == "hr.employee"
        if not employee and not self._record_company_field():
            raise ValidationError(self.env._(
                "Rule '%(rule)s': %(records)s belong to no company, and a user may work in several. Choose a field "
                "that names an employee, or other records.",
                rule=self.rule_id.name, records=self._records_text()))

    def _check_record_domain(self):
        """Ask as the detector will, for no record and with the rights of the user who writes the rule.

        :raise ValidationError: a domain that cannot be evaluated, that moves with time, or that reads what is secret
        """
        try:
            domain = self._record_domain()
            moving = list(self._moving_conditions(domain, self.env[self.record_model]))
            with self.env.cr.savepoint(flush=False):
                terms = [self[term] for term, _types, _steps in self._record_field_terms() if term != "owner_field"]
                self.env[self.record_model]._read_group(
                    Domain("id", "=", 0) & domain, [self.owner_field], [f"{name}:max" for name in terms])
        except AccessError as error:
            raise ValidationError(self.env._(
                "Rule '%(rule)s': the records need fields that you may not read. Leave them out. (%(error)s)",
                rule=self.rule_id.name, error=str(error).partition("\n")[0])) from error
        except (ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError, UserError, ValueError,
                psycopg2.Error) as error:
            raise ValidationError(self.env._(
                "Rule '%(rule)s': the condition '%(domain)s' cannot be evaluated. Choose fields and fixed values with "
                "the editor. (%(error)s)",
                rule=self.rule_id.name, domain=self.record_domain, error=str(error).partition("\n")[0])) from error
        if moving:
            raise ValidationError(self.env._(
                "Rule '%(rule)s': '%(value)s' moves with time or with who looks, so that a past day would be judged "
                "differently every time. Choose stored fields and fixed dates; for the age of records there is the "
                "kind 'Record left lying'.",
                rule=self.rule_id.name, value=moving[0]))

    def _moving_conditions(self, domain, model):
        """Fields that are computed when somebody looks, and values of date conditions that are no fixed dates."""
        for condition in domain.iter_conditions():
            chain = self._record_path(condition.field_expr, model)
            if not all(field.store or field.related for field in chain):
                yield condition.field_expr
            elif condition.operator in ("any", "not any") and chain:
                yield from self._moving_conditions(Domain(condition.value), self.env[chain[-1].comodel_name])
            elif chain and chain[-1].type in ("date", "datetime"):
                values = condition.value if isinstance(condition.value, (list, tuple, set)) else [condition.value]
                for value in values:
                    try:
                        fields.Datetime.to_datetime(value)
                    except (TypeError, ValueError):
                        yield value

    # --- reading ---

    def _record_domain(self):
        """:raise ValueError: no literal domain"""
        return Domain(literal_eval(self.record_domain or "[]"))

    def _record_path(self, path, model=None):
        """[Field] along a dotted path from the model, empty if a part of it does not exist."""
        model = self.env.get(self.record_model or "") if model is None else model
        chain = []
        for name in (path or "").split("."):
            field = None if model is None else model._fields.get(name)
            if field is None:
                return []
            chain.append(field)
            model = self.env.get(field.comodel_name or "")
        return chain

    def _record_company_field(self):
        field = self.env[self.record_model]._fields.get("company_id")
        return field if field is not None and field.store and field.comodel_name == "res.company" else None

    def _read_records(self, employee_ids, domain, columns):
        """What these people own of the records: {employee id: [(value of each column)]}; one query.

        Whoever can own none, as a person without user where the owner is a user, is left out.

        :param domain: Domain that narrows the records further
        :raise UserError: the add-on of the records is no longer installed
        """
        self.ensure_one()
        if self.record_model not in self.env:
            raise UserError(self.env._(
                "Rule '%(rule)s' looks at '%(model)s', which no installed add-on has. Archive the rule.",
                rule=self.rule_id.name, model=self.record_model))
        # sudo: records are counted for the judge, whatever the person who started the run may see
        Model = self.env[self.record_model].sudo().with_context(active_test=True)
        # sudo: only which user an employee is
        employees = self.env["hr.employee"].sudo().browse(employee_ids)
        owners = dict(zip(employee_ids, employee_ids, strict=True))
        if self._record_path(self.owner_field)[-1].comodel_name == "res.users":
            owners = {employee.user_id.id: employee.id for employee in employees if employee.user_id}
        domain &= self._record_domain() & Domain(self.owner_field, "in", list(owners))
        if self._record_company_field():
            domain &= Domain("company_id", "in", [False, self.company_id.id])
        rows = Model._read_group(domain, [self.owner_field], [f"{column}:array_agg" for column in columns])
        owned = {owner.id: list(zip(*values, strict=True)) for owner, *values in rows}
        return {employee_id: owned.get(owner_id, []) for owner_id, employee_id in owners.items()}


class SalesDisciplineRule(models.Model):
    """What the kinds about records share as rules."""

    _inherit = "sales.discipline.rule"

    @api.constrains("kind")
    def _check_records(self):
        self.version_ids._check_records()

    def _offence_key(self):
        if self.offence_group or self.kind not in RECORD_KINDS:
            return super()._offence_key()
        # other records are another duty
        newest = self.version_ids.sorted("valid_from")[-1:]
        return f"{self.kind}/{newest.record_model}/{newest.record_domain}"


def local_day(value, tz):
    """Local date of a date or of a naive UTC datetime."""
    return UTC.localize(value).astimezone(tz).date() if isinstance(value, datetime) else value


def moment(value, tz):
    """Naive UTC of a date field: of a mere date the beginning, so that the day itself is never late."""
    return value if isinstance(value, datetime) else midnight(value, tz).astimezone(UTC).replace(tzinfo=None)


def midnight(day, tz):
    """Beginning of a local date, aware."""
    return tz.localize(datetime.combine(day, time.min))
