"""Candidates of a k-d tree of some components."""

import numpy as np

from skdataquality.duplicates._joins._rows import BLOCK_CELLS
from skdataquality.utils._frames import row_blocks
from skdataquality.utils._neighbors import PointTree, squared_norms


def tree_candidates(reduced, n_components, block):
    """Pairs within the radius in the components of the tree, then in all of them.

    A tree of few components is quick and lets many pairs pass; the others cost little
    beside all columns.
    """
    points, radius = reduced
    leading = np.ascontiguousarray(points[:, :n_components])
    first, second = PointTree(leading, radius, block=block).pairs(radius)
    if n_components == points.shape[1]:
        return first, second
    near = np.empty(first.size, dtype=bool)
    for part in row_blocks((first.size, points.shape[1]), BLOCK_CELLS):
        away = points[first[part]] - points[second[part]]
        near[part] = squared_norms(away) <= radius**2 * (1 + 1e-9)
    return first[near], second[near]
