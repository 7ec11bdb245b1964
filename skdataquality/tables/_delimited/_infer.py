"""Column types of a CSV file: pyarrow infers them, what loses a digit stays text."""

import re
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from skdataquality.tables._delimited._hints import (
    may_hold_codes,
    may_hold_tiny,
    may_hold_words,
)
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
    is_missing,
    say_words,
    without,
)
from skdataquality.tables._formats import listed
from skdataquality.tables._numbers import EXACT, exact_as_float, is_number

_INTEGERS = r"^\s*[+-]?[0-9]+\s*$"
_INFINITE = float("inf")


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
        strings_can_be_null=False,  # words in text are counted, then missing
        true_values=["true", "True", "TRUE"],
        false_values=["false", "False", "FALSE"],
        decimal_point=wishes.style.decimal,
    )
    _refuse_data_as_header(source, table)
    # a dict of columns: a Table answers for its names in time linear in their number
    columns = dict(zip(table.column_names, table.columns, strict=True))
    words, kept, facts = _settle(source, columns, wishes)
    fixed = {*wishes.text_columns, *kept}
    notes = say_words(_perhaps_answers(words, columns), table.num_rows)
    free = [name for name in columns if name not in fixed]
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


def _settle(source, columns, wishes):
    """Give columns what stood in their cells, words for missing apart.

    Returns the counts of these words by column, columns that keep them, and facts.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    texts, doubted = _texts_as_they_stand(source, columns)
    words: dict = {}
    kept, facts = [], []
    for name, text in texts.items():
        missing = is_missing(text)
        if pc.any(missing).as_py():
            counts = count_words(text, missing)
            if counts and name in wishes.keep_words:
                kept.append(name)
                columns[name] = without(text, pc.equal(text, ""))
                continue
            words |= {name: counts} if counts else {}
            text = without(text, missing)
        is_text = pa.types.is_string(columns[name].type)
        if is_text:
            columns[name] = text
        if name not in wishes.text_columns and (is_text or name in doubted):
            columns[name], said = _settled(columns[name], text, wishes.style)
            facts += [f"Column {name!r}: {fact}." for fact in said]
    return words, kept, facts


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
        for name, text in zip(floats, texts, strict=True)
        if all_numbers(without(text, is_missing(text)), NumberStyle(",", "."))
    ]
    if not found:
        return []
    return [
        f"The point in {listed(found)} was read as a decimal point, but may stand "
        f"between thousands: pass decimal=',' and thousands='.' if it does."
    ]


def _texts_as_they_stand(source, columns):
    """Return the text of columns that are text, or may have lost something; the latter.

    What may have lost something is read again.
    """
    import pyarrow as pa

    texts = {n: c for n, c in columns.items() if pa.types.is_string(c.type)}
    others = {n: c for n, c in columns.items() if n not in texts}
    spelled = tiny = worded = False
    if any(pa.types.is_integer(column.type) for column in others.values()):
        spelled = may_hold_codes(source)
    if any(pa.types.is_floating(column.type) for column in others.values()):
        tiny = may_hold_tiny(source)
    if any(column.null_count for column in others.values()):
        worded = may_hold_words(source)
    doubted = {n for n, column in others.items() if _in_doubt(column, spelled, tiny)}
    again = [n for n in others if n in doubted or (worded and others[n].null_count)]
    if again:
        read = parse_as_text(source, again).columns
        texts |= dict(zip(again, read, strict=True))
    return {name: texts[name] for name in columns if name in texts}, doubted


def _in_doubt(column, spelled, tiny):
    """Whether a column may have lost what stood in its cells."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_time(kind):
        return True
    if pa.types.is_floating(kind):
        zeros = tiny and pc.any(pc.equal(column, 0)).as_py()
        return zeros or _reaches_inexact(column)
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
