# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Rows for payroll as CSV and as XLSX: the same cells in both. Money is a Decimal, quantized to its currency."""

import csv
import io
from decimal import Decimal

import xlsxwriter

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(columns, rows):
    """UTF-8 with a byte order mark, so that Excel shows Chinese names; a comma between, a point in figures.

    >>> csv_file(["name", "amount"], [["Ann", Decimal("20.00")]]).decode("utf-8-sig").splitlines()
    ['name,amount', 'Ann,20.00']
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _csv_cell(value):
    """A name stays a name: what a spreadsheet would compute gets an apostrophe before it.

    >>> _csv_cell("=1+1"), _csv_cell(Decimal("-5.00")), _csv_cell(None)
    ("'=1+1", '-5.00', '')
    """
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return str(value)


def xlsx_file(title, columns, rows):
    """One sheet, figures as numbers, names as text even if they begin with an equals sign."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.repeat_rows(0)
    sheet.set_column(0, len(columns) - 1, 16)
    sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
    formats = {}
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, Decimal):
                places = -value.as_tuple().exponent
                if places not in formats:
                    formats[places] = book.add_format({"num_format": f"0.{'0' * places}" if places else "0"})
                sheet.write_number(number, column, value, formats[places])
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write_number(number, column, value)
    book.close()
    return file.getvalue()
