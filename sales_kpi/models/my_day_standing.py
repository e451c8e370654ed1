# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from odoo.addons.sales_discipline.models.violation import NOTIFIED, OVERTURNED, WAIVED, WITHDRAWN

LINES = 5


class SalesMyDay(models.AbstractModel):
    _inherit = "sales.my.day"

    @api.model
    def _get_card_sequence(self):
        return {**super()._get_card_sequence(), "standing": 20}

    @api.model
    def _card_standing(self):
        """What stands against the user in the open periods, what comes next, and what waits for his answer."""
        Violation = self.env["sales.discipline.violation"]
        standing = self._get_standing_domain()
        waiting = Violation.search(
            standing & Domain("state", "=", NOTIFIED) & Domain("answer", "=", False),
            order="answer_deadline, id", limit=LINES,
        )
        [(points, amount, count)] = Violation._read_group(standing, [], ["points:sum", "amount:sum", "__count"])
        # A corrected entry no longer says what stands, its correction does.
        warnings = Violation.search_count(
            standing & Domain("step_kind", "=", "warning") & Domain("correction_ids", "=", False)
        )
        card = {
            "icon": "fa fa-balance-scale",
            "title": self.env._("My Standing"),
            "figures": [
                *self._prepare_score_figure(),
                {"label": self.env._("Points"), "value": str(points or 0), "tone": "danger" if points else ""},
                {
                    "label": self.env._("Fines"),
                    "value": self.env.company.currency_id.format(amount or 0),
                    "tone": "danger" if amount else "",
                },
                {"label": self.env._("Warnings"), "value": str(warnings), "tone": "warning" if warnings else ""},
            ],
            "lines": [self._prepare_violation_line(violation) for violation in waiting],
            "empty": self.env._("Nothing waits for your answer.") if count else self.env._(
                "Nothing stands against you this month. Keep it up!"),
        }
        if not count:
            return card
        return {
            **card,
            "text": self._get_next_step_text(),
            "note": self.env._("Entries that are not decided yet are included."),
            "action": {
                "type": "ir.actions.act_window",
                "name": self.env._("My Entries"),
                "res_model": Violation._name,
                "views": [(False, "list"), (False, "kanban"), (False, "form")],
                "domain": [("user_id", "=", self.env.uid)],
            },
            "action_label": self.env._("All my entries"),
        }

    @api.model
    def _prepare_score_figure(self):
        """Points left of this month (PNT-01); nothing where no score is kept."""
        row = self.env["sales.discipline.score"].search([
            ("user_id", "=", self.env.uid),
            ("company_id", "=", self.env.company.id),
            ("date_from", "=", fields.Date.context_today(self).replace(day=1)),
        ], limit=1)
        return [{
            "label": self.env._("Score"),
            "value": f"{row.score} / {row.points_base}",
            "tone": "warning" if row.score < row.points_base else "success",
        }] if row else []

    @api.model
    def _get_standing_domain(self):
        return (
            Domain("user_id", "=", self.env.uid)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("period_id.state", "=", "open")
            & Domain("state", "not in", (WAIVED, OVERTURNED, WITHDRAWN))
        )

    @api.model
    def _prepare_violation_line(self, violation):
        return {
            "title": f"{violation.rule_id.name}, {format_date(self.env, violation.fact_date)}",
            "subtitle": violation.answer_deadline and self.env._(
                "Accept or appeal by %(deadline)s",
                deadline=format_datetime(self.env, violation.answer_deadline, dt_format="short")),
            "value": self._format_sanction(violation, violation.step_kind),
            "tone": "danger" if violation.amount or violation.points else "warning",
            "action": {
                "type": "ir.actions.act_window",
                "res_model": violation._name,
                "res_id": violation.id,
                "views": [(False, "form")],
            },
        }

    @api.model
    def _get_next_step_text(self):
        """What the next offence would cost, and when the present ones lapse, for each rule that counts something."""
        Employee = self.env["hr.employee"]
        # sudo: whoever has no right on employees has himself
        own = Employee.sudo().search([
            ("user_id", "=", self.env.uid), ("company_id", "=", self.env.company.id)], limit=1).sudo(False)
        texts = []
        for row in own._discipline_standing().get(own.id, ()):
            if not row.now.count:
                continue
            text = self.env._(
                "%(rule)s: no. %(number)s %(window)s would be: %(sanction)s.",
                rule=row.rule.name,
                number=row.now.occurrence,
                window=row.version._window_text(),
                sanction=self._format_step(row.version._step_at(row.now.occurrence)))
            if row.first_lapse:
                text = self.env._(
                    "%(text)s The first lapses after %(day)s.", text=text, day=format_date(self.env, row.first_lapse))
            texts.append(text)
        return "\n".join(texts)

    @api.model
    def _format_sanction(self, record, kind):
        """What an entry or a step of a ladder costs, else the name of its kind."""
        parts = [
            record.currency_id.format(record.amount) if record.amount else "",
            self.env._("%(percent)s%% of base pay", percent=f"{record.pay_percent:g}") if record.pay_percent else "",
            *record._effect_texts(record._to_effect()),
        ]
        labels = dict(self.env["sales.discipline.violation"]._fields["step_kind"]._description_selection(self.env))
        return " + ".join(filter(None, parts)) or labels.get(kind, "")

    @api.model
    def _format_step(self, step):
        if not step:
            return self.env._("no sanction")
        text = self._format_sanction(step, step.kind)
        if step.per_unit:
            text = self.env._(
                "%(sanction)s per %(unit)s", sanction=text, unit=step.version_id._unit_text())
        if step.amount and not self.env.company._discipline_fines_from():
            text = self.env._("%(sanction)s (fines are switched off)", sanction=text)
        return text
