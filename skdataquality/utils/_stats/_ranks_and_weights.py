"""The area under the ROC curve by ranks, and how many rows weights are worth."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from skdataquality.utils._stats._checks import check_vector, check_weights


def mann_whitney_auc(
    scores: ArrayLike, is_positive: ArrayLike, *, effective_share: float = 1.0
) -> tuple[float, float]:
    """Area under the ROC curve and one-sided Mann-Whitney test that it exceeds 1/2.

    Larger scores mean more likely positive; ties count one half. The p-value of
    "positive rows do not score higher" is by the normal approximation corrected for
    ties and continuity; 1 if all scores are equal. Of rows that depend on each other
    only an `effective_share` is counted, and the t distribution of as many rows taken.

    >>> auc, p_value = mann_whitney_auc([0.1, 0.4, 0.4, 0.8], [0, 0, 1, 1])
    >>> print(f"{auc:.3f} {p_value:.3f}")
    0.875 0.207
    """
    values = check_vector("scores", scores, min_size=2)
    flags = np.asarray(is_positive)
    if flags.shape != values.shape:
        raise ValueError(
            f"is_positive has shape {flags.shape}, scores {values.shape}; pass one "
            "flag per score"
        )
    if not np.isin(flags, (0, 1)).all():
        raise ValueError(
            f"is_positive holds {np.unique(flags)[:5].tolist()}; pass booleans, for "
            "example y == positive_label"
        )
    positive = flags.astype(bool)
    n_positive = int(positive.sum())
    n_negative = positive.size - n_positive
    if not n_positive or not n_negative:
        raise ValueError(
            f"is_positive has {n_positive} positive and {n_negative} negative rows; "
            "the AUC needs at least one of each"
        )
    u, p_value = stats.mannwhitneyu(
        values[positive], values[~positive], alternative="greater", method="asymptotic"
    )
    auc, p_value = float(u) / (n_positive * n_negative), float(p_value)
    if effective_share < 1:
        z = stats.norm.isf(p_value) * effective_share**0.5
        p_value = float(stats.t.sf(z, max(values.size * effective_share - 2, 1)))
    return auc, p_value


def effective_sample_size(weights: ArrayLike) -> float:
    r"""Kish's effective sample size :math:`(\sum w)^2 / \sum w^2` (Kish 1965).

    Number of equally weighted rows of the same precision, in [1, n_rows].

    >>> effective_sample_size([2, 2, 0, 0])
    2.0
    """
    w = check_weights(weights)
    w = w / w.max()  # squares can neither overflow nor vanish
    return float(w.sum() ** 2 / np.square(w).sum())
