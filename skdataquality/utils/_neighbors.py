"""Every pair of rows within a distance: a join on a few principal components."""

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from skdataquality.utils._draws import FIXED_SEED, draw_rows
from skdataquality.utils._frames import row_blocks

MAX_CANDIDATES = 2_000_000  # pairs of 16 bytes, and as many distances to verify
_USUAL, _FAR = 8.0, 1e3  # standard deviations; what lies out there is drawn in
_COMPONENTS = ((4, np.inf), (6, 100_000), (8, 20_000))  # and up to how many rows
_SAMPLE = 1000
_SHRINK = 0.7 ** np.arange(1, 65).reshape(8, 8)
_WIDE = 256  # columns; rows for the directions of wider tables
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
        if self._block is not None:
            # blocks lie further apart than any radius
            points = np.column_stack([points, self._block * (2 * self.radius)])
        self._tree = cKDTree(points, leafsize=32, balanced_tree=False)
        rows = draw_rows(points.shape[0], _SAMPLE, FIXED_SEED)
        self._sample = cKDTree(points[rows])
        self.n_candidates = self._expected([self.radius])[0]

    def _expected(self, radii):
        """Pairs expected within each radius, from the neighbours of the sample."""
        neighbours = self._sample.count_neighbors(self._tree, np.asarray(radii))
        scale = self._tree.n / self._sample.n / 2
        return np.maximum(neighbours - self._sample.n, 0) * scale

    def _shrink(self, max_candidates):
        for radii in self.radius * _SHRINK:
            expected = self._expected(radii)
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
        found = self._tree.query_pairs(
            radius * (1 + _ROUNDING[0]) + _ROUNDING[1], output_type="ndarray"
        )
        first, second = found.T
        if self._block is not None:
            same = self._block[first] == self._block[second]
            first, second = first[same], second[same]
        distance = distances(self._X, first, second)
        near = distance <= radius
        first, second, distance = first[near], second[near], distance[near]
        first, second = np.minimum(first, second), np.maximum(first, second)
        order = np.lexsort((second, first))
        return first[order], second[order], distance[order]


def distances(X, first, second):
    """Euclidean distances of pairs of rows by direct differences, in blocks."""
    return np.sqrt(squared_distances(X, first, second))


def squared_distances(X, first, second):
    """Squared distances of pairs of rows, dense or csr, in float64."""
    out = np.empty(first.shape[0])
    for part in row_blocks((first.size, cells_per_row(X)), _BLOCK_CELLS):
        # of two float32, too, without their rounding
        difference = X[first[part]].astype(np.float64) - X[second[part]]
        out[part] = squared_norms(difference)
    return out


def cells_per_row(X):
    """Cells that a row holds; of a sparse matrix, those stored, on average."""
    return 1 + X.nnz // max(1, X.shape[0]) if sp.issparse(X) else X.shape[1]


def squared_norms(X):
    """Squared Euclidean norms of rows, dense or sparse."""
    if sp.issparse(X):
        return np.asarray(X.multiply(X).sum(axis=1)).ravel()
    return np.einsum("ij,ij->i", X, X)


def _project(X, n_components):
    """Leading principal components of the rows, clipped where they lie far out."""
    if n_components == X.shape[1]:
        return X
    vectors = _leading(X)[:, :n_components]
    points = np.empty((X.shape[0], n_components))
    for part in row_blocks(X.shape, _BLOCK_CELLS):
        # a wild cell would cost the others digits
        points[part] = np.clip(X[part], -_FAR, _FAR) @ vectors
    return points


def _leading(X):
    """Orthonormal directions in columns, those of most variance first.

    Any would do; in wide tables those of some rows are good enough, since the scatter
    matrix is as wide as it is high.
    """
    if X.shape[1] <= _WIDE:
        return np.linalg.eigh(_usual_scatter(X))[1][:, ::-1]
    some = np.clip(X[:: max(1, X.shape[0] // _WIDE)], -_USUAL, _USUAL)
    return np.linalg.svd(some - some.mean(axis=0), full_matrices=False)[2].T


def _usual_scatter(X):
    """Sum the centred outer products of rows, without what lies far out."""
    total, scatter = np.zeros(X.shape[1]), np.zeros((X.shape[1], X.shape[1]))
    for part in row_blocks(X.shape, _BLOCK_CELLS):
        drawn_in = np.clip(X[part], -_USUAL, _USUAL)
        total += drawn_in.sum(axis=0)
        scatter += drawn_in.T @ drawn_in
    return scatter - np.outer(total, total) / X.shape[0]
