"""A table as near duplicates see it: scaled numbers, and blocks alike elsewhere."""

from dataclasses import dataclass

import narwhals as nw
import numpy as np
import scipy.sparse as sp

from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._frames import (
    as_frame,
    as_numbers,
    cell_codes,
    is_frame,
    iterate_columns,
)

_TAIL = 0.01  # of each column, and one cell, on either side: no say in its scale
_ATOM = 0.8  # of the cells are the median: what varies is no tail
_FARTHEST = 1e100  # squares of scaled cells stay finite


@dataclass(frozen=True)
class NumericRows:
    """The first row of each group of exact duplicates.

    ``cells`` are the numeric columns in robust standard deviations from their median, 0
    where they are ``missing``: NaN or infinite. Rows of one ``block`` agree in all
    other columns and in which cells they miss. ``names`` are the numeric columns.
    """

    rows: np.ndarray
    cells: np.ndarray
    missing: np.ndarray
    block: np.ndarray
    names: tuple = ()


def numeric_rows(X, groups):
    """Split a dense table into scaled numbers and blocks of rows alike elsewhere."""
    rows = np.flatnonzero(groups == np.arange(groups.shape[0]))
    shape = (rows.size, X.shape[1])
    cells, missing = np.zeros(shape), np.zeros(shape, dtype=bool)
    kinds: list = []
    names: list = []
    no_numbers = _no_numbers(X)
    for name, column in iterate_columns(X):
        values = None if name in no_numbers else as_numbers(column, "fiuO")
        if values is None:
            kinds.append(cell_codes(column)[rows])
            continue
        values = values[rows].astype(np.float64)
        # which cells are NaN and which are infinite must agree, too
        kind = np.isnan(values) + 2 * np.isposinf(values) + 3 * np.isneginf(values)
        if kind.any():
            kinds.append(kind)
        at = len(names)
        missing[:, at] = kind > 0
        cells[:, at] = _scaled(values, missing[:, at])
        names.append(name)
    n_numbers = len(names)
    if n_numbers < X.shape[1]:
        cells, missing = cells[:, :n_numbers].copy(), missing[:, :n_numbers].copy()
    return NumericRows(rows, cells, missing, _blocks(kinds, rows.size), tuple(names))


def refuse_sparse(X):
    """Raise if X is sparse: standardising its columns would fill it."""
    if sp.issparse(X):
        raise ValueError(
            f"X is a sparse {X.format} matrix of shape {X.shape}; near duplicates need "
            f"dense rows. Reduce it first, for example with TruncatedSVD(20)"
            f".fit_transform(X), pass X.toarray() if that fits into memory, or look "
            f"for exact duplicates only."
        )


def _no_numbers(X):
    """Columns, such as categories, that are no numbers if numpy makes them such."""
    if not is_frame(X):
        return ()
    return {
        name
        for name, kind in as_frame(X).schema.items()
        if not (kind.is_numeric() or kind == nw.Object)
    }


def _scaled(values, absent):
    """Centre and scale by the deviation of all but a few wild cells."""
    present = values[~absent]
    if present.size == 0 or present.min() == present.max():
        return np.zeros(values.shape[0])
    present = present / np.abs(present).max()  # squares neither over- nor underflow
    present -= np.median(present)
    out = np.zeros(values.shape[0])
    with np.errstate(over="ignore"):
        out[~absent] = np.clip(present / _deviation(present), -_FARTHEST, _FARTHEST)
    return out


def _deviation(centred):
    """Return the deviation with wild cells drawn in, unless few cells vary at all."""
    if np.count_nonzero(centred == 0) > _ATOM * centred.size:
        return centred.std()
    n_wild = min(1 + int(_TAIL * centred.size), (centred.size - 1) // 2)
    ends = np.partition(centred, [n_wild, -1 - n_wild])[[n_wild, -1 - n_wild]]
    return np.clip(centred, *ends).std() or centred.std()


def _blocks(kinds, n):
    """Code each combination of codes as one number."""
    if not kinds:
        return np.zeros(n, dtype=np.int64)
    codes = np.column_stack(kinds)
    return np.unique(duplicate_groups(codes), return_inverse=True)[1]
