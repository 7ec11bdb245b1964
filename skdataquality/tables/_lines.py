"""The lines of a table as text: CSV by RFC 4180, and JSON lines."""

import csv
import json
from io import StringIO

from skdataquality.tables._columns import decoded, to_text
from skdataquality.tables._delimited._quoting import (
    is_unquoted,
    opens_quotes,
    settle_quoting,
)
from skdataquality.tables._formats import one_clear_error, shown
from skdataquality.tables._json_lines import JSON_CELLS, as_valid_json, to_json

_ROWS = 1 << 16
# The writer quotes a cell that holds any of these: line ends, a comma, which may pass
# for the delimiter, and a byte order mark, which a reader would drop from the first
# cell. No cell holds NUL, so that none holds them all.
_END = ",\r\n\ufeff\0"
_scalars = json.JSONEncoder(ensure_ascii=False, separators=("\n", ": "))


def delimited_lines(path, table, delimiter, header):
    """Return the bytes of a delimited file in pieces; every column is checked first.

    Cells are quoted where they must be. A table that was read without quotes is written
    without them if it can be, and where marks would be taken for something else by a
    reader that has to guess, every cell is quoted.
    """
    import pyarrow as pa

    names = table.column_names
    columns = [_cells(path, name, _decoded(table, j)) for j, name in enumerate(names)]
    if header:
        columns = [
            pa.chunked_array(
                [*_cells(path, n, pa.chunked_array([[n]])).chunks, *c.chunks]
            )
            for n, c in zip(names, columns, strict=True)
        ]
    texts = pa.table(columns, names=names)
    if is_unquoted(table) and not _has(texts, "\r", "\n", delimiter, "\ufeff"):
        pieces = list(_unquoted(texts, delimiter))
        text = b"".join(pieces)
        if (
            b"\n\n" not in b"\n" + text
            and _read_as(text, delimiter, header) != "standard"
        ):
            return pieces
    if not _has(texts, "\r", "\n"):
        return _joined(texts, delimiter, csv.QUOTE_MINIMAL)
    pieces = list(_joined(texts, delimiter, csv.QUOTE_MINIMAL))
    if _read_as(b"".join(pieces), delimiter, header) != "none":
        return pieces
    return _joined(texts, delimiter, csv.QUOTE_ALL)


def _has(texts, *parts):
    import pyarrow.compute as pc

    return any(
        pc.any(pc.match_substring(column, part)).as_py()
        for column in texts.columns
        for part in parts
    )


def _read_as(text, delimiter, header):
    """Return the quoting that a reader settles for; None if it makes no difference."""
    if not opens_quotes(text, delimiter):
        return None
    try:
        return settle_quoting("", text, delimiter, header, "auto")[0]
    except ValueError:  # the reader asks
        return None


def _decoded(table, j):
    """Return a column; the strings in JSON cells without their JSON quotes."""
    import pyarrow as pa

    column = table.column(j)
    if not _is_json(table.schema.field(j)):
        return column
    cells = []
    for cell in column.to_pylist():
        value = None if cell is None else json.loads(cell)
        cells.append(value if isinstance(value, str) or value is None else cell)
    return pa.chunked_array([pa.array(cells, pa.string())])


def _is_json(field):
    metadata = field.metadata or {}
    return JSON_CELLS.items() <= metadata.items()


def _cells(path, name, column):
    """Return a column as text, a missing value as the empty text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    with one_clear_error(
        path,
        f"cannot hold column {name!r} of type {shown(column.type)}; write .parquet",
    ):
        if pa.types.is_dictionary(column.type):
            column = decoded(column)
        texts = pc.fill_null(to_text(column), "")
    if pc.any(pc.match_substring(texts, "\0")).as_py():
        raise ValueError(
            f"{path} cannot hold column {name!r}, which contains NUL characters: write "
            f".parquet instead."
        )
    return texts


def _joined(texts, delimiter, quoting):
    end = _END.replace(delimiter, "")
    for rows in _rows(texts):
        text = StringIO(newline="")
        csv.writer(
            text, delimiter=delimiter, lineterminator=end, quoting=quoting
        ).writerows(rows)
        yield text.getvalue().replace(end, "\n").encode()


def _unquoted(texts, delimiter):
    for rows in _rows(texts):
        yield "".join(f"{delimiter.join(row)}\n" for row in rows).encode()


def _rows(texts):
    for start in range(0, texts.num_rows, _ROWS):
        columns = (column.to_pylist() for column in texts.slice(start, _ROWS).columns)
        yield zip(*columns, strict=True)


def json_lines(path, table):
    """Yield the bytes of a JSON lines file in pieces."""
    keys = [to_json(name) for name in table.column_names]
    for start in range(0, table.num_rows, _ROWS):
        piece = table.slice(start, _ROWS)
        columns = [
            _json_cells(path, piece.schema.field(j), column)
            for j, column in enumerate(piece.columns)
        ]
        lines = [
            ", ".join(
                f"{key}: {cell}"
                for key, cell in zip(keys, row, strict=True)
                if cell is not None
            )
            for row in zip(*columns, strict=True)
        ]
        yield "".join(f"{{{line}}}\n" for line in lines).encode()


def _json_cells(path, field, column):
    """Return each cell as JSON text, None where its key is to be left out."""
    import pyarrow as pa

    if _is_json(field):
        return column.to_pylist()
    try:
        if pa.types.is_temporal(field.type):
            column = to_text(column)
        cells = column.to_pylist()
        if pa.types.is_nested(field.type):
            return [to_json(cell) for cell in cells]
        # one call for all: JSON text never holds a line end of its own
        return as_valid_json(_scalars.encode(cells))[1:-1].split("\n")
    except (TypeError, ValueError, pa.ArrowException) as error:
        raise ValueError(
            f"{path} cannot hold column {field.name!r} of type {shown(field.type)} "
            f"({shown(error)}): write .parquet instead."
        ) from error
