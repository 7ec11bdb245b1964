"""Read a table from a file as a data frame for a model."""

from difflib import get_close_matches
from numbers import Integral

import numpy as np

from skdataquality.tables._arrow_files import read_arrow_file
from skdataquality.tables._columns import as_text, plain_table
from skdataquality.tables._delimited import open_delimited
from skdataquality.tables._formats import (
    existing_file,
    format_of,
    listed,
    one_clear_error,
    refuse_foreign_options,
    refuse_unusable_columns,
    require_pandas_and_pyarrow,
)
from skdataquality.tables._infer import Wishes, read_inferred
from skdataquality.tables._json_lines import as_table_array, read_json_columns
from skdataquality.tables._number_style import number_style
from skdataquality.utils._draws import draw_rows


def read_table(
    path,
    *,
    delimiter=None,
    encoding="utf-8",
    header=True,
    text_columns=(),
    max_rows=None,
    random_state=0,
    quoting="auto",
    decimal=None,
    thousands=None,
    keep_words=(),
):
    r"""Read a table from a file as a pandas data frame of plain dtypes.

    Numbers, truth values and ISO dates are recognised; what a number cannot hold
    exactly stays text, and a column that mixes numbers and words is text. Nothing is
    guessed quietly: uneven lines, repeated names, a wrong delimiter or encoding raise.

    Parameters
    ----------
    path : str or path-like
        A local file. The extension, in any case, says the format: ``.csv``, ``.tsv``,
        ``.jsonl`` or ``.ndjson`` (JSON lines), each also with ``.gz``; ``.parquet`` or
        ``.pq``; ``.feather``, ``.arrow`` or ``.ipc`` (Arrow IPC file or stream).
    delimiter : str, default=None
        One character; ``"\t"`` may be spelled as backslash and t. None takes a comma
        for ``.csv`` and a tab for ``.tsv``.
    encoding : str, default="utf-8"
        Encoding of a text file. A byte order mark is dropped.
    header : bool, default=True
        Whether the first line holds the column names. If False they are ``column_0``,
        ``column_1``, ...
    text_columns : list of str, default=()
        Columns to read as text whatever they hold, so that ``01`` keeps its zero.
    max_rows : int, default=None
        Keep a uniform random sample of that many rows, in the order of the file.
    random_state : int, default=0
        Seed of that sample.

    Returns
    -------
    frame : pandas.DataFrame
        Columns of int64 (float64 where values are missing), float64, bool (object
        where missing), text, datetime64, category, or object for nested values. The
        index holds each row's position in the file, counted from 0, and
        ``frame.attrs["n_rows_in_file"]`` their number.

    Raises
    ------
    ValueError
        If the file is no table, or not in the format that its extension names.
    OSError
        If the file is missing, is a directory, or may not be read.
    ImportError
        If pandas or pyarrow, the extra ``cli``, is missing.

    Notes
    -----
    In CSV and TSV the missing values are those of pandas, such as an empty cell, NA or
    null, in text columns too. JSON lines, Parquet and Arrow have a null of their own,
    so there the text "NA" stays text.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from skdataquality.tables import read_table
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "train.csv"
    ...     _ = path.write_text("age,code\n31,07\nNA,12\n")
    ...     frame = read_table(path, text_columns=["code"])
    >>> frame
        age code
    0  31.0   07
    1   NaN   12
    """
    require_pandas_and_pyarrow("read_table")
    _check_arguments(text_columns, keep_words, max_rows)
    style = number_style(decimal, thousands)
    wishes = Wishes(tuple(text_columns), tuple(keep_words), style)
    path = existing_file(path)
    fmt = format_of(path)
    refuse_foreign_options(
        path, fmt, delimiter=delimiter, encoding=encoding, header=header
    )
    notes, words = [], {}
    if fmt.kind == "delimited":
        source = open_delimited(path, fmt, delimiter, encoding, header, quoting)
        source = source._replace(names=_named(path, source.names, wishes))
        table, found, words = read_inferred(source, wishes)
        notes, nested = source.notes + found, {}
    elif fmt.kind == "json lines":
        columns = read_json_columns(path, fmt, encoding)
        table, nested = _from_json(path, columns, wishes)
    else:
        table, nested = _from_arrow(path, fmt, wishes), {}
    refuse_unusable_columns(path, table.column_names, table.num_rows)
    rows = draw_rows(table.num_rows, max_rows, random_state)
    frame = _to_frame(path, plain_table(path, table), nested, rows)
    frame.attrs["notes"] = notes
    frame.attrs["words_read_as_missing"] = words
    return frame


def _check_arguments(text_columns, keep_words, max_rows):
    for option, names in {
        "text_columns": text_columns,
        "keep_words": keep_words,
    }.items():
        if isinstance(names, str):
            raise ValueError(
                f"{option}={names!r} must be a list of names: pass [{names!r}]."
            )
    whole = isinstance(max_rows, Integral) and not isinstance(max_rows, bool)
    if max_rows is not None and not (whole and max_rows >= 1):
        raise ValueError(
            f"max_rows={max_rows!r} must be a positive whole number, or None for all."
        )


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


def _from_json(path, columns, wishes):
    import pyarrow as pa

    names = _named(path, list(columns), wishes)
    arrays, nested = [], {}
    for name, values in zip(names, columns.values(), strict=True):
        array = as_table_array(path, name, values, name in wishes.text_columns)
        if array is None:
            nested[name] = np.fromiter(
                (v if isinstance(v, dict | list) else None for v in values),
                dtype=object,
                count=len(values),
            )
            array = pa.chunked_array([pa.nulls(len(values))])
        arrays.append(array)
    return pa.table(arrays, names=names), nested


def _from_arrow(path, fmt, wishes):
    table = read_arrow_file(path, fmt)
    names = _named(path, table.column_names, wishes)
    table = table.rename_columns(names)
    for name in wishes.text_columns:
        with one_clear_error(path, f"column {name!r} cannot be read as text"):
            j = names.index(name)
            table = table.set_column(j, name, as_text(table.column(j)))
    return table


def _to_frame(path, table, nested, rows):
    import pandas as pd
    import pyarrow as pa

    n_rows = table.num_rows
    if rows.size < n_rows:
        kept = np.zeros(n_rows, dtype=bool)
        kept[rows] = True
        # by mask, not by position: long text in several chunks would overflow
        table = table.filter(pa.array(kept))
    with one_clear_error(path, "cannot be turned into a data frame"):
        frame = table.to_pandas(date_as_object=False)
    for name, values in nested.items():
        frame[name] = values[rows]
    if rows.size < n_rows:
        frame.index = pd.Index(rows)
    frame.attrs["n_rows_in_file"] = n_rows
    return frame
