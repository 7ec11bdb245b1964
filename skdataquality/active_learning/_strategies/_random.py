"""Rows drawn at random: :class:`RandomQuery`."""

from skdataquality.active_learning._strategies._base import BaseQueryStrategy
from skdataquality.active_learning._strategies._cold_start import (
    pick_random,
    score_random,
)


class RandomQuery(BaseQueryStrategy):
    """Query rows at random: what every other strategy must beat.

    Rows drawn at random also serve for honest estimates, which rows that a model asked
    for do not.

    Parameters
    ----------
    estimator : classifier, default=None
        Never fitted; taken so that strategies can be swapped in a search.
    unlabeled : "auto" or label, default="auto"
        As in :class:`DiverseMarginQuery`.
    random_state : int, RandomState instance or None, default=None

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    labeled_mask_ : ndarray of shape (n_samples,), bool
    n_features_in_ : int

    Notes
    -----
    Rows are drawn by their place, so that copies of a row are as likely as any other
    row, each by itself: an integer seed draws other rows of a table in another order.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.active_learning import RandomQuery
    >>> X = np.arange(6.0).reshape(-1, 1)
    >>> RandomQuery(random_state=0).fit(X, [0, 1, -1, -1, -1, -1]).query(2)
    array([4, 5])
    """

    _needs_model = False

    def __init__(self, estimator=None, *, unlabeled="auto", random_state=None):
        super().__init__(estimator, unlabeled=unlabeled, random_state=random_state)

    def _pick(self, n, rows):
        return pick_random(n, rows, self.random_state)

    def _score(self, X):
        return score_random(X, self.random_state)
