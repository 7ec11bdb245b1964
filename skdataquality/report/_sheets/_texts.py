"""What a label is called in a sheet, and the ways in which the same may be written."""

import re
import unicodedata
from datetime import date
from decimal import Decimal, DecimalException

NUMBER = re.compile(r"[+-]?(\d[\d.,]*|[.,]\d+)(e[+-]?\d+)?", re.IGNORECASE)
GROUPED = re.compile(r"[+-]?\d{1,3}([.,])\d{3}(\1\d{3})+")
DATE = re.compile(
    r"(\d{1,4})[-/. ]+(\d{1,2})[-/. ]+(\d{1,4})\.?([ t]+0{1,2}:00(:00)?)?"
)
# a spreadsheet writes truth values in capitals, in the language of its menus
TRUE_WORDS = {"true", "wahr", "vrai", "verdadero", "verdadeiro", "vero", "waar"}
FALSE_WORDS = {"false", "falsch", "faux", "falso", "onwaar"}


def label_text(value):
    """Write a label for a sheet; a whole number without a point.

    >>> label_text(1.0), label_text(0.5), label_text(True), label_text("01")
    ('1', '0.5', 'True', '01')
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def folded(text):
    """Text without what typing and saving change: case, blanks, composed accents."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def number_in(text):
    """Read a number, with a point or a comma as decimal mark; None if it is none.

    >>> number_in("1,0") == number_in("01") == number_in("1E0") == 1
    True
    >>> number_in("1.234.567"), number_in("10-12")
    (Decimal('1234567'), None)
    """
    text = text.strip().replace("\u2212", "-")
    if not NUMBER.fullmatch(text):
        return None
    if GROUPED.fullmatch(text):
        text = re.sub("[.,]", "", text)
    try:
        return Decimal(text.replace(",", ".")).normalize()
    except DecimalException:  # two marks, or beyond all bounds
        return None


def dates_in(text):
    """Read a date, day or month first: every date that it may be.

    >>> sorted(map(str, dates_in("3/4/2020"))), dates_in("2020-31-12")
    (['2020-03-04', '2020-04-03'], set())
    """
    match = DATE.fullmatch(text.strip().lower())
    if match is None:
        return set()
    first, middle, last = (int(match[k]) for k in (1, 2, 3))
    if len(match[1]) == 4:
        orders = [(first, middle, last)]
    elif len(match[3]) == 4:
        orders = [(last, middle, first), (last, first, middle)]
    else:
        century = 1900 if last > 50 else 2000
        orders = [(century + last, middle, first), (century + last, first, middle)]
    found = set()
    for year, month, day in orders:
        try:
            found.add(date(year, month, day))
        except ValueError:  # the other order is meant
            continue
    return found
