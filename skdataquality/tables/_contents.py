"""The columns of a file in the types of its format, all its rows or a sample."""

from difflib import get_close_matches
from typing import Any, NamedTuple

import numpy as np

from skdataquality.tables._arrow._files import read_arrow_file, sample_arrow_file
from skdataquality.tables._columns import as_text, rounded_decimals
from skdataquality.tables._delimited._infer import read_inferred
from skdataquality.tables._delimited._records import delimiter_of, open_delimited
from skdataquality.tables._formats import (
    listed,
    one_clear_error,
    refuse_unusable_columns,
)
from skdataquality.tables._json_lines import (
    as_table_array,
    read_json_columns,
    say_not_finite,
)
from skdataquality.tables._stream import (
    delimited_records,
    json_records,
    quoting_of_first_piece,
    sample_records,
)
from skdataquality.tables._text import read_text


class Contents(NamedTuple):
    """A pyarrow table, nested columns beside it, and what was decided on the way."""

    table: Any
    nested: dict
    notes: list
    words: dict
    n_rows: int


def read_whole(path, fmt, encoding, written, wishes, budget):
    """Return all rows of a file as `Contents`."""
    if fmt.kind in ("parquet", "arrow"):
        return _from_arrow(path, read_arrow_file(path, fmt, budget), wishes)
    text = read_text(path, fmt, encoding, budget)
    if fmt.kind == "json lines":
        return _from_json(path, text, wishes, budget)
    written = written | {"delimiter": delimiter_of(fmt, written["delimiter"])}
    found = _from_delimited(path, text, written, wishes)
    budget.check(len(text) + found.table.nbytes)
    return found


def read_sample(path, fmt, encoding, written, wishes, budget, draw):
    """Return some rows of a file that is too large as `Contents`, and their places."""
    notes = []
    if fmt.kind in ("parquet", "arrow"):
        table, rows, n_rows = sample_arrow_file(path, fmt, budget, draw)
        found = _from_arrow(path, table, wishes)
    elif fmt.kind == "json lines":
        text, rows, n_rows = sample_records(
            path, fmt, encoding, budget, json_records, 0, draw
        )
        found = _from_json(f"A sample of {path}", text, wishes, budget)
    else:
        delimiter = delimiter_of(fmt, written["delimiter"])
        quoting, notes = quoting_of_first_piece(
            path, fmt, encoding, delimiter, written["header"], written["quoting"]
        )
        split = delimited_records(delimiter, quoting)
        text, rows, n_rows = sample_records(
            path, fmt, encoding, budget, split, int(written["header"]), draw
        )
        written = {**written, "delimiter": delimiter, "quoting": quoting}
        found = _from_delimited(f"A sample of {path}", text, written, wishes)
    if found.table.num_rows != rows.size:
        raise ValueError(
            f"{path}: a sample of {rows.size} rows reads as {found.table.num_rows}: "
            f"pass quoting=..., or a larger max_bytes to read all."
        )
    notes = [
        f"The file is larger than {budget.most} bytes in memory: only a sample of "
        f"{rows.size} of its {n_rows} rows was read, types included.",
        *notes,
        *(note for note in found.notes if note not in notes),
    ]
    return found._replace(notes=notes, n_rows=n_rows), rows


def _from_delimited(path, text, written, wishes):
    source = open_delimited(path, text, **written)
    source = source._replace(names=_named(path, source.names, wishes))
    table, notes, words = read_inferred(source, wishes)
    refuse_unusable_columns(path, table.column_names, table.num_rows)
    return Contents(table, {}, source.notes + notes, words, table.num_rows)


def _named(path, names, wishes):
    """Return column names with a nameless one called as pandas does; check requests."""
    named = [name or f"Unnamed: {j}" for j, name in enumerate(names)]
    refuse_unusable_columns(path, named, n_rows=1)
    known = set(named)
    for option in ("text_columns", "keep_words"):
        unknown = [name for name in getattr(wishes, option) if name not in known]
        if unknown:
            close = get_close_matches(str(unknown[0]), named, n=1)
            hint = (
                f"did you mean {close[0]!r}?" if close else f"it has {listed(named)}."
            )
            raise ValueError(
                f"{option} names {listed(unknown)}, which {path} does not have: {hint}"
            )
    return named


def _from_json(path, text, wishes, budget):
    import pyarrow as pa

    columns = read_json_columns(path, text, budget)
    names = _named(path, list(columns), wishes)
    arrays, nested, notes = [], {}, []
    for name, values in zip(names, columns.values(), strict=True):
        notes += say_not_finite(name, values)
        array = as_table_array(path, name, values, name in wishes.text_columns)
        if array is None:
            nested[name] = np.fromiter(
                (v if isinstance(v, dict | list) else None for v in values),
                dtype=object,
                count=len(values),
            )
            array = pa.chunked_array([pa.nulls(len(values))])
        arrays.append(array)
    table = pa.table(arrays, names=names)
    return Contents(table, nested, notes, {}, table.num_rows)


def _from_arrow(path, table, wishes):
    names = _named(path, table.column_names, wishes)
    table = table.rename_columns(names)
    for name in wishes.text_columns:
        with one_clear_error(path, f"column {name!r} cannot be read as text"):
            j = names.index(name)
            table = table.set_column(j, name, as_text(table.column(j)))
    notes = []
    for name, column in zip(names, table.columns, strict=True):
        rounded = rounded_decimals(column) if _is_decimal(column) else []
        if rounded:
            notes.append(
                f"Column {name!r}: kept as text, since a float would round "
                f"{len(rounded)} of its decimals (such as {rounded[0]})."
            )
    return Contents(table, {}, notes, {}, table.num_rows)


def _is_decimal(column):
    import pyarrow as pa

    return pa.types.is_decimal(column.type)
