# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

from ..engine.grading import ANY, Criterion, is_sorted

#: What a person says of a customer's credit standing (资信); the number sorts, 1 is best.
STANDINGS = [("1", "Excellent"), ("2", "Good"), ("3", "Fair"), ("4", "Poor")]


class SalesCustomerGradePolicyVersion(models.Model):
    """The grades of a policy from a date until its next version. One that has graded a customer is read-only."""

    _name = "sales.customer.grade.policy.version"
    _description = "Grading Policy Version"
    _order = "valid_from desc, id desc"
    _rec_name = "summary"

    _valid_from_uniq = models.Constraint(
        "UNIQUE (policy_id, valid_from)", "Two versions of one policy cannot start on the same day."
    )
    _months_positive = models.Constraint(
        "CHECK (months BETWEEN 1 AND 60)", "Customers are graded by their last 1 to 60 months."
    )

    policy_id = fields.Many2one("sales.customer.grade.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    months = fields.Integer(
        string="Months Looked At", default=12, required=True, help="How far back volume and payments are looked at.",
    )
    grade_ids = fields.One2many("sales.customer.grade", "version_id", string="Grades", copy=True)
    judged = fields.Boolean(
        readonly=True, copy=False, help="Customers were graded by this version: it is read-only."
    )
    summary = fields.Char(compute="_compute_summary", help="The grades in one sentence.")

    @api.depends("grade_ids.summary", "grade_ids.sequence", "valid_from")
    def _compute_summary(self):
        for version in self:
            version.summary = "; ".join(
                grade.summary for grade in version.grade_ids.sorted() if grade.summary
            ) or self.env._("No grades yet")

    def write(self, vals):
        # only grading, with full rights, says that a version was used
        if vals.keys() - {"judged"} or not self.env.su:
            self._check_not_judged()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_judged(self):
        self._check_not_judged()

    def _check_not_judged(self):
        """:raise UserError: customers were graded by one of these versions"""
        for version in self.filtered("judged"):
            raise UserError(self.env._(
                "Customers were graded by '%(policy)s' as of %(date)s: these grades can no longer be changed. Make a "
                "new version from a later date.", policy=version.policy_id.name, date=version.valid_from))

    @api.constrains("valid_from", "policy_id")
    def _check_after_judged(self):
        for version in self:
            judged = (version.policy_id.version_ids - version).filtered("judged").mapped("valid_from")
            if judged and version.valid_from <= max(judged):
                raise ValidationError(self.env._(
                    "Customers were graded by the version of '%(policy)s' from %(judged)s: a new one starts later.",
                    policy=version.policy_id.name, judged=max(judged)))

    @api.constrains("policy_id")
    def _check_active_is_complete(self):
        self.filtered(lambda version: version.policy_id.state == "active")._check_complete()

    def action_new_version(self):
        """Copy these grades into a version from today on (or the day after the newest)."""
        self.ensure_one()
        self.check_access("write")
        today = self.company_id._arrears_today()
        newest = max(self.policy_id.version_ids.mapped("valid_from"))
        new = self.copy({"valid_from": max(today, fields.Date.add(newest, days=1))})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": new.id,
            "views": [(False, "form")],
            "name": self.policy_id.name,
        }

    def _check_complete(self):
        """:raise UserError: no grades, a grade without its terms, or bands that overlap (GRD-02 leaves them empty)"""
        for version in self:
            grades = version.grade_ids.sorted()
            if len(grades) < 2:
                raise UserError(self.env._(
                    "'%(policy)s' from %(date)s needs at least two grades, the best first.",
                    policy=version.policy_id.name, date=version.valid_from))
            for grade in grades:
                grade._check_terms()
            if not version._criteria():
                raise UserError(self.env._(
                    "'%(policy)s' from %(date)s has no criterion: say for the better grades from which volume, up to "
                    "how many days late or broken promises or from which standing they are given.",
                    policy=version.policy_id.name, date=version.valid_from))
            for criterion in version._criteria():
                if not is_sorted(criterion):
                    raise UserError(self.env._(
                        "'%(policy)s' from %(date)s: by %(criterion)s a worse grade asks more than a better one. Order "
                        "the grades from best to worst.", policy=version.policy_id.name, date=version.valid_from,
                        criterion=version._criterion_label(criterion.name)))

    # --- criteria; another add-on or a later part adds its own here, in _criterion_label and in the figures ---

    def _all_criteria(self):
        """Every criterion over the grades, best first, asked for or not."""
        self.ensure_one()
        grades = self.grade_ids.sorted()
        return [
            Criterion("volume", tuple(grade.volume_from or ANY for grade in grades)),
            Criterion("days_late", tuple(
                grade.days_late_to if grade.judge_days_late else ANY for grade in grades), more_is_better=False),
            Criterion("promises", tuple(
                grade.broken_promises_to if grade.judge_promises else ANY for grade in grades), more_is_better=False),
            Criterion("standing", tuple(
                int(grade.standing_from) if grade.standing_from else ANY for grade in grades), more_is_better=False),
        ]

    def _criteria(self):
        """Those that a grade other than the last, which takes the rest, asks for."""
        return [
            criterion for criterion in self._all_criteria()
            if any(bound is not ANY for bound in criterion.bounds[:-1])
        ]

    def _criterion_label(self, name):
        labels = {
            "volume": self.env._("volume"),
            "days_late": self.env._("days late"),
            "promises": self.env._("broken promises"),
            "standing": self.env._("standing"),
        }
        return labels[name]

    def _explain(self, findings):
        """Reasons of a grade as one sentence, criterion by criterion."""
        self.ensure_one()
        codes = self.grade_ids.sorted().mapped("code")
        return "; ".join(self._explain_one(finding, codes) for finding in findings)

    def _explain_one(self, finding, codes):
        if finding.band is None:
            unknown = {
                "volume": self.env._("never invoiced: volume not judged"),
                "days_late": self.env._("nothing paid or overdue in %(months)s months: days late not judged",
                                        months=self.months),
                "promises": self.env._("no promise to pay fell due in %(months)s months: promises not judged",
                                       months=self.months),
                "standing": self.env._("standing not rated"),
            }
            return unknown[finding.name]
        met = finding.band < len(codes) - 1
        code = codes[min(finding.band, len(codes) - 2)]
        if finding.name == "volume":
            text = self.env._("%(months)s-month volume %(volume)s", months=self.months, volume=self._money(finding.value))
            asked = self.env._("%(code)s from %(bound)s", code=code, bound=self._money(finding.bound or 0))
        elif finding.name == "days_late":
            text = self.env._("average %(days)s days late", days=f"{finding.value:g}")
            asked = self.env._("%(code)s up to %(bound)s", code=code, bound=f"{finding.bound or 0:g}")
        elif finding.name == "promises":
            text = self.env._("promises broken in %(months)s months: %(count)s", months=self.months,
                              count=int(finding.value))
            asked = self.env._("%(code)s up to %(bound)s", code=code, bound=finding.bound or 0)
        else:
            standings = self.env["sales.customer.grade"]._fields["standing_from"]._description_selection(self.env)
            labels = dict(standings)
            text = self.env._("standing %(standing)s", standing=labels[str(int(finding.value))])
            asked = self.env._("%(code)s from %(bound)s", code=code, bound=labels.get(str(finding.bound), "-"))
        if finding.bound is ANY:
            verdict = self.env._("enough for %(code)s", code=codes[finding.band])
        elif met:
            verdict = asked
        else:
            verdict = self.env._("%(code)s, as %(asked)s", code=codes[finding.band], asked=asked)
        decides = self.env._(", decides") if finding.decides and finding.band else ""
        return f"{text} ({verdict}{decides})"

    def _money(self, amount):
        return format_amount(self.env, amount, self.currency_id)
