"""Rows that were selected before, of this pool or another: :func:`earlier_picks`."""

import os

import numpy as np

from skdataquality.active_learning import ReferenceRows
from skdataquality.diagnosis._roles import no_such_column
from skdataquality.tables import read_arrays, read_table
from skdataquality.tables._read_arrays import is_array_file
from skdataquality.utils._frames import is_frame, select_columns
from skdataquality.workflows._labelling._pool import as_floats, points_of

ROW = "input_row"


def earlier_picks(selected, pool, balance, text_format):
    """Return the rows of the pool that are selected, and ReferenceRows; None for none.

    Parameters
    ----------
    selected : None, path or list of paths, array-like of int, data frame or array
        As in :func:`select_table`.
    pool : Pool
    balance : str or None
        Column that is balanced.
    text_format : dict
        How a file of text is written.
    """
    if selected is None:
        return None, None
    if isinstance(selected, str | os.PathLike):
        selected = _read(selected, text_format)
    elif _are_paths(selected):
        parts = [earlier_picks(one, pool, balance, text_format) for one in selected]
        if len(parts) == 1:
            return parts[0]
        if any(reference is not None for _, reference in parts):
            raise ValueError(
                f"selected holds {len(parts)} files, and not all have the column "
                f"{ROW!r} of an earlier selection: join rows of other tables in one "
                f"file, and pass it alone."
            )
        return np.unique(np.concatenate([rows for rows, _ in parts])), None
    if is_frame(selected):
        if ROW in selected.columns:
            return _row_numbers(selected[ROW].to_numpy(), pool), None
        return None, _of_frame(selected, pool, balance)
    array = np.asarray(selected)
    if array.ndim != 2:
        return _row_numbers(array, pool), None
    if pool.embedding is None or balance is not None:
        raise ValueError(
            "selected is an array of points, whose columns are not known: pass a table "
            "with the columns of the pool, or numbers of rows."
        )
    return None, ReferenceRows(_as_wide(as_floats(array), pool))


def _are_paths(selected):
    if not isinstance(selected, list | tuple) or not selected:
        return False
    return all(isinstance(one, str | os.PathLike) for one in selected)


def _read(path, text_format):
    """Read a file of row numbers, of points, or a table."""
    if not is_array_file(path):
        return read_table(path, **text_format)
    arrays = read_arrays(path, max_bytes=text_format.get("max_bytes"))
    if ROW in arrays:
        return arrays[ROW]
    if len(arrays) != 1:
        raise ValueError(
            f"{path} has {len(arrays)} arrays: save numbers of rows as one of them, "
            f"named {ROW!r}, or one array alone."
        )
    return next(iter(arrays.values()))


def _row_numbers(rows, pool):
    rows = np.asarray(rows)
    if rows.dtype.kind not in "iu" or rows.ndim != 1:
        raise ValueError(
            f"selected has the dtype {rows.dtype} and shape {rows.shape}: pass numbers "
            f"of rows of the pool, from 0, in a column {ROW!r} or an array."
        )
    if rows.size and not (rows.min() >= 0 and rows.max() < pool.n_rows):
        wrong = rows.min() if rows.min() < 0 else rows.max()
        raise ValueError(
            f"selected holds row {wrong}, and the pool has the rows 0 to "
            f"{pool.n_rows - 1}: it is of another pool."
        )
    return np.unique(rows).astype(np.intp)


def _of_frame(frame, pool, balance):
    """Return rows of another table, with the columns of the pool."""
    if pool.columns is None:
        raise ValueError(
            f"selected is a table without a column {ROW!r}, and the pool has no "
            f"columns: pass numbers of rows, or an array of points."
        )
    names = list(frame.columns)
    for role, needed in (("embedding", pool.columns), ("balance", [balance])):
        for name in needed:
            if name is not None and name not in names:
                raise ValueError(no_such_column(role, name, names, "selected"))
    y = None if balance is None else frame[balance].to_numpy()
    if pool.embedding is None:
        return ReferenceRows(select_columns(frame, pool.columns), y)
    columns = [frame[name].to_numpy() for name in pool.columns]
    return ReferenceRows(_as_wide(points_of(columns, pool.columns), pool), y)


def _as_wide(points, pool):
    if points.shape[1] != pool.X.shape[1]:
        raise ValueError(
            f"selected has points of {points.shape[1]} numbers, and the pool of "
            f"{pool.X.shape[1]}: they must be of the same embedding."
        )
    return points
