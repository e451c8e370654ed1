# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import base_partner_merge, credit_decision, order_credit_reason, volume_answer
