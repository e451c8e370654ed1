# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The story of the customers' accounts: the months before, and the month that is played.

The month's figures do not depend on which month it is: everything hangs on the number of a working day.
"""

from dateutil.relativedelta import relativedelta

from odoo import fields

from . import books
from .customers import CUSTOMERS, DOLLAR, PRODUCTS
from .stage import MODULE, recall, remember

CUSTOMER_KEYS = [english for customers in CUSTOMERS.values() for english, _chinese, _days in customers]
# Their months are told in SPECIAL, to the cent.
TOLD = {"Boya School", "Tianyi Catering", "Kaida Logistics", "Jinxiu Wedding", *DOLLAR}
ORDINARY = [key for key in CUSTOMER_KEYS if key not in TOLD]
LATE_PAYERS = ORDINARY[4::9]  # pay nothing
SLOW_PAYERS = ORDINARY[2::9]  # pay 60 per cent
MONTHS_BEFORE = 4
WORKDAYS = 18  # every month has more


def amount_of(number, product):
    """Total of an order, different for each and the same every time."""
    price = PRODUCTS[product][2] * books.TAX
    pieces = 1 if price > 50000 else 2 + number * 7 % 9
    return round(price * pieces, 2)


def product_of(number):
    small = ("service", "tyres", "parts", "paint", "film")
    large = ("truck", "sedan", "van")
    return large[number // 6 % 3] if number % 6 == 0 else small[number % 5]


def orders_of(env, keys, start):
    """[(customer, product, total)] of the given customers; ``start`` makes the months differ."""
    return [
        (customer(env, key), recall(env, f"product_{product}"), amount_of(number, product))
        for number, key in enumerate(keys, start) for product in [product_of(number)]
    ]


def customer(env, key):
    return recall(env, "customer_" + key.lower().replace(" ", "_"))


def months_before(stage, also):
    """What is still open of the four months before: much of the last, of the others what late payers owe.

    :param also: called with finance's environment and the number of months before
    """
    for back in range(MONTHS_BEFORE, 0, -1):
        month = stage.month.first - relativedelta(months=back)
        stage.at(month.replace(day=12), "15:00")
        with stage.acting("wu.jing", quiet=True) as env:
            last = back == 1
            keys = [key for number, key in enumerate(ORDINARY) if key in LATE_PAYERS or (last and number % 3 != 1)]
            moves = books.invoices(env, orders_of(env, keys, back * 100))
            also(env, back)
            if last:
                remember(env, **{f"open_{move.partner_id.id}": move for move in moves})
                _first_months_of_the_told(env)


def _first_months_of_the_told(env):
    """ARS example 1 begins with an opening balance of 50,000."""
    school = books.invoice(env, customer(env, "Boya School"), recall(env, "product_service"), 50000)
    wedding = books.invoice(env, customer(env, "Jinxiu Wedding"), recall(env, "product_film"), 6003.50)
    remember(env, school_opening=school, wedding=wedding)


def finance_day(stage, number):
    """What finance books on working day ``number`` (from 1) of the month."""
    with stage.acting("wu.jing", quiet=True) as env:
        if number <= WORKDAYS:
            _ordinary_day(env, number)
        if number in SPECIAL:
            SPECIAL[number](env, stage.words)


def _ordinary_day(env, number):
    """Two invoices, and the receipts of the day."""
    start = 2 * (number - 1)
    keys = [ORDINARY[(start + offset) % len(ORDINARY)] for offset in (0, 1)]
    books.invoices(env, orders_of(env, keys, start))
    due = [key for position, key in enumerate(ORDINARY) if position % WORKDAYS + 1 == number and key not in LATE_PAYERS]
    for key in due:
        move = env.ref(f"{MODULE}.open_{customer(env, key).id}", raise_if_not_found=False)
        if move:
            books.pay(env, move, round(move.amount_total * 0.6, 2) if key in SLOW_PAYERS else None)


def _dollar_invoice(env, words):
    dollar = env.ref("base.USD")
    for key, total in zip(DOLLAR, (26000, 14500, 8800), strict=True):
        move = books.invoice(env, customer(env, key), recall(env, "product_truck"), total, currency=dollar)
        remember(env, **{"dollar_" + key.lower().replace(" ", "_"): move})


def _dollar_payment(env, words):
    """At another rate than the invoice: an exchange difference."""
    books.pay(env, recall(env, "dollar_pacific_trading"), 15000)


def _deposit(env, words):
    """ARS example 3: a deposit of 10,000 before any invoice."""
    books.deposit(env, customer(env, "Tianyi Catering"), 10000, words("Deposit for a van", "商务车订金"))


def _advance(env, words):
    memo = words("Advance for next month's cars", "下月车辆预付款")
    books.advance(env, customer(env, "Beifang Car Rental"), 50000, memo)


def _school_invoice(env, words):
    """ARS example 1: sales 30,000."""
    move = books.invoice(env, customer(env, "Boya School"), recall(env, "product_service"), 30000)
    remember(env, school=move)


def _school_payment(env, words):
    """ARS example 1: receipts 45,000."""
    books.pay(env, recall(env, "school_opening"), 45000)


def _school_credit(env, words):
    """ARS example 2: a credit note of 5,000."""
    books.credit_note(env, recall(env, "school"), 5000, words("Seat covers returned", "退回座套"))


def _round_down(env, words):
    """The customer pays 6,000 of 6,003.50; the rest is given up."""
    expenses = [("account_type", "=", "expense"), ("company_ids", "in", env.company.ids)]
    expense = env["account.account"].search(expenses, limit=1)
    books.pay(env, recall(env, "wedding"), 6000, write_off=expense)


def _late_posting(env, words):
    """An invoice of the month before, entered after its statement was issued: a movement of a prior period."""
    last_month = fields.Date.context_today(env.user).replace(day=1) - relativedelta(days=1)
    books.invoice(env, customer(env, "Kaida Logistics"), recall(env, "product_parts"), 8600, dated=last_month)


# By number of the working day.
SPECIAL = {
    3: _dollar_invoice,
    4: _deposit,
    5: _advance,
    6: _school_invoice,
    8: _school_payment,
    10: _late_posting,
    12: _school_credit,
    13: _round_down,
    16: _dollar_payment,
}
