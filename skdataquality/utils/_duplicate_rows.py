"""Exact duplicates: hash every row in one pass, then verify what shares a hash."""

from functools import cached_property

import narwhals as nw
import numpy as np
import scipy.sparse as sp

from skdataquality.utils._draws import FIXED_SEED
from skdataquality.utils._equal_by_chance import judge_repeats
from skdataquality.utils._frames import (
    as_frame,
    as_rows,
    cell_bits,
    cell_codes,
    column_as_array,
    fits_64_bits,
    is_frame,
    row_blocks,
)
from skdataquality.utils._stats import SMALL_P
from skdataquality.utils._validation import check_feature_frame

_BLOCK_CELLS = 32_768  # what stays in a processor's cache; larger is slower
_TEXT = (nw.String, nw.Categorical, nw.Enum)


def duplicate_groups(X):
    """Find the groups of rows that are equal in every column.

    Rows are equal when every cell is; NaN equals NaN, and -0.0 equals 0.0. The label
    is never part of it. Rows are hashed to 64 bits and rows of equal hash are then
    compared, so no group is merged by a collision.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        Any dtypes, text, dates and missing values included.

    Returns
    -------
    groups : ndarray of shape (n_samples,), int64
        Row number of the first row of each group; a row without a twin has its own.

    Notes
    -----
    Time is linear in the cells, memory linear in the rows. In a table of few distinct
    values, such as a handful of yes / no columns, rows are equal by chance and mean
    nothing.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.duplicates import duplicate_groups
    >>> duplicate_groups(np.array([[1.0, np.nan], [2.0, 0.0], [1.0, np.nan]]))
    array([0, 1, 0])
    """
    check_feature_frame(X)
    X = as_rows(X)
    if len(X.shape) != 2 or X.shape[1] == 0:
        raise ValueError(
            f"X has shape {X.shape}; pass a table with rows and at least one column "
            f"(reshape your data with X.reshape(-1, 1) if it has a single feature)."
        )
    if X.shape[0] == 0:
        return np.empty(0, dtype=np.int64)
    return _group(_read(X))


def row_hashes(X):
    """Return a 64-bit hash of each row of an array or sparse matrix of numbers.

    Equal rows have equal hashes; it depends on the cells of the row alone.
    """
    return _read(X).hashes()


def _read(X):
    return _SparseRows(X) if sp.issparse(X) else _DenseRows(X)


def repeated_rows(X):
    """Duplicate groups of X, or None if chance may explain the repeats.

    Where coarse columns make rows equal by chance, equal rows are no copies, and
    holding them out together would only hide them from every model.
    """
    groups = duplicate_groups(X)
    return groups if judge_repeats(X, groups).p_copies < SMALL_P else None


class _DenseRows:
    """Rows of numbers or columns, hashed and compared by 64-bit images of the cells."""

    def __init__(self, X):
        self.n_rows, self.n_columns = X.shape
        self._table = None
        if not is_frame(X) and fits_64_bits(X.dtype):
            self._table = X
        else:
            columns = (
                map(_frame_column, as_frame(X).iter_columns()) if is_frame(X) else X.T
            )
            self._columns = [
                c if fits_64_bits(c.dtype) else cell_codes(c) for c in columns
            ]

    def bits(self, rows):
        """Cells of the given rows as uint64, shape (n_rows, n_columns)."""
        if self._table is not None:
            return cell_bits(self._table[rows])
        return np.stack([cell_bits(column[rows]) for column in self._columns], axis=1)

    def hashes(self):
        """One 64-bit hash per row."""
        keys = _keys(self.n_columns)
        out = np.empty(self.n_rows, dtype=np.uint64)
        width = 1 if self._table is None else self.n_columns  # cells read at a time
        for block in row_blocks((self.n_rows, width), _BLOCK_CELLS):
            out[block] = _finish(self._sum(block, keys))
        return out

    def _sum(self, rows, keys):
        if self._table is not None:
            return np.einsum("ij,j->i", _mix(self.bits(rows)), keys)
        total = np.zeros(rows.stop - rows.start, dtype=np.uint64)
        for column, key in zip(self._columns, keys, strict=True):
            total += _mix(cell_bits(column[rows])) * key
        return total

    def equal(self, first, second):
        """Mask of the pairs of rows that are equal cell by cell."""
        out = np.empty(first.shape[0], dtype=bool)
        for block in row_blocks((first.size, self.n_columns), _BLOCK_CELLS):
            out[block] = (self.bits(first[block]) == self.bits(second[block])).all(
                axis=1
            )
        return out


