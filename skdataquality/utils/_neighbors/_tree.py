"""A k-d tree of points in few dimensions, whose rows may stand in blocks."""

import numpy as np
from scipy.spatial import cKDTree

from skdataquality.utils._draws import FIXED_SEED, draw_rows

_SAMPLE = 1000
_LEAF = 32


class PointTree:
    """Pairs of points of one block within a distance, and how many to expect.

    Blocks lie further apart than ``radius``, the largest distance to be asked for.
    """

    def __init__(self, points, radius, *, block=None):
        self._block = block
        if block is not None:
            points = np.column_stack([points, block * (2 * radius)])
        self._tree = cKDTree(points, leafsize=_LEAF, balanced_tree=False)
        self._sample = cKDTree(points[draw_rows(self._tree.n, _SAMPLE, FIXED_SEED)])

    def expected(self, radii):
        """Pairs expected within each radius, from the neighbours of 1000 points."""
        neighbours = self._sample.count_neighbors(self._tree, np.asarray(radii))
        scale = self._tree.n / self._sample.n / 2
        return np.maximum(neighbours - self._sample.n, 0) * scale

    def pairs(self, radius):
        """Rows of the pairs within the radius, each pair once, in no order."""
        first, second = self._tree.query_pairs(radius, output_type="ndarray").T
        if self._block is not None:
            same = self._block[first] == self._block[second]
            first, second = first[same], second[same]
        return first, second
