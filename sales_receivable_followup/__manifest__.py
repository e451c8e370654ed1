# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Sales Receivable Follow-up",
    "summary": "What every customer owes each month, to the cent, and who goes after it",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Sales Discipline Suite Contributors",
    "license": "AGPL-3",
    "depends": ["account", "sale", "sales_team", "portal", "base_automation", "base_tier_validation"],
    "data": [
        "security/receivable_groups.xml",
        "security/receivable_rules.xml",
        "security/ir.model.access.csv",
        "data/receivable_data.xml",
        "report/arrears_statement_reports.xml",
        "views/arrears_statement_line_views.xml",
        "views/arrears_statement_delivery_views.xml",
        "views/arrears_statement_views.xml",
        "views/customer_assignment_views.xml",
        "views/res_config_settings_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["sales_receivable_followup/static/tests/tours/**/*"],
    },
    "post_init_hook": "post_init_hook",
    "application": True,
}
