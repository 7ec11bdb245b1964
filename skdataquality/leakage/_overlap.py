"""Target rows that are training rows."""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy import stats

from skdataquality.exceptions import OverlapWarning
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._equal_by_chance import chance_of_equal_rows
from skdataquality.utils._frames import (
    as_rows,
    match_columns,
    missing_mask,
    stack_rows,
)
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._stats import Interval, proportion_interval
from skdataquality.utils._validation import (
    check_feature_frame,
    check_same_length,
)

FEW_BY_CHANCE = 1 / 64  # pairs: the columns could tell all rows apart


@dataclass(frozen=True, repr=False)
class TargetOverlap(ShownResult):
    """How many target rows the training table holds already.

    Attributes
    ----------
    mask : ndarray of shape (n_target,), bool
        Target rows that equal a training row.
    twin : ndarray of shape (n_target,), int
        Number of the first equal training row; -1: none.
    share : Interval
    p_value : float
        That chance makes so many pairs equal; where it makes some equal, also that
        target rows have a training twin no more often than training rows have, and the
        larger of the two.
    same_label : Interval or None
        Of the overlapping rows with a known label, the share that agree.
    """

    mask: np.ndarray
    twin: np.ndarray
    share: Interval
    p_value: float
    same_label: Interval | None = None


def target_overlap(X, X_target, y=None, y_target=None):
    """Find target rows that equal a training row in every column that both have.

    Columns of frames are matched by name; a warning names all that are left out. The
    label is no part of it. A model scored on such rows has seen them.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    X_target : like X, of shape (n_target, n_features)
    y, y_target : array-like, default=None
        Labels, to ask whether they agree. A target label may be missing.

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
    X = _as_table("X", X)
    check_same_length(X=X, y=y)
    X, X_target = comparable(X, check_target_table(X_target, y_target))
    n, m = X.shape[0], X_target.shape[0]
    pooled = stack_rows(X, X_target)
    groups = duplicate_groups(pooled)
    twin = np.where(groups[n:] < n, groups[n:], -1)
    mask = twin >= 0
    sizes = np.bincount(groups[:n], minlength=n)
    n_pairs = int(sizes[twin[mask]].sum())
    expected = chance_of_equal_rows(pooled, groups) * n * m
    p_value = float(stats.poisson.sf(n_pairs - 1, expected))
    if expected > FEW_BY_CHANCE:
        p_value = max(p_value, _no_more_than_within(mask, sizes))
    return TargetOverlap(
        mask=mask,
        twin=twin,
        share=proportion_interval(int(mask.sum()), m),
        p_value=p_value,
        same_label=_agreement(mask, twin, y, y_target),
    )


def check_target_table(X_target, y_target=None):
    """Return target rows as a table of a row and a column at least, or raise."""
    X_target = _as_table("X_target", X_target)
    check_same_length(X_target=X_target, y_target=y_target)
    return X_target


def comparable(X, X_target):
    """Return both tables with the columns that they share; warn of all others."""
    X, X_target, notes = match_columns(X, X_target)
    if notes:
        warnings.warn(f"{'; '.join(notes)}.", OverlapWarning, stacklevel=3)
    return X, X_target


def _as_table(name, table):
    check_feature_frame(table, name=name)
    table = as_rows(table)
    if len(table.shape) != 2 or min(table.shape) == 0:
        raise ValueError(
            f"{name} has shape {table.shape}: pass a table with at least one row and "
            f"one column."
        )
    return table


def _no_more_than_within(mask, sizes):
    """P-value that target rows have a twin in X no more often than rows of X have."""
    n, m = int(sizes.sum()), mask.shape[0]
    within, across = int(sizes[sizes > 1].sum()), int(mask.sum())
    return float(stats.hypergeom.sf(across - 1, n + m, within + across, m))


def _agreement(mask, twin, y, y_target):
    if y is None or y_target is None:
        return None
    theirs, ours = np.asarray(y_target)[mask], np.asarray(y)[twin[mask]]
    known = ~missing_mask(theirs) & ~missing_mask(ours)
    if not known.any():
        return None
    pairs = zip(theirs[known].tolist(), ours[known].tolist(), strict=True)
    same = sum(first == second for first, second in pairs)
    return proportion_interval(same, int(known.sum()))
