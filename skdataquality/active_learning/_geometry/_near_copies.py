"""Rows of which none is all but equal to another: :func:`without_near_copies`."""

import numpy as np
import scipy.sparse as sp

from skdataquality.active_learning._geometry._nearest_pick import NearestPick
from skdataquality.utils._draws import FIXED_SEED
from skdataquality.utils._neighbors import NeighborJoin, squared_distances

NEAR = 0.05  # of the usual distance from the mean
_DIRECTIONS = 8  # on which sparse rows are projected


def without_near_copies(points, scale):
    """Mask of points that are no near copies of an earlier one that is kept.

    Parameters
    ----------
    points : {ndarray, csr matrix} of shape (n_points, n_features)
    scale : float
        Usual distance of the pool from its mean.

    Returns
    -------
    keep : ndarray of shape (n_points,), bool
    """
    keep = np.ones(points.shape[0], dtype=bool)
    if scale == 0 or points.shape[0] < 2:
        return keep
    first, second = _near_pairs(points, NEAR * scale, scale)
    while first.size:
        is_settled = np.ones(points.shape[0], dtype=bool)
        is_settled[second] = False  # waits for an earlier one
        keep[second[is_settled[first]]] = False
        is_open = keep[first] & keep[second]
        first, second = first[is_open], second[is_open]
    return keep


def usual_radius(points):
    """Median distance of points from their mean."""
    nearest = NearestPick(points)
    nearest.add_point(np.asarray(points.mean(axis=0)))
    return float(np.sqrt(np.median(nearest.squared)))


def _near_pairs(points, radius, scale):
    flat = _flat(points)
    unit = scale / np.sqrt(max(flat.shape[1], 1))
    flat = (flat - flat.mean(axis=0)) / unit
    join = NeighborJoin(flat, radius / unit)
    first, second, _ = join.pairs(min(radius / unit, join.radius))
    if sp.issparse(points):
        near = squared_distances(points, first, second) <= radius**2
        first, second = first[near], second[near]
    return first, second


def _flat(points):
    """Dense points; of sparse ones, an orthogonal projection: no distance grows."""
    if not sp.issparse(points):
        return points
    rng = np.random.default_rng(FIXED_SEED)
    n_directions = min(_DIRECTIONS, points.shape[1])
    return points @ np.linalg.qr(rng.normal(size=(points.shape[1], n_directions)))[0]
