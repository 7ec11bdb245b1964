"""Distances of points from their mean."""

import numpy as np
import scipy.sparse as sp

from skdataquality.active_learning._geometry import NearestPick

_EQUAL = 1e-9  # relative difference of squared distances, of other roundings


def around_mean(points):
    """Return the mean of points, float64, and the NearestPick of distances from it."""
    mean = np.asarray(points.mean(axis=0, dtype=np.float64)).ravel()
    as_row = mean[None].astype(points.dtype)
    nearest = NearestPick(points)
    nearest.add_points(sp.csr_array(as_row) if sp.issparse(points) else as_row)
    return mean, nearest


def central(points, rows):
    """Those of some rows that are nearest to the mean of all points."""
    mean, nearest = around_mean(points)
    squared, slack = nearest.squared[rows], nearest.slack(rows)
    near = rows[squared - slack <= (squared + slack).min()]
    flat = points[near].toarray() if sp.issparse(points) else points[near]
    exact = np.square(flat - mean).sum(axis=1)
    return near[exact <= exact.min() * (1 + _EQUAL)]


def usual_squared(points):
    """Median squared distance of points from their mean."""
    return float(np.median(around_mean(points)[1].squared))
