"""Rows that leave none of the pool far from a labelled one: :func:`pick_coverage`."""

import numpy as np

from skdataquality.active_learning._geometry import NearestPick, pick_farthest


def pick_coverage(strategy, n, rows):
    """Pick, for a fitted strategy, rows far from labelled ones and from each other."""
    nearest = NearestPick(strategy._embedded()[1])
    nearest.add_rows(strategy._labels.rows)
    candidates = np.zeros(strategy.labeled_mask_.size, dtype=bool)
    candidates[rows] = True
    return pick_farthest(
        nearest,
        n,
        candidates=candidates,
        keys=strategy._keys,
    )


def score_coverage(strategy, X):
    """Distance to the nearest labelled row; without one, nearness to the mean."""
    embedder, pool = strategy._embedded()
    nearest = NearestPick(embedder.transform(X))
    if strategy.labeled_mask_.any():
        nearest.add_points(pool[strategy._labels.rows])
        return np.sqrt(nearest.squared, dtype=np.float64)
    nearest.add_point(np.asarray(pool.mean(axis=0)))
    return -np.sqrt(nearest.squared, dtype=np.float64)
