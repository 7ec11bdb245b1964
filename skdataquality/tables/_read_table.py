"""Read a table from a file as a data frame for a model."""

from numbers import Integral

import numpy as np

from skdataquality.tables._columns import plain_table, to_pandas
from skdataquality.tables._contents import read_sample, read_whole
from skdataquality.tables._delimited._infer import Wishes
from skdataquality.tables._delimited._number_style import number_style
from skdataquality.tables._delimited._quoting import check_quoting
from skdataquality.tables._formats import (
    existing_file,
    format_of,
    given_options,
    require_pandas_and_pyarrow,
)
from skdataquality.tables._memory import Budget, TooLargeError, enough_memory
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
    max_bytes=None,
):
    r"""Read a table from a file as a pandas data frame of plain dtypes.

    Numbers, truth values and ISO dates are recognised; what a number cannot hold
    exactly stays text, and a column that mixes numbers and words is text. Nothing is
    guessed quietly: uneven lines, repeated names, a wrong delimiter or encoding raise,
    and what was decided stands in ``frame.attrs["notes"]``.

    Parameters
    ----------
    path : str or path-like
        A local file. The extension, in any case, says the format: ``.csv``, ``.tsv``,
        ``.jsonl`` or ``.ndjson`` (JSON lines), each also with ``.gz``; ``.parquet`` or
        ``.pq``; ``.feather``, ``.arrow`` or ``.ipc`` (Arrow IPC file or stream). A
        file of any other extension, or of none, is delimited text if `delimiter`,
        `encoding`, `quoting`, `decimal`, `thousands` or `header` says how it is
        written.
    delimiter : str, default=None
        One character; ``"\t"`` may be spelled as backslash and t. None takes a tab
        for ``.tsv`` and a comma for others.
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
    quoting : {"auto", "standard", "none"}, default="auto"
        Whether quotation marks enclose cells (RFC 4180, "standard") or are ordinary
        characters ("none"). "auto" takes "none" where marks would join lines or stand
        against text, every line has the same number of fields without them, and
        neither the header, a column of cells in marks nor doubled marks show a writer
        that quotes.
    decimal : {".", ","}, default=None
        The decimal mark in numbers of delimited text; None takes the point.
    thousands : {".", ",", " ", "'", "_"}, default=None
        The mark between thousands in numbers of delimited text; the blank stands for
        no-break blanks too. Only columns in which every number has its marks in the
        right places become numbers.
    keep_words : list of str, default=()
        Columns in which words such as NA, None or null are values. Only an empty cell
        is missing there.
    max_bytes : int, default=None
        Most bytes that the file may become in memory, decompressed. None takes half of
        what the machine, or its control group, has free. A larger file is refused; with
        `max_rows` its sample is read in pieces.

    Returns
    -------
    frame : pandas.DataFrame
        Columns of int64 (float64 where values are missing), float64, bool (object
        where missing), text, datetime64, category, or object for nested values. The
        index holds each row's position in the file, counted from 0, and
        ``frame.attrs["n_rows_in_file"]`` their number. ``frame.attrs["notes"]`` is a
        list of sentences on what the reader decided: ordinary quotation marks, words
        read as missing where they are many, numbers that a float cannot hold, numbers
        with other marks. ``frame.attrs["words_read_as_missing"]`` counts those words
        in every column: ``{column: {word: count}}``.

    Raises
    ------
    ValueError
        If the file is no table, or not in the format that its extension names.
    OSError
        If the file is missing, is no regular file, or may not be read.
    ImportError
        If pandas or pyarrow, the extra ``cli``, is missing.

    Notes
    -----
    In CSV and TSV the missing values are those of pandas, such as an empty cell, NA or
    null, in text columns too, but for `keep_words`. JSON lines, Parquet and Arrow have
    a null of their own, so there the text "NA" stays text.

    Whole numbers that a float would round make a column of decimals text. A number
    beyond the largest float is read as infinite, one below the smallest as 0, and both
    are noted, as are NaN and Infinity in JSON lines. JSON may be nested 100 deep.

    The sample of a file that memory holds has the types of all its rows. A larger file
    is read twice in pieces; the rows are the same, the types are those of the sample.

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
    check_quoting(quoting)
    style = number_style(decimal, thousands)
    wishes = Wishes(tuple(text_columns), tuple(keep_words), style)
    path = existing_file(path)
    budget = Budget(path, max_bytes)
    written = {"delimiter": delimiter, "header": header, "quoting": quoting}
    numbers = {"decimal": decimal, "thousands": thousands}
    given = given_options(encoding=encoding, **written, **numbers)
    fmt = format_of(path, given)

    def draw(n_rows):
        return draw_rows(n_rows, max_rows, random_state)

    with enough_memory(path):
        try:
            found = read_whole(path, fmt, encoding, written, wishes, budget)
            rows = draw(found.table.num_rows)
        except TooLargeError:
            if max_rows is None:
                raise
            found, rows = read_sample(
                path, fmt, encoding, written, wishes, budget, draw
            )
        return _to_frame(path, found, rows)


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


def _to_frame(path, found, rows):
    import pandas as pd
    import pyarrow as pa

    table, chosen = plain_table(path, found.table), rows
    if found.n_rows > table.num_rows:
        chosen = np.arange(table.num_rows)  # a sample was read
    elif rows.size < found.n_rows:
        kept = np.zeros(found.n_rows, dtype=bool)
        kept[rows] = True
        # by mask, not by position: long text in several chunks would overflow
        table = table.filter(pa.array(kept))
    frame = to_pandas(path, table)
    for name, values in found.nested.items():
        frame[name] = values[chosen]
    if rows.size < found.n_rows:
        frame.index = pd.Index(rows)
    frame.attrs["n_rows_in_file"] = found.n_rows
    frame.attrs["notes"] = found.notes
    frame.attrs["words_read_as_missing"] = found.words
    return frame
