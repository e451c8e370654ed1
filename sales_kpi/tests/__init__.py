# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_access
from . import test_engine
from . import test_my_day
from . import test_my_day_figures
from . import test_my_day_policies
from . import test_tours
from . import test_tours_rules
from . import test_visit_quota
from . import test_visits
from . import test_daily_log
from . import test_commission_check
from . import test_commission_collected
from . import test_commission_ledger
from . import test_commission_oracle
from . import test_commission_queries
from . import test_sums_of_money
from . import test_engine_commission
