# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import res_company
from . import res_config_settings
from . import account_move_line
from . import customer_assignment
from . import res_partner
from . import crm_team_member
from . import arrears_frozen_mixin
from . import arrears_statement
from . import arrears_statement_account
from . import arrears_statement_line
from . import arrears_statement_item
from . import arrears_statement_delivery
from . import arrears_statement_issue
