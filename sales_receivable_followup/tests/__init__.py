# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    test_confirmation,
    test_credit_authority,
    test_customer_assignment,
    test_delivery,
    test_performance,
    test_report,
    test_statement,
    test_statement_concurrency,
    test_statement_document,
    test_statement_frozen,
    test_statement_hostile,
    test_statement_property,
    test_statement_robust,
    test_statement_void,
    test_tours,
)
