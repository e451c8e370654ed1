# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import my_day
from . import res_company
from . import res_config_settings
from . import visit
from . import visit_check
