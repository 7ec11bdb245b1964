"""Which segment a made row lies on, if the residual proves it.

For a made row s and a segment from a to b, ``g = <s - a, b - a> / |b - a|^2`` and the
residual is ``s - a - g (b - a)``. A row is traced if exactly one pair of rows, of all
that the sampler could have used, leaves no more than rounding in each column, and the
made row lies between the two.
"""

from dataclasses import dataclass
from itertools import chain

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree
from sklearn.metrics.pairwise import euclidean_distances

from skdataquality.compose._tracing._made_rows import MadeRows
from skdataquality.compose._tracing._segments import Segments
from skdataquality.utils._frames import row_blocks
from skdataquality.utils._neighbors import (
    cells_per_row,
    squared_distances,
    squared_norms,
)

_CELLS = 2**20
_POINTS = 1024
_NARROW = 15  # columns, up to which trees are fast
_ROUNDINGS = 16  # of one step of arithmetic, allowed to each column
_SLACK = 1e-6, 1e-12  # of distances by products, of themselves and of the norms


def parents_on_segments(fits):
    """Prove the two parents of made rows; ``rows`` are positions among these."""
    X, made, segments, kinds = fits.X, fits.made, fits.segments, fits.kinds
    smooth = kinds == "f"  # others may have moved a made row off its segment
    where = (X, made) if smooth.all() else (X[:, smooth], made[:, smooth])
    ends = _Ends(where[0], segments)
    found = [fits.solve(*pairs) for pairs in _near_segments(*where, ends)]
    return _sole_pairs(found, segments, made.shape[0])


def parents_of_starts(fits, pairs):
    """Do the same if it is known which segments each row may lie on.

    Parameters
    ----------
    fits : Fits
    pairs : tuple of two ndarray of int
        Made rows and segments.

    Returns
    -------
    made : MadeRows or None
        None if a row lies on none of its segments, so that they were not these.
    """
    found = fits.solve(*pairs)
    if np.unique(found[0]).size < fits.made.shape[0]:
        return None
    return _sole_pairs([found], fits.segments, fits.made.shape[0])


class _Ends:
    """The rows where segments end, and how far from each a made row may lie."""

    def __init__(self, X, segments):
        both = np.concatenate([segments.start, segments.stop])
        self.rows, end = np.unique(both, return_inverse=True)
        lengths = np.sqrt(squared_distances(X, segments.start, segments.stop))
        # what lies between two rows is near to one of them
        reach = np.tile(lengths, 2) * max(0.5, segments.before)
        self.reach = np.zeros(self.rows.size)
        np.maximum.at(self.reach, end, reach)
        self._farthest = reach.max(initial=0) or 1.0
        order = np.lexsort((-reach, end))
        self._segment = order % len(segments)
        self._place = end[order] - reach[order] / self._farthest / 2
        self._first = np.searchsorted(end[order], np.arange(self.rows.size))

    def incident(self, row, end, distance):
        """Pair each row that is near an end with the segments that reach so far."""
        place = end - distance / self._farthest / 2 + _SLACK[0]
        stop = np.searchsorted(self._place, place, side="right")
        counts = np.maximum(stop - self._first[end], 0)
        before = np.cumsum(counts) - counts
        within = np.arange(counts.sum()) - np.repeat(before - self._first[end], counts)
        return np.repeat(row, counts), self._segment[within]


def _near_segments(X, made, ends):
    """Yield made rows with segments that reach so far from one of their ends."""
    points = X[ends.rows]
    is_narrow = not sp.issparse(X) and X.shape[1] <= _NARROW
    for row, end in (_by_tree if is_narrow else _by_products)(points, made, ends.reach):
        distance = np.empty(row.size)
        for some in row_blocks((row.size, cells_per_row(X)), _CELLS):
            difference = made[row[some]] - points[end[some]]
            distance[some] = np.sqrt(squared_norms(difference))
        yield ends.incident(row, end, distance)


def _by_tree(points, made, reach):
    """Yield made rows and the numbers of the points within whose reach they are."""
    tree = cKDTree(made)
    for part in row_blocks((points.shape[0], 1), _POINTS):
        within = reach[part] * (1 + _SLACK[0]) + _SLACK[1] * np.abs(points[part]).max()
        rows = tree.query_ball_point(points[part], within, return_sorted=False)
        counts = np.fromiter(map(len, rows), dtype=np.int64)
        row = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=counts.sum())
        yield row, part.start + np.repeat(np.arange(counts.size), counts)


