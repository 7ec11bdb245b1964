"""Every pair of rows within a distance: a join on a few principal components."""

import numpy as np

from skdataquality.utils._frames import row_blocks
from skdataquality.utils._neighbors._directions import leading_directions
from skdataquality.utils._neighbors._distances import distances
from skdataquality.utils._neighbors._tree import PointTree

MAX_CANDIDATES = 2_000_000  # pairs of 16 bytes, and as many distances to verify
_FAR = 1e3  # standard deviations; what lies out there is drawn in
_COMPONENTS = ((4, np.inf), (6, 100_000), (8, 20_000))  # and up to how many rows
_SHRINK = 0.7 ** np.arange(1, 65).reshape(8, 8)
_BLOCK_CELLS = 2**19
_ROUNDING = 1e-9, 1e-10  # relative and absolute, of a projected distance


class NeighborJoin:
    """Exact search for all pairs of rows within a radius, with bounded memory.

    Clipping and orthogonal projection never lengthen a distance, so every pair within
    the radius is among the candidates in few dimensions; candidates are then verified
    by direct differences in all columns.

    ``X`` is finite, its columns centred and of about unit scale. Rows that are equal to
    many others make the number of pairs quadratic: pass one of each. Only rows of one
    ``block`` (not negative) are paired. ``radius`` becomes ``largest_radius``, or that
    times the first power of 0.7 which has few enough candidates, as estimated from 1000
    rows (``n_candidates``); 0 if there is none.
    """

    def __init__(self, X, largest_radius, *, block=None, max_candidates=MAX_CANDIDATES):
        self._X = X
        self._block = block if block is not None and block.any() else None
        self.radius = float(largest_radius)
        for n_components, most_rows in _COMPONENTS:
            if X.shape[0] <= most_rows:
                self._plant(n_components)
            if self.n_candidates <= max_candidates:
                return
            if n_components >= X.shape[1]:
                break
        self._shrink(max_candidates)

    def _plant(self, n_components):
        """Build the tree; more components leave fewer candidates and take longer."""
        points = _project(self._X, min(n_components, self._X.shape[1]))
        self._tree = PointTree(points, self.radius, block=self._block)
        self.n_candidates = self._tree.expected([self.radius])[0]

    def _shrink(self, max_candidates):
        for radii in self.radius * _SHRINK:
            expected = self._tree.expected(radii)
            fits = np.flatnonzero(expected <= max_candidates)
            if fits.size:
                self.radius = float(radii[fits[0]])
                self.n_candidates = float(expected[fits[0]])
                return
        self.radius = self.n_candidates = 0.0

    def pairs(self, radius):
        """Return the rows and the Euclidean distance of the pairs within a radius.

        Each pair once, ``first < second``, in rising order. Beyond ``self.radius``
        memory is not bounded.
        """
        if self.radius == 0:
            none = np.empty(0, dtype=np.int64)
            return none, none, np.empty(0)
        first, second = self._tree.pairs(radius * (1 + _ROUNDING[0]) + _ROUNDING[1])
        distance = distances(self._X, first, second)
        near = distance <= radius
        first, second, distance = first[near], second[near], distance[near]
        first, second = np.minimum(first, second), np.maximum(first, second)
        order = np.lexsort((second, first))
        return first[order], second[order], distance[order]


def _project(X, n_components):
    """Leading principal components of the rows, clipped where they lie far out."""
    if n_components == X.shape[1]:
        return X
    vectors = leading_directions(X)[:, :n_components]
    points = np.empty((X.shape[0], n_components))
    for part in row_blocks(X.shape, _BLOCK_CELLS):
        # a wild cell would cost the others digits
        points[part] = np.clip(X[part], -_FAR, _FAR) @ vectors
    return points
