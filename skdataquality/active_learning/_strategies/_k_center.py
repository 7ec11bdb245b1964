"""Rows that cover the pool: :class:`KCenterQuery`."""

from skdataquality.active_learning._strategies._base import BaseQueryStrategy
from skdataquality.active_learning._strategies._coverage import (
    pick_coverage,
    score_coverage,
)


class KCenterQuery(BaseQueryStrategy):
    """Query the rows farthest from every labelled one: cover the pool.

    Greedy k-center [1]_, known as core-set selection [2]_: each row is the one farthest
    from the labelled rows and those queried before it. No model is asked, so it serves
    from the first row on, and where a class is rare it finds that class soonest.

    Parameters
    ----------
    estimator : classifier, default=None
        Never fitted; taken so that strategies can be swapped in a search.
    embedding : None, "passthrough", transformer or callable, default=None
        What distances are taken in. None scales numbers and encodes other columns;
        "passthrough" takes embeddings as they are, which are then never copied.
    unlabeled : "auto" or label, default="auto"
        As in :class:`DiverseMarginQuery`.
    random_state : int, RandomState instance or None, default=None
        Nothing is drawn; taken so that strategies can be swapped in a search.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    labeled_mask_ : ndarray of shape (n_samples,), bool
    n_features_in_ : int

    Notes
    -----
    With nothing labelled it starts at the row nearest to the mean. The rows queried do
    not depend on the order of the pool, and a copy of a labelled or queried row is
    queried only when nothing else is left. The largest distance to the nearest of the
    rows is at most twice the least possible [1]_.

    Outliers are the farthest rows of all: where they are errors or noise, or where the
    embedding says little about the classes, rows at random may teach a model more.

    References
    ----------
    .. [1] T. F. Gonzalez, "Clustering to minimize the maximum intercluster distance",
       Theoretical Computer Science 38, 1985.
    .. [2] O. Sener, S. Savarese, "Active learning for convolutional neural networks: a
       core-set approach", ICLR 2018.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.active_learning import KCenterQuery
    >>> X = np.array([[0.0], [1.0], [2.0], [7.0], [9.0]])
    >>> query = KCenterQuery(embedding="passthrough").fit(X, [0, -1, -1, -1, -1])
    >>> query.query(3)
    array([4, 2, 3])
    >>> query.score_samples(X)
    array([0., 1., 2., 7., 9.])
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
        return pick_coverage(self, n, rows)

    def _score(self, X):
        return score_coverage(self, X)
