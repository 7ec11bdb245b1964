"""Rows of each class in blocks of near ones: :class:`RowBlocks`."""

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._draws import draw_rows
from skdataquality.utils._neighbors import squared_distances

MOST_ROWS = 1024  # of a block
_CELLS = 2**20  # of a block, where rows are wide
_SAMPLE = 256  # rows that tell along which column a block is cut


class RowBlocks:
    """Rows of each class in blocks, and boxes that bound distances to them.

    Blocks of dense rows are halved at the median of the column in which they spread
    most; sparse rows stay in their order and have no boxes. Which block a row is in
    changes how long a search takes, never what it finds.

    Parameters
    ----------
    X : ndarray or csr matrix of shape (n_samples, n_features)
        Finite numbers; read as float64 a block at a time.
    codes : ndarray of shape (n_samples,), int
        Class of each row.
    rows : ndarray of int, default=None
        Rows that are in blocks, in rising order; all if None.

    Attributes
    ----------
    rows : list of ndarray
        Row numbers of each block, those of one class each.
    code : ndarray of shape (n_blocks,), int
        Class of the rows of each block.
    block, place : ndarray of shape (n_samples,), int
        Block of each row that is in one, and its position there.
    """

    def __init__(self, X, codes, rows=None):
        self._X = X
        self.n_features = X.shape[1]
        most_rows = min(MOST_ROWS, max(16, _CELLS // self.n_features))
        self.rows: list[np.ndarray] = []
        code_of: list[int] = []
        rows = np.arange(codes.size) if rows is None else rows
        by_class = rows[np.argsort(codes[rows], kind="stable")]
        ends = np.cumsum(np.bincount(codes[rows]))
        for code, rows in enumerate(np.split(by_class, ends[:-1])):
            parts = self._halved(rows, most_rows) if rows.size else []
            self.rows += parts
            code_of += [code] * len(parts)
        self.code = np.array(code_of)
        self.block = np.empty(codes.size, dtype=np.int32)
        self.place = np.empty(codes.size, dtype=np.int32)
        for number, rows in enumerate(self.rows):
            self.block[rows] = number
            self.place[rows] = np.arange(rows.size)
        self._boxes = None if sp.issparse(X) else self._bounds()

    def _halved(self, rows, most_rows):
        if sp.issparse(self._X):
            return np.array_split(rows, -(-rows.size // most_rows))
        waiting, done = [rows], []
        while waiting:
            rows = waiting.pop()
            if rows.size <= most_rows:
                done.append(rows)
                continue
            some = rows[draw_rows(rows.size, _SAMPLE, 0)]
            column = self.take(some).var(axis=0).argmax()
            is_lower = _lower_half(self._X[rows, column])
            waiting += [rows[~is_lower], rows[is_lower]]
        return done

    def _bounds(self):
        low = np.empty((len(self.rows), self.n_features))
        high = np.empty_like(low)
        for number, rows in enumerate(self.rows):
            X = self.take(rows)
            low[number], high[number] = X.min(axis=0), X.max(axis=0)
        return low, high

    def take(self, rows):
        """Return rows as float64, sparse if they are."""
        rows = self._X[rows]
        return rows.astype(np.float64) if sp.issparse(rows) else np.asarray(rows, float)

    def squared_distances(self, first, second):
        """Squared distances of pairs of rows, by direct differences."""
        return squared_distances(self._X, first, second)

    def in_order(self, rows):
        """Sort rows so that near ones stand together."""
        return rows[np.lexsort((self.place[rows], self.block[rows]))]

    def nearest_first(self, Q, numbers):
        """Order blocks by the distance of their boxes' centres from that of rows Q.

        Returns their numbers and lower bounds of squared distances to any of the rows.
        """
        if self._boxes is None:
            return numbers, np.zeros(numbers.size)
        low, high = (side[numbers] for side in self._boxes)
        first, last = Q.min(axis=0), Q.max(axis=0)
        away = (low + high - (first + last)) / 2
        order = np.argsort(np.einsum("ij,ij->i", away, away), kind="stable")
        return numbers[order], _gaps(low, high, first, last)[order]

    def least(self, Q, number):
        """Lower bounds of the squared distances from each row of Q to a block."""
        if self._boxes is None:
            return np.zeros(Q.shape[0])
        low, high = (side[number] for side in self._boxes)
        return _gaps(low, high, Q, Q)


def _lower_half(values):
    """Mask of the lower half of values; of those equal to the median, the first."""
    half = values.size // 2
    median = np.partition(values, half)[half]
    is_lower = values < median
    equal = np.flatnonzero(values == median)
    is_lower[equal[: half - np.count_nonzero(is_lower)]] = True
    return is_lower


def _gaps(low, high, first, last):
    """Squared distances between boxes, and a little less for their rounding."""
    apart = np.maximum(np.maximum(low - last, first - high), 0)
    slack = 4 * (apart.shape[1] + 4) * np.finfo(np.float64).eps
    return np.einsum("ij,ij->i", apart, apart) * (1 - slack)
