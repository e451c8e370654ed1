# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import delivery_check, delivery_settings, sale_order, stock_picking, stock_picking_credit
