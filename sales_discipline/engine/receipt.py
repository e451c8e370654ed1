# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What may be received for a closing sheet (SAN-04): never more than it says, nor anything the other way.

Amounts are integers in the smallest unit of the currency; a sheet that pays back has a negative one.
"""


def due(to_collect, received):
    """What is still to be collected; negative: to be paid back.

    >>> due(2000, 500), due(-2000, -500)
    (1500, -1500)
    """
    return to_collect - received


def fits(to_collect, received, amount):
    """Whether a receipt leaves what has been received between nothing and what the sheet says.

    >>> fits(2000, 500, 1500), fits(2000, 500, 1501), fits(2000, 500, -500), fits(2000, 500, -501)
    (True, False, True, False)
    >>> fits(-2000, 0, -2000), fits(-2000, 0, 1), fits(0, 0, 1)
    (True, False, False)
    """
    return min(0, to_collect) <= received + amount <= max(0, to_collect)
