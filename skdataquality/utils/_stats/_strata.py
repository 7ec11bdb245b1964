"""Means over strata whose shares are known."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from skdataquality.utils._stats._checks import check_open_unit, check_vector
from skdataquality.utils._stats._interval import Interval


def stratified_mean(
    values: ArrayLike, strata: ArrayLike, *, level: float = 0.95
) -> Interval:
    """Mean of values drawn within strata, whose sizes do not vary from draw to draw.

    The t interval of the variance within strata, with the degrees of freedom of
    Satterthwaite (1946). A stratum of one value adds nothing to the variance; if all
    are such the ends are NaN.

    >>> interval = stratified_mean([0, 1, 0, 1, 9, 9], [0, 0, 0, 0, 1, 1])
    >>> print(f"{interval.estimate:.2f} [{interval.lower:.2f}, {interval.upper:.2f}]")
    3.33 [2.72, 3.95]
    """
    x = check_vector("values", values, min_size=1)
    tail = (1 - check_open_unit("level", level)) / 2
    member = np.unique(np.asarray(strata), return_inverse=True)[1].ravel()
    size = np.bincount(member)
    residual = x - (np.bincount(member, weights=x) / size)[member]
    freedom = np.maximum(size - 1, 1)
    spread = np.bincount(member, weights=np.square(residual)) / freedom
    parts = np.square(size / x.size) * spread / size
    variance, mean = float(parts.sum()), float(x.mean())
    words = "t, within strata"
    if size.max() < 2:
        return Interval(mean, math.nan, math.nan, words, level)
    if variance == 0:
        return Interval(mean, mean, mean, words, level)
    df = variance**2 / float((np.square(parts) / freedom).sum())
    half = float(stats.t.isf(tail, df)) * math.sqrt(variance)
    return Interval(mean, mean - half, mean + half, words, level)
