# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..engine.grading import COW, DOG, QUESTION, STAR


class ResCompany(models.Model):
    """Where the classes of key accounts begin, and what each asks for (KAM-01 to KAM-04)."""

    _inherit = "res.company"

    _key_account_threshold_range = models.Constraint(
        "CHECK (key_account_threshold BETWEEN 1 AND 100)", "The border between the classes lies between 1 and 100."
    )

    key_account_threshold = fields.Integer(
        string="Border of the Classes", default=50, required=True,
        help="From this score on a customer counts as attractive, and our position as strong. 50 is our proposal.",
    )
    key_account_treatment_star = fields.Text(string="Star: Treatment")
    key_account_treatment_question = fields.Text(string="Question Mark: Treatment")
    key_account_treatment_cow = fields.Text(
        string="Cash Cow: Treatment", help="The regulation breaks off here: the text shown is our proposal."
    )
    key_account_treatment_dog = fields.Text(
        string="Dog: Treatment", help="The regulation does not name this class: the text shown is our proposal."
    )

    def _key_account_treatment(self, key_account_class):
        """What a class asks for: the company's own words, or the regulation's (KAM-02 to KAM-04)."""
        self.ensure_one()
        texts = {
            STAR: self.env._("High-quality visits; keep the good relation and our position."),
            QUESTION: self.env._("High-quality visits; improve the relation and win support."),
            COW: self.env._("Keep what there is at little cost; look out for new business (ours)."),
            DOG: self.env._("Visit rarely; ask once a year whether it should stay a key account (ours)."),
        }
        # sudo: what the company wrote for everybody; nothing else of it is read
        own = self.sudo()[f"key_account_treatment_{key_account_class}"]
        return own or texts[key_account_class]


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    key_account_threshold = fields.Integer(related="company_id.key_account_threshold", readonly=False)
    key_account_treatment_star = fields.Text(related="company_id.key_account_treatment_star", readonly=False)
    key_account_treatment_question = fields.Text(related="company_id.key_account_treatment_question", readonly=False)
    key_account_treatment_cow = fields.Text(related="company_id.key_account_treatment_cow", readonly=False)
    key_account_treatment_dog = fields.Text(related="company_id.key_account_treatment_dog", readonly=False)
