"""Exact duplicates: hash every row in one pass, then verify what shares a hash."""

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import as_rows, columns_as_arrays, is_frame
from skdataquality.utils._validation import check_feature_frame, is_missing

_BLOCK = 65_536
_KEY_SEED = 20_260_101  # any number; fixed, so that hashes do not change between runs


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
    bits = _SparseBits(X) if sp.issparse(X) else _DenseBits(X)
    return _group(bits.hashes(), bits)


class _DenseBits:
    """Cells as 64-bit numbers that are equal exactly when the cells are."""

    def __init__(self, X):
        self.n_rows = X.shape[0]
        self._table = None
        if not is_frame(X) and X.dtype.kind in "fiub" and X.dtype.itemsize <= 8:
            self._table = X
        else:
            self._columns = [_cell_bits(c) for c in columns_as_arrays(X)]

    def _blocks(self) -> Iterator[tuple[slice, np.ndarray]]:
        for start in range(0, self.n_rows, _BLOCK):
            rows = slice(start, min(start + _BLOCK, self.n_rows))
            yield rows, self.rows(rows)

    def rows(self, rows):
        """Bits of the given rows, shape (n_rows, n_columns)."""
        if self._table is not None:
            return _cell_bits(self._table[rows])
        return np.stack([column[rows] for column in self._columns], axis=1)

    def hashes(self):
        """One 64-bit hash per row."""
        out = np.empty(self.n_rows, dtype=np.uint64)
        for rows, bits in self._blocks():
            out[rows] = _finish(_mix(bits, _keys(bits.shape[1])).sum(axis=1))
        return out

    def equal(self, first, second):
        """Mask of the pairs of rows that are equal cell by cell."""
        out = np.empty(first.shape[0], dtype=bool)
        for start in range(0, first.shape[0], _BLOCK):
            part = slice(start, start + _BLOCK)
            out[part] = (self.rows(first[part]) == self.rows(second[part])).all(axis=1)
        return out


class _SparseBits:
    """The same for the stored cells of a sparse matrix."""

    def __init__(self, X):
        matrix = sp.csr_array(X, copy=True)
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        self.n_rows = matrix.shape[0]
        self._bits = _cell_bits(matrix.data)
        self._matrix = matrix

    def hashes(self):
        """One 64-bit hash per row."""
        indptr = self._matrix.indptr
        mixed = _mix(self._bits, _keys(self._matrix.shape[1])[self._matrix.indices])
        total = np.concatenate([[np.uint64(0)], np.cumsum(mixed, dtype=np.uint64)])
        return _finish(total[indptr[1:]] - total[indptr[:-1]])

    def rows(self, rows):
        """Bits of the given rows, dense: only ever asked for a few."""
        codes = np.unique(self._bits, return_inverse=True)[1] + 1.0
        matrix = self._matrix
        coded = sp.csr_array((codes, matrix.indices, matrix.indptr), shape=matrix.shape)
        return coded[rows].toarray()

    def equal(self, first, second):
        """Mask of the pairs of rows that are equal cell by cell."""
        codes = np.unique(self._bits, return_inverse=True)[1] + 1.0  # NaN equals NaN
        matrix = self._matrix
        coded = sp.csr_array((codes, matrix.indices, matrix.indptr), shape=matrix.shape)
        return np.diff(sp.csr_array(coded[first] != coded[second]).indptr) == 0


def _cell_bits(values):
    """Represent cells by uint64 numbers, equal exactly when the cells are."""
    if values.dtype.kind == "f" and values.dtype.itemsize <= 8:
        values = values.astype(np.float64) + 0.0  # turns -0.0 into 0.0
        values[np.isnan(values)] = np.nan  # one bit pattern for all NaN
        return values.view(np.uint64)
    if values.dtype.kind in "iub":
        return values.astype(np.int64 if values.dtype.kind != "u" else np.uint64).view(
            np.uint64
        )
    if values.dtype.kind in "mM":
        return values.view(np.int64).astype(np.uint64)
    return _factorize(values.astype(object))


def _factorize(values):
    """Code distinct objects; missing values share one code, lists go by their repr."""
    seen: dict = {}
    out = np.empty(values.shape, dtype=np.uint64)
    flat = out.reshape(-1)
    for i, value in enumerate(values.ravel()):
        try:
            key = None if is_missing(value) else value
            flat[i] = seen.setdefault(key, len(seen))
        except TypeError:  # not hashable
            flat[i] = seen.setdefault((type(value), repr(value)), len(seen))
    return out


def _keys(n_columns):
    rng = np.random.default_rng(_KEY_SEED)
    return rng.integers(0, 2**63, n_columns, dtype=np.uint64) * np.uint64(
        2
    ) + np.uint64(1)


def _mix(bits, keys):
    mixed = bits ^ (bits >> np.uint64(32))
    mixed *= keys
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return mixed ^ (mixed >> np.uint64(32))


def _finish(h):
    h = h ^ (h >> np.uint64(33))
    h *= np.uint64(0xFF51AFD7ED558CCD)
    h ^= h >> np.uint64(33)
    h *= np.uint64(0xC4CEB9FE1A85EC53)
    return h ^ (h >> np.uint64(33))


def _group(hashes, bits):
    """First row of each group, from hashes and the means to verify them."""
    n = hashes.shape[0]
    order = np.argsort(hashes, kind="stable")
    same_hash = hashes[order[1:]] == hashes[order[:-1]]
    pairs = np.flatnonzero(same_hash)
    equal = np.zeros(n - 1, dtype=bool)
    equal[pairs] = bits.equal(order[pairs], order[pairs + 1])
    groups = np.empty(n, dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, ~equal])
    groups[order] = np.repeat(order[starts], np.diff(np.r_[starts, n]))
    for run in _runs_with_collision(same_hash, equal):
        rows = order[run]
        _, member = np.unique(bits.rows(rows), axis=0, return_inverse=True)
        first = np.full(member.max() + 1, n)
        np.minimum.at(first, member, rows)
        groups[rows] = first[member]
    return groups


def _runs_with_collision(same_hash, equal):
    """Yield slices of the sorted rows that share a hash but are not all equal."""
    run_of = np.cumsum(np.r_[0, ~same_hash])
    for run in np.unique(run_of[1:][same_hash & ~equal]):
        start, stop = np.searchsorted(run_of, [run, run + 1])
        yield slice(start, stop)
