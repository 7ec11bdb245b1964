"""One point of each part of a cloud: :func:`one_of_each_part`."""

import numpy as np

from skdataquality.active_learning._geometry._clusters import fit_clusters
from skdataquality.utils._frames import row_blocks

_BLOCK_CELLS = 2**18


def one_of_each_part(points, weights, n_parts, seed):
    """Cut a cloud into parts by weighted k-means; take the most central one of each.

    Parameters
    ----------
    points : {ndarray, csr matrix} of shape (n_points, n_features)
    weights : ndarray of shape (n_points,)
        Positive.
    n_parts : int
    seed : int

    Returns
    -------
    picks : ndarray of int
        Positions; fewer than parts if points are equal.
    """
    if n_parts >= points.shape[0]:
        return np.arange(points.shape[0])
    model = fit_clusters(points, n_parts, seed, weights=weights)
    part = model.labels_
    away = np.empty(part.size)
    for rows in row_blocks(points.shape, _BLOCK_CELLS):
        difference = np.asarray(points[rows] - model.cluster_centers_[part[rows]])
        away[rows] = np.einsum("ij,ij->i", difference, difference)
    order = np.lexsort((away, part))
    return order[np.r_[True, np.diff(part[order]) > 0]]
