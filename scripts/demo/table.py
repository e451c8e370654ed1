# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Columns that stay aligned when some of the text is Chinese."""

import unicodedata


def width(text):
    """Cells that the text takes on a terminal: a Chinese character takes two.

    >>> width("Li Na 李娜")
    10
    """
    cells = {char: 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in set(text)}
    return sum(cells[char] for char in text if not unicodedata.combining(char))


def pad(text, cells, right=False):
    """
    >>> pad("李娜", 6) + "|", pad("40", 6, right=True)
    ('李娜  |', '    40')
    """
    blanks = " " * max(cells - width(text), 0)
    return blanks + text if right else text + blanks


def table(head, rows, numbers=(), indent="  "):
    """Lines of a table; ``numbers`` are the columns (from 0) that stand to the right.

    >>> print("\\n".join(table(["Who", "Fines"], [["李娜", "40"], ["Ma Chao", "0"]], numbers=[1], indent="")))
    Who      Fines
    -------  -----
    李娜        40
    Ma Chao      0
    """
    columns = list(zip(head, *rows, strict=True))
    cells = [max(width(text) for text in column) for column in columns]
    rule = ["-" * size for size in cells]
    return [
        indent + "  ".join(pad(text, cells[i], i in numbers) for i, text in enumerate(line)).rstrip()
        for line in [head, rule, *rows]
    ]
