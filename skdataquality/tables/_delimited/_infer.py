"""Column types of a CSV file: pyarrow infers them, what loses a digit stays text."""

import re
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from skdataquality.tables._delimited._number_style import (
    NumberStyle,
    all_numbers,
    other_styles,
    say_styles,
)
from skdataquality.tables._delimited._records import parse, parse_as_text
from skdataquality.tables._delimited._words import (
    MISSING,
    count_words,
    may_hold_words,
    say_words,
    without_blanks,
    without_missing,
)
from skdataquality.tables._formats import listed
from skdataquality.tables._numbers import EXACT, exact_as_float, is_number

_INTEGERS = r"^\s*[+-]?[0-9]+\s*$"
_INFINITE = float("inf")
# exponents of what a float may take for 0: most files have none
_TINY = [f"{e}-{digit}".encode() for e in "eE" for digit in range(2, 10)]


class Inferred(NamedTuple):
    """A table, what was decided about it, and words read as missing, by column."""

    table: object
    notes: list
    words: dict


class Wishes(NamedTuple):
    """What the caller says about columns and numbers."""

    text_columns: tuple = ()
    keep_words: tuple = ()
    style: NumberStyle = NumberStyle()


def read_inferred(source, wishes):
    """Return the records of a delimited file with inferred types, as `Inferred`."""
    import pyarrow as pa

    # 0 and 1 are numbers: pyarrow would take them for False and True
    table = parse(
        source,
        column_types=dict.fromkeys(wishes.text_columns, pa.string()),
        null_values=MISSING,
        strings_can_be_null=True,
        true_values=["true", "True", "TRUE"],
        false_values=["false", "False", "FALSE"],
        decimal_point=wishes.style.decimal,
    )
    _refuse_data_as_header(source, table)
    # a dict of columns: a Table answers for its names in time linear in their number
    columns = dict(zip(table.column_names, table.columns, strict=True))
    texts = _texts_in_doubt(source, columns)
    words = {name: counts for name in texts if (counts := count_words(texts[name]))}
    kept = [name for name in words if name in wishes.keep_words]
    for name in kept:
        columns[name] = without_blanks(texts[name])
        del words[name]
    notes = say_words(_perhaps_answers(words, columns), table.num_rows)
    fixed = {*wishes.text_columns, *kept}
    free = [name for name in columns if name not in fixed]
    facts = []
    for name in free:
        text = without_missing(texts[name]) if name in texts else columns[name]
        columns[name], said = _settled(columns[name], text, wishes.style)
        facts += [f"Column {name!r}: {fact}." for fact in said]
    strings = {n: columns[n] for n in free if pa.types.is_string(columns[n].type)}
    found = other_styles(strings, wishes.style)
    styles = say_styles(found)
    if any(style.decimal == "," for fitting in found for style in fitting):
        styles += _say_points(source, {name: columns[name] for name in free})
    notes += [*styles, *facts]
    return Inferred(pa.table(columns), notes, words)


def _perhaps_answers(words, columns):
    """Leave out what is no answer: in a column of numbers, every word but "None"."""
    import pyarrow as pa

    def is_number(name):
        kind = columns[name].type
        return pa.types.is_integer(kind) or pa.types.is_floating(kind)

    return {
        name: counts
        for name, counts in words.items()
        if "None" in counts or not is_number(name)
    }


def _say_points(source, columns):
    """Name columns whose decimal point may be a mark between thousands.

    To be asked of a file in which other columns have decimal commas.
    """
    import pyarrow as pa

    floats = [n for n, c in columns.items() if pa.types.is_floating(c.type)]
    if not floats:
        return []
    texts = parse_as_text(source, floats).columns
    found = [
        name
        for name, text in zip(floats, map(without_missing, texts), strict=True)
        if all_numbers(text, NumberStyle(",", "."))
    ]
    if not found:
        return []
    return [
        f"The point in {listed(found)} was read as a decimal point, but may stand "
        f"between thousands: pass decimal=',' and thousands='.' if it does."
    ]


def _texts_in_doubt(source, columns):
    """Read again, as they stand, the columns that may have lost something."""
    spelled = b"0x" in source.text or b"0X" in source.text or _leading_zeros(source)
    tiny = any(exponent in source.text for exponent in _TINY)
    words = may_hold_words(source.text)
    names = [
        name
        for name, column in columns.items()
        if (words and column.null_count) or _in_doubt(column, spelled, tiny)
    ]
    if not names:
        return {}
    texts = parse_as_text(source, names).columns
    return dict(zip(names, texts, strict=True))


def _leading_zeros(source):
    """Whether some cell may begin with a zero and go on with another digit."""
    characters = np.frombuffer(source.text, np.uint8)
    edge, digit = np.zeros((2, 256), dtype=bool)
    edge[list(b'\r\n"+- ' + source.delimiter.encode())] = True
    digit[list(b"0123456789")] = True
    begins = edge[characters[:-2]] & (characters[1:-1] == ord("0"))
    return bool((begins & digit[characters[2:]]).any())


