# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The web client's bundles, made once: what a browser test makes is rolled back with it."""


def generate(env):
    env["ir.qweb"]._pregenerate_assets_bundles()
