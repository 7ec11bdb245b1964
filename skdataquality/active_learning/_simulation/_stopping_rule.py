"""When to stop labelling: what all rules share, and :class:`BudgetExhausted`."""

from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator

from skdataquality.active_learning._embedding import content_keys
from skdataquality.active_learning._marks import read_part_labels
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._sklearn import Interval as Range
from skdataquality.utils._sklearn import fit_context, num_samples, take_rows
from skdataquality.utils._validation import check_feature_frame, check_same_length

MIXER = np.uint64(0x9E3779B97F4A7C15)


class StoppingRule(BaseEstimator):
    """Base of stopping rules: asked after every round of labelling whether to go on.

    A subclass implements ``_measure(estimator, X, labels)``, which returns a number for
    the round, NaN while there is none, and ``_says_stop()``, which reads ``values_``.
    A rule remembers the rounds that it has seen: ``sklearn.base.clone`` gives one that
    has seen none.
    """

    _needs_model = True
    _parameter_constraints: dict = {"unlabeled": "no_validation"}

    @fit_context(prefer_skip_nested_validation=True)
    def should_stop(self, estimator, X, y):
        """Look at a round of labelling, and say whether it should be the last.

        Asked again without a new label, it repeats its answer.

        Parameters
        ----------
        estimator : classifier or None
            Fitted on the labelled rows; None while fewer than two classes are labelled.
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            All rows, labelled or not, in every round the same.
        y : array-like of shape (n_samples,)
            Labels; rows without one are marked as for a query strategy.

        Returns
        -------
        stop : bool

        Raises
        ------
        ValueError
            If X has another number of rows than in the round before, or fewer rows have
            a label.
        """
        check_feature_frame(X)
        check_same_length(X=X, y=y)
        n_rows = num_samples(X)
        labels = read_part_labels(y, n_rows, unlabeled=self.unlabeled)
        n_labeled = int(labels.is_labeled.sum())
        if not hasattr(self, "values_"):
            self.n_labeled_: list[int] = []
            self.values_: list[float] = []
            self._n_rows = n_rows
        self._check_goes_on(n_rows, n_labeled)
        if n_labeled not in self.n_labeled_[-1:]:
            self.n_labeled_.append(n_labeled)
            has_value = estimator is not None or not self._needs_model
            value = self._measure(estimator, X, labels) if has_value else np.nan
            self.values_.append(float(value))
        return bool(self._says_stop())

    def _check_goes_on(self, n_rows, n_labeled):
        before = self.n_labeled_[-1] if self.n_labeled_ else 0
        if n_rows != self._n_rows or n_labeled < before:
            raise ValueError(
                f"X has {n_rows} rows, of which {n_labeled} have a label, and had "
                f"{self._n_rows} with {before}: a rule follows one table, whose labels "
                f"grow. Take a new one for another table, sklearn.base.clone(rule)."
            )

    def _measure(self, estimator, X, labels):
        """Return the number of this round."""
        raise NotImplementedError

    def _says_stop(self):
        """Whether `values_` say that it is enough."""
        raise NotImplementedError


class StopSetRule(StoppingRule):
    """Base of rules that ask models about the same rows in every round."""

    _parameter_constraints: dict = {
        **StoppingRule._parameter_constraints,
        "max_rows": [Range(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
    }

    def _stop_set(self, X):
        """Rows drawn once: the same ones in whatever order rows stand."""
        if not hasattr(self, "stop_rows_"):
            n_rows = num_samples(X)
            self.stop_rows_ = np.arange(n_rows)
            if n_rows > self.max_rows:
                seed = np.uint64(draw_seed(self.random_state))
                drawn = np.argsort((content_keys(X) ^ seed) * MIXER, kind="stable")
                self.stop_rows_ = np.sort(drawn[: self.max_rows])
        return take_rows(X, self.stop_rows_)


class BudgetExhausted(StoppingRule):
    """Stop when so many rows have a label.

    Parameters
    ----------
    n_labels : int
        Labels that can be paid for, those of the start among them.
    unlabeled : "auto" or label, default="auto"
        As in :class:`UncertaintyQuery`.

    Attributes
    ----------
    n_labeled_ : list of int
        Labelled rows in each round.
    values_ : list of float
        Labels that were left in each round.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.active_learning import BudgetExhausted
    >>> rule = BudgetExhausted(3)
    >>> X = np.zeros((4, 1))
    >>> rule.should_stop(None, X, [0, 1, -1, -1])
    False
    >>> rule.should_stop(None, X, [0, 1, 1, -1])
    True
    """

    _needs_model = False
    _parameter_constraints: dict = {
        **StoppingRule._parameter_constraints,
        "n_labels": [Range(Integral, 1, None, closed="left")],
    }

    def __init__(self, n_labels, *, unlabeled="auto"):
        self.n_labels = n_labels
        self.unlabeled = unlabeled

    def _measure(self, estimator, X, labels):
        return self.n_labels - self.n_labeled_[-1]

    def _says_stop(self):
        return self.values_[-1] <= 0
