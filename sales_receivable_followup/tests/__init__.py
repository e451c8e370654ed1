# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_customer_assignment
from . import test_delivery
from . import test_performance
from . import test_report
from . import test_statement
from . import test_statement_frozen
from . import test_statement_hostile
from . import test_statement_property
from . import test_tours
