"""The lines of a table as text: CSV by RFC 4180, and JSON lines."""

import csv
import json
from io import StringIO

from skdataquality.tables._formats import one_clear_error
from skdataquality.tables._json_lines import JSON_CELLS, to_json

_ROWS = 1 << 16
# The writer quotes a cell that holds any of these: line ends, a comma, which may pass
# for the delimiter, and a byte order mark, which a reader would drop from the first
# cell. No cell holds NUL, so that none holds them all.
_END = ",\r\n\ufeff\0"
_scalars = json.JSONEncoder(ensure_ascii=False, separators=("\n", ": "))


def delimited_lines(path, table, delimiter, header):
    """Yield the bytes of a delimited file in pieces; every column is checked first."""
    import pyarrow as pa

    columns = [
        _cells(path, name, _decoded(table, j))
        for j, name in enumerate(table.column_names)
    ]
    texts = pa.table(columns, names=table.column_names)
    if header:
        names = [
            _cells(path, name, pa.chunked_array([[name]], pa.string()))
            for name in table.column_names
        ]
        yield from _joined(pa.table(names, names=table.column_names), delimiter)
    yield from _joined(texts, delimiter)


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

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    with one_clear_error(
        path, f"cannot hold column {name!r} of type {column.type}; write .parquet"
    ):
        texts = pc.fill_null(column.cast(pa.string()), "")
    if pc.any(pc.match_substring(texts, "\0")).as_py():
        raise ValueError(
            f"{path} cannot hold column {name!r}, which contains NUL characters: write "
            f".parquet instead."
        )
    return texts


def _joined(texts, delimiter):
    end = _END.replace(delimiter, "")
    for start in range(0, texts.num_rows, _ROWS):
        columns = (column.to_pylist() for column in texts.slice(start, _ROWS).columns)
        text = StringIO(newline="")
        writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
        writer.writerows(zip(*columns, strict=True))
        yield text.getvalue().replace(end, "\n").encode()


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
    if pa.types.is_temporal(field.type):
        column = column.cast(pa.string())
    cells = column.to_pylist()
    try:
        if pa.types.is_nested(field.type):
            return [to_json(cell) for cell in cells]
        # one call for all: JSON text never holds a line end of its own
        return _scalars.encode(cells)[1:-1].split("\n")
    except TypeError as error:
        raise ValueError(
            f"{path} cannot hold column {field.name!r} of type {field.type} ({error}): "
            f"write .parquet instead."
        ) from error
