# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Sales Receivable Follow-up: Deliveries",
    "summary": "Delivered but not entered in the sales ledger, or entered without delivery",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Sales Discipline Suite Contributors",
    "license": "AGPL-3",
    "depends": ["sales_receivable_followup", "sale_stock"],
    "data": [
        "security/delivery_rules.xml",
        "security/ir.model.access.csv",
        "data/delivery_cron.xml",
        "views/delivery_as_of_views.xml",
        "views/delivery_views.xml",
        "views/delivery_settings_views.xml",
        "views/delivery_check_views.xml",
    ],
    "auto_install": True,
}
