"""Find rows whose value contradicts the others: :class:`RegressionErrorDetector`."""

from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.utils import get_tags
from sklearn.utils.validation import indexable

from skdataquality.compose._default import default_model, default_regressor
from skdataquality.compose._weights import fit_parameters
from skdataquality.label_noise._regression._check import as_value_array
from skdataquality.label_noise._regression._residuals import (
    fit_residual_model,
    is_far_out,
    is_predictable,
    noise_scale,
    residual_sizes,
    value_quality,
)
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._folds import predict_out_of_fold, repeated_splits
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import (
    CallbackSupportMixin,
    HasMethods,
    Interval,
    fit_context,
    num_samples,
)
from skdataquality.utils._validation import (
    check_same_length,
    check_table,
    check_weights,
)

FEWEST_ROWS = 8  # fewer say nothing of a distribution with five parameters


class RegressionErrorDetector(PersistenceMixin, CallbackSupportMixin, BaseEstimator):
    """Score every value by models that did not see it, and flag the wrong ones.

    For regression: values are numbers. Residuals of out-of-fold predictions are
    divided by the local scale of the noise, itself predicted out of fold. A mixture is
    fitted to them: a skewed Student t distribution [1]_ for right values, a uniform
    one over the range of the values for wrong ones. Rows are flagged that are more
    probably wrong than right, and none if heavy tails, or blunt ones, explain the
    residuals as well as errors do, or if the model hardly predicts.

    Parameters
    ----------
    estimator : regressor, default=None
        None is a small regularised
        :class:`~sklearn.ensemble.HistGradientBoostingRegressor`, for frames with text,
        dates or categories behind skrub's TableVectorizer. Its accuracy bounds what
        can be found.
    noise_estimator : regressor, default=None
        Learns the logarithm of the size of residuals, so where noise is large. None
        is a clone of the estimator.
    cv : int, splitter, iterable or None, default=None
        None is 5 shuffled folds.
    n_rounds : int, default=2
        Each round after the first is fitted without the rows that the round before
        it suspected, and predicts all rows. If that one predicted nothing, it is fitted
        without the rows whose value is beyond Tukey's outer fences.
    n_repeats : int, default=1
        Cross-validations, each with other folds, whose predictions are averaged.
    n_jobs : int, default=None
        Folds fitted at the same time.
    random_state : int, RandomState instance or None, default=None
        Pass an int for the same folds every time.

    Attributes
    ----------
    issue_mask_ : ndarray of shape (n_samples,), bool
        True where the value is more probably wrong than right.
    sample_scores_ : ndarray of shape (n_samples,)
        Probability that the value is right if one in two were wrong, in [0, 1],
        higher is better; NaN if not covered. Flagged rows are those with a score below
        ``noise_rate_``.
    prediction_ : ndarray of shape (n_samples,)
        Out-of-fold predictions; NaN if not covered.
    suggested_values_ : ndarray of shape (n_samples,)
        Out-of-fold predictions; the given value if not covered.
    residuals_ : ndarray of shape (n_samples,)
        Value minus prediction; NaN if not covered.
    noise_scale_ : ndarray of shape (n_samples,)
        Standard deviation of the noise in each row, were it normal.
    noise_rate_ : float
        Share of values estimated to be wrong, in [0, 0.45]; 0 if errors are not
        evident. It trusts the model.
    residual_model_ : ResidualModel
        ``degrees_of_freedom``, ``skewness`` and ``evidence`` among others.
    covered_ : ndarray of shape (n_samples,), bool
        Rows that some model predicted without having seen them.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    RegressionErrorPruner : The same as a sampler.
    LabelErrorDetector : For class labels.

    Notes
    -----
    Wrong where rows differ in kind and X does not say so: a small group with other
    values looks like errors. The distributions are continuous: where there are a few
    distinct values only, such as ratings, look before you drop. An error within the
    noise cannot be seen, whatever the method. Identical rows share a fold, for twins in
    two folds would confirm each other's wrong values; not those that chance explains,
    in a few columns of few values.

    References
    ----------
    .. [1] C. Fernandez, M. Steel, "On Bayesian modeling of fat tails and skewness",
       JASA 93, 1998, equation 1.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LinearRegression
    >>> from skdataquality.label_noise import RegressionErrorDetector
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(200, 2))
    >>> y = X @ [2.0, 1.0] + 0.1 * rng.normal(size=200)
    >>> y[7] *= 10  # a slip of the decimal point
    >>> detector = RegressionErrorDetector(LinearRegression(), random_state=0).fit(X, y)
    >>> np.flatnonzero(detector.issue_mask_)
    array([7])
    >>> print(f"{y[7]:.2f} should be about {detector.suggested_values_[7]:.2f}")
    -31.09 should be about -3.23
    """

    _acted_on_by = "RegressionErrorPruner"
    _parameter_constraints: dict = {
        "estimator": [HasMethods(["fit", "predict"]), None],
        "noise_estimator": [HasMethods(["fit", "predict"]), None],
        "cv": ["cv_object"],
        "n_rounds": [Interval(Integral, 1, None, closed="left")],
        "n_repeats": [Interval(Integral, 1, None, closed="left")],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        estimator=None,
        *,
        noise_estimator=None,
        cv=None,
        n_rounds=2,
        n_repeats=1,
        n_jobs=None,
        random_state=None,
    ):
        self.estimator = estimator
        self.noise_estimator = noise_estimator
        self.cv = cv
        self.n_rounds = n_rounds
        self.n_repeats = n_repeats
        self.n_jobs = n_jobs
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, *, sample_weight=None, groups=None):
        """Score the values of these rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            Sparse only if the estimator takes it; the default one does not. That
            takes frames with text, dates or categories (extra ``cli``).
        y : array-like of shape (n_samples,)
            Finite numbers, at least two different ones.
        sample_weight : array-like of shape (n_samples,), default=None
            Passed to both estimators.
        groups : array-like of shape (n_samples,), default=None
            Rows of one group stay in one fold.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If y holds labels, missing or infinite values, or one value only, or if
            there are fewer than 8 rows.
        """
        check_table(self, X, y)
        y = as_value_array(y)
        check_same_length(X=X, y=y, sample_weight=sample_weight, groups=groups)
        _refuse_too_little(y)
        self._refuse_classifiers()
        X, groups = indexable(X, groups)
        weights = check_weights(sample_weight, num_samples(X))
        progress = self._init_callback_context(max_subtasks=None)
        progress.call_on_fit_task_begin(estimator=self, X=X, y=y)
        splits, _ = repeated_splits(
            X,
            np.zeros(y.shape[0], dtype=np.intp),  # as if of one class
            cv=self.cv,
            n_repeats=self.n_repeats,
            random_state=self.random_state,
            groups=groups,
            duplicate_groups=repeated_rows(X),
        )

        def predict(estimator, values, trusted):
            if estimator is None:
                estimator = default_model(X, regression=True)
            estimator = clone(estimator)
            return predict_out_of_fold(
                estimator,
                X,
                values,
                splits,
                trusted=trusted,
                fit_params=fit_parameters(estimator, sample_weight=weights),
                n_jobs=self.n_jobs,
                context=progress,
                owner=self,
            )

        self._judge_in_rounds(y, predict)
        progress.call_on_fit_task_end(estimator=self, X=X, y=y)
        return self

    def _judge_in_rounds(self, y, predict):
        """Judge all rows by models of the rows that passed the round before."""
        trusted = np.ones(y.shape[0], dtype=bool)
        for number in range(1, self.n_rounds + 1):
            is_last = number == self.n_rounds
            self._judge(y, predict, trusted, to_accuse=is_last)
            before, trusted = trusted, ~self.issue_mask_
            if not self.residual_model_.predictable:
                trusted = ~is_far_out(y)
            if np.array_equal(trusted, before) and not self.issue_mask_.any():
                return

    def _judge(self, y, predict, trusted, to_accuse):
        """Flag and score from out-of-fold predictions of values and of noise."""
        self.prediction_ = predict(self.estimator, y, trusted)
        self.covered_ = covered = np.isfinite(self.prediction_)
        if covered.sum() < FEWEST_ROWS:
            raise ValueError(
                f"cv={self.cv!r} gives a prediction to {int(covered.sum())} of "
                f"{y.shape[0]} rows; at least {FEWEST_ROWS} are needed: let the test "
                f"folds cover more rows."
            )
        self.residuals_ = y - self.prediction_
        self.suggested_values_ = np.where(covered, self.prediction_, y)
        self._judge_residuals(y, predict, trusted & covered, to_accuse)

    def _judge_residuals(self, y, predict, trusted, to_accuse):
        value_range = float(np.ptp(y))
        learner = self.noise_estimator
        learner = self.estimator if learner is None else learner
        sizes = predict(learner, residual_sizes(self.residuals_), trusted)
        self.noise_scale_ = noise_scale(self.residuals_, sizes, trusted, value_range)
        covered = self.covered_
        judged = self.residuals_[covered], self.noise_scale_[covered], value_range
        self.residual_model_ = fit_residual_model(
            *judged,
            predictable=is_predictable(y[covered], judged[0]),
            to_accuse=to_accuse,
        )
        self.noise_rate_ = self.residual_model_.noise_rate
        self.sample_scores_ = np.full(covered.shape[0], np.nan)
        self.sample_scores_[covered] = value_quality(*judged, self.residual_model_)
        self.issue_mask_ = np.zeros(covered.shape[0], dtype=bool)
        self.issue_mask_[covered] = self.sample_scores_[covered] < self.noise_rate_

    def _refuse_classifiers(self):
        for estimator in (self.estimator, self.noise_estimator):
            if estimator is not None and is_classifier(estimator):
                raise ValueError(
                    f"estimator={estimator!r} is a classifier: pass a regressor, or "
                    f"use LabelErrorDetector for class labels."
                )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        estimator = default_regressor() if self.estimator is None else self.estimator
        tags.input_tags = get_tags(estimator).input_tags
        tags.input_tags.string |= self.estimator is None
        tags.target_tags.required = True
        return tags


def _refuse_too_little(y):
    if y.shape[0] < FEWEST_ROWS:
        raise ValueError(
            f"X has {y.shape[0]} row(s) (n_samples={y.shape[0]}); wrong values can "
            f"only be told from at least {FEWEST_ROWS}."
        )
    if np.all(y == y[0]):
        raise ValueError(
            f"y has one value only ({y[0]:g}) in {y.shape[0]} rows; wrong values can "
            f"only be told where values differ."
        )
