# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    account_move_line,
    arrears_frozen_mixin,
    arrears_statement,
    arrears_statement_account,
    arrears_statement_delivery,
    arrears_statement_document,
    arrears_statement_issue,
    arrears_statement_item,
    arrears_statement_line,
    arrears_statement_void,
    crm_team_member,
    customer_assignment,
    res_company,
    res_config_settings,
    res_partner,
)
