# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal
from math import isfinite

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

BOOLEANS = {"1": True, "0": False}
NUMBERS = ("integer", "float", "monetary")


class SalesPolicyPackSetting(models.Model):
    """A setting of a company that a policy pack carries.

    Loading the row writes the setting in its company and remembers what stood there. Removing it gives that back, unless
    somebody has changed the setting since: then it stays. Which settings may be carried, and whose right they are, their
    add-on says in ``res.company._policy_pack_settings``.
    """

    _name = "sales.policy.pack.setting"
    _description = "Company Setting of a Policy Pack"
    _order = "company_id, rule, id"
    _rec_name = "label"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="cascade",
    )
    rule = fields.Char(help="ID of the rule in the regulation that the setting belongs to, such as GRD-04.")
    name = fields.Char(string="Technical Name", required=True)
    value = fields.Char(required=True, help="What the pack says, as the pack writes it.")
    value_before = fields.Char(readonly=True, help="What stood there when the pack was loaded.")
    label = fields.Char(string="Setting", compute="_compute_label")
    value_label = fields.Char(string="In the Pack", compute="_compute_label")
    now_label = fields.Char(string="Now", compute="_compute_label")
    is_changed = fields.Boolean(
        string="Changed", compute="_compute_label", help="Somebody has changed the setting since the pack was loaded.",
    )

    @api.depends("name", "value", "company_id")
    @api.depends_context("lang")
    def _compute_label(self):
        for setting in self:
            company = setting.company_id
            if self._reason_not_carried(company, setting.name):
                setting.label, setting.value_label = setting.name, setting.value
                setting.now_label, setting.is_changed = False, False
                continue
            now = self._as_text(company, setting.name)
            setting.label = self._field_label(company, setting.name)
            setting.value_label = self._value_label(company, setting.name, setting.value)
            setting.now_label = self._value_label(company, setting.name, now)
            setting.is_changed = now != self._normal(company, setting.name, setting.value)

    # --- the settings themselves ---

    @api.model
    def _carried(self, company):
        """{field of res.company: group whose right it is} of the settings that packs may carry."""
        names = getattr(company, "_policy_pack_settings", None)
        return names() if names else {}

    @api.model
    def _reason_not_carried(self, company, name):
        if name not in self._carried(company):
            return self.env._("No installed add-on has a setting '%(setting)s' that packs may carry.", setting=name)
        return ""

    @api.model
    def _field_label(self, company, name):
        return company.fields_get([name], ["string"])[name]["string"]

    @api.model
    def _parse(self, company, name, text):
        """Value for the setting of what a pack writes.

        :raise ValidationError: the setting has no such value
        """
        field = company._fields[name]
        try:
            if field.type == "boolean":
                return BOOLEANS[text]
            if field.type == "selection":
                return {key: key for key, _label in field._description_selection(self.env)}[text]
            if field.type == "integer":
                return int(text)
            return _finite(text) if field.type in NUMBERS else text
        except (KeyError, ValueError) as error:
            possible = {
                "boolean": lambda: ", ".join(BOOLEANS),
                "selection": lambda: ", ".join(key for key, _label in field._description_selection(self.env)),
            }.get(field.type, lambda: self.env._("a number"))()
            raise ValidationError(self.env._(
                "The setting '%(setting)s' has no value '%(value)s'. Possible: %(possible)s.",
                setting=name, value=text, possible=possible)) from error

    @api.model
    def _as_text(self, company, name):
        """What the setting says now, as a pack writes it."""
        value = company.sudo()[name]  # sudo: settings that were found to be a pack's, by name
        kind = company._fields[name].type
        if kind == "boolean":
            return str(int(value))
        return _number_text(value) if kind in NUMBERS else value or ""

    @api.model
    def _normal(self, company, name, text):
        """A pack's text as :meth:`_as_text` would write it."""
        value = self._parse(company, name, text)
        return _number_text(value) if company._fields[name].type in NUMBERS else text

    @api.model
    def _value_label(self, company, name, text):
        """What people call the value."""
        field = company._fields[name]
        if field.type == "boolean":
            return self.env._("Yes") if text == "1" else self.env._("No")
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(text, text)
        return text

    # --- loading and removing ---

    @api.model_create_multi
    def create(self, vals_list):
        settings = super().create(vals_list)
        settings._apply()
        return settings

    def write(self, vals):
        moved = vals.keys() & {"name", "company_id"} and self.filtered(
            lambda setting: any(setting._fields[key].convert_to_write(setting[key], setting) != vals[key]
                                for key in vals.keys() & {"name", "company_id"}))
        if moved:
            raise UserError(self.env._("A setting of a pack stays the same setting: remove the row and add another."))
        result = super().write(vals)
        if "value" in vals:
            self._apply(remember=False)
        return result

    def unlink(self):
        self._check_right()
        for setting in self.sorted("id", reverse=True):
            setting._give_back()
        return super().unlink()

    def _check_right(self):
        """:raise AccessError: the setting belongs to others' right"""
        for setting in self:
            group = self._carried(setting.company_id).get(setting.name)
            if group and not self.env.su and not self.env.user.has_group(group):
                raise AccessError(self.env._(
                    "The setting '%(setting)s' belongs to %(group)s: ask somebody with that right to load or remove the "
                    "pack.", setting=self._field_label(setting.company_id, setting.name),
                    # sudo: the name of a group alone, for who may not read groups
                    group=self.env.ref(group).sudo().full_name))

    def _apply(self, remember=True):
        """Write what the pack says into the company."""
        for setting in self:
            reason = self._reason_not_carried(setting.company_id, setting.name)
            if reason:
                raise ValidationError(reason)
        self._check_right()
        for setting in self:
            company, name = setting.company_id, setting.name
            value = self._parse(company, name, setting.value)
            if remember:
                setting.write({"value_before": self._as_text(company, name)})
            if self._as_text(company, name) != self._normal(company, name, setting.value):
                # sudo: company settings are the system administrator's; which ones a pack may write, and whose right
                # that is, was checked above
                self._write_setting(company.sudo(), name, value)

    def _give_back(self):
        """Leave the setting as if the pack had not been loaded, unless somebody has changed it since."""
        self.ensure_one()
        company, name = self.company_id, self.name
        if self._reason_not_carried(company, name):
            return
        later = self.search([("company_id", "=", company.id), ("name", "=", name), ("id", ">", self.id)], limit=1, order="id")
        if later:
            # another pack has written it since, and gives back what this one found
            later.write({"value_before": self.value_before})
        elif self._as_text(company, name) == self._normal(company, name, self.value):
            self._write_setting(company.sudo(), name, self._parse(company, name, self.value_before))  # sudo: as in _apply

    @api.model
    def _write_setting(self, company, name, value):
        try:
            with self.env.cr.savepoint():
                company[name] = value
                company.flush_recordset([name])
        except psycopg2.IntegrityError as error:
            raise ValidationError(company._sql_error_to_message(error)) from error

    # --- what the loader asks ---

    def _policy_pack_gap(self, cells):
        """A setting that no installed add-on has is left out."""
        return self._reason_not_carried(self.env.company, cells.get("name"))

    @api.model
    def _policy_pack_shown(self, cells, company):
        """[(what, now, after)] for people, before loading."""
        name, text = cells["name"], cells["value"]
        now = self._as_text(company, name)
        return [(
            self._field_label(company, name), self._value_label(company, name, now), self._value_label(company, name, text),
        )]


def _number_text(value):
    """All digits of it, without an exponent: 1234567.89, 1234568, 0.00001."""
    return f"{Decimal(str(value)).normalize():f}"


def _finite(text):
    """:raise ValueError: no number, or none that can be written down"""
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    return value
