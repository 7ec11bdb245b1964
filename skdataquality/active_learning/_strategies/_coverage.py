"""Rows that leave no row of the pool far from a picked one: :func:`pick_coverage`."""

import numpy as np
from sklearn.metrics import pairwise_distances_argmin_min

from skdataquality.active_learning._geometry import NearestPick
from skdataquality.utils._neighbors import squared_norms


def pick_coverage(points, n, rows, labeled):
    """Pick greedily the row that is farthest from what is labelled or picked.

    Parameters
    ----------
    points : {ndarray, csr matrix} of shape (n_samples, n_features)
    n : int
    rows : ndarray of shape (n_rows,), int
        Distinct ones to pick from; of equally far ones the first is picked.
    labeled : ndarray of shape (n_labeled,), int
        Rows that are covered. If there is none, the row nearest to the mean of `rows`
        comes first.

    Returns
    -------
    picks : ndarray of shape (n,), int
    """
    among = points[rows]
    nearest = NearestPick(among)
    for row in labeled:
        nearest.add_point(_dense(points[row]))
    if not labeled.size:
        nearest.squared = -squared_to_mean(among, among)
    picks = np.empty(n, dtype=np.intp)
    for i in range(n):
        picks[i] = pick = nearest.squared.argmax()
        if i == 0 and not labeled.size:
            nearest = NearestPick(among)
        nearest.add_point(_dense(among[pick]))
        nearest.squared[picks[: i + 1]] = -1
    return rows[picks]


def uncovered(points, pool, labeled):
    """Distance to the nearest labelled row; closeness to the mean if there is none."""
    if not labeled.size:
        return -np.sqrt(squared_to_mean(pool, points))
    return pairwise_distances_argmin_min(points, pool[labeled])[1]


def squared_to_mean(pool, points):
    """Squared distance of each point to the mean of a pool, dense or csr."""
    mean = np.asarray(pool.mean(axis=0)).ravel()
    away = squared_norms(points) - 2 * (points @ mean) + mean @ mean
    return np.maximum(away, 0)


def _dense(point):
    return point.toarray().ravel() if hasattr(point, "toarray") else point
