# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, timedelta
from unittest.mock import patch

import pytz

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

CLERK = "sales_discipline.group_discipline_clerk"
SUPERVISOR = "sales_discipline.group_discipline_supervisor"
OFFICER = "sales_discipline.group_discipline_officer"
ADMINISTRATOR = "sales_discipline.group_discipline_administrator"


class DisciplineCase(TransactionCase):
    """A showroom: on post by 08:25, warning, then 20 each time, counted per month; fines are switched on.

    Ann and Bob sell in Sue's team, Zoe in another one. Olga is the sales administration, Carl the info clerk,
    Ida issues the rules. Everybody works Monday to Friday 08:30-12:00 and 13:30-17:30 in Shanghai.
    """

    tz = "Asia/Shanghai"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "no_reset_password": True})
        cls.calendar = cls._calendar("Showroom", cls.tz)
        cls.company = cls._company("Showroom Ltd")
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.ida = cls._user("ida", ADMINISTRATOR)
        cls.olga = cls._user("olga", OFFICER)
        cls.sue = cls._user("sue", SUPERVISOR)
        cls.tom = cls._user("tom", SUPERVISOR)
        cls.carl = cls._user("carl", CLERK)
        cls.company.discipline_officer_id = cls.olga
        cls.sue_team = cls._team("Sue's team", cls.sue)
        cls.tom_team = cls._team("Tom's team", cls.tom)
        cls.ann = cls._salesperson("ann", cls.sue_team)
        cls.bob = cls._salesperson("bob", cls.sue_team)
        cls.zoe = cls._salesperson("zoe", cls.tom_team)
        cls.sue_employee = cls._employee("Sue", cls.sue)
        cls.rule = cls._rule()

    # --- the world ---

    @classmethod
    def _calendar(cls, name, tz, **vals):
        return cls.env["resource.calendar"].create({
            "name": name,
            "tz": tz,
            "company_id": False,
            "attendance_ids": [
                Command.create({
                    "name": f"{weekday} {period}", "dayofweek": str(weekday), "day_period": period,
                    "hour_from": start, "hour_to": stop,
                })
                for weekday in range(5)
                for period, start, stop in (("morning", 8.5, 12.0), ("afternoon", 13.5, 17.5))
            ],
            **vals,
        })

    @classmethod
    def _company(cls, name):
        company = cls.env["res.company"].create({
            "name": name,
            "discipline_fines": True,
            "discipline_fines_from": "2020-01-01",
            "discipline_fine_share": 0,
            "discipline_notice_age": 36500,
        })
        company.resource_calendar_id = cls.calendar
        return company

    @classmethod
    def _user(cls, login, *groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env, login, groups=",".join(("base.group_user", *groups)), name=login.title(), tz=cls.tz,
            company_id=company.id, company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _team(cls, name, leader):
        return cls.env["crm.team"].create({"name": name, "user_id": leader.id, "company_id": leader.company_id.id})

    @classmethod
    def _employee(cls, name, user=None, calendar=None, **vals):
        return cls.env["hr.employee"].create({
            "name": name,
            "user_id": user and user.id,
            "company_id": (user.company_id if user else cls.company).id,
            "date_version": "2020-01-01",
            "contract_date_start": "2020-01-01",
            "resource_calendar_id": (calendar or cls.calendar).id,
            "tz": (calendar or cls.calendar).tz,
            **vals,
        })

    @classmethod
    def _salesperson(cls, login, team, **vals):
        user = cls._user(login, company=team.company_id)
        cls.env["crm.team.member"].create({"user_id": user.id, "crm_team_id": team.id})
        return cls._employee(login.title(), user, **vals)

    @classmethod
    def _rule(cls, name="Late", code="LATE", on_post="08:25", valid_from="2026-01-01", steps=None, **vals):
        terms = {name: vals.pop(name) for name in (
            "reset", "rolling_days", "grace_minutes", "time_source", "free_offences", "every_nth") if name in vals}
        return cls.env["sales.discipline.rule"].create({
            "name": name,
            "code": code,
            "kind": "late",
            "company_id": cls.company.id,
            "owner_id": cls.ida.id,
            "state": "active",
            "version_ids": [Command.create(cls._terms(on_post, valid_from, steps, **terms))],
            **vals,
        })

    @classmethod
    def _terms(cls, on_post="08:25", valid_from="2026-01-01", steps=None, **vals):
        """Values of a version; steps are (first, last, kind, amount or points)."""
        hours, minutes = on_post.split(":")
        return {
            "valid_from": valid_from,
            "on_post_by": int(hours) + int(minutes) / 60,
            "step_ids": [
                Command.create({
                    "first": first, "last": last, "kind": kind,
                    "points" if kind == "points" else "amount": size,
                })
                for first, last, kind, size in steps or [(1, 1, "warning", 0), (2, 0, "fine", 20)]
            ],
            **vals,
        }

    # --- what happens ---

    @classmethod
    def _utc(cls, local, tz=None):
        """"2026-06-03 08:26[:30]" in a time zone as naive UTC."""
        pattern = "%Y-%m-%d %H:%M:%S" if local.count(":") == 2 else "%Y-%m-%d %H:%M"
        return pytz.timezone(tz or cls.tz).localize(datetime.strptime(local, pattern)).astimezone(
            pytz.utc).replace(tzinfo=None)

    @classmethod
    def _punch(cls, employee, arrival, departure=None, tz=None, **vals):
        """Attendance from local "2026-06-03 08:26" to local "17:30" of the same day."""
        check_in = cls._utc(arrival, tz)
        check_out = cls._utc(f"{arrival[:10]} {departure}", tz) if departure else check_in + timedelta(hours=1)
        return cls.env["hr.attendance"].create({
            "employee_id": employee.id, "check_in": check_in, "check_out": check_out, **vals,
        })

    @classmethod
    def _run(cls, date_from="2026-06-01", date_to="2026-06-30", rule=None):
        """An applied run of a rule."""
        run = cls.env["sales.discipline.run"].create({
            "rule_id": (rule or cls.rule).id, "date_from": date_from, "date_to": date_to,
        })
        run.action_apply()
        return run

    @classmethod
    def _entries(cls, employee=None, rule=None):
        """Ledger in the order of the facts."""
        domain = [("rule_id", "=", (rule or cls.rule).id)]
        if employee:
            domain.append(("employee_id", "=", employee.id))
        return cls.env["sales.discipline.violation"].search(domain, order="fact_date, employee_id, revision")

    def _ledger(self, employee=None, rule=None):
        """[(day, revision, state, sanction, amount)] for a look at a glance."""
        return [
            (entry.fact_date.strftime("%m-%d"), entry.revision, entry.state, entry.step_kind, entry.amount)
            for entry in self._entries(employee, rule)
        ]

    def _tell(self):
        """The second pass: notices and deadlines."""
        with self._cron():
            self.env["sales.discipline.violation"]._cron_notices_and_deadlines()

    def _cron(self):
        """Lets a scheduled action be called inside the transaction of a test."""
        return patch.object(self.env.registry["ir.cron"], "_commit_progress", return_value=60.0)

    def _close(self, month):
        """Close the period of "2026-06"."""
        first = date.fromisoformat(f"{month}-01")
        period = self.env["sales.discipline.period"]._posting_periods(self.company, [first])[first]
        period.action_close()
        return period
