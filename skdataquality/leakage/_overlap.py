"""Target rows that are training rows."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from skdataquality.utils._duplicate_rows import chance_of_equal_rows, duplicate_groups
from skdataquality.utils._frames import as_rows, stack_rows
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._stats import Interval, proportion_interval

CHANCE_ROWS = 10_000


@dataclass(frozen=True)
class TargetOverlap:
    """How many target rows the training table holds already.

    Attributes
    ----------
    mask : ndarray of shape (n_target,), bool
        Target rows that equal a training row.
    twin : ndarray of shape (n_target,), int
        Number of the first equal training row; -1: none.
    share : Interval
    p_value : float
        That so many pairs are equal if the columns were independent.
    same_label : Interval or None
        Of the overlapping rows with a known label, the share that agree.
    """

    mask: np.ndarray
    twin: np.ndarray
    share: Interval
    p_value: float
    same_label: Interval | None = None


def target_overlap(X, X_target, y=None, y_target=None):
    """Find target rows that equal a training row in every column.

    The label is no part of it. A model scored on such rows has seen them.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    X_target : like X, of shape (n_target, n_features)
    y, y_target : array-like, default=None
        Labels, to ask whether they agree.

    Returns
    -------
    overlap : TargetOverlap

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.leakage import target_overlap
    >>> X = np.random.default_rng(0).normal(size=(50, 3))
    >>> target_overlap(X[:40], X[30:]).mask.sum()
    np.int64(10)
    """
    X, X_target = as_rows(X), as_rows(X_target)
    n, m = X.shape[0], X_target.shape[0]
    pooled = stack_rows(X, X_target)
    groups = duplicate_groups(pooled)
    twin = np.where(groups[n:] < n, groups[n:], -1)
    mask = twin >= 0
    sizes = np.bincount(groups[:n], minlength=n)
    n_pairs = int(sizes[twin[mask]].sum())
    step = max(1, (n + m) // CHANCE_ROWS)
    chance = chance_of_equal_rows(take_rows(pooled, np.arange(0, n + m, step)))
    return TargetOverlap(
        mask=mask,
        twin=twin,
        share=proportion_interval(int(mask.sum()), m),
        p_value=float(stats.poisson.sf(n_pairs - 1, chance * n * m)),
        same_label=_agreement(mask, twin, y, y_target),
    )


def _agreement(mask, twin, y, y_target):
    if y is None or y_target is None or not mask.any():
        return None
    same = np.asarray(y)[twin[mask]] == np.asarray(y_target)[mask]
    return proportion_interval(int(same.sum()), same.shape[0])
