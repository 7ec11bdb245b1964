"""Read a table from a file cell by cell, to write it again unchanged."""

from skdataquality.tables._arrow._files import read_arrow_file
from skdataquality.tables._delimited._quoting import check_quoting, mark_unquoted
from skdataquality.tables._delimited._records import (
    delimiter_of,
    open_delimited,
    parse_as_text,
)
from skdataquality.tables._formats import (
    existing_file,
    format_of,
    given_options,
    require_pandas_and_pyarrow,
)
from skdataquality.tables._json_lines import JSON_CELLS, as_raw_array, read_json_columns
from skdataquality.tables._memory import Budget, enough_memory
from skdataquality.tables._text import read_text


def read_raw(
    path,
    *,
    delimiter=None,
    encoding="utf-8",
    header=True,
    quoting="auto",
    max_bytes=None,
):
    r"""Read a table from a file as a pyarrow Table that keeps every cell as it stands.

    Parameters
    ----------
    path : str or path-like
        A local file of a format that :func:`read_table` reads.
    delimiter : str, default=None
        One character; None takes it from the extension.
    encoding : str, default="utf-8"
        Encoding of a text file.
    header : bool, default=True
        Whether the first line holds the column names.
    quoting : {"auto", "standard", "none"}, default="auto"
        As in :func:`read_table`, so that row k is row k in both.
    max_bytes : int, default=None
        Most bytes that the file may become in memory, as in :func:`read_table`.

    Returns
    -------
    table : pyarrow.Table
        CSV and TSV: every column is text, an empty cell is an empty text; a file read
        without quotes says so in its schema's metadata. Parquet and
        Arrow: the types of the file. JSON lines: a key with values of one plain type
        has that type; any other column, and one that some line lacks, holds JSON text
        and says so in its field's metadata, null where the line lacks the key.

    Raises
    ------
    ValueError
        If the file is no table, or not in the format that its extension names.
    OSError
        If the file is missing, is a directory, or may not be read.
    ImportError
        If pandas or pyarrow, the extra ``cli``, is missing.

    See Also
    --------
    write_raw : Write such a table.
    read_table : Read numbers and dates for a model.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from skdataquality.tables import read_raw
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "train.csv"
    ...     _ = path.write_text("age,code\n31.0,07\nNA,12\n")
    ...     table = read_raw(path)
    >>> table.to_pydict()
    {'age': ['31.0', 'NA'], 'code': ['07', '12']}
    """
    require_pandas_and_pyarrow("read_raw")
    path = existing_file(path)
    check_quoting(quoting)
    budget = Budget(path, max_bytes)
    given = given_options(
        delimiter=delimiter, encoding=encoding, header=header, quoting=quoting
    )
    fmt = format_of(path, given)
    with enough_memory(path):
        if fmt.kind in ("parquet", "arrow"):
            return read_arrow_file(path, fmt, budget)
        text = read_text(path, fmt, encoding, budget)
        if fmt.kind == "json lines":
            return _raw_json(path, read_json_columns(path, text, budget))
        delimiter = delimiter_of(fmt, delimiter)
        source = open_delimited(path, text, delimiter, header, quoting)
        table = parse_as_text(source)
        return mark_unquoted(table) if source.quoting == "none" else table


def _raw_json(path, columns):
    import pyarrow as pa

    fields, arrays = [], []
    for name, values in columns.items():
        array, is_json = as_raw_array(path, name, values)
        fields.append(
            pa.field(name, array.type, metadata=JSON_CELLS if is_json else None)
        )
        arrays.append(array)
    return pa.table(arrays, schema=pa.schema(fields))
