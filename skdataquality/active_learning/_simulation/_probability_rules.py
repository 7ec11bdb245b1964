"""Rules that read the probabilities of the model."""

from numbers import Integral, Real

import numpy as np

from skdataquality.active_learning._simulation._power_law import extrapolate
from skdataquality.active_learning._simulation._stopping_rule import StopSetRule
from skdataquality.active_learning._strategies import class_probabilities, uncertainty
from skdataquality.utils._sklearn import Interval as Range

LEAST_MARKS = 3  # a curve of fewer is what is thought of curves beforehand


class OverallUncertainty(StopSetRule):
    """Stop when the model hardly hesitates about any row.

    Parameters
    ----------
    threshold : float, default=0.05
        Stop when the mean entropy, as a share of the highest possible one, is below it.
    max_rows, unlabeled, random_state
        As in :class:`StabilizingPredictions`.

    Attributes
    ----------
    n_labeled_ : list of int
    values_ : list of float
        Mean entropy of each round, in [0, 1].
    stop_rows_ : ndarray of shape (n_stop_rows,), int

    Notes
    -----
    Where classes overlap a model always hesitates, and this rule never stops; where
    probabilities are over-confident it stops too early.

    References
    ----------
    .. [1] J. Zhu, H. Wang, E. Hovy, M. Ma, "Confidence-based stopping criteria for
       active learning for data annotation", ACM TSLP 6, 2010.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.active_learning import OverallUncertainty
    >>> X = np.array([[-9.0], [9.0], [-8.0], [8.0]])
    >>> model = LogisticRegression(C=1000).fit(X[:2], [0, 1])
    >>> OverallUncertainty().should_stop(model, X, [0, 1, -1, -1])
    True
    """

    _parameter_constraints: dict = {
        **StopSetRule._parameter_constraints,
        "threshold": [Range(Real, 0, 1, closed="right")],
    }

    def __init__(
        self, threshold=0.05, *, max_rows=2000, unlabeled="auto", random_state=0
    ):
        self.threshold = threshold
        self.max_rows = max_rows
        self.unlabeled = unlabeled
        self.random_state = random_state

    def _measure(self, estimator, X, labels):
        proba = class_probabilities(estimator, self._stop_set(X))
        return uncertainty(proba, "entropy").mean() / np.log(proba.shape[1])

    def _says_stop(self):
        return self.values_[-1] < self.threshold


class ExpectedGain(StopSetRule):
    """Stop when more labels are expected to bring little accuracy.

    The latest model marks the earlier ones: by its probabilities, the accuracy of what
    each of them predicted for the same rows, which need no labels. An inverse power law
    of the labelled rows is fitted to these marks and continued.

    Parameters
    ----------
    min_gain : float, default=0.002
        Stop when accuracy is expected to gain less, in (0, 1).
    more : int, float or None, default=None
        By how many labels more: an int, or a float as a share of those that are there.
        None is as many as the last batch had.
    n_rounds : int, default=3
        In so many rounds running.
    max_rows, unlabeled, random_state
        As in :class:`StabilizingPredictions`.

    Attributes
    ----------
    n_labeled_ : list of int
    values_ : list of float
        Expected gain in each round, at least 0; NaN in the first rounds.
    stop_rows_ : ndarray of shape (n_stop_rows,), int

    Notes
    -----
    A model gives no marks to itself, of which it would think too well. It knows of no
    error that it shares with all earlier ones.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.active_learning import ExpectedGain
    >>> X = np.linspace(-3, 3, 60).reshape(-1, 1)
    >>> truth = (X.ravel() > 0).astype(int)
    >>> y = np.full(60, -1)
    >>> rule = ExpectedGain()
    >>> for batch in np.random.default_rng(0).permutation(60).reshape(12, 5):
    ...     y[batch] = truth[batch]
    ...     model = LogisticRegression().fit(X[y >= 0], y[y >= 0])
    ...     if rule.should_stop(model, X, y):
    ...         break
    >>> bool((y >= 0).sum() < 60)
    True
    """

    _parameter_constraints: dict = {
        **StopSetRule._parameter_constraints,
        "min_gain": [Range(Real, 0, 1, closed="neither")],
        "more": [
            Range(Integral, 1, None, closed="left"),
            Range(Real, 0, None, closed="neither"),
            None,
        ],
        "n_rounds": [Range(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        min_gain=0.002,
        *,
        more=None,
        n_rounds=3,
        max_rows=2000,
        unlabeled="auto",
        random_state=0,
    ):
        self.min_gain = min_gain
        self.more = more
        self.n_rounds = n_rounds
        self.max_rows = max_rows
        self.unlabeled = unlabeled
        self.random_state = random_state

    def _measure(self, estimator, X, labels):
        proba = class_probabilities(estimator, self._stop_set(X))
        self._rounds = getattr(self, "_rounds", [])
        n_labeled = self.n_labeled_[-1]
        said = np.asarray(estimator.classes_)[proba.argmax(axis=1)]
        marks = [self._mark(proba, estimator.classes_, s) for _, s in self._rounds]
        sizes = [n for n, _ in self._rounds]
        self._rounds.append((n_labeled, said))
        if len(marks) < LEAST_MARKS:
            return np.nan
        gain = extrapolate(sizes, marks).gain(
            n_labeled, n_labeled + self._more(n_labeled)
        )
        return gain.estimate

    @staticmethod
    def _mark(proba, classes, said):
        """Accuracy of what was said, by the probabilities of another model."""
        place = np.minimum(np.searchsorted(classes, said), len(classes) - 1)
        taken = proba[np.arange(place.size), place]
        return min(float(np.where(classes[place] == said, taken, 0).mean()), 1.0)

    def _more(self, n_labeled):
        if self.more is None:
            return n_labeled - self._rounds[-2][0]
        return self.more if isinstance(self.more, Integral) else self.more * n_labeled

    def _says_stop(self):
        recent = np.array(self.values_[-self.n_rounds :])
        return recent.size == self.n_rounds and bool((recent < self.min_gain).all())
