# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine.collection import Month, collect, monthly_limit
from .violation import POSTED

SHOWN = 5  # people named in an error


class SalesDisciplinePeriod(models.Model):
    """What a closing may collect of the fines that it posts (SAN-12)."""

    _inherit = "sales.discipline.period"

    def _prepare_collections(self, confirmed):
        """{employee: values of his sheet}: what to collect, what is carried on and what is dropped.

        :param confirmed: entries that this closing posts
        :return: everybody who has one of them, or something carried from before
        :raise UserError: the wage limits what may be collected, and somebody who owes has none
        """
        self.ensure_one()
        drop = self.company_id.discipline_fine_rest == "drop"
        carried, own, earlier = self._carried(), *self._months_of_offences(confirmed)
        employees = confirmed.employee_id.union(*carried)
        limits = self._collection_limits(employees.filtered(
            lambda employee: own[employee] > 0 or earlier[employee] or carried.get(employee)))
        unit, result = self.currency_id.rounding, {}
        for employee in employees:
            limit, before = limits.get(employee), carried.get(employee, 0)
            collection = collect([*earlier[employee], Month(0, own[employee], limit)], before, limit, drop)
            result[employee] = {
                "amount_carried_in": before * unit,
                "amount_capped": collection.collected * unit,
                "amount_carried": collection.carried * unit,
                "amount_dropped": collection.dropped * unit,
                "limited": limit is not None,
                "amount_limit": (limit or 0) * unit,
            }
        return result

    def _carried(self):
        """{employee: what the closing before has carried on}, in the smallest unit of the currency."""
        latest = self.search([
            ("company_id", "=", self.company_id.id), ("date_from", "<", self.date_from), ("state", "=", "closed"),
        ], order="date_from desc", limit=1)
        return {
            sheet.employee_id: self._units(sheet.amount_carried) for sheet in latest.sheet_ids if sheet.amount_carried
        }

    def _months_of_offences(self, confirmed):
        """What the entries cost, by the month that has posted the offence.

        :return: ({employee: this month}, {employee: [Month of an earlier closing that is corrected now]})
        """
        Violation = self.env["sales.discipline.violation"]
        company = Domain("company_id", "=", self.company_id.id) & Domain("sheet_id", "!=", False)
        offences = company & Domain("revision", "=", 0)
        corrected = Violation.search(
            offences & Domain("fact_key", "in", confirmed.filtered("corrects_id").mapped("fact_key")))
        sheet_of = {
            entry.fact_key: entry.sheet_id
            for entry in Violation.search(offences & Domain("sheet_id", "in", corrected.sheet_id.ids))
        }
        before, change, own = defaultdict(int), defaultdict(int), defaultdict(int)
        for entry in Violation.search(company & Domain("fact_key", "in", list(sheet_of)) & Domain("state", "=", POSTED)):
            before[sheet_of[entry.fact_key]] += self._units(entry.amount)
        for entry in confirmed:
            sheet = entry.corrects_id and sheet_of.get(entry.fact_key)
            if sheet:
                change[sheet] += self._units(entry.amount)
            else:
                own[entry.employee_id] += self._units(entry.amount)
        earlier = defaultdict(list)
        for sheet, amount in change.items():
            limit = self._units(sheet.amount_limit) if sheet.limited else None
            earlier[sheet.employee_id].append(Month(before[sheet], before[sheet] + amount, limit))
        return own, earlier

    def _collection_limits(self, employees):
        """{employee: what may be collected from him now, None without a limit}, in the smallest unit."""
        company = self.company_id
        sum_ = self._units(company.discipline_fine_cap) or None
        share, floor = company.discipline_fine_share or None, self._units(company.discipline_wage_floor) or None
        if not (share or floor):
            return dict.fromkeys(employees, sum_)
        # Wages are the HR manager's to read; only the limit that follows from them is kept.
        versions = self.env["hr.version"].sudo().search_fetch(
            [("employee_id", "in", employees.ids), ("date_version", "<=", self.date_to)], ["employee_id", "wage"],
            order="employee_id, date_version, id",
        )
        wages = {version.employee_id.id: self._units(version.wage) for version in versions}
        unknown = employees.filtered(lambda employee: not wages.get(employee.id))
        if unknown:
            raise UserError(self.env._(
                "Fines are limited by the wage, and no wage is known of: %(people)s. Enter it on the employee, or "
                "choose another limit in the settings.",
                people=", ".join(unknown[:SHOWN].mapped("name")) + (" ..." if len(unknown) > SHOWN else "")))
        return {employee: monthly_limit(sum_, wages[employee.id], share, floor) for employee in employees}

    def _units(self, amount):
        return round(amount / self.currency_id.rounding)
