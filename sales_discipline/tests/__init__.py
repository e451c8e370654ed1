# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_lateness
from . import test_ladder
from . import test_runs
from . import test_decisions
from . import test_periods
from . import test_versions
from . import test_access
from . import test_cron
from . import test_query_counts
from . import test_concurrency
from . import test_engine_ledger
from . import test_engine_deadline
from . import test_engine_records
from . import test_daily_log
from . import test_policy_packs
from . import test_report
from . import test_tours
