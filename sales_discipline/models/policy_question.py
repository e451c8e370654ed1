# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .policy import ADMINISTRATOR


class SalesPolicyQuestion(models.Model):
    """What a policy means in a case it does not name: asked by whom it binds, answered by its interpreter (POL-09).

    The answer is kept with the policy and everybody whom it binds can read it.
    """

    _name = "sales.policy.question"
    _description = "Question about a Policy"
    _order = "answered_on desc, asked_on desc, id desc"

    policy_id = fields.Many2one("sales.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    question = fields.Text(required=True)
    asked_by_id = fields.Many2one("res.users", readonly=True, default=lambda self: self.env.user)
    asked_on = fields.Datetime(readonly=True, default=fields.Datetime.now)
    answer = fields.Text()
    answered_by_id = fields.Many2one("res.users", readonly=True)
    answered_on = fields.Datetime(readonly=True)
    can_answer = fields.Boolean(compute="_compute_can_answer")

    @api.depends("question")
    def _compute_display_name(self):
        for question in self:
            question.display_name = (question.question or "").split("\n")[0][:80]

    @api.depends("answered_on", "policy_id.interpreter_id")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        for question in self:
            question.can_answer = bool(question.asked_on and not question.answered_on and question._may_answer())

    def _may_answer(self):
        interpreter = self.sudo().policy_id.interpreter_id
        return interpreter == self.env.user or (
            not interpreter.active and self.env.user.has_group(ADMINISTRATOR))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            now = fields.Datetime.now()
            vals_list = [
                {**{name: vals[name] for name in ("policy_id", "question") if name in vals}, "answer": False,
                 "asked_by_id": self.env.uid, "asked_on": now, "answered_by_id": False, "answered_on": False}
                for vals in vals_list
            ]
        questions = super().create(vals_list)
        for question in questions.filtered(lambda question: not question.answered_on):
            # sudo: who asks may read the policy, the task is the interpreter's
            question.sudo().policy_id.activity_schedule(
                "sales_discipline.activity_type_policy_question",
                user_id=question.sudo().policy_id.interpreter_id.id, summary=question.display_name)
        return questions

    def write(self, vals):
        """Nothing but the answer, once, by the interpreter."""
        if self.env.su:
            return super().write(vals)
        if set(vals) != {"answer"} or not (vals["answer"] or "").strip():
            raise UserError(self.env._(
                "A question stays as it was asked; only its answer is added. Ask a new question instead."))
        for question in self:
            if not question._may_answer():
                raise AccessError(self.env._(
                    "Questions about '%(policy)s' are answered by its interpreter, %(user)s.",
                    policy=question.sudo().policy_id.name, user=question.sudo().policy_id.interpreter_id.name))
            if question.answered_on:
                raise UserError(self.env._(
                    "'%(question)s' was answered and the answer stays. Ask anew if it is not enough.",
                    question=question.display_name))
        result = super().write({
            **vals, "answered_by_id": self.env.uid, "answered_on": fields.Datetime.now(),
        })
        self.sudo()._tell_answer()
        return result

    def _tell_answer(self):
        for question in self:
            waiting = question.policy_id.question_ids.filtered(lambda other: not other.answered_on)
            if not waiting:
                question.policy_id.activity_unlink(["sales_discipline.activity_type_policy_question"])
            question.policy_id.message_post(
                body=self.env._(
                    "Question: %(question)s Answer: %(answer)s", question=question.question, answer=question.answer),
                partner_ids=question.asked_by_id.partner_id.ids,
            )
