# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import controllers, models, report, wizards


def post_init_hook(env):
    """Give the history of who was responsible a beginning: what the posted invoices tell."""
    env["sales.customer.assignment"]._seed_from_invoices()
