# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import test_delivery_check, test_delivery_note, test_delivery_reconciliation
