"""Clusters of a cloud, of which some may stay empty: :func:`fit_clusters`."""

import warnings

from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning


def fit_clusters(points, n_clusters, seed, *, weights=None, max_iter=30):
    """Return a fitted KMeans; where points are equal some clusters are of no point."""
    model = KMeans(n_clusters, n_init=1, max_iter=max_iter, random_state=seed)
    with warnings.catch_warnings():
        # fewer distinct points than clusters
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(points, sample_weight=weights)
