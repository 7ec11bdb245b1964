"""Rules that compare models of consecutive rounds."""

from numbers import Integral, Real

import numpy as np
from sklearn.metrics import cohen_kappa_score

from skdataquality.active_learning._simulation._stopping_rule import StopSetRule
from skdataquality.utils._sklearn import Interval as Range


def kappa(first, second):
    """Cohen's kappa of two lists of labels, 1 if both are one and the same label.

    >>> kappa(["a", "a", "b", "b"], ["a", "a", "b", "a"])
    0.5
    >>> kappa([1, 1], [1, 1])
    1.0
    """
    if np.unique(np.concatenate([first, second])).size == 1:
        return 1.0  # scikit-learn has none, and warns
    return float(cohen_kappa_score(first, second))


class _ConsecutiveModels(StopSetRule):
    """Base of rules on what a model and the one before it say of the same rows."""

    _parameter_constraints: dict = {
        **StopSetRule._parameter_constraints,
        "n_rounds": [Range(Integral, 1, None, closed="left")],
    }

    def _measure(self, estimator, X, labels):
        now = np.asarray(estimator.predict(self._stop_set(X))).ravel()
        before, self._said = getattr(self, "_said", None), now
        return np.nan if before is None else self._compared(before, now)

    def _compared(self, before, now):
        """Return the number of a round from the labels that two models predict."""
        raise NotImplementedError

    @property
    def _recent(self):
        """Values of the last rounds; None before there are as many."""
        values = np.array(self.values_[-self.n_rounds :])
        is_known = values.size == self.n_rounds and not np.isnan(values).any()
        return values if is_known else None


class StabilizingPredictions(_ConsecutiveModels):
    """Stop when the models of consecutive rounds predict the same.

    Their agreement on a fixed set of rows, which need no labels, is measured by Cohen's
    kappa [1]_.

    Parameters
    ----------
    threshold : float, default=0.99
        Stop when the mean kappa of the last rounds reaches it, in (0, 1].
    n_rounds : int, default=3
        Over how many rounds kappa is averaged.
    max_rows : int, default=2000
        Of more rows so many are drawn, once, that predictions are compared on.
    unlabeled : "auto" or label, default="auto"
        As in :class:`UncertaintyQuery`.
    random_state : int, RandomState instance or None, default=0
        For the rows drawn.

    Attributes
    ----------
    n_labeled_ : list of int
        Labelled rows in each round.
    values_ : list of float
        Kappa of each round's model and the one before, at most 1; NaN without two.
    stop_rows_ : ndarray of shape (n_stop_rows,), int

    Notes
    -----
    The smaller the batch, the less a model changes, whether or not it is done. A model
    that is wrong and stable stops too, and one that never settles, as where classes
    overlap, goes on to the end.

    References
    ----------
    .. [1] M. Bloodgood, K. Vijay-Shanker, "A method for stopping active learning based
       on stabilizing predictions and the need for user-adjustable stopping", CoNLL
       2009.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.active_learning import StabilizingPredictions
    >>> X = np.linspace(-3, 3, 100).reshape(-1, 1)
    >>> truth = (X.ravel() > 0).astype(int)
    >>> y = np.full(100, -1)
    >>> rule = StabilizingPredictions()
    >>> for batch in np.random.default_rng(0).permutation(100).reshape(10, 10):
    ...     y[batch] = truth[batch]
    ...     model = LogisticRegression().fit(X[y >= 0], y[y >= 0])
    ...     if rule.should_stop(model, X, y):
    ...         break
    >>> int((y >= 0).sum())
    60
    """

    _parameter_constraints: dict = {
        **_ConsecutiveModels._parameter_constraints,
        "threshold": [Range(Real, 0, 1, closed="right")],
    }

    def __init__(
        self,
        threshold=0.99,
        *,
        n_rounds=3,
        max_rows=2000,
        unlabeled="auto",
        random_state=0,
    ):
        self.threshold = threshold
        self.n_rounds = n_rounds
        self.max_rows = max_rows
        self.unlabeled = unlabeled
        self.random_state = random_state

    def _compared(self, before, now):
        return kappa(before, now)

    def _says_stop(self):
        return self._recent is not None and self._recent.mean() >= self.threshold


class ClassificationChange(_ConsecutiveModels):
    """Stop when few predictions change from round to round.

    The share of changed predictions bounds what accuracy can gain from one round to the
    next [1]_.

    Parameters
    ----------
    max_share : float, default=0.0
        Stop when no more than this share of predictions changed, in [0, 1).
    n_rounds : int, default=1
        In so many rounds running.
    max_rows, unlabeled, random_state
        As in :class:`StabilizingPredictions`.

    Attributes
    ----------
    n_labeled_ : list of int
    values_ : list of float
        Share of predictions that changed in each round; NaN without a model before.
    stop_rows_ : ndarray of shape (n_stop_rows,), int

    References
    ----------
    .. [1] J. Zhu, H. Wang, E. Hovy, "Multi-criteria-based strategy to stop active
       learning for data annotation", COLING 2008.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.dummy import DummyClassifier
    >>> from skdataquality.active_learning import ClassificationChange
    >>> X, rule = np.zeros((5, 1)), ClassificationChange()
    >>> model = DummyClassifier().fit(X[:3], [0, 1, 1])
    >>> rule.should_stop(model, X, [0, 1, 1, -1, -1])
    False
    >>> rule.should_stop(model, X, [0, 1, 1, 1, -1])
    True
    """

    _parameter_constraints: dict = {
        **_ConsecutiveModels._parameter_constraints,
        "max_share": [Range(Real, 0, 1, closed="left")],
    }

    def __init__(
        self,
        max_share=0.0,
        *,
        n_rounds=1,
        max_rows=2000,
        unlabeled="auto",
        random_state=0,
    ):
        self.max_share = max_share
        self.n_rounds = n_rounds
        self.max_rows = max_rows
        self.unlabeled = unlabeled
        self.random_state = random_state

    def _compared(self, before, now):
        return float(np.mean(before != now))

    def _says_stop(self):
        return self._recent is not None and self._recent.max() <= self.max_share
