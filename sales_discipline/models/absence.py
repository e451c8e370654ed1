# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytz

from odoo import models


class SalesDisciplineRule(models.Model):
    """When nothing is owed: leave, holidays (ATT-10, ATT-15), before hiring and after departure."""

    _inherit = "sales.discipline.rule"

    def _excused(self, segments, date_from, date_to):
        """A function that gives a segment's approved leave and public holidays as aware (start, stop) intervals.

        :param date_from: first local date of interest, ``date_to``: last one
        """
        # sudo: only that and when somebody is excused, never why
        leaves = self.env["resource.calendar.leaves"].sudo().search_fetch(
            [
                ("time_type", "=", "leave"),
                ("resource_id", "in", [False, *{segment.resource_id for segment in segments}]),
                ("company_id", "in", [False, *self.company_id.ids]),
                # moments, not days: a day would be read in the time zone of whoever runs this
                ("date_from", "<=", datetime.combine(date_to, time.max) + timedelta(days=2)),
                ("date_to", ">=", datetime.combine(date_from, time.min) - timedelta(days=1)),
            ],
            ["resource_id", "calendar_id", "date_from", "date_to"],
        )
        by_resource = {}
        for leave in leaves:
            interval = (pytz.utc.localize(leave.date_from), pytz.utc.localize(leave.date_to))
            by_resource.setdefault(leave.resource_id.id, []).append((leave.calendar_id.id, interval))
        holidays = by_resource.get(False, [])

        def excused(segment):
            return [interval for _calendar, interval in by_resource.get(segment.resource_id, ())] + [
                interval for calendar_id, interval in holidays if calendar_id in (False, segment.calendar_id)
            ]

        return excused

    def _employed(self, segments):
        """The segments cut to the time from hiring to departure, for kinds that judge what is missing."""
        # contract and departure are the HR officer's to read; only the dates are used
        employees = self.env["hr.employee"].sudo().browse({segment.employee_id for segment in segments})
        versions = self.env["hr.version"].sudo().search_fetch(
            [("employee_id", "in", employees.ids)],
            ["employee_id", "date_version", "contract_date_start", "contract_date_end", "departure_date"],
            order="employee_id, date_version, id",
        )
        employees.fetch(["active"])
        left = {employee.id for employee in employees if not employee.active}
        span = {}
        for employee, dated in versions.grouped("employee_id").items():
            hired = min(filter(None, dated.mapped("contract_date_start")), default=dated[0].date_version)
            # someone archived without a date of departure owes nothing: nobody knows since when
            gone = dated[-1].departure_date or dated[-1].contract_date_end
            span[employee.id] = (hired, gone or (date.min if employee.id in left else date.max))
        cut = []
        for segment in segments:
            hired, gone = span.get(segment.employee_id, (date.max, date.min))
            first, last = max(segment.date_from, hired), min(segment.date_to, gone)
            if first <= last:
                cut.append(replace(segment, date_from=first, date_to=last))
        return cut
