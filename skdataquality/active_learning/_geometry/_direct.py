"""Distances by direct differences, free of cancellation: :func:`nearest_directly`."""

import numpy as np
import scipy.sparse as sp
from scipy.spatial.distance import cdist

from skdataquality.utils._frames import row_blocks
from skdataquality.utils._neighbors import squared_distances

_BLOCK_CELLS = 2**19
_MOST_PICKS = 1024


def nearest_directly(points, rows, picks):
    """Squared distance of some of the points to the nearest pick, in float64.

    Each distance depends on its two points alone, not on where they stand.
    """
    out = np.full(rows.size, np.inf)
    measure = _sparse_nearest if sp.issparse(points) else _dense_nearest
    for some in row_blocks((picks.shape[0], 1), _MOST_PICKS):
        block = picks[some]
        width = block.shape[0] + points.shape[1] * (not sp.issparse(points))
        for part in row_blocks((rows.size, width), _BLOCK_CELLS):
            found = measure(points[rows[part]], block)
            np.minimum(out[part], found, out=out[part])
    return out


def _dense_nearest(points, picks):
    return cdist(points, picks, "sqeuclidean").min(axis=1)


def _sparse_nearest(points, picks):
    n, k = points.shape[0], picks.shape[0]
    both = sp.vstack([points, picks], format="csr")
    first, second = np.repeat(np.arange(n), k), n + np.tile(np.arange(k), n)
    return squared_distances(both, first, second).reshape(n, k).min(axis=1)
