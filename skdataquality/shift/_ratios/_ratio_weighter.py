"""What all weighters by a density ratio share: :class:`RatioWeighter`."""

import warnings
from numbers import Real
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from skdataquality.base import BaseWeighter
from skdataquality.exceptions import OverlapWarning
from skdataquality.shift._ratios._odds import FEW_EFFECTIVE_ROWS, SEPARABLE_AUC
from skdataquality.shift._targets import choose_target, pool
from skdataquality.utils._sklearn import Interval, num_samples
from skdataquality.utils._stats import effective_sample_size


class RatioWeighter(BaseWeighter):
    """Weigh by a density ratio: flattened, cut, and judged by the overlap.

    A subclass has the parameters ``X_target``, ``flatten`` and ``clip``, and implements
    ``_fit_ratio(X, pooled, is_target, sample_weight)``, the ratios of the training rows
    and P(target) of pooled rows that were held out (NaN if none were) with what they
    are, and ``_new_ratio(X)``, the ratios of new rows. Ratios need no scale.
    """

    _parameter_constraints: dict = {
        "X_target": "no_validation",  # checked with the cure in the message
        "flatten": [Interval(Real, 0, 1, closed="both")],
        "clip": [Interval(Real, 0, None, closed="neither"), None],
        "random_state": ["random_state"],
    }

    def _fit_weights(self, X, y, sample_weight, X_target):
        target = choose_target(self.X_target, X_target, self)
        n = num_samples(X)
        given = np.ones(n) if sample_weight is None else sample_weight
        self._columns: Any = None
        self.domain_auc_ = 0.5
        if target is None:
            ratio = np.ones(n)
        else:
            pooled, is_target, self._columns = pool(X, target.X)
            self._refuse_few_rows(n, is_target.size - n)
            ratio, proba, of = self._fit_ratio(X, pooled, is_target, sample_weight)
            self.domain_auc_ = _held_out_auc(proba, of)
            ratio = self._or_ones(ratio)
        self._ratio_scale = 1 / np.average(ratio, weights=given)
        self.density_ratio_ = ratio * self._ratio_scale
        raw = self._flat(self.density_ratio_)
        self._most = largest_weight(raw, self.clip, given)
        self.n_clipped_ = int((raw > self._most).sum())
        raw = np.minimum(raw, self._most)
        share = raw * given
        self.max_weight_share_ = float(share.max() / share.sum())
        self._warn_without_overlap(effective_sample_size(share) / n)
        return raw

    def _refuse_few_rows(self, n, n_target):
        if min(n, n_target) < 2:
            raise ValueError(
                f"X has {n} row(s) (n_samples={n}) and X_target {n_target}: both need "
                f"at least 2, to be told apart by a model that has not seen the row."
            )

    def _or_ones(self, ratio):
        if ratio.max() > 0:
            self._is_nowhere = False
            return ratio
        self._is_nowhere = True
        warnings.warn(
            "no training row lies where target rows lie, so all get the same weight. "
            "Are both preprocessed in the same way?",
            OverlapWarning,
            stacklevel=5,
        )
        return np.ones_like(ratio)

    def _flat(self, ratio):
        return ratio**self.flatten

    def _raw_weights(self, X, y):
        if self._columns is None or self._is_nowhere:
            return np.ones(num_samples(X))
        ratio = self._new_ratio(self._columns.of(X)) * self._ratio_scale
        return np.minimum(self._flat(ratio), self._most)

    def _warn_without_overlap(self, effective_share):
        if self._columns is None:
            return
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
            stacklevel=5,
        )


def largest_weight(weights, clip, sample_weight):
    """Weight at which others are cut: a quantile (below 1) or a multiple of the mean.

    The quantile is the smallest weight that so large a share of the rows, each counted
    ``sample_weight`` times, does not exceed.
    """
    if clip is None:
        return np.inf
    if clip >= 1:
        return clip * np.average(weights, weights=sample_weight)
    order = np.argsort(weights, kind="stable")
    reached = np.cumsum(sample_weight[order])
    return weights[order][np.searchsorted(reached, clip * reached[-1])]


def _held_out_auc(proba, is_target):
    covered = np.isfinite(proba)
    if np.unique(is_target[covered]).size < 2:
        n_target = int(is_target.sum())
        raise ValueError(
            f"the rows of X or of X_target are all equal (X has "
            f"{is_target.size - n_target}, X_target {n_target}), so no model can be "
            f"tested on them: pass others."
        )
    return float(roc_auc_score(is_target[covered], proba[covered]))
