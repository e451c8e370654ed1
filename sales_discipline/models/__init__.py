# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import hr_employee
from . import res_company
from . import res_config_settings
from . import rule
from . import rule_scope
from . import rule_version
from . import rule_step
from . import detect_attendance
from . import period
from . import period_sheet
from . import run
from . import run_line
from . import run_cron
from . import violation
from . import violation_notice
from . import violation_decision
