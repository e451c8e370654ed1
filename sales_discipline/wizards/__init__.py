# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import daily_log_check
from . import decision
from . import fine_receipt
from . import policy_pack_load
from . import proposal
