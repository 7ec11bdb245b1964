"""What a held-out row weighs in a score that is to be that of target rows."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import clone

from skdataquality.exceptions import OverlapWarning
from skdataquality.shift import DiscriminatorWeighter
from skdataquality.shift._ratios import LARGEST_WEIGHT, cut_weights, why_not_trusted
from skdataquality.shift._targets import same_columns
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._frames import (
    are_documents,
    as_rows,
    column_names,
    match_columns,
    stack_rows,
)
from skdataquality.utils._sklearn import num_samples, take_rows


@dataclass(frozen=True, eq=False)
class TargetWeights:
    """Weights of the rows of a table towards target rows, and of other rows like them.

    Attributes
    ----------
    X : table of shape (n_samples, n_features)
        The rows whose ``ratio`` is known.
    ratio : ndarray of shape (n_samples,)
        Density ratio, from models that have not seen the row, cut at a quantile; mean
        1. Rows of equal content have one value, so that it can be looked up.
    weighter : fitted weighter
    clip : float
        The quantile.
    """

    X: Any
    ratio: np.ndarray
    weighter: Any
    clip: float

    @classmethod
    def fit(
        cls, X, target, *, weighter=None, clip=LARGEST_WEIGHT, sample_weight=None, **own
    ):
        """Weigh the rows of X; ``own`` are options of the weighter by default."""
        X = X if are_documents(X) else as_rows(X)
        with warnings.catch_warnings():
            # what it says is said by `doubt`, with what it means for a score
            warnings.filterwarnings(
                "ignore", "training and target rows", OverlapWarning
            )
            if weighter is None:
                weighter = DiscriminatorWeighter(random_state=0, **own)
            else:
                weighter = clone(weighter)
            weighter.fit(X, sample_weight=sample_weight, X_target=target)
        cut = cut_weights(weighter.sample_weight_, clip)
        groups = np.unique(duplicate_groups(X), return_inverse=True)[1]
        mean = np.bincount(groups, weights=cut) / np.bincount(groups)
        return cls(X, mean[groups], weighter, clip)

    @property
    def domain_auc(self):
        """How well target rows can be told apart; None if the weighter does not say."""
        return getattr(self.weighter, "domain_auc_", None)

    def doubt(self, weights):
        """Say why no score with these weights in all can be trusted, or None."""
        return why_not_trusted(self.domain_auc or 0.5, weights)

    def of(self, X):
        """Weights of rows: looked up by their content, or else predicted."""
        if X is self.X:
            return self.ratio
        X = X if are_documents(X) else as_rows(X)
        known, new = self._alike(X)
        n = self.ratio.shape[0]
        first = duplicate_groups(stack_rows(known, new))[n:]
        weights = np.empty(num_samples(X))
        found = first < n
        weights[found] = self.ratio[first[found]]
        if not found.all():
            rows = take_rows(X, np.flatnonzero(~found))
            weights[~found] = cut_weights(
                self.weighter.predict_weight(rows),
                self.clip,
                like=self.weighter.sample_weight_,
            )
        return weights

    def _alike(self, X):
        """Return the rows known and other rows, in one container."""
        if type(X) is type(self.X) and (
            are_documents(X) or column_names(X) == column_names(self.X)
        ):
            return self.X, X
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OverlapWarning)
            same_columns(self.X, X)  # raises if they are other features
        return match_columns(self.X, X)[:2]
