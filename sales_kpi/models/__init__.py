# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import detect_visits
from . import my_day
from . import my_day_overdue
from . import my_day_standing
from . import my_day_visits
from . import res_company
from . import res_config_settings
from . import visit
from . import visit_check
