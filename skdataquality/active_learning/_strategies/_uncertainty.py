"""Rows on which one model hesitates: :class:`UncertaintyQuery`."""

import numpy as np

from skdataquality.active_learning._strategies._base import BaseQueryStrategy
from skdataquality.active_learning._strategies._model import class_probabilities
from skdataquality.utils._sklearn import StrOptions

MEASURES = ("margin", "entropy", "least_confidence")


def uncertainty(proba, measure="margin"):
    """Say of each row how uncertain a model is, from its probabilities.

    Parameters
    ----------
    proba : ndarray of shape (n_samples, n_classes)
    measure : {"margin", "entropy", "least_confidence"}, default="margin"
        1 - (p1 - p2) of the two likeliest classes; -sum p log p; 1 - p1.

    Returns
    -------
    scores : ndarray of shape (n_samples,)
        Higher is more uncertain.
    """
    if measure == "entropy":
        return -(proba * np.log(proba + 1e-12)).sum(axis=1)
    if measure == "least_confidence":
        return 1 - proba.max(axis=1)
    if proba.shape[1] == 1:
        return np.zeros(proba.shape[0])
    top = np.partition(proba, proba.shape[1] - 2, axis=1)[:, -2:]
    return 1 - (top[:, 1] - top[:, 0])


class UncertaintyQuery(BaseQueryStrategy):
    """Query the rows on which the model is most uncertain.

    The oldest strategy [1]_, and for two classes a good one where rows are distinct. In
    a batch it asks for the same row many times over if the pool holds near copies,
    where it loses to random rows: :class:`DiverseMarginQuery` is the default instead.
    Entropy and least confidence lose to random rows with many classes.

    Parameters
    ----------
    estimator : classifier, default=None
        Unfitted, also a Pipeline, which gets the rows as they are. None is logistic
        regression on scaled, encoded columns.
    measure : {"margin", "entropy", "least_confidence"}, default="margin"
        The three rank rows alike if there are two classes.
    embedding, cold_start, unlabeled, random_state
        As in :class:`DiverseMarginQuery`.

    Attributes
    ----------
    estimator_ : classifier or None
        Fitted on the labelled rows; None while fewer than two classes are labelled.
    classes_ : ndarray of shape (n_classes,)
    labeled_mask_ : ndarray of shape (n_samples,), bool
    n_features_in_ : int

    References
    ----------
    .. [1] D. D. Lewis, W. A. Gale, "A sequential algorithm for training text
       classifiers", SIGIR 1994; margin: T. Scheffer, C. Decomain, S. Wrobel, 2001.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.active_learning import UncertaintyQuery
    >>> X = np.linspace(-3, 3, 61).reshape(-1, 1)
    >>> y = np.full(61, -1)  # unlabelled
    >>> y[[0, 10, 50, 60]] = [0, 0, 1, 1]
    >>> UncertaintyQuery().fit(X, y).query(3)
    array([30, 29, 31])
    """

    _parameter_constraints: dict = {
        **BaseQueryStrategy._parameter_constraints,
        "measure": [StrOptions(set(MEASURES))],
    }

    def __init__(
        self,
        estimator=None,
        *,
        measure="margin",
        embedding=None,
        cold_start="typicality",
        unlabeled="auto",
        random_state=None,
    ):
        super().__init__(
            estimator,
            embedding=embedding,
            cold_start=cold_start,
            unlabeled=unlabeled,
            random_state=random_state,
        )
        self.measure = measure

    def _score(self, X):
        return uncertainty(class_probabilities(self.estimator_, X), self.measure)
