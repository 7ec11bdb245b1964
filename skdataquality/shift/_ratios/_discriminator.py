"""Weights that make training rows look like target rows."""

import warnings
from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from skdataquality.base import BaseWeighter
from skdataquality.compose._default import domain_classifier
from skdataquality.compose._weights import fit_parameters
from skdataquality.exceptions import OverlapWarning
from skdataquality.shift._ratios._odds import (
    FEW_EFFECTIVE_ROWS,
    SEPARABLE_AUC,
    target_odds,
)
from skdataquality.shift._targets import choose_target, pool
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._folds import out_of_fold
from skdataquality.utils._sklearn import HasMethods, Interval, num_samples
from skdataquality.utils._stats import effective_sample_size

FEW_ROWS = 20  # of a side: too few to hold some out of each fold


class DiscriminatorWeighter(BaseWeighter):
    """Estimate the density ratio of target to training rows by telling them apart.

    A classifier is cross-fitted to tell target rows (1) from training rows (0); a
    training row gets the weight ``p / (1 - p) * n / n_target`` [1]_, where p comes from
    a model that did not see the row. For covariate shift: P(x) differs, P(y | x) does
    not.

    Parameters
    ----------
    estimator : classifier, default=None
        Needs ``predict_proba``. None is small regularised gradient boosting that takes
        missing values, text and categories.
    X_target : TargetData, default=None
        Target rows; may be given to ``fit`` instead. None gives all rows weight 1.
    cv : int, splitter or None, default=None
        None is 5 stratified, shuffled folds of the pooled rows.
    flatten : float, default=1.0
        Exponent of the weights, in [0, 1]: 0 is no correction, 1 the full and most
        variable one. The parameter to tune.
    n_jobs : int, default=None
    random_state : int, RandomState instance or None, default=None
        Pass an int for the same weights every time.

    Attributes
    ----------
    sample_weight_ : ndarray of shape (n_samples,)
        Mean 1, non-negative.
    effective_sample_size_ : float
        ``(sum w)^2 / sum w^2``, between 1 and n_samples; higher is better.
    domain_auc_ : float
        How well target rows can be told from training rows out of fold: .5 not at all
        (no shift seen), 1 perfectly (no overlap, weights are worthless).
    max_weight_share_ : float
        Share of the total weight on the heaviest row, in (0, 1].
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Warns
    -----
    OverlapWarning
        If ``domain_auc_`` exceeds .99 or fewer than 5 % of the rows are effective.

    See Also
    --------
    ShiftWeightedClassifier : Fits an estimator with these weights.

    Notes
    -----
    Wrong under label or concept shift, and where a column betrays the source without
    mattering (a sensor that is always off in one place).

    References
    ----------
    .. [1] S. Bickel, M. Brueckner, T. Scheffer, "Discriminative learning under
       covariate shift", JMLR 10, 2009.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.shift import DiscriminatorWeighter, TargetData
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(1000, 2))
    >>> weighter = DiscriminatorWeighter(random_state=0)
    >>> target = TargetData(rng.normal([1, 0], 1, size=(1000, 2)))
    >>> weight = weighter.fit(X, X_target=target).sample_weight_
    >>> bool(np.corrcoef(weight, np.exp(X[:, 0]))[0, 1] > 0.9)  # the true ratio
    True
    """

    _parameter_constraints: dict = {
        "estimator": [HasMethods(["fit", "predict_proba"]), None],
        "X_target": "no_validation",  # checked with the cure in the message
        "cv": ["cv_object"],
        "flatten": [Interval(Real, 0, 1, closed="both")],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        estimator=None,
        *,
        X_target=None,
        cv=None,
        flatten=1.0,
        n_jobs=None,
        random_state=None,
    ):
        self.estimator = estimator
        self.X_target = X_target
        self.cv = cv
        self.flatten = flatten
        self.n_jobs = n_jobs
        self.random_state = random_state

    def _fit_weights(self, X, y, sample_weight, X_target):
        target = choose_target(self.X_target, X_target, self)
        n = num_samples(X)
        self._model: Any = None
        if target is None:
            self.domain_auc_, self.max_weight_share_ = 0.5, 1 / n
            return np.ones(n)
        pooled, is_target, self._columns = pool(X, target.X)
        n_target = is_target.shape[0] - n
        if min(n, n_target) < 2:
            raise ValueError(
                f"X has {n} row(s) (n_samples={n}) and X_target {n_target}: both need "
                f"at least 2, to be told apart by a model that has not seen the row."
            )
        model, fit_params = self._prepare(pooled, X, sample_weight, n_target)
        proba = out_of_fold(
            model,
            pooled,
            is_target,
            cv=self.cv,
            duplicate_groups=repeated_rows(pooled),
            fit_params=fit_params,
            n_jobs=self.n_jobs,
            random_state=self.random_state,
        ).proba[:, 1]
        self._model = clone(model).fit(pooled, is_target, **fit_params)
        self._size_ratio = (
            n if sample_weight is None else sample_weight.sum()
        ) / n_target
        covered = np.isfinite(proba)
        if np.unique(is_target[covered]).size < 2:
            raise ValueError(
                f"the rows of X or of X_target are all equal (X has {n}, X_target "
                f"{n_target}), so no model can be tested on them: pass others."
            )
        self.domain_auc_ = float(roc_auc_score(is_target[covered], proba[covered]))
        raw = self._ratio(np.where(covered[:n], proba[:n], self._proba(X)))
        share = raw if sample_weight is None else raw * sample_weight
        self.max_weight_share_ = float(share.max() / share.sum())
        self._warn_without_overlap(effective_sample_size(share) / n)
        return raw

    def _prepare(self, pooled, X, sample_weight, n_target):
        seed = self.random_state if isinstance(self.random_state, Integral) else 0
        model = (
            domain_classifier(
                pooled,
                random_state=seed,
                X=X,
                early_stopping=min(num_samples(X), n_target) >= FEW_ROWS,
            )
            if self.estimator is None
            else clone(self.estimator)
        )
        if sample_weight is None:
            return model, {}
        weights = np.r_[sample_weight, np.ones(n_target)]
        return model, fit_parameters(model, sample_weight=weights)

    def _proba(self, X):
        return self._model.predict_proba(self._columns.of(X))[:, 1]

    def _ratio(self, proba):
        return (target_odds(proba) * self._size_ratio) ** self.flatten

    def _raw_weights(self, X, y):
        if self._model is None:
            return np.ones(num_samples(X))
        return self._ratio(self._proba(X))

    def _warn_without_overlap(self, effective_share):
        if effective_share < FEW_EFFECTIVE_ROWS:
            why = (
                f"the weights rest on {effective_share:.1%} of the rows (effective "
                f"sample size), too few: lower `flatten`, or"
            )
        elif self.domain_auc_ > SEPARABLE_AUC:
            why = "no weight makes one out of the other:"
        else:
            return
        warnings.warn(
            f"training and target rows hardly overlap: domain AUC "
            f"{self.domain_auc_:.3f}. Are both preprocessed in the same way? If they "
            f"are, {why} drop the columns that tell them apart.",
            OverlapWarning,
            stacklevel=4,
        )
