"""Rows as numbers between which there are distances."""

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import (
    as_numbers,
    column_names,
    is_frame,
    iterate_columns,
    listed,
    row_blocks,
)
from skdataquality.utils._validation import refuse_documents

_CURE = "encode categories and text as numbers, or leave those columns out."
_CELLS = 2**19
_SAFE = -300, 300  # powers of two whose squares and their sums are ordinary numbers


def as_finite_numbers(X, owner):
    """Return a checked table as a matrix of finite numbers, of any dtype.

    Arrays of numbers come back as they are, sparse matrices as csr, frames and objects
    as a new array. Numbers whose squares would overflow or vanish are scaled by a power
    of two, which changes no order of distances.

    Raises
    ------
    ValueError
        If columns hold text, dates or categories, or missing or infinite cells.
    """
    who = type(owner).__name__
    refuse_documents(X, owner, _CURE)
    numbers = sp.csr_array(X) if sp.issparse(X) else X
    if is_frame(X) or X.dtype.kind not in "fiub":
        numbers = _of_columns(X, who)
    largest = _largest(numbers)
    if not np.isfinite(largest):
        _raise_not_finite(X, numbers, who)
    exponent = int(np.frexp(largest)[1])
    if largest and not _SAFE[0] < exponent < _SAFE[1]:
        return numbers * np.ldexp(1.0, -exponent)
    return numbers


def _of_columns(X, who):
    columns, strange = [], []
    for name, cells in iterate_columns(X):
        numbers = as_numbers(cells, kinds="fiubO")
        if numbers is None:
            _refuse_containers(name, cells, who)
            strange.append(name)
        columns.append(numbers)
    if strange:
        raise ValueError(
            f"{who} compares rows by distance, and column(s) {listed(strange)} hold no "
            f"numbers: {_CURE}"
        )
    return np.column_stack(columns)


def _refuse_containers(name, cells, who):
    kinds = {type(cell) for cell in cells.tolist()} if cells.dtype.kind == "O" else ()
    holding = [kind.__name__ for kind in kinds if issubclass(kind, dict | list | tuple)]
    if holding:  # a TypeError, as of scikit-learn
        raise TypeError(
            f"Column {listed([name])} holds a {min(holding)}, and {who} compares rows "
            f"by distance: a cell of X, as an argument must be a string or a number, "
            f"must be a number. Leave that column out."
        )


def _largest(X):
    """Largest absolute value; NaN or infinite if any is."""
    if sp.issparse(X):
        return float(np.abs(X.data).max(initial=0))
    largest = 0.0
    for part in row_blocks(X.shape, _CELLS):
        low, high = float(X[part].min()), float(X[part].max())
        largest = float(np.maximum(largest, np.maximum(-low, high)))
    return largest


def _raise_not_finite(X, numbers, who):
    if sp.issparse(numbers):
        cells, where = numbers.data, numbers.indices
    else:
        cells, where = numbers, np.broadcast_to(np.arange(X.shape[1]), X.shape)
    bad = ~np.isfinite(cells)
    names = [column_names(X)[column] for column in np.unique(where[bad])]
    raise ValueError(
        f"Input X contains {'NaN' if np.isnan(cells).any() else 'infinity'}, "
        f"{int(bad.sum())} cell(s) in column(s) {listed(names)}, and {who} compares "
        f"rows by distance: fill them, for example by SimpleImputer in a step before, "
        f"or leave those columns out."
    )
