"""Rows that were made, under those they were made of, in the user's container."""

from typing import NamedTuple

import narwhals as nw
import numpy as np

from skdataquality.utils._frames._matching import _assembled
from skdataquality.utils._frames._tables import as_frame, is_pandas, own_index


class NewCells(NamedTuple):
    """New cells of one column: rows of the table to take them from, or values."""

    rows: np.ndarray | None = None
    values: np.ndarray | None = None


def append_rows(X, cells):
    """Return a frame, and new rows under it, in its own types and column names.

    ``cells`` yields NewCells, one for each column. A pandas index goes on as
    :func:`continued_index` says.
    """
    frame = as_frame(X)
    names = list(frame.columns)
    columns = [_new(frame[:, j], new) for j, new in enumerate(cells)]
    made = as_frame(_assembled(columns, names))
    del columns  # which may be a copy
    stacked = nw.concat([frame, made], how="vertical").to_native()
    if not is_pandas(stacked):
        return stacked
    return stacked.set_axis(continued_index(X.index, len(made)), axis=0)


def _new(column, new):
    if new.rows is not None:
        return column[new.rows]
    native = column.to_native()
    if column.implementation.is_pandas_like():  # nullable and sparse types, too
        series = type(native)(new.values, dtype=native.dtype)
        return nw.from_native(series, series_only=True)
    return nw.new_series(
        column.name, new.values, column.dtype, backend=column.implementation
    )


def continued_index(index, n_new):
    """Return a pandas index with labels for further rows, which were made.

    The index 0, 1, 2, ... goes on. Any other stays, and new rows get labels that no row
    of the user's can have: -1, -2, ..., going down from there, in a one of integers,
    the missing label elsewhere. Where an index can hold neither, all rows are numbered.
    """
    import pandas as pd

    n = len(index)
    if own_index(pd.DataFrame(index=index)) is None:
        return pd.RangeIndex(n + n_new, name=index.name)
    if index.nlevels == 1 and index.dtype.kind in "iu":
        lowest = min(0, int(index.min()))
        new = np.arange(lowest - 1, lowest - 1 - n_new, -1)
        return pd.Index(np.r_[index.to_numpy(np.int64), new], name=index.name)
    places = np.r_[np.arange(n), np.full(n_new, -1)]
    try:
        return index.take(places, allow_fill=True, fill_value=np.nan)
    except (TypeError, ValueError):  # of booleans
        return pd.RangeIndex(n + n_new)
