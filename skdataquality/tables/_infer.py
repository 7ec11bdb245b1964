"""Column types of a CSV file: pyarrow infers them, what loses a digit stays text."""

from itertools import pairwise

from skdataquality.tables._delimited import parse, parse_as_text
from skdataquality.tables._numbers import EXACT, exact_as_float, is_number

# the list that pandas has by default
MISSING = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND",
    "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
]  # fmt: skip
_INTEGERS = r"^\s*[+-]?[0-9]+\s*$"


def read_inferred(source, text_columns):
    """Return the records of a delimited file as a pyarrow Table of inferred types."""
    import pyarrow as pa

    # 0 and 1 are numbers: pyarrow would take them for False and True
    table = parse(
        source,
        column_types=dict.fromkeys(text_columns, pa.string()),
        null_values=MISSING,
        strings_can_be_null=True,
        true_values=["true", "True", "TRUE"],
        false_values=["false", "False", "FALSE"],
    )
    _refuse_data_as_header(source, table)
    # a dict of columns: a Table answers for its names in time linear in their number
    columns = dict(zip(table.column_names, table.columns, strict=True))
    columns |= _kept_as_text(source, columns)
    return pa.table(columns)


def _kept_as_text(source, columns):
    """Read again, as text, the columns whose inferred type lost what stood there."""
    hexadecimal = b"0x" in source.text or b"0X" in source.text
    rules = {
        name: rule
        for name, column in columns.items()
        if (rule := _suspicion(column, hexadecimal))
    }
    if not rules:
        return {}
    # every cell as it stands, then the missing ones: one parse for all columns
    texts = parse_as_text(source, list(rules)).columns
    kept = {}
    for (name, rule), cells in zip(rules.items(), texts, strict=True):
        text = _without_missing(cells)
        if rule(text):
            kept[name] = text
    return kept


def _suspicion(column, hexadecimal):
    """Return what the text must be like for it to be kept, None if it cannot be."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_time(kind):
        return lambda text: True
    if pa.types.is_floating(kind) and len(column) > column.null_count:
        bounds = pc.min_max(column, skip_nulls=True).as_py()
        if max(abs(bounds["min"]), abs(bounds["max"])) >= EXACT:
            return lambda text: pc.all(
                pc.match_substring_regex(text, _INTEGERS)
            ).as_py()
    if pa.types.is_integer(kind):
        if column.null_count and not exact_as_float(column):
            return lambda text: True
        if hexadecimal:
            return lambda text: pc.any(pc.match_substring_regex(text, "[xX]")).as_py()
    return None


def _without_missing(text):
    import pyarrow as pa
    import pyarrow.compute as pc

    missing = pc.is_in(text, value_set=pa.array(MISSING, pa.string()))
    return pc.if_else(missing, pa.scalar(None, text.type), text)


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
