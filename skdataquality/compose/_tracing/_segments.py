"""The segments on which a sampler of the SMOTE family makes its rows.

Each is drawn between a row and one of its neighbours, in the neighbourhoods that the
fitted sampler used. A sampler that is not named here makes rows otherwise.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from imblearn.over_sampling import (
    ADASYN,
    SMOTE,
    SMOTENC,
    SVMSMOTE,
    BorderlineSMOTE,
    KMeansSMOTE,
)
from sklearn.base import clone

from skdataquality.utils._frames import column_names, select_columns
from skdataquality.utils._sklearn import take_rows


@dataclass(frozen=True)
class Segments:
    """Pairs of input rows; ``before`` is how far beyond ``start`` a row may lie.

    It is a share of the length of the segment, away from ``stop``.
    """

    start: np.ndarray
    stop: np.ndarray
    before: float = 0.0

    def __len__(self):
        return self.start.size


def makes_segments(sampler):
    """Whether it is known between which rows a sampler makes its rows."""
    return type(sampler) in _FINDERS


def segments_of(sampler, X, y, label):
    """All segments for rows of one class, or None if they are not known.

    ``X`` are :class:`Numbers` that the sampler computed with, ``y`` the given labels.
    """
    return _FINDERS[type(sampler)](sampler, X, y, label)


def _of_neighbours(neighbours, X, pool, starts=None):
    """Segments from each row to its neighbours in the pool, all row numbers."""
    points = take_rows(X, pool)
    at = points if starts is None else take_rows(X, starts)
    starts = pool if starts is None else starts
    found = clone(neighbours).fit(points).kneighbors(at, return_distance=False)[:, 1:]
    return Segments(np.repeat(starts, found.shape[1]), pool[found].ravel())


def _smote(sampler, X, y, label):
    return _of_neighbours(sampler.nn_k_, X.before, np.flatnonzero(y == label))


def _adasyn(sampler, X, y, label):
    return _of_neighbours(sampler.nn_, X.before, np.flatnonzero(y == label))


def pairs_of_adasyn(sampler, X, y, label, n_made):
    """Made rows of a class and the segments from where each starts, or None.

    ADASYN draws neighbours and steps, but not where to start: rows among more of other
    classes make more, one after the other.
    """
    own = np.flatnonzero(y == label)
    near = clone(sampler.nn_).fit(X.before)
    near = near.kneighbors(take_rows(X.before, own), return_distance=False)[:, 1:]
    share = np.sum(y[near] != label, axis=1) / near.shape[1]
    share /= np.sum(share)
    counts = np.rint(share * sampler.sampling_strategy_[label]).astype(np.int64)
    if counts.sum() != n_made:
        return None
    first = np.repeat(np.arange(own.size) * near.shape[1], counts)
    segment = first[:, np.newaxis] + np.arange(near.shape[1])
    return np.repeat(np.arange(n_made), near.shape[1]), segment.ravel()


def _borderline(sampler, X, y, label):
    in_danger = sampler.in_danger_indices.get(label)
    if in_danger is None:
        return None
    own = np.flatnonzero(y == label)
    pool = own if sampler.kind == "borderline-1" else np.arange(y.size)
    return _of_neighbours(sampler.nn_k_, X.before, pool, in_danger)


def _svm(sampler, X, y, label):
    own = _smote(sampler, X, y, label)
    return Segments(own.start, own.stop, before=float(sampler.out_step))


def _kmeans(sampler, X, y, label):
    clusterer = sampler.kmeans_estimator_
    made = sum(n > 0 for n in sampler.sampling_strategy_.values())
    seed = clusterer.get_params().get("random_state")
    if made > 1 and not isinstance(seed, int | np.integer):
        return None  # clusters were drawn anew for each class
    own = np.flatnonzero(y == label)
    clusters = clusterer.labels_[own]
    pools = [own[clusters == cluster] for cluster in np.unique(clusters)]
    parts = [
        _of_neighbours(sampler.nn_k_, X.before, pool)
        for pool in pools
        if pool.size >= sampler.nn_k_.n_neighbors
    ]
    if not parts:
        return None
    return Segments(
        np.concatenate([part.start for part in parts]),
        np.concatenate([part.stop for part in parts]),
    )


def _nominal(sampler, X, y, label):
    """Segments of SMOTENC, whose neighbours are near in categories, too."""
    own = np.flatnonzero(y == label)
    names = [column_names(X.cells)[j] for j in sampler.categorical_features_]
    categories = take_rows(select_columns(X.cells, names), own)
    encoded = sp.csr_array(
        sampler.categorical_encoder_.transform(categories), dtype=X.before.dtype
    )
    encoded.data[:] = sampler.median_std_[label] / np.sqrt(2)
    numbers = sp.csr_array(X.before[own])
    points = sp.csr_matrix(sp.hstack([numbers, encoded], format="csr"))
    found = _of_neighbours(sampler.nn_k_, points, np.arange(own.size))
    return Segments(own[found.start], own[found.stop])


_FINDERS = {
    SMOTE: _smote,
    ADASYN: _adasyn,
    BorderlineSMOTE: _borderline,
    SVMSMOTE: _svm,
    KMeansSMOTE: _kmeans,
    SMOTENC: _nominal,
}
