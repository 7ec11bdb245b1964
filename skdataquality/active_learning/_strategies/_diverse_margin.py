"""Uncertain rows that differ: :class:`DiverseMarginQuery`."""

from numbers import Real

import numpy as np

from skdataquality.active_learning._embedding import content_keys
from skdataquality.active_learning._geometry import (
    one_of_each_part,
    usual_radius,
    without_near_copies,
)
from skdataquality.active_learning._strategies._base import BaseQueryStrategy
from skdataquality.active_learning._strategies._distinct import new_first
from skdataquality.active_learning._strategies._model import class_probabilities
from skdataquality.active_learning._strategies._uncertainty import uncertainty
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._sklearn import Interval

_FARTHEST = 8  # times as many rows as wanted are looked through for more distinct ones
_LEAST_SHARE = 0.5  # of the n-th uncertainty: where few rows are uncertain, these
_LEAST_WEIGHT = 1e-9  # k-means refuses weights that are all zero


class DiverseMarginQuery(BaseQueryStrategy):
    """Query rows on which the model hesitates, each from another part of the pool.

    The default strategy. Of the ``beta * n`` rows with the smallest margin between the
    two likeliest classes, k-means, weighted by uncertainty, makes n parts, and the most
    central row of each part is queried [1]_. A batch of the smallest margins alone asks
    for the same thing many times over; where the pool holds near copies it loses to
    random rows.

    Parameters
    ----------
    estimator : classifier, default=None
        Unfitted, also a Pipeline, which gets the rows as they are; with
        ``predict_proba`` or ``decision_function``. None is logistic regression on
        scaled, encoded columns.
    beta : float, default=10
        At least 1: rows looked at for each one queried, of those at least half as
        uncertain as the n-th. With 1 the margin alone decides; larger values make
        batches more diverse and less uncertain.
    embedding : None, "passthrough", transformer or callable, default=None
        What distances are measured in. None scales numbers and encodes other columns,
        with missing values filled in; "passthrough" takes the numbers as they are; a
        transformer is cloned and fitted on all rows, without labels; a callable takes
        rows and returns their points. The estimator never sees it.
    cold_start : {"typicality", "coverage", "random"}, default="typicality"
        How rows are chosen while fewer than two classes are labelled: typical rows of
        every part of the pool, as :class:`TypicalityQuery` does; rows far from each
        other and from labelled ones, the better start if a class is rare; or at random.
    unlabeled : "auto" or label, default="auto"
        What stands in ``y`` for "no label", beside missing values. "auto" is -1 among
        whole numbers; False is nothing else than missing values.
    random_state : int, RandomState instance or None, default=None
        Where k-means starts, and what is drawn in a cold start.

    Attributes
    ----------
    estimator_ : classifier or None
        Fitted on the labelled rows; None while fewer than two classes are labelled.
    classes_ : ndarray of shape (n_classes,)
        Sorted labels; empty if no row has one.
    labeled_mask_ : ndarray of shape (n_samples,), bool
    n_features_in_ : int

    See Also
    --------
    UncertaintyQuery : The margin alone.
    TypicalityQuery : No model.

    Notes
    -----
    A row's score is 1 - (p1 - p2), in [0, 1], higher is labelled first; rows come out
    of :meth:`query` in that order. Rows that are equal count once. A row nearer to a
    labelled one, or to a more uncertain one, than a twentieth of the median distance
    from the mean is a near copy of it, and is asked only if too few others are left;
    more rows are then looked through. What is looked at beside the probabilities takes
    memory linear in the rows.

    A table that comes in another order gives the same rows, up to the rounding of sums.

    Wrong where distances in the embedding mean nothing, as between ids: pass another
    one. Rows that a model asked for are no random sample: do not estimate scores on
    them. Random forests on a rare class did better with the margin alone.

    References
    ----------
    .. [1] F. Zhdanov, "Diverse mini-batch active learning", arXiv:1901.05954, 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.active_learning import DiverseMarginQuery
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(300, 2))
    >>> y = np.full(300, -1)  # unlabelled
    >>> y[:10] = X[:10, 0] > 0
    >>> strategy = DiverseMarginQuery(random_state=0).fit(X, y)
    >>> rows = strategy.query(5)
    >>> bool(abs(X[rows, 0]).mean() < abs(X[:, 0]).mean())  # near the boundary
    True
    """

    _parameter_constraints: dict = {
        **BaseQueryStrategy._parameter_constraints,
        "beta": [Interval(Real, 1, None, closed="left")],
    }

    def __init__(
        self,
        estimator=None,
        *,
        beta=10,
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
        self.beta = beta

    def _score(self, X):
        return uncertainty(class_probabilities(self.estimator_, X))

    def _pick(self, n, rows):
        keys = content_keys(self._X)
        new, repeated = new_first(keys, rows, self.labeled_mask_)
        if new.size == 0:
            return repeated[:n]
        scores = self._scores_of(new)
        order = np.argsort(-scores, kind="stable")
        new, scores = new[order], scores[order]
        if n >= new.size:
            return np.r_[new, repeated[: n - new.size]]
        points = self._embedded()[1]
        among = self._distinct_ones(points, n, new)
        among = among[scores[among] >= _LEAST_SHARE * scores[among[:n]].min()]
        weights = scores[among] + _LEAST_WEIGHT
        seed = draw_seed(self.random_state)
        picked = among[one_of_each_part(points[new[among]], weights, n, seed)]
        others = np.setdiff1d(among, picked)  # there are fewer parts than rows wanted
        picked = np.r_[picked, others[: n - picked.size]]
        others = np.setdiff1d(np.arange(new.size), picked)
        return new[np.r_[np.sort(picked), others[: n - picked.size]]]

    def _distinct_ones(self, points, n, ordered):
        """Positions, in rows ordered by uncertainty, of the first that differ."""
        wanted = size = int(np.ceil(self.beta * n))
        labeled = self._labels.rows
        scale = usual_radius(points)
        while True:
            seen = np.r_[labeled, ordered[:size]]
            kept = without_near_copies(points[seen], scale)[labeled.size :]
            enough = n if size >= _FARTHEST * wanted else wanted
            if kept.sum() >= enough or size >= ordered.size:
                return np.flatnonzero(kept)[:wanted]
            size *= 2
