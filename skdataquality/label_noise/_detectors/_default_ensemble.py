"""The models that judge labels when the user names none."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.neighbors import NearestNeighbors
from sklearn.pipeline import make_pipeline

from skdataquality.compose._default import (
    linear_classifier,
    text_model,
    to_scaled_numbers,
)
from skdataquality.utils._draws import draw_rows, own_rng
from skdataquality.utils._frames import are_documents
from skdataquality.utils._sklearn import num_samples, take_rows

MOST_ROWS = 10_000  # neighbours are sought among these; the search costs their square


def default_ensemble(X):
    """Return the mean of three families: what one cannot see another often can.

    A sequence of texts is read by the linear one alone.
    """
    if are_documents(X):
        return text_model(X)
    # trees of all rows of a large table would take most of the time
    n_rows = num_samples(X)
    share = MOST_ROWS / n_rows if n_rows > MOST_ROWS else None
    forest = RandomForestClassifier(
        60, min_samples_leaf=5, max_samples=share, random_state=0
    )
    families = [
        ("linear", linear_classifier()),
        ("trees", forest),
        ("neighbors", NeighborVotes(10)),
    ]
    return make_pipeline(
        *to_scaled_numbers(X), VotingClassifier(families, voting="soft")
    )


class NeighborVotes(ClassifierMixin, BaseEstimator):
    """Share of the weight of the nearest neighbours that each class has.

    scikit-learn's classifier of nearest neighbours takes no sample weight. Of more than
    10,000 rows so many are drawn, and neighbours are sought among these.

    Parameters
    ----------
    n_neighbors : int, default=10
        Fewer where there are fewer rows.
    random_state : int, RandomState instance or None, default=0
        For drawing the rows.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
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
