# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Sales KPI",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "summary": "Visits, commission and the salesperson's day: what to do, what was done, what it earns",
    "author": "Sales Discipline Suite Contributors",
    "license": "AGPL-3",
    "depends": [
        "base_geolocalize",
        "crm",
        "sale_crm",
        "sales_discipline",
        "sales_receivable_followup",
    ],
    "data": [
        "security/kpi_groups.xml",
        "security/kpi_rules.xml",
        "security/ir.model.access.csv",
        "data/visit_data.xml",
        "views/my_day_views.xml",
        "views/visit_views.xml",
        "views/res_config_settings_views.xml",
        "views/rule_version_views.xml",
        "views/kpi_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "sales_kpi/static/src/**/*",
        ],
        "web.assets_tests": [
            "sales_kpi/static/tests/tours/**/*",
        ],
    },
    "application": True,
}
