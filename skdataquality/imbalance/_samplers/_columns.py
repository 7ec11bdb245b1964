"""How the cells of new rows come of those of their parents, column by column."""

from decimal import Decimal
from enum import Enum
from numbers import Integral, Real

import narwhals as nw
import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import (
    as_floats,
    as_frame,
    column_as_array,
    is_frame,
    listed,
    missing_mask,
    read_moments,
    reading_of,
    row_blocks,
)

_BLOCK_CELLS = 2**17
_WIDEST = np.nextafter(2.0**63, 0)  # float that a signed integer holds


class Way(Enum):
    """How cells are made."""

    MIX = "on the line between two numbers; rounded, between integers"
    NEARER = "that of the nearer parent"
    VOTE = "the most frequent among the neighbours"


def column_ways(X):
    """Say how the cells of each column are made; None if all are mixed.

    Raises
    ------
    ValueError
        If numbers or times are missing or infinite, naming their columns. A missing
        cell among texts, categories or booleans is a value like any other.
    """
    if sp.issparse(X) or (not is_frame(X) and X.dtype.kind in "iuf"):
        refuse_gaps(_columns_with_gaps(X))
        return None
    ways, gaps = [], {}
    for name, cells, dtype in _typed_columns(X):
        ways.append(_way(cells, dtype))
        if ways[-1] is not Way.VOTE:
            bad = ~np.isfinite(as_distances(cells))
            if bad.any():
                gaps[name] = bool(missing_mask(cells).any())
    refuse_gaps(gaps)
    return ways


def _typed_columns(X):
    """Yield name, cells and, for a frame, type of every column."""
    if is_frame(X):
        for column in as_frame(X).iter_columns():
            yield column.name, column_as_array(column), column.dtype
    else:
        for name, cells in enumerate(X.T):
            yield name, cells, None


def _way(cells, dtype):
    """How cells are made; ``dtype`` is that of a frame's column."""
    kind = cells.dtype.kind
    if kind in "mM":
        return Way.NEARER
    if kind in "iuf":
        return Way.NEARER if dtype is not None and dtype.is_decimal() else Way.MIX
    if kind != "O":
        return Way.VOTE
    if dtype is not None and dtype in (nw.Int128, nw.UInt128):
        return Way.NEARER
    known = cells[~missing_mask(cells)]
    types = set(map(type, known.tolist()))
    if not types or types & {bool, np.bool_}:
        return Way.VOTE
    if all(issubclass(t, Integral) for t in types):
        fits = max(map(abs, known.tolist())) < 2**63
        return Way.MIX if fits else Way.NEARER
    if all(issubclass(t, Real | Decimal) for t in types):
        return Way.MIX if all(issubclass(t, Real) for t in types) else Way.NEARER
    return Way.NEARER if time_of(cells) else Way.VOTE


def time_of(cells):
    """Return "moment" or "duration", whose unit says nothing, or None."""
    kind = reading_of(cells).kind if cells.dtype.kind in "OmM" else None
    return kind if kind in ("moment", "duration") else None


def as_distances(cells):
    """Return numbers and times as float64, times in seconds; NaN where missing."""
    kind = time_of(cells)
    if kind != "moment":
        return as_floats(cells, kind or "number")
    moments = read_moments(cells)
    return np.where(np.isnat(moments), np.nan, moments.astype(np.int64) / 1e6)


# -- missing cells ---------------------------------------------------------------------


def _columns_with_gaps(X):
    """Columns of numbers that are not finite, and whether some are missing."""
    if X.dtype.kind != "f":
        return {}
    if sp.issparse(X):
        bad = ~np.isfinite(X.data)
        if not bad.any():
            return {}
        stored = X.tocoo()
        return {
            int(j): bool(np.isnan(stored.data[bad & (stored.col == j)]).any())
            for j in np.unique(stored.col[bad])
        }
    bad = np.zeros(X.shape[1], dtype=bool)
    missing = np.zeros(X.shape[1], dtype=bool)
    for part in row_blocks(X.shape, _BLOCK_CELLS):
        if not np.isfinite(X[part]).all():
            bad |= ~np.isfinite(X[part]).all(axis=0)
            missing |= np.isnan(X[part]).any(axis=0)
    return {int(j): bool(missing[j]) for j in np.flatnonzero(bad)}


def refuse_gaps(gaps):
    """Refuse columns in which a number is missing, or infinite."""
    if not gaps:
        return
    what = "NaN" if any(gaps.values()) else "infinity"
    raise ValueError(
        f"Input X contains {what} in {len(gaps)} column(s): {listed(list(gaps))}. "
        f"SMOTE computes with all cells: impute them in the step before, such as by "
        f"SimpleImputer, or take ClassBalanceWeighter, which takes rows as they are."
    )


# -- new cells -------------------------------------------------------------------------


def mix_cells(cells, first, second, u):
    """Return numbers on the lines between cells at two positions.

    Equal cells give that very number. Integers are rounded to the nearest one, which
    keeps the mean of the column: ``u`` lies as often above a half as below.
    """
    if cells.dtype.kind == "O":
        is_whole = all(isinstance(cell, Integral) for cell in cells.tolist())
        numbers = cells.astype(np.int64 if is_whole else np.float64)
        out = np.empty(first.shape, dtype=object)
        out[:] = mix_cells(numbers, first, second, u).tolist()
        return out
    if cells.ndim > 1:
        u = u[:, None]
    start, end = cells[first], cells[second]
    if cells.dtype.kind == "f":
        end -= start
        end *= u.astype(cells.dtype)
        start += end
        return start
    return _mix_integers(start, end, u)


def _mix_integers(start, end, u):
    # modulo 2**64, since floats do not hold every integer of 64 bits
    wide = start.astype(np.uint64)
    step = np.rint(u * (end.astype(np.uint64) - wide).astype(np.int64))
    step = np.clip(step, -_WIDEST, _WIDEST).astype(np.int64).astype(np.uint64)
    new = (wide + step).astype(start.dtype)
    return np.clip(new, np.minimum(start, end), np.maximum(start, end))


def mix_sparse(X, first, second, u):
    """Return rows on the lines between rows of a sparse matrix."""
    if X.dtype.kind == "b":
        return X[np.where(u < 0.5, first, second)]
    start, end = X[first], X[second]
    wide = start.dtype if start.dtype.kind == "f" else np.int64
    step = (end.astype(wide) - start.astype(wide)).tocsr()
    step.data = step.data * np.repeat(u, np.diff(step.indptr)).astype(
        wide if start.dtype.kind == "f" else np.float64
    )
    if start.dtype.kind != "f":
        step.data = np.rint(step.data).astype(wide)
    new = (start.astype(wide) + step).astype(X.dtype)
    new.eliminate_zeros()
    return new
