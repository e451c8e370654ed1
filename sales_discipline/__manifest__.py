# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Sales Discipline",
    "version": "19.0.1.0.0",
    "category": "Human Resources",
    "summary": "Who must do what by when, what was missed, and what follows, fairly",
    "author": "Sales Discipline Suite Contributors",
    "license": "AGPL-3",
    "depends": [
        "base_automation",
        "base_tier_validation",
        "calendar",
        "hr_attendance",
        "hr_holidays",
        "mail",
        "sales_team",
    ],
    "data": [
        "security/discipline_groups.xml",
        "security/discipline_rules.xml",
        "security/ir.model.access.csv",
        "data/discipline_cron.xml",
        "data/discipline_automation.xml",
        "data/mail_activity_type.xml",
    ],
    "demo": [
        "demo/discipline_rule_demo.xml",
    ],
    "application": True,
}