def _by_products(points, made, reach):
    """Do the same by matrix products, which no dimension slows down."""
    if not sp.issparse(points):  # products round less near the origin
        centre = points.mean(axis=0)
        points, made = points - centre, made - centre
    within = (reach * (1 + _SLACK[0])) ** 2 + _SLACK[1] * squared_norms(points)
    for part in row_blocks((made.shape[0], points.shape[0]), _CELLS):
        rows = made[part]
        squared = euclidean_distances(rows, points, squared=True)
        squared -= _SLACK[1] * squared_norms(rows)[:, np.newaxis]
        row, end = np.nonzero(squared <= within)
        yield row + part.start, end


@dataclass(frozen=True)
class Fits:
    """Which of the pairs of a made row and a segment fit each other.

    Parameters
    ----------
    X : {ndarray, csr} of shape (n_samples, n_features)
        Floating numbers.
    made : {ndarray, csr} of shape (n_made, n_features)
    segments : Segments
    kinds : ndarray of shape (n_features,), str
        What the made rows were stored as: "f", or "i" where fractions were cut off,
        or "b" for true and false.
    """

    X: np.ndarray | sp.csr_array
    made: np.ndarray | sp.csr_array
    segments: Segments
    kinds: np.ndarray

    def reproduce(self, row, segment, g):
        """Whether every row is that of its segment at the share ``g`` of the way."""
        for some in row_blocks((row.size, self.X.shape[1]), _CELLS):
            start, stop, s = self._dense_rows(row[some], segment[some])
            allowed = self._rounding * np.maximum(np.abs(start), np.abs(stop))
            expected = start + g[some, np.newaxis] * (stop - start)
            nowhere = np.zeros(s.shape[0], dtype=bool)
            if not self._is_equal(s, expected, allowed, nowhere).all():
                return False
        return True

    def _dense_rows(self, row, segment):
        return (
            _dense(self.X[self.segments.start[segment]]),
            _dense(self.X[self.segments.stop[segment]]),
            _dense(self.made[row]),
        )

    def solve(self, row, segment):
        """Return (row, segment, g, lies between) of those that fit, as one array."""
        blocks = row_blocks((row.size, self.X.shape[1]), _CELLS)
        found = [self._solve(row[some], segment[some]) for some in blocks]
        return np.concatenate([np.empty((4, 0)), *found], axis=1)

    def _solve(self, row, segment):
        start, stop, s = self._dense_rows(row, segment)
        step = stop - start
        smooth = np.where(self.kinds == "f", step, 0.0)
        squared = (smooth * smooth).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            # nan where nothing tells how far: such a pair fits, and proves nothing
            g = ((s - start) * smooth).sum(axis=1) / squared
            rounding = self._rounding * np.maximum(np.abs(start), np.abs(stop))
            in_g = (rounding * np.abs(smooth)).sum(axis=1) / squared
        at = np.where(np.isnan(g), 0, g)[:, np.newaxis]
        allowed = rounding + np.where(np.isnan(g), 0, in_g)[:, np.newaxis] * np.abs(
            step
        )
        fits = self._is_equal(s, start + at * step, allowed, np.isnan(g)).all(axis=1)
        fits &= np.isnan(g) | ((g >= -self.segments.before - in_g) & (g <= 1 + in_g))
        between = (g >= -in_g) & (g <= 1 + in_g)
        return np.stack([row, segment, np.clip(g, 0, 1), between])[:, fits]

    @property
    def _rounding(self):
        return _ROUNDINGS * np.finfo(self.X.dtype).eps

    def _is_equal(self, s, expected, allowed, anywhere):
        equal = np.abs(s - expected) <= allowed
        whole, flag = self.kinds == "i", self.kinds == "b"
        equal[:, whole] = np.trunc(expected[:, whole]) == s[:, whole]
        equal[:, flag] = (expected[:, flag] != 0) == s[:, flag]
        equal[np.ix_(anywhere, whole | flag)] = True
        return equal


def _dense(rows):
    return np.asarray(rows.toarray() if sp.issparse(rows) else rows, dtype=float)


def _sole_pairs(found, segments, n_made):
    """Parents of the rows that a single pair fits, and lie between its rows."""
    found = np.concatenate([np.empty((4, 0)), *found], axis=1)
    row, segment = found[:2].astype(np.int64)
    g, between = found[2], found[3].astype(bool)
    start, stop = segments.start[segment], segments.stop[segment]
    low, high = np.minimum(start, stop), np.maximum(start, stop)
    order = np.lexsort((high, low, row))
    row, low, high = row[order], low[order], high[order]
    another = np.ones(row.size, dtype=bool)
    another[1:] = (np.diff(row) != 0) | (np.diff(low) != 0) | (np.diff(high) != 0)
    n_pairs = np.bincount(row[another], minlength=n_made)
    n_beside = np.bincount(row[~between[order]], minlength=n_made)
    proved = another & (n_pairs == 1)[row] & (n_beside == 0)[row]
    chosen = order[proved]
    return MadeRows.of_pairs(row[proved], start[chosen], stop[chosen], g[chosen])
