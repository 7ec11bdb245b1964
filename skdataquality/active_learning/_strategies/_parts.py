"""One point of each part of a cloud: :func:`one_of_each_part`."""

import warnings

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning


def one_of_each_part(points, weights, n_parts, seed):
    """Cut a cloud into parts by weighted k-means; take the most central one of each.

    Returns
    -------
    picks : ndarray of int
        Positions; fewer than parts if points are equal.
    """
    if n_parts >= points.shape[0]:
        return np.arange(points.shape[0])
    model = KMeans(n_parts, n_init=1, max_iter=30, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        part = model.fit(points, sample_weight=weights).labels_
    away = np.linalg.norm(points - model.cluster_centers_[part], axis=1)
    order = np.lexsort((away, part))
    return order[np.r_[True, np.diff(part[order]) > 0]]
