"""Write a table to a file in one step, every cell as it stands."""

import gzip
import os
from pathlib import Path

from skdataquality.tables._atomic import all_or_nothing, check_place
from skdataquality.tables._delimited._records import delimiter_of
from skdataquality.tables._formats import (
    format_of,
    given_options,
    one_clear_error,
    refuse_unusable_columns,
    require_pandas_and_pyarrow,
)
from skdataquality.tables._lines import delimited_lines, json_lines


def write_raw(table, path, *, delimiter=None, header=True, overwrite=False):
    r"""Write a pyarrow Table to a file that is complete or not there at all.

    Parameters
    ----------
    table : pyarrow.Table
        Such as :func:`read_raw` returns, or rows or columns of it.
    path : str or path-like
        Where to write. The extension says the format, as in :func:`read_table`; text
        is UTF-8 with line feeds. CSV is quoted by RFC 4180, only where it must be;
        cells that :func:`read_raw` read without quotes are written without them if
        they can be read back that way.
    delimiter : str, default=None
        One character for ``.csv`` and ``.tsv``; None takes it from the extension.
    header : bool, default=True
        Whether to write the column names of a ``.csv`` or ``.tsv``.
    overwrite : bool, default=False
        Whether an existing file may be replaced.

    Returns
    -------
    path : pathlib.Path
        The file written.

    Raises
    ------
    ValueError
        If the extension is unknown or the format cannot hold a column.
    OSError
        If the file exists and `overwrite` is False, or it cannot be written.
    ImportError
        If pandas or pyarrow, the extra ``cli``, is missing.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from skdataquality.tables import read_raw, write_raw
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "train.csv"
    ...     _ = path.write_text("age,code\n31.0,07\nNA,12\n")
    ...     kept = read_raw(path).slice(1)
    ...     write_raw(kept, Path(folder) / "kept.csv").read_text()
    'age,code\nNA,12\n'
    """
    require_pandas_and_pyarrow("write_raw")
    write = prepare_raw(table, path, delimiter=delimiter, header=header)
    path = Path(os.fspath(path))
    check_place(path, overwrite=overwrite)
    with all_or_nothing(overwrite=overwrite) as place:
        write(place(path))
    return path


def prepare_raw(table, path, *, delimiter=None, header=True):
    """Return what writes a table to a draft, in the format that a path names.

    What can be refused is refused here; the arguments are those of :func:`write_raw`.
    """
    _check_table(table)
    path = Path(os.fspath(path))
    given = given_options(delimiter=delimiter, encoding="utf-8", header=header)
    fmt = format_of(path, given)
    # what could not be read again is not written
    refuse_unusable_columns(path, table.column_names, table.num_rows)
    lines = None
    if fmt.kind == "delimited":
        delimiter = delimiter_of(fmt, delimiter)
        lines = delimited_lines(path, table, delimiter, header)
    elif fmt.kind == "json lines":
        lines = json_lines(path, table)

    def write(draft):
        with open(draft, "wb") as file:
            if lines is None:
                _write_arrow(path, table, file, fmt)
            elif fmt.gzipped:
                # no name and no time: the same table gives the same bytes
                with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as compressed:
                    compressed.writelines(lines)
            else:
                file.writelines(lines)

    return write


def _check_table(table):
    import pyarrow as pa

    if not isinstance(table, pa.Table):
        raise ValueError(
            f"table is a {type(table).__name__}: pass a pyarrow.Table, such as "
            "read_raw returns."
        )


def _write_arrow(path, table, file, fmt):
    import pyarrow as pa
    import pyarrow.parquet as pq

    with one_clear_error(path, f"cannot be written as {fmt.extension}"):
        if fmt.kind == "parquet":
            pq.write_table(table, file)
        else:
            with pa.ipc.new_file(file, table.schema) as writer:
                writer.write_table(table)
