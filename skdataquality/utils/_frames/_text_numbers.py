"""Numbers that are written as text: "$1,234.56", "12 %", "1.234,5", "(1,200)"."""

import re
from dataclasses import dataclass

import numpy as np

MOST_ARE = 0.95  # of the cells
LOOKED_AT_FIRST = 200
SOME_ARE = 0.5  # of those
# other letters are the code of a room, a flight, a study: ABC123 is no number
CURRENCY = (
    "AED|ARS|AUD|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|"
    "ISK|JPY|KES|KRW|KZT|LKR|MAD|MXN|MYR|NGN|NOK|NZD|PEN|PHP|PKR|PLN|QAR|RON|RSD|RUB|"
    "SAR|SEK|SGD|THB|TND|TRY|TWD|UAH|USD|UYU|VND|XAF|XOF|ZAR"
)
MARK = rf"[$€£¥₹%‰]|{CURRENCY}|[$€£¥₹] ?(?:{CURRENCY})"  # or a percent sign
CELL = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-+\u2212])?\s*(?P<before>{MARK})?\s*(?P<inner>[-+\u2212])?"
    r"(?P<digits>[\d.,'\u2019\u00a0\u202f\u2009 ]*\d[.,]?)(?P<power>[eE][-+]?\d+)?"
    rf"\s*(?P<after>{MARK})?\s*(?P<close>\))?"
)
BLANKS = re.compile("[\u00a0\u202f\u2009 ]")


@dataclass(frozen=True)
class _Style:
    """How numbers are written: the sign of decimals, and those between thousands."""

    decimal: str
    thousands: str

    def read(self, digits):
        """Return digits as Python writes them, or None if they are of another style."""
        point, comma = re.escape(self.decimal), re.escape(self.thousands)
        whole = rf"\d+|\d{{1,3}}(?P<by>[{comma}' ])\d{{3}}(?:(?P=by)\d{{3}})*"
        if not re.fullmatch(rf"(?:{whole})?(?:{point}\d*)?", digits):
            return None
        plain = re.sub(rf"[{comma}' ]", "", digits)
        return plain.replace(self.decimal, ".")


STYLES = (_Style(".", ","), _Style(",", "."))


def numbers_in_text(values):
    """Read a column of texts as numbers, NaN where a cell holds none, or return None.

    At least 95 % of the texts must be numbers written in one style and one unit, a
    currency or percent. Whether "1,234" is more than a thousand is decided by the whole
    column: it is unless other cells use the comma for decimals.
    """
    if values.dtype.kind not in "OUT":
        return None
    cells = values.tolist()
    is_text = np.array([isinstance(c, str) for c in cells], dtype=bool)
    texts = [c for c in cells if isinstance(c, str)]
    if not texts or _read_all(texts[:LOOKED_AT_FIRST], SOME_ARE) is None:
        return None
    read = _read_all(texts, MOST_ARE)
    if read is None:
        return None
    numbers = np.full(len(cells), np.nan)
    numbers[is_text] = read
    return numbers


def _read_all(texts, share):
    """Read texts in the style that fits most of them, or None if it fits too few."""
    parts = [CELL.fullmatch(text.strip()) for text in texts]
    parts = [p if p and bool(p["open"]) == bool(p["close"]) else None for p in parts]
    for mark in ("before", "after"):
        if len({p[mark] for p in parts if p and p[mark]}) > 1:
            return None
    cores = [p and _core(p) for p in parts]
    by_style = [[core and style.read(core) for core in cores] for style in STYLES]
    best = max(by_style, key=lambda read: sum(map(bool, read)))
    if sum(map(bool, best)) < share * len(texts):
        return None
    pairs = zip(parts, best, strict=True)
    return [_value(part, plain) if plain else np.nan for part, plain in pairs]


def _core(part):
    """Digits with their separators, one kind of blank and of apostrophe."""
    return BLANKS.sub(" ", part["digits"]).replace("\u2019", "'").strip()


def _value(part, plain):
    is_negative = part["open"] or "-" in _signs(part) or "\u2212" in _signs(part)
    number = float(plain + (part["power"] or ""))
    if np.isinf(number):  # no number is so large
        return np.nan
    return -number if is_negative else number


def _signs(part):
    return (part["sign"] or "") + (part["inner"] or "")
