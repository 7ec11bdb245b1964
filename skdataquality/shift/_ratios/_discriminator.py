"""Weights from a model that tells target from training rows."""

from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import clone

from skdataquality.compose._weights import fit_parameters
from skdataquality.shift._ratios._candidates import (
    Blend,
    best_pair,
    candidates,
    choose,
    fit_blend,
    held_out_losses,
)
from skdataquality.shift._ratios._odds import target_odds
from skdataquality.shift._ratios._ratio_weighter import RatioWeighter
from skdataquality.utils._draws import draw_rows, draw_seed
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import fit_on, out_of_fold
from skdataquality.utils._sklearn import HasMethods, StrOptions, num_samples

MOST_LEARNED = 20_000  # rows of a side that models of ours learn from
REPEATED_ROWS = 10_000  # up to so many on both sides, two cross-fits are averaged


class DiscriminatorWeighter(RatioWeighter):
    """Estimate the density ratio of target to training rows by telling them apart.

    A classifier is cross-fitted to tell target rows (1) from training rows (0); a
    training row gets the weight ``p / (1 - p) * n / n_target`` [1]_, where p comes from
    a model that did not see the row. For covariate shift: P(x) differs, P(y | x) does
    not.

    Parameters
    ----------
    estimator : classifier, "auto" or None, default=None
        A classifier needs ``predict_proba`` and is taken as it is. "auto" is the one of
        least held-out log-loss among a linear logistic regression, one with squares,
        one with squares and products ("quadratic", up to 5,000,000 cells), and small
        regularised gradient boosting; the first of equal ones; its logits are shrunk
        where they are too sure. None blends the best of the logistic regressions and
        the boosting: the sum of their logits, with coefficients of least held-out
        log-loss. Both take missing values, text and categories; sparse tables and texts
        get a linear model.
    X_target : TargetData, default=None
        Target rows; may be given to ``fit`` instead. None gives all rows weight 1.
    cv : int, splitter or None, default=None
        None is 5 stratified, shuffled folds of the pooled rows; where these are at most
        10,000 and ``estimator`` is None or "auto", two such draws are averaged.
    flatten : float, default=1.0
        Exponent of the weights, in [0, 1]: 0 is no correction, 1 the full and most
        variable one. The parameter to tune.
    clip : float, default=None
        Below 1: the quantile of the weights at which they are cut. From 1: the largest
        weight, where their mean is 1. None cuts nothing. After ``flatten``; the mean is
        made 1 again.
    n_jobs : int, default=None
    random_state : int, RandomState instance or None, default=None
        Pass an int for the same weights every time.

    Attributes
    ----------
    sample_weight_ : ndarray of shape (n_samples,)
        Mean 1, non-negative.
    density_ratio_ : ndarray of shape (n_samples,)
        Before ``flatten`` and ``clip``; mean 1.
    effective_sample_size_ : float
        ``(sum w)^2 / sum w^2``, between 1 and n_samples; higher is better.
    domain_auc_ : float
        How well target rows can be told from training rows out of fold: .5 not at all
        (no shift seen), 1 perfectly (no overlap, weights are worthless).
    max_weight_share_ : float
        Share of the total weight on the heaviest row, in (0, 1].
    n_clipped_ : int
        Training rows whose weight was cut.
    chosen_ : str or None
        Candidate of least held-out log-loss: "linear", "squares", "quadratic" or
        "boosting". None if there was nothing to choose.
    held_out_losses_ : dict
        Mean log-loss by candidate; lower is better.
    blend_ : dict
        Coefficient of the logits by candidate that is used.
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
    Of more than 20,000 rows of a side, so many random ones are learned from where
    ``estimator`` is None or "auto"; all are weighted. Wrong under label or concept
    shift, and where a column betrays the source without mattering (a sensor that is
    always off in one place).

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
        **RatioWeighter._parameter_constraints,
        "estimator": [
            HasMethods(["fit", "predict_proba"]),
            StrOptions({"auto"}),
            None,
        ],
        "cv": ["cv_object"],
        "n_jobs": [Integral, None],
    }

    def __init__(
        self,
        estimator=None,
        *,
        X_target=None,
        cv=None,
        flatten=1.0,
        clip=None,
        n_jobs=None,
        random_state=None,
    ):
        self.estimator = estimator
        self.X_target = X_target
        self.cv = cv
        self.flatten = flatten
        self.clip = clip
        self.n_jobs = n_jobs
        self.random_state = random_state

    def _fit_weights(self, X, y, sample_weight, X_target):
        self.chosen_, self.held_out_losses_, self.blend_ = None, {}, {}
        return super()._fit_weights(X, y, sample_weight, X_target)

    def _fit_ratio(self, X, pooled, is_target, sample_weight):
        n = num_samples(X)
        weight = np.ones(is_target.size)
        if sample_weight is not None:
            weight[:n] = sample_weight
        models = self._models(pooled, X, is_target.size - n)
        keys = {
            name: {}
            if sample_weight is None
            else fit_parameters(model, sample_weight=weight)
            for name, model in models.items()
        }
        learned = self._learned_rows(n, is_target.size)
        with default_fit(self._takes_candidates):
            held = self._hold_out(models, pooled, is_target, keys, learned)
            proba = self._combine(held, is_target, weight * learned)
            rows = np.flatnonzero(learned)
            fitted = {
                name: fit_on(clone(models[name]), pooled, is_target, rows, keys[name])
                for name in self._coef
            }
        self._model: Any = Blend(fitted, self._coef, self._intercept)
        covered = np.isfinite(proba[:n])
        ours = np.where(covered, proba[:n], 0.5)
        if not covered.all():
            ours = np.where(covered, ours, self._model(self._columns.of(X)))
        return target_odds(ours), proba, is_target

    @property
    def _takes_candidates(self):
        return self.estimator is None or isinstance(self.estimator, str)

    def _models(self, pooled, X, n_target):
        if not self._takes_candidates:
            return {"estimator": self.estimator}
        seed = self.random_state if isinstance(self.random_state, Integral) else 0
        return candidates(pooled, X, n_target, seed)

    def _learned_rows(self, n, n_pooled):
        """Mask of the pooled rows that models learn from."""
        learned = np.ones(n_pooled, dtype=bool)
        if self._takes_candidates:
            learned[:] = False
            learned[draw_rows(n, MOST_LEARNED, 0)] = True
            learned[n + draw_rows(n_pooled - n, MOST_LEARNED, 0)] = True
        return learned

    def _hold_out(self, models, pooled, is_target, keys, learned):
        """P(target) of each row from each model, cross-fitted in the same folds."""
        is_few = is_target.size <= REPEATED_ROWS and len(models) > 1
        takes_repeats = self.cv is None or isinstance(self.cv, Integral)
        seed = draw_seed(self.random_state)
        twins = repeated_rows(pooled)
        return {
            name: out_of_fold(
                model,
                pooled,
                is_target,
                cv=self.cv,
                duplicate_groups=twins,
                fit_params=keys[name],
                trusted=None if learned.all() else learned,
                n_repeats=2 if is_few and takes_repeats else 1,
                n_jobs=self.n_jobs,
                random_state=seed,
            ).proba[:, 1]
            for name, model in models.items()
        }

    def _combine(self, held, is_target, weight):
        """Held-out P(target) of what is used; NaN where no row was held out."""
        names = list(held)
        self._coef, self._intercept = {names[0]: 1.0}, 0.0
        proba = held[names[0]]
        covered = np.isfinite(proba) & (weight > 0)
        if not self._takes_candidates or np.unique(is_target[covered]).size < 2:
            return proba
        some = {name: p[covered] for name, p in held.items()}
        counts, of = weight[covered], is_target[covered]
        self.held_out_losses_ = held_out_losses(some, of, counts)
        self.chosen_ = choose(self.held_out_losses_)
        blends = self.estimator is None
        used = best_pair(self.held_out_losses_) if blends else [self.chosen_]
        self._coef, self._intercept = fit_blend(
            {name: some[name] for name in used}, of, counts
        )
        self.blend_ = dict(self._coef)
        return Blend({}, self._coef, self._intercept).of(held)

    def _new_ratio(self, X):
        return target_odds(self._model(X))
