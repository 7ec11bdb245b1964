"""Distance of every row to the nearest picked one: :class:`NearestPick`."""

import copy

import numpy as np
import scipy.sparse as sp

from skdataquality.active_learning._geometry._deferred import DeferredPicks
from skdataquality.active_learning._geometry._direct import nearest_directly
from skdataquality.utils._frames import row_blocks
from skdataquality.utils._neighbors import cells_per_row, squared_norms

_BLOCK_CELLS = 2**18  # of points; what stays in a processor's cache
_FAR = 16.0  # times the spread: a mean out there costs digits
_NEAR = 16.0  # times the rounding: below it, differences are taken directly


class NearestPick(DeferredPicks):
    """Squared Euclidean distance of each point to the nearest of those added so far.

    ``|x|^2 + |p|^2 - 2 x.p`` is fast and cancels where points are close or far from the
    origin. So what comes out small is computed again by direct differences (exact
    duplicates of a pick are at exactly 0), and points around a distant mean are
    centred, block by block. What rounding may then have done is known
    (:meth:`slack`), and :meth:`exact` is free of it.

    Parameters
    ----------
    points : {ndarray, csr matrix} of shape (n_samples, n_features)
        Finite floats, at most 64 bits wide; read as they are, never copied. float32 is
        computed in float32.

    Attributes
    ----------
    squared : ndarray of shape (n_samples,)
        Infinite before anything is added; 0 at what is added.
    """

    def __init__(self, points):
        self.points = _as_floats(points)
        self._centre = _distant_mean(self.points)
        self._norms = self._squared_norms(self.points)
        if not np.isfinite(self._norms).all():
            raise ValueError(
                f"points hold values too large to be squared in {self.points.dtype}: "
                f"scale them."
            )
        eps = np.finfo(self._norms.dtype).eps
        self._rounding = eps * (4 + np.sqrt(self.points.shape[1]))
        self._others = self.points[:0]
        super().__init__(self.points.shape, self._norms.dtype)
        self._exact, self._n_exact = np.empty(0), np.empty(0, dtype=np.int32)

    def add_point(self, point):
        """Add a point, of shape (n_features,), that need not be one of them."""
        self.add_points(point if sp.issparse(point) else np.reshape(point, (1, -1)))

    def add_points(self, points):
        """Add several that need not be among the points."""
        n_before = self._others.shape[0]
        points = points.astype(self.points.dtype, copy=False)
        self._others = _stacked([self._others, points]) if n_before else points
        new = np.arange(n_before, self._others.shape[0])
        self._picks.extend((~new).tolist())
        self.settle()

    def slack(self, rows=slice(None)):
        """Bound on the rounding of `squared`, either way."""
        squared, norms = self.squared[rows], self._norms[rows]
        bound = norms + squared
        bound *= self._rounding
        direct = squared <= _NEAR * self._rounding * norms
        np.copyto(bound, 4 * np.finfo(norms.dtype).eps * squared, where=direct)
        return bound

    def exact(self, rows):
        """Squared distances of some rows by direct differences, in float64.

        They do not depend on where rows stand, nor on the order of picking. What was
        found once is kept.
        """
        if not self._exact.size:
            self._exact = np.full(self.squared.size, np.inf)
            self._n_exact = np.zeros(self.squared.size, dtype=np.int32)
        for n_seen in np.unique(self._n_exact[rows]):
            if n_seen < self.n_picks:
                some = rows[self._n_exact[rows] == n_seen]
                picks = self._picked(n_seen, self.n_picks)
                found = nearest_directly(self.points, some, picks)
                self._exact[some] = np.minimum(self._exact[some], found)
                self._n_exact[some] = self.n_picks
        return self._exact[rows]

    def part(self, rows):
        """Return the same for some rows alone, with what was added so far."""
        part = copy.copy(self)
        part.points = self.points[rows]
        part._norms = self._norms[rows]
        part.squared = self.squared[rows]
        part._picks, part._n_counted = [], 0
        part._exact, part._n_exact = self._exact[:0], self._n_exact[:0]
        return part

    def to_deferred(self, row):
        """Squared distance of one row to the nearest pick that is not settled."""
        if self._n_counted == self.n_picks:
            return np.inf
        picks = self._picked(self._n_counted, self.n_picks)
        return nearest_directly(self.points, np.array([row]), picks)[0]

    def _picked(self, start, stop):
        """Coordinates of some picks, in any order."""
        picks = np.array(self._picks[start:stop])
        inside = picks >= 0  # the others are numbered from -1 downwards
        if inside.all():
            return self.points[picks]
        if not inside.any():
            return self._others[~picks]
        return _stacked([self.points[picks[inside]], self._others[~picks[~inside]]])

    def _lower(self, start, stop):
        picks = self._picked(start, stop)
        norms = self._squared_norms(picks)[:, None]
        factors = self._centred(picks)
        factors = factors.T.toarray("C") if sp.issparse(factors) else factors.T
        factors = factors * factors.dtype.type(-2)
        for part in self._blocks(picks.shape[0]):
            away = self._products(part, factors)
            away += norms
            away = away.min(axis=0)
            away += self._norms[part]
            self._correct(away, part, picks)
            np.minimum(self.squared[part], away, out=self.squared[part])

    def _blocks(self, n_picks):
        n_rows = self.squared.size
        if n_picks == 1 and self._centre is None:
            return [slice(0, n_rows)]  # read once in any case
        return row_blocks(
            (n_rows, max(cells_per_row(self.points), n_picks)), _BLOCK_CELLS
        )

    def _products(self, part, factors):
        """Dot products of factors with a block of points, (n_picks, n_points)."""
        block = self._centred(self.points[part])
        if sp.issparse(block):
            return np.ascontiguousarray((block @ factors).T)
        if factors.shape[1] == 1:
            return (block @ factors[:, 0])[None]
        return factors.T @ block.T

    def _correct(self, away, part, picks):
        """Take differences directly where the fast form has lost its digits."""
        near = np.flatnonzero(away <= _NEAR * self._rounding * self._norms[part])
        if near.size:
            away[near] = nearest_directly(self.points, part.start + near, picks)

    def _squared_norms(self, points):
        if self._centre is None:
            return squared_norms(points)
        out = np.empty(points.shape[0], dtype=points.dtype)
        for part in row_blocks(points.shape, _BLOCK_CELLS):
            out[part] = squared_norms(points[part] - self._centre)
        return out

    def _centred(self, points):
        return points if self._centre is None else points - self._centre


def _as_floats(points):
    """Points that a matrix product reads without a copy."""
    if points.dtype not in (np.float32, np.float64):
        points = points.astype(np.float32 if points.dtype == np.float16 else np.float64)
    if sp.issparse(points):
        return points.tocsr()
    points = np.asarray(points)
    if points.size and points.itemsize not in points.strides:
        return np.ascontiguousarray(points)
    return points


def _stacked(blocks):
    return sp.vstack(blocks, "csr") if sp.issparse(blocks[0]) else np.vstack(blocks)


def _distant_mean(points):
    """Mean of dense points, or None if it is near the origin beside their spread."""
    if sp.issparse(points) or not points.size:
        return None
    mean = points.mean(axis=0, dtype=np.float64)
    some = points[:: max(1, points.shape[0] // 1000)]
    spread = np.square(some - mean).sum(axis=1).mean()
    return None if mean @ mean <= _FAR * spread else mean.astype(points.dtype)
