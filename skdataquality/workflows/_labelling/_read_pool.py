"""A pool from a file, in as little memory as its format allows: :func:`read_pool`."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.tables import read_arrays, read_raw, read_table
from skdataquality.tables._columns import plain_table, to_pandas
from skdataquality.tables._formats import listed
from skdataquality.tables._read_arrays import is_array_file, same_rows
from skdataquality.utils._frames import pandas_frame
from skdataquality.workflows._labelling._pool import (
    PASSTHROUGH,
    Pool,
    as_floats,
    matching,
    points_of,
    pool_of,
)

COLUMNAR = (".parquet", ".pq", ".feather", ".arrow", ".ipc")
RAW = ("delimiter", "encoding", "header", "quoting", "max_bytes")


@dataclass(frozen=True, eq=False)
class PoolFile:
    """A pool, and its columns as they are written down.

    ``cells`` is a pyarrow table without the columns of an embedding; None where the
    file has no other.
    """

    pool: Pool
    cells: Any
    notes: tuple = ()


def read_pool(path, embedding=None, apart=(), **text_format):
    """Read the rows to select from.

    Parameters
    ----------
    path : path
        A table, ``.npy``, or ``.npz`` with an array of two dimensions and others of
        one, which are columns.
    embedding, apart
        As in :func:`pool_of`; in a ``.npz`` the name of its array.
    text_format
        Options of :func:`~skdataquality.tables.read_table`.
    """
    if is_array_file(path):
        return _of_arrays(path, embedding, text_format.get("max_bytes"))
    if str(path).lower().endswith(COLUMNAR) and embedding is not None:
        return _of_columns(path, embedding, text_format.get("max_bytes"))
    frame = read_table(path, **text_format)
    raw = read_raw(path, **{k: v for k, v in text_format.items() if k in RAW})
    pool = pool_of(frame, embedding, apart)
    if embedding is not None:
        kept = [k for k, n in enumerate(frame.columns) if n not in set(pool.columns)]
        raw = raw.select(kept) if kept else None
    return PoolFile(pool, raw, tuple(frame.attrs.get("notes", ())))


def _of_arrays(path, embedding, max_bytes):
    arrays = read_arrays(path, max_bytes=max_bytes)
    same_rows(path, arrays)
    tables = [name for name, array in arrays.items() if array.ndim == 2]
    if str(path).lower().endswith(".npy"):
        if embedding is not None:
            raise ValueError(f"{path} has no columns to name: leave embedding out.")
    elif embedding is not None:
        tables = matching(tables, embedding)
    if not tables:
        raise ValueError(
            f"{path} has no array in two dimensions: save the embedding as one, a row "
            f"for each sample; array.reshape(-1, 1) if each has one number."
        )
    if len(tables) != 1:
        raise ValueError(
            f"{path} has {len(tables)} arrays in two dimensions ({listed(tables)}): "
            f"name one as the embedding, a row for each sample."
        )
    points = as_floats(arrays[tables[0]])
    columns = {name: array for name, array in arrays.items() if array.ndim == 1}
    frame = cells = None
    if columns:
        import pyarrow as pa

        columns = {n: _text(array) for n, array in columns.items()}
        frame = pandas_frame(columns, "read_pool", "arrays")
        cells = pa.table({name: pa.array(array) for name, array in columns.items()})
    return PoolFile(Pool(points, PASSTHROUGH, frame, tables), cells)


def _text(array):
    return array.astype(str) if array.dtype.kind == "S" else array


def _of_columns(path, embedding, max_bytes):
    """Take columns of single precision as they are: a frame would double them."""
    table = read_raw(path, max_bytes=max_bytes)
    chosen = matching(table.column_names, embedding)
    others = [name for name in table.column_names if name not in set(chosen)]
    cells = table.select(others) if others else None
    frame = None if cells is None else to_pandas(path, plain_table(path, cells))
    points = _points(table.select(chosen))
    return PoolFile(Pool(points, PASSTHROUGH, frame, chosen), cells)


def _points(table):
    """Return the columns of a table as points, batch by batch: none is copied whole."""
    import pyarrow as pa

    if table.num_columns == 1 and _is_list(table.schema.types[0]):
        return _flat(table.column(0), table.column_names[0])
    _check_full(table)
    points, start = None, 0
    for batch in table.to_batches():
        columns = [
            column.cast(pa.float64()) if pa.types.is_decimal(column.type) else column
            for column in batch.columns
        ]
        columns = [column.to_numpy(zero_copy_only=False) for column in columns]
        part = points_of(columns, table.column_names)
        if points is None:
            points = np.empty((table.num_rows, part.shape[1]), part.dtype)
        points[start : start + batch.num_rows] = part
        start += batch.num_rows
    return points


def _check_full(table):
    for name, column in zip(table.column_names, table.columns, strict=True):
        if column.null_count:
            row = next(k for k, cell in enumerate(column) if not cell.is_valid)
            raise ValueError(
                f"column {name!r} is part of the embedding and has no value in "
                f"{column.null_count} rows, first row {row}: fill those cells, or "
                f"leave the rows out."
            )


def _is_list(kind):
    import pyarrow as pa

    types = pa.types
    return (
        types.is_list(kind)
        or types.is_large_list(kind)
        or types.is_fixed_size_list(kind)
    )


def _flat(column, name):
    """Return a column of lists of as many numbers in two dimensions."""
    import pyarrow.compute as pc

    sizes = pc.unique(pc.list_value_length(column)).to_pylist()
    if len(sizes) != 1 or not sizes[0]:
        raise ValueError(
            f"column {name!r} is the embedding, and its cells are not all lists of as "
            f"many numbers: they must be."
        )
    cells = pc.list_flatten(column)
    if cells.null_count:
        raise ValueError(
            f"column {name!r} is the embedding, and a list lacks a number."
        )
    return as_floats(np.asarray(cells.to_numpy()).reshape(-1, sizes[0]))
