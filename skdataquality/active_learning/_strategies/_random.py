"""Rows drawn at random: :class:`RandomQuery`."""

import numpy as np

from skdataquality.active_learning._embedding import content_keys
from skdataquality.active_learning._strategies._base import BaseQueryStrategy
from skdataquality.utils._draws import draw_seed, own_rng


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
        return own_rng(self.random_state).permutation(rows)[:n]

    def _score(self, X):
        """Hash the row with the seed: the same row has the same score in any table."""
        seed = np.uint64(draw_seed(self.random_state))
        mixed = (content_keys(X) ^ seed) * np.uint64(0x9E3779B97F4A7C15)
        return (mixed >> np.uint64(11)) / 2.0**53
