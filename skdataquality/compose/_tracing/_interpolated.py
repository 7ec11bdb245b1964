"""Which segment a made row lies on, if the residual proves it.

For a made row s and a segment from a to b, ``g = <s - a, b - a> / |b - a|^2`` and the
residual is ``s - a - g (b - a)``. A row is traced if exactly one pair of rows, of all
that the sampler could have used, leaves no more than rounding in each column, and the
made row lies between the two.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from sklearn.metrics.pairwise import euclidean_distances

from skdataquality.compose._tracing._made_rows import MadeRows
from skdataquality.compose._tracing._segments import Segments
from skdataquality.utils._frames import row_blocks
from skdataquality.utils._neighbors import squared_distances, squared_norms

_CELLS = 2**20
_ROUNDINGS = 16  # of one step of arithmetic, allowed to each column
_SLACK = 1e-6, 1e-12  # of distances by products, of themselves and of the norms


def parents_on_segments(X, made, segments, kinds):
    """Prove the two parents of made rows.

    Parameters
    ----------
    X : {ndarray, csr} of shape (n_samples, n_features)
        Floating numbers.
    made : {ndarray, csr} of shape (n_made, n_features)
    segments : Segments
    kinds : ndarray of shape (n_features,), str
        What the made rows were stored as: "f", or "i" where fractions were cut off,
        or "b" for true and false.

    Returns
    -------
    parents : MadeRows
        Rows are positions in ``made``.
    """
    smooth = kinds == "f"  # others may have moved a made row off its segment
    where = (X, made) if smooth.all() else (X[:, smooth], made[:, smooth])
    ends = _Ends(where[0], segments)
    fits = _Fits(X, made, segments, kinds)
    found = []
    for part, row, end in _near_ends(*where, ends):
        segment, row = ends.incident(end, row + part.start)
        for some in row_blocks((row.size, X.shape[1]), _CELLS // 4):
            found.append(fits(row[some], segment[some]))
    return _sole_pairs(np.concatenate(found, axis=1), segments, made.shape[0])


class _Ends:
    """The rows where segments end, and how far from each a made row may lie."""

    def __init__(self, X, segments):
        both = np.concatenate([segments.start, segments.stop])
        self.rows, end = np.unique(both, return_inverse=True)
        order = np.argsort(end, kind="stable")
        self._segment = order % len(segments)
        counts = np.bincount(end, minlength=self.rows.size)
        self._first = np.concatenate([[0], np.cumsum(counts)])
        length = np.sqrt(squared_distances(X, segments.start, segments.stop))
        self.reach = np.zeros(self.rows.size)
        # what lies between two rows is near to one of them
        np.maximum.at(self.reach, end, np.tile(length, 2) * max(0.5, segments.before))

    def incident(self, end, row):
        """Pair each row that is near an end with all the segments of that end."""
        counts = self._first[end + 1] - self._first[end]
        before = np.cumsum(counts) - counts
        within = np.arange(counts.sum()) - np.repeat(before - self._first[end], counts)
        return self._segment[within], np.repeat(row, counts)


def _near_ends(X, made, ends):
    """Yield blocks of made rows, with the positions of rows and ends that are near."""
    points = X[ends.rows]
    if not sp.issparse(X):  # products round less near the origin
        centre = points.mean(axis=0)
        points, made = points - centre, made - centre
    norms = squared_norms(points)
    reach = (ends.reach * (1 + _SLACK[0])) ** 2 + _SLACK[1] * norms
    for part in row_blocks((made.shape[0], points.shape[0]), _CELLS):
        rows = made[part]
        squared = euclidean_distances(rows, points, squared=True)
        squared -= _SLACK[1] * squared_norms(rows)[:, np.newaxis]
        yield part, *np.nonzero(squared <= reach)


@dataclass(frozen=True)
class _Fits:
    """Which of the pairs of a made row and a segment fit each other."""

    X: np.ndarray | sp.csr_array
    made: np.ndarray | sp.csr_array
    segments: Segments
    kinds: np.ndarray

    def __call__(self, row, segment):
        """Return (row, segment, g, lies between) of those that fit, as one array."""
        start = _dense(self.X[self.segments.start[segment]])
        stop = _dense(self.X[self.segments.stop[segment]])
        s = _dense(self.made[row])
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
    return MadeRows(
        np.repeat(row[proved], 2),
        np.stack([start[chosen], stop[chosen]], axis=1).ravel(),
        np.stack([1 - g[chosen], g[chosen]], axis=1).ravel(),
    )
