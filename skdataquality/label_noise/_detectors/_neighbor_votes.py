"""Nearest neighbours whose votes can be weighted: :class:`NeighborVotes`."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.neighbors import NearestNeighbors

from skdataquality.utils._draws import draw_rows, own_rng
from skdataquality.utils._sklearn import num_samples, take_rows

MOST_ROWS = 10_000  # neighbours are sought among these; the search costs their square


class NeighborVotes(ClassifierMixin, BaseEstimator):
    """Share of the weight of the nearest neighbours that each class has.

    scikit-learn's classifier of nearest neighbours takes no sample weight. Of more than
    10,000 rows so many are drawn, and neighbours are sought among these.
    """

    def __init__(self, n_neighbors=10, *, random_state=0):
        self.n_neighbors = n_neighbors
        self.random_state = random_state

    def fit(self, X, y, sample_weight=None):
        """Keep the rows, at most 10,000 drawn at random."""
        n_rows = num_samples(X)
        weight = np.ones(n_rows) if sample_weight is None else np.asarray(sample_weight)
        rows = np.flatnonzero(weight)
        rows = rows[draw_rows(rows.size, MOST_ROWS, own_rng(self.random_state))]
        self.classes_, codes = np.unique(np.asarray(y), return_inverse=True)
        self._codes, self._weight = codes[rows], weight[rows]
        self._index = NearestNeighbors(n_neighbors=min(self.n_neighbors, rows.size))
        self._index.fit(take_rows(X, rows))
        return self

    def predict_proba(self, X):
        """Return the weighted shares, one column per class."""
        near = self._index.kneighbors(X, return_distance=False)
        n_rows, n_classes = near.shape[0], self.classes_.size
        cells = self._codes[near] + n_classes * np.arange(n_rows)[:, None]
        votes = np.bincount(
            cells.ravel(), self._weight[near].ravel(), minlength=n_rows * n_classes
        ).reshape(n_rows, n_classes)
        return votes / votes.sum(axis=1, keepdims=True)

    def predict(self, X):
        """Return the class of the largest share."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]
