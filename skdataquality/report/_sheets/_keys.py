"""Keys: which plan and which row a line of a sheet belongs to, and what the row held.

A key begins with a letter and has no form that a spreadsheet takes for a number, a date
or a formula. Sorted as text, keys are in the order of the plan.
"""

import json
import re
from hashlib import sha256
from typing import NamedTuple

from skdataquality.report._sheets._texts import label_text
from skdataquality.utils._frames import is_missing

KEY = re.compile(r"k([0-9a-f]{8})-(\d{5,})-(\d+)-([0-9a-f]{8})")


class Key(NamedTuple):
    """A key taken apart: plan, place in the plan, row of the table, digest of it."""

    plan: str
    place: int
    row: int
    digest: str


def digest(value):
    """Return eight hexadecimal digits of plain lists, numbers and texts."""
    text = json.dumps(value, ensure_ascii=True, sort_keys=True)
    return sha256(text.encode("ascii")).hexdigest()[:8]


def row_digest(cells):
    """Return the digest of a row; 1 and 1.0 are the same, and so are missing values."""
    return digest([None if is_missing(cell) else label_text(cell) for cell in cells])


def key_text(plan, place, row, row_digest):
    """Write a key.

    >>> key_text("0f0f0f0f", 3, 170, "abcdef01")
    'k0f0f0f0f-00003-170-abcdef01'
    """
    return f"k{plan}-{place:05d}-{row}-{row_digest}"


def read_key(text):
    """Take a key apart; None if the text is none."""
    match = KEY.fullmatch(text.strip().strip("'\"").lower())
    if match is None:
        return None
    return Key(match[1], int(match[2]), int(match[3]), match[4])
