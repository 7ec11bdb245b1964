"""How many rows are to be picked, and which are out of the question."""

import warnings
from numbers import Integral

import numpy as np

from skdataquality.exceptions import PoolExhaustedWarning


def n_wanted(n_select, n_left):
    """Rows to pick, of those that are left."""
    if not isinstance(n_select, Integral):
        return max(1, round(n_select * n_left))
    if n_select > n_left:
        warnings.warn(
            f"n_select={n_select} rows were asked for and there are {n_left}: all of "
            f"them are selected, once.",
            PoolExhaustedWarning,
            stacklevel=2,
        )
    return min(int(n_select), n_left)


def rows_of_pool(selected, n_rows):
    """Row numbers of a mask, or of numbers, in rising order.

    Raises
    ------
    ValueError
        If they are no rows, or all rows.
    """
    if selected is None:
        return np.empty(0, dtype=np.intp)
    rows = np.asarray(selected)
    if rows.dtype.kind == "b" and rows.shape == (n_rows,):
        rows = np.flatnonzero(rows)
    if rows.size == 0:
        return np.empty(0, dtype=np.intp)
    if rows.ndim != 1 or rows.dtype.kind not in "iu":
        raise ValueError(
            f"selected has shape {rows.shape} and dtype {rows.dtype}: pass row numbers "
            f"from 0, or a mask of shape ({n_rows},). Rows of another table are "
            f"DiversitySelector(selected=ReferenceRows(...))."
        )
    rows = np.unique(rows).astype(np.intp)
    if rows[0] < 0 or rows[-1] >= n_rows:
        raise ValueError(
            f"selected holds row {rows[0] if rows[0] < 0 else rows[-1]}, and X has the "
            f"rows 0 to {n_rows - 1}."
        )
    if rows.size == n_rows:
        raise ValueError(
            f"selected names all {n_rows} rows of X: none is left to select."
        )
    return rows


def ordered_rows(picks, n_rows):
    """Distinct row numbers in the order given.

    Raises
    ------
    ValueError
        If they are none.
    """
    rows = np.asarray(picks)
    if rows.ndim != 1 or rows.size == 0 or rows.dtype.kind not in "iu":
        raise ValueError(
            f"picks has shape {rows.shape} and dtype {rows.dtype}: pass row numbers in "
            f"the order of picking, such as selection_order_ of a fitted selector."
        )
    if rows.min() < 0 or rows.max() >= n_rows:
        wrong = rows.min() if rows.min() < 0 else rows.max()
        raise ValueError(
            f"picks holds row {wrong}, and X has the rows 0 to {n_rows - 1}."
        )
    if np.unique(rows).size < rows.size:
        raise ValueError("picks holds a row twice: pass each row once.")
    return rows.astype(np.intp)
