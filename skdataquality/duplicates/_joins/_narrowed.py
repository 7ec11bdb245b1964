"""All pairs within a radius, or one that is small enough: :func:`narrowed_pairs`."""

import numpy as np

from skdataquality.duplicates._joins._components import components
from skdataquality.duplicates._joins._pairs_within import (
    MAX_PAIRS,
    TooManyPairsError,
    block_codes,
    pairs_within,
)
from skdataquality.duplicates._joins._plan import make_plan, seconds_of_trees
from skdataquality.duplicates._joins._rows import EuclideanRows

_SECONDS, _SECONDS_PER_ROW = 1.0, 5e-6  # foretold, not measured
_NARROWER = 0.8
_NARROWEST = 100  # times


def narrowed_pairs(points, radius, *, block=None, max_pairs=MAX_PAIRS):
    """Find all pairs of rows within a radius, narrowed if these take too long.

    Parameters
    ----------
    points : ndarray of shape (n_rows, n_columns), float
    radius : float
        Largest Euclidean distance, positive.
    block, max_pairs : as for :func:`pairs_within`

    Returns
    -------
    pairs : JoinedPairs
    radius : float
        All pairs within it were found; 0 where so many rows are equal that there is
        no such radius.
    """
    narrowed = _quick_radius(points, radius, block_codes(block, points.shape[0]))
    while narrowed > 0:
        try:
            pairs = pairs_within(points, narrowed, block=block, max_pairs=max_pairs)
        except TooManyPairsError as many:
            narrowed = min(many.largest, _NARROWER * narrowed)
        else:
            return pairs, narrowed
    return pairs_within(points[:0], radius), 0.0


def _quick_radius(points, radius, block):
    """Return the radius, or the largest smaller one that a tree is quick for."""
    n = points.shape[0]
    if n < 2:
        return radius
    allowed = _SECONDS + _SECONDS_PER_ROW * n
    rows = EuclideanRows(points, radius)
    reduced = components(rows)
    if min(make_plan(rows, reduced, block).seconds.values()) <= allowed:
        return radius
    for share in _NARROWER ** np.arange(1, _NARROWEST):
        narrower = reduced._replace(radius=share * reduced.radius)
        if min(seconds_of_trees(rows, narrower, block).values()) <= allowed:
            return float(share * radius)
    return float(share * radius)
