"""Candidates of a k-d tree of some components."""

import numpy as np
from scipy.spatial import cKDTree

from skdataquality.utils._frames import row_blocks
from skdataquality.utils._joins._rows import BLOCK_CELLS
from skdataquality.utils._neighbors import squared_norms

_LEAF = 32  # points


def tree_candidates(reduced, n_components, block):
    """Pairs within the radius in the components of the tree, then in all of them.

    A tree of few components is quick and lets many pairs pass; the others cost little
    beside all columns.
    """
    points, radius = reduced
    leading = np.ascontiguousarray(points[:, :n_components])
    first, second = _pairs(leading, radius, block)
    if n_components == points.shape[1]:
        return first, second
    near = np.empty(first.size, dtype=bool)
    for part in row_blocks((first.size, points.shape[1]), BLOCK_CELLS):
        away = points[first[part]] - points[second[part]]
        near[part] = squared_norms(away) <= radius**2 * (1 + 1e-9)
    return first[near], second[near]


def _pairs(points, radius, block):
    """Pairs of points of one block within the radius, each once, in no order."""
    if block is not None:
        points = np.column_stack([points, block * (2 * radius)])
    tree = cKDTree(points, leafsize=_LEAF, balanced_tree=False)
    first, second = tree.query_pairs(radius, output_type="ndarray").T
    if block is None:
        return first, second
    same = block[first] == block[second]
    return first[same], second[same]