def _in_doubt(column, spelled, tiny):
    """Whether a column may have lost what stood in its cells."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_time(kind):
        return True
    if pa.types.is_floating(kind):
        return tiny or _reaches_inexact(column)
    if pa.types.is_integer(kind):
        return spelled or (column.null_count and not exact_as_float(column))
    return False


def _reaches_inexact(column):
    import pyarrow.compute as pc

    bounds = pc.min_max(column, skip_nulls=True).as_py()
    if bounds["min"] is None:
        return False
    return max(abs(bounds["min"]), abs(bounds["max"])) >= EXACT


def _settled(column, text, style):
    """Return a column as numbers or, where they lose something, text; and facts."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_time(kind):
        return text, []
    if pa.types.is_string(kind) and style.thousands and all_numbers(column, style):
        return _as_numbers(column, style)
    if not pa.types.is_string(text.type):
        return column, []
    if pa.types.is_integer(kind):
        hexadecimal = pc.any(pc.match_substring_regex(text, "[xX]")).as_py()
        rounded = column.null_count and not exact_as_float(column)
        return (text, []) if hexadecimal or rounded else (column, _zeros_lost(text))
    if pa.types.is_floating(kind) and len(column) > column.null_count:
        return _settled_floats(column, text, style.plain(text))
    return column, []


def _zeros_lost(text):
    import pyarrow.compute as pc

    coded = text.filter(pc.match_substring_regex(text, r"^\s*[+-]?0[0-9]"))
    if not len(coded):
        return []
    found = _such_as(coded.to_pylist(), "number")
    return [f"{found} read without leading zeros; text_columns keeps them"]


def _as_numbers(text, style):
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = style.plain(text)
    if pc.all(pc.match_substring_regex(plain, _INTEGERS)).as_py():
        try:
            whole = plain.cast(pa.int64())
        except pa.ArrowInvalid:  # beyond 64 bits
            return text, []
        rounded = whole.null_count and not exact_as_float(whole)
        return (text if rounded else whole), []
    floats = plain.cast(pa.float64())
    return _settled_floats(floats, text, plain)


def _settled_floats(column, text, plain):
    """Name what a float cannot hold; whole numbers that it would round stay text."""
    import pyarrow.compute as pc

    big = plain.filter(pc.fill_null(pc.greater_equal(pc.abs(column), EXACT), False))
    if len(big) and pc.all(pc.match_substring_regex(plain, _INTEGERS)).as_py():
        return text, []
    numbers = [cell for cell in big.to_pylist() if is_number(cell)]
    facts = []
    rounded = [cell for cell in numbers if _is_rounded(cell)]
    if rounded:
        found = _such_as(rounded, "whole number")
        return text, [f"kept as text, since a float would round {found}"]
    infinite = [cell for cell in numbers if float(cell) in (_INFINITE, -_INFINITE)]
    if infinite:
        facts.append(
            f"{_such_as(infinite, 'number')} beyond the largest float read as infinite"
        )
    zero = plain.filter(pc.fill_null(pc.equal(column, 0), False))
    lost = zero.filter(pc.match_substring_regex(zero, "^[^eE]*[1-9]")).to_pylist()
    if lost:
        facts.append(f"{_such_as(lost, 'number')} below the smallest float read as 0")
    return column, facts


def _is_rounded(cell):
    """Whether a whole number in all its digits is not what its float is spelled as."""
    if not re.match(_INTEGERS, cell):
        return False
    value = float(cell)
    return abs(value) != _INFINITE and Decimal(repr(value)) != Decimal(cell.strip())


def _such_as(cells, what):
    example = cells[0] if len(cells[0]) <= 40 else f"{cells[0][:40]}..."
    return f"{len(cells)} {what}{'s' * (len(cells) > 1)} ({example!r})"


def _refuse_data_as_header(source, table):
    """Raise if the names are numbers that lie among the values of their columns."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if source.start == 0 or len(source.names) < 2:
        return
    if not all(map(is_number, source.names)):
        return
    numbers = [float(name) for name in source.names]
    if _is_scale(numbers):
        return
    inside = 0
    for number, column in zip(numbers, table.columns, strict=True):
        if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
            bounds = pc.min_max(column).as_py()
            if bounds["min"] is not None and bounds["min"] <= number <= bounds["max"]:
                inside += 1
    if inside > len(numbers) / 2:
        raise ValueError(
            f"{source.path}: the first line looks like data (only numbers, {inside} of "
            f"{len(numbers)} within the range of their column): pass header=False, "
            f"or give the columns names that are words."
        )


def _is_scale(numbers):
    """Whether numbers may be names: positions, years, wavelengths in order."""
    steps = [b - a for a, b in pairwise(numbers)]
    if not (all(step > 0 for step in steps) or all(step < 0 for step in steps)):
        return False
    sizes = [abs(step) for step in steps]
    even = len(numbers) > 3 and max(sizes) < 1.5 * min(sizes)
    whole = all(number >= 0 and number.is_integer() for number in numbers)
    return whole or even or len(numbers) >= 8
