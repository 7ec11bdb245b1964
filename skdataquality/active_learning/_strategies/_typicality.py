"""Typical rows of every part of the pool: :class:`TypicalityQuery`."""

from skdataquality.active_learning._strategies._base import BaseQueryStrategy
from skdataquality.active_learning._strategies._cold_start import pick_cold, score_cold


class TypicalityQuery(BaseQueryStrategy):
    """Query typical rows from every part of the pool; no model is asked.

    The pool is cut by k-means into as many parts as there would be labels, and of the
    parts with the fewest labels, the largest first, the row of the densest
    neighbourhood is queried [1]_. The best start that we know where nothing is
    labelled, unless a class is rare: few rows are then typical of it.

    Parameters
    ----------
    estimator : classifier, default=None
        Never fitted; taken so that strategies can be swapped in a search.
    embedding : None, "passthrough", transformer or callable, default=None
        As in :class:`DiverseMarginQuery`.
    unlabeled : "auto" or label, default="auto"
        As in :class:`DiverseMarginQuery`.
    random_state : int, RandomState instance or None, default=None
        Where k-means starts, and which rows stand for a large pool.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Sorted labels; empty if no row has one.
    labeled_mask_ : ndarray of shape (n_samples,), bool
    n_features_in_ : int

    See Also
    --------
    DiverseMarginQuery : Starts like this, and then asks a model.
    KCenterQuery : Far rows instead of typical ones, for rare classes.

    Notes
    -----
    The typicality of a row, its score, is 1 / (mean distance to its 20 nearest
    neighbours), all others if there are fewer; positive, higher is labelled first.
    Rows that are equal count once, and one that equals a labelled or a picked row is
    queried only when no other is left. In pools of more than 5000 distinct rows, 5000
    drawn ones stand for all as neighbours and in k-means; memory is linear in the rows.
    There are at most 500 parts, which are visited again in larger batches. Unlike in
    [1]_, no part is too small to be asked, and neighbours may lie in another part.

    A table that comes in another order gives the same rows, up to the rounding of
    sums. Wrong where rows that matter are rare: use ``cold_start="coverage"`` there.

    References
    ----------
    .. [1] G. Hacohen, A. Dekel, D. Weinshall, "Active learning on a budget: opposite
       strategies suit high and low budgets", ICML 2022.

    Examples
    --------
    Two clouds, nothing labelled: one row near the middle of each.

    >>> import numpy as np
    >>> from skdataquality.active_learning import TypicalityQuery
    >>> rng = np.random.default_rng(0)
    >>> X = np.r_[rng.normal(-9, 1, size=(50, 2)), rng.normal(9, 1, size=(30, 2))]
    >>> rows = TypicalityQuery(random_state=0).fit(X).query(2)
    >>> X[rows].round()
    array([[-9., -9.],
           [ 9.,  9.]])
    """

    _needs_model = False

    def __init__(
        self, estimator=None, *, embedding=None, unlabeled="auto", random_state=None
    ):
        super().__init__(
            estimator,
            embedding=embedding,
            unlabeled=unlabeled,
            random_state=random_state,
        )

    def _pick(self, n, rows):
        return pick_cold(self, "typicality", n, rows)

    def _score(self, X):
        return score_cold(self, "typicality", X)
