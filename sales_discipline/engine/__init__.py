# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Decisions as plain Python over plain values; nothing here imports Odoo.

window  which facts are counted together
ladder  what the nth offence of a window costs
judge   facts + versions of a rule -> one verdict per fact
ledger  verdicts - what is booked -> the rows to write
score   points that are left of a month
collection  what a closing may collect of the fines of a month
receipt  what may be received of what a closing collects
morning  which days a morning list looks back at
payroll_file  rows for payroll as CSV and XLSX
reading  who has to read a policy, and when again
"""