class _SparseRows:
    """The same for the stored cells of a sparse matrix."""

    def __init__(self, X):
        matrix = sp.csr_array(X, copy=True)
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        self._cells = cell_bits(matrix.data)
        self._matrix = matrix
        self.n_rows = matrix.shape[0]

    @cached_property
    def _coded(self):
        """The matrix with values numbered from 1: NaN equals NaN."""
        codes = np.unique(self._cells, return_inverse=True)[1] + 1
        matrix = self._matrix
        return sp.csr_array((codes, matrix.indices, matrix.indptr), shape=matrix.shape)

    def bits(self, rows):
        """Cells of the given rows, dense: only ever asked for a few."""
        return self._coded[rows].toarray()

    def hashes(self):
        """One 64-bit hash per row."""
        keys = _keys(self._matrix.shape[1])[self._matrix.indices]
        total = np.zeros(keys.shape[0] + 1, dtype=np.uint64)
        np.cumsum(_mix(self._cells) * keys, out=total[1:])
        return _finish(np.diff(total[self._matrix.indptr]))

    def equal(self, first, second):
        """Mask of the pairs of rows that are equal cell by cell."""
        out = np.empty(first.shape[0], dtype=bool)
        cells_per_row = 1 + self._cells.shape[0] // self.n_rows
        for block in row_blocks((first.size, cells_per_row), _BLOCK_CELLS):
            differ = self._coded[first[block]] != self._coded[second[block]]
            out[block] = np.diff(sp.csr_array(differ).indptr) == 0
        return out


def _frame_column(column):
    """Column as an array; text and categories of pandas as its own fast codes."""
    native = column.to_native()
    if hasattr(native, "factorize") and column.dtype in _TEXT:
        return native.factorize()[0]
    return column_as_array(column)


def _keys(n_columns):
    rng = np.random.default_rng(FIXED_SEED)
    return rng.integers(2**64, size=n_columns, dtype=np.uint64) | np.uint64(1)


def _mix(bits):
    """Bring the high half, where floats differ, into the low half."""
    return bits ^ (bits >> np.uint64(32))


def _finish(h):
    h = h ^ (h >> np.uint64(33))
    h *= np.uint64(0xFF51AFD7ED558CCD)
    h ^= h >> np.uint64(33)
    h *= np.uint64(0xC4CEB9FE1A85EC53)
    return h ^ (h >> np.uint64(33))


def _group(table):
    """First row of each group, from hashes and the means to verify them."""
    hashes = table.hashes()
    n = hashes.shape[0]
    order = np.argsort(hashes, kind="stable")
    hashes = hashes[order]
    same_hash = hashes[1:] == hashes[:-1]
    pairs = np.flatnonzero(same_hash)
    equal = np.zeros(n - 1, dtype=bool)
    equal[pairs] = table.equal(order[pairs], order[pairs + 1])
    starts = np.flatnonzero(np.r_[True, ~equal])
    groups = np.empty(n, dtype=np.int64)
    groups[order] = np.repeat(
        np.minimum.reduceat(order, starts), np.diff(np.r_[starts, n])
    )
    for run in _runs_with_collision(same_hash, equal):
        rows = order[run]
        member = np.unique(table.bits(rows), axis=0, return_inverse=True)[1].ravel()
        first = np.full(member.max() + 1, n)
        np.minimum.at(first, member, rows)
        groups[rows] = first[member]
    return groups


def _runs_with_collision(same_hash, equal):
    """Yield slices of the sorted rows that share a hash but are not all equal."""
    collision = same_hash & ~equal
    if not collision.any():
        return
    run_of = np.cumsum(np.r_[0, ~same_hash])
    for run in np.unique(run_of[1:][collision]):
        start, stop = np.searchsorted(run_of, [run, run + 1])
        yield slice(start, stop)
