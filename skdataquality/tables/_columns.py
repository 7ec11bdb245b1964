"""From pyarrow types to the pandas dtypes that scikit-learn works with."""

import json
from decimal import Decimal

from skdataquality.tables._formats import one_clear_error, shown
from skdataquality.tables._numbers import exact_as_float

_DIGITS = 15  # of any decimal number survive in a float


def plain_table(path, table):
    """Return a table whose columns become plain pandas dtypes without rounding."""
    import pyarrow as pa

    columns = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        with one_clear_error(
            path, f"column {name!r} of type {shown(column.type)} cannot be read"
        ):
            columns.append(_plain(column))
    # no metadata: pandas' own would bring back an index and nullable dtypes
    return pa.table(columns, names=table.column_names)


def _plain(column):
    import pyarrow as pa

    kind, types = column.type, pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return _plain(column.cast(kind.storage_type))
    if types.is_null(kind) or types.is_floating(kind):
        return column.cast(pa.float64())
    if types.is_decimal(kind):
        return (
            to_text(column) if rounded_decimals(column) else column.cast(pa.float64())
        )
    if types.is_integer(kind):
        return _plain_integers(column)
    if types.is_date(kind):
        return column.cast(pa.timestamp("s")).cast(pa.timestamp("us"))
    if types.is_timestamp(kind):
        return _plain_times(column)
    if types.is_time(kind) or types.is_string_view(kind):
        return column.cast(pa.string())
    if types.is_dictionary(kind):
        return _plain_categories(column)
    return column


def rounded_decimals(column):
    """Return the numbers of a decimal column that a float does not hold."""
    if column.type.precision <= _DIGITS:
        return []
    known = column.drop_null().unique().to_pylist()
    return [cell for cell in known if Decimal(repr(float(cell))) != cell]


def _plain_categories(column):
    """Return categories of text or numbers as such, of anything else as their values.

    A dictionary may hold a value twice, or a missing one; categories may not.
    """
    import pyarrow as pa

    kind = column.type.value_type
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    if not (is_text or pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return _plain(decoded(column))
    sound = all(
        not chunk.dictionary.null_count
        and len(chunk.dictionary.unique()) == len(chunk.dictionary)
        for chunk in column.chunks
    )
    if sound:
        return column.unify_dictionaries()
    return decoded(column).dictionary_encode()


def decoded(column):
    """Return a dictionary column as its values."""
    import pyarrow as pa

    chunks = [chunk.dictionary.take(chunk.indices) for chunk in column.chunks]
    return pa.chunked_array(chunks, column.type.value_type)


def _plain_times(column):
    """Return times in microseconds, or nanoseconds where they have them."""
    import pyarrow as pa

    try:
        return column.cast(pa.timestamp("us", column.type.tz))
    except pa.ArrowInvalid:
        if column.type.unit != "ns":
            raise
        return column


def _plain_integers(column):
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.null_count:
        exact = exact_as_float(column)
        return column.cast(pa.float64() if exact else pa.string())
    if column.type == pa.uint64() and pc.max(column).as_py() >= 2**63:
        return column
    return column.cast(pa.int64())


def to_pandas(path, table):
    """Return a table as a data frame; an error names the column that it is about."""
    seen = "cannot be turned into a data frame"
    try:
        with one_clear_error(path, seen):
            return table.to_pandas(date_as_object=False)
    except ValueError:
        for name, column in zip(table.column_names, table.columns, strict=True):
            said = f"column {name!r} of type {shown(column.type)} {seen}"
            with one_clear_error(path, said):
                column.to_pandas(date_as_object=False)
        raise


def as_text(column):
    """Return a pyarrow column as strings; nested values as JSON."""
    import pyarrow as pa

    if isinstance(column.type, pa.BaseExtensionType):
        column = column.cast(column.type.storage_type)
    if pa.types.is_dictionary(column.type):
        column = decoded(column)
    if pa.types.is_nested(column.type):
        cells = [
            None if cell is None else json.dumps(cell, ensure_ascii=False, default=str)
            for cell in column.to_pylist()
        ]
        return pa.chunked_array([pa.array(cells, pa.string())])
    return to_text(column)


def to_text(column):
    """Return a pyarrow column of plain values as strings, or raise a ValueError."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = column.cast(pa.string())
    if pa.types.is_temporal(column.type):
        beyond = pc.match_substring(text, "<value out of range")
        if pc.any(beyond).as_py():
            raise ValueError("it holds a date or time that cannot be written")
    return text
