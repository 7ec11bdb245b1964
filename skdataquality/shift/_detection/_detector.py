"""Which training rows are unlike target rows, and whether any are: ShiftDetector."""

from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted

from skdataquality.shift._detection._covariate import MIN_EFFECT, covariate_tests
from skdataquality.shift._detection._rows import is_sorted_by
from skdataquality.shift._ratios import (
    default_discriminator,
    target_odds,
    tell_apart,
)
from skdataquality.shift._targets import choose_target, same_columns
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import (
    HasMethods,
    Interval,
    fit_context,
    num_samples,
)
from skdataquality.utils._stats import Interval as ConfidenceInterval
from skdataquality.utils._validation import check_same_length, check_table

HARDLY_ANY = 0.05  # of the density of the own side, that the other side has there


class ShiftDetector(PersistenceMixin, BaseEstimator):
    """Test whether target rows differ from training rows, and find the rows that do.

    Each column is tested alone and all together, with p values that hold where rows
    depend on each other as well; see Notes. Each row gets a score: how much more often
    target rows than training rows lie where it lies, by a model that has not seen it.

    Parameters
    ----------
    estimator : classifier, default=None
        Tells target from training rows, which it gets raw; needs ``predict_proba``.
        None is small regularised gradient boosting that takes missing values, text and
        categories (of texts a linear model of their words).
    X_target : TargetData, default=None
        Target rows; may be given to ``fit`` instead. None finds nothing.
    level : float, default=0.05
        Probability at most of finding a difference where there is none, in (0, 1).
    min_effect : float, default=0.05
        Share of the rows, in [0, 1], by which distributions must differ to matter: the
        distance of a column, or ``2 * AUC - 1`` of the classifiers. Where P(y | x)
        stays, the mean of a loss in [0, 1] changes by at most that share.
    cv : int, splitter or None, default=None
        Folds by which rows are scored; None is 5.
    n_jobs : int, default=None
    random_state : int, RandomState instance or None, default=None
        Pass an int for the same numbers every time.

    Attributes
    ----------
    drifted_ : bool
        Whether a difference of at least ``min_effect`` is no chance.
    p_value_ : float
        Of no difference at all, in [0, 1]; 1 where nothing can be tested.
    too_small_ : bool
        Whether rows differ, but by less than ``min_effect``.
    why_not_ : str
        Why no p value can be trusted: "alike_rows", "few_rows", "few_effective_rows",
        "few_groups", "groups_unknown"; "" if they can.
    domain_auc_ : Interval
        How well held-out rows of both sides are told apart: .5 not at all, 1 without
        error.
    drifted_columns_ : tuple
        Names of the columns that differ, most first.
    column_table_ : tuple of dict
        By column, the one with the largest effect first; see :meth:`to_frame`.
    moved_groups_ : tuple
        Groups, of those that both sides share, inside which rows differ.
    only_mix_ : bool
        Whether only the shares of these groups differ.
    sample_scores_ : ndarray of shape (n_samples,), float64
        Scores of the training rows in [0, 1]: r / (1 + r), with r the density of target
        over that of training rows. Higher is more like target rows, .5 as frequent on
        both sides; a row that was never held out has the score of the final model.
    issue_mask_ : ndarray of shape (n_samples,), bool
        Training rows that lie where hardly any target row does (r below .05). None
        unless ``drifted_``.
    target_scores_ : ndarray of shape (n_target,), float64
        The same of target rows: 1 / (1 + r), higher is more like training rows.
    target_issue_mask_ : ndarray of shape (n_target,), bool
        Target rows that lie where hardly any training row does: a model extrapolates.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    shift_lens : The kinds of shift, and what to do.
    DiscriminatorWeighter : Weights training rows towards target rows.

    Notes
    -----
    Numbers and dates are tested by Kolmogorov-Smirnov, categories by chi-squared,
    missing cells by a test of their own, with Holm over all. Boosting, a linear model
    and one of products of columns are compared with chance by Mann-Whitney tests of
    their held-out scores, combined by Cauchy [1]_. Both families have half of the
    level. At most 20,000 rows are tested, drawn by ``random_state``; all are scored.

    With ``time``, or where rows in their order resemble each other on both sides, rows
    are counted as the independent rows that they are worth; with ``groups`` too. Wrong
    where rows depend on each other in another way, and blind to a change of P(y | x).

    References
    ----------
    .. [1] Y. Liu, J. Xie, "Cauchy combination test", JASA 115, 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.shift import ShiftDetector, TargetData
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(400, 3))
    >>> target = TargetData(rng.normal([0, 0, 1.5], 0.5, size=(300, 3)))
    >>> detector = ShiftDetector(random_state=0).fit(X, X_target=target)
    >>> detector.drifted_, detector.drifted_columns_[0]
    (True, 2)
    >>> bool(X[detector.issue_mask_, 2].mean() < 0)  # where no target row is
    True
    """

    _parameter_constraints: dict = {
        "estimator": [HasMethods(["fit", "predict_proba"]), None],
        "X_target": "no_validation",  # checked with the cure in the message
        "level": [Interval(Real, 0, 1, closed="neither")],
        "min_effect": [Interval(Real, 0, 1, closed="both")],
        "cv": ["cv_object"],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        estimator=None,
        *,
        X_target=None,
        level=0.05,
        min_effect=MIN_EFFECT,
        cv=None,
        n_jobs=None,
        random_state=None,
    ):
        self.estimator = estimator
        self.X_target = X_target
        self.level = level
        self.min_effect = min_effect
        self.cv = cv
        self.n_jobs = n_jobs
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(
        self,
        X,
        y=None,
        *,
        X_target=None,
        time=None,
        time_target=None,
        groups=None,
        groups_target=None,
    ):
        """Compare training with target rows, and score all rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            Raw rows, or a sequence of texts.
        y : array-like of shape (n_samples,), default=None
            Labels. Only asked whether rows are sorted by them, for then neighbours
            resemble each other without being a series.
        X_target : TargetData, default=None
            Target rows, if the constructor was given none.
        time, time_target : array-like of shape (n,), default=None
            Numbers or dates by which rows of either side follow each other.
        groups, groups_target : array-like of shape (n,), default=None
            Whose rows depend on each other.

        Returns
        -------
        self : object

        Raises
        ------
        InvalidParameterError
            If ``X_target`` is a bare array or frame.
        ValueError
            If both sides have no column in common, or lengths differ.

        Warns
        -----
        OverlapWarning
            If columns are missing on one side, or their types disagree.
        """
        target = choose_target(self.X_target, X_target, self)
        table = check_table(self, X, y)
        check_same_length(X=X, y=y, time=time, groups=groups)
        self._model: Any = None
        n = num_samples(table)
        if target is None:
            return self._find_nothing(n)
        table, rows = same_columns(table, target.X)
        self._refuse_few(n, num_samples(rows))
        seed = draw_seed(self.random_state)
        found = covariate_tests(
            table,
            rows,
            time=time,
            time_target=time_target,
            groups=groups,
            groups_target=groups_target,
            is_ordered=False if y is not None and is_sorted_by(y) else None,
            level=self.level,
            min_effect=self.min_effect,
            model=self.estimator,
            n_jobs=self.n_jobs,
            random_state=seed,
        )
        self._keep(found)
        self._score_rows(table, rows, seed)
        return self

    def score_samples(self, X):
        """Score rows: how much they are like target rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        scores : ndarray of shape (n_samples,), float64
            As ``sample_scores_``, by a model that may have seen the rows.
        """
        check_is_fitted(self)
        X = check_table(self, X, reset=False)
        if self._model is None:
            return np.full(num_samples(X), 0.5)
        return self._scores(self._model.predict_proba(self._columns.of(X))[:, 1])

    def to_frame(self):
        """Return ``column_table_`` as a pandas data frame, intervals by their ends.

        Returns
        -------
        frame : pandas.DataFrame
            "column", "kind", "effect" (the larger of the distance and the difference of
            missing shares), "p_value" (adjusted over all columns), "distance" (the
            share of known values that would have to change), "missing_difference"
            (target minus training rows), their intervals and p values, and the
            "effective_rows" of the smaller side.
        """
        check_is_fitted(self)
        rows = [_flat(row) for row in self.column_table_]
        return pandas_frame(rows, "ShiftDetector.to_frame", "column_table_")

    def _refuse_few(self, n, n_target):
        if min(n, n_target) < 2:
            raise ValueError(
                f"X has {n} row(s) (n_samples={n}) and X_target {n_target}: both need "
                f"at least 2, to be told apart by a model that has not seen the row."
            )

    def _find_nothing(self, n):
        self.drifted_ = self.too_small_ = self.only_mix_ = False
        self.p_value_, self.why_not_ = 1.0, ""
        self.domain_auc_ = ConfidenceInterval(0.5, 0.5, 0.5, "no target rows")
        self.drifted_columns_ = self.moved_groups_ = ()
        self.column_table_: tuple = ()
        self.sample_scores_ = np.full(n, 0.5)
        self.issue_mask_ = np.zeros(n, dtype=bool)
        self.target_scores_ = np.empty(0)
        self.target_issue_mask_ = np.zeros(0, dtype=bool)
        return self

    def _keep(self, found):
        self.drifted_, self.too_small_ = found.is_drifted, found.is_too_small
        self.p_value_, self.why_not_ = found.p_value, found.why_not
        self.domain_auc_ = found.domain_auc
        self.drifted_columns_ = found.drifted_columns
        self.column_table_ = tuple(test.to_dict() for test in found.columns)
        self.moved_groups_, self.only_mix_ = found.moved_groups, found.only_mix

    def _score_rows(self, table, rows, seed):
        n = num_samples(table)
        self._size_ratio = n / num_samples(rows)
        apart = tell_apart(
            table,
            rows,
            model=self.estimator,
            cv=self.cv,
            n_jobs=self.n_jobs,
            random_state=seed,
        )
        model = (
            default_discriminator(apart.pooled, apart.is_target, seed)
            if self.estimator is None
            else clone(self.estimator)
        )
        self._columns = apart.columns
        self._model = model.fit(apart.pooled, apart.is_target)
        proba = apart.proba
        if not np.isfinite(proba).all():
            whole = self._model.predict_proba(apart.pooled)[:, 1]
            proba = np.where(np.isfinite(proba), proba, whole)
        scores = self._scores(proba)
        self.sample_scores_, self.target_scores_ = scores[:n], 1 - scores[n:]
        few = HARDLY_ANY / (1 + HARDLY_ANY)
        self.issue_mask_ = self.drifted_ & (self.sample_scores_ < few)
        self.target_issue_mask_ = self.drifted_ & (self.target_scores_ < few)

    def _scores(self, proba):
        ratio = target_odds(proba) * self._size_ratio
        return ratio / (1 + ratio)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = tags.input_tags.sparse = True
        tags.input_tags.string = tags.input_tags.categorical = True
        return tags


def _flat(row):
    """Row of a table with three numbers in the place of an interval."""
    out = {}
    for name, value in row.items():
        if isinstance(value, ConfidenceInterval):
            out[name] = value.estimate
            out |= {f"{name}_lower": value.lower, f"{name}_upper": value.upper}
        else:
            out[name] = value
    return out
