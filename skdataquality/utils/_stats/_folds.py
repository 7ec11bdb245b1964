"""Scores of cross-validation: intervals, the corrected t-test, its power."""

import math
import warnings

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from skdataquality.exceptions import DataQualityWarning
from skdataquality.utils._stats._checks import (
    check_integer,
    check_not_negative,
    check_open_unit,
    check_vector,
)
from skdataquality.utils._stats._interval import Interval
from skdataquality.utils._stats._paired import PairedTest, paired_test

NADEAU_BENGIO = "Nadeau-Bengio"


def fold_interval(
    scores: ArrayLike, *, level: float = 0.95, least: float = 0.0
) -> Interval:
    """Mean of one score in [least, 1] a fold, with a corrected t interval over folds.

    Folds share training rows, so the variance of the mean of k folds is taken to be
    1 / k + 1 / (k - 1) times that of one (Nadeau and Bengio 2003). NaN (a fold that has
    no score) is left out; without two folds the interval is (least, 1).

    >>> interval = fold_interval([0.8, 0.85, 0.85, 0.9, 0.85])
    >>> print(f"{interval.estimate:.2f} [{interval.lower:.2f}, {interval.upper:.2f}]")
    0.85 [0.78, 0.92]
    """
    known = np.asarray(scores, dtype=float)
    known = known[~np.isnan(known)]
    method = f"corrected t over {known.size} folds"
    if known.size < 2:
        mean = float(known[0]) if known.size else math.nan
        return Interval(mean, least, 1.0, method, level)
    tail = (1 - check_open_unit("level", level)) / 2
    factor = math.sqrt(1 / known.size + 1 / (known.size - 1))
    half = stats.t.isf(tail, known.size - 1) * known.std(ddof=1) * factor
    mean = float(known.mean())
    return Interval(
        mean, float(max(mean - half, least)), float(min(mean + half, 1)), method, level
    )


def nadeau_bengio(
    differences: ArrayLike, *, test_train_ratio: float, level: float = 0.95
) -> PairedTest:
    r"""Corrected resampled t-test (Nadeau and Bengio 2003, section 3).

    The :math:`J` differences of resampled splits share training rows. Their mean
    :math:`\bar d` is tested by :math:`t = \bar d / \sqrt{(1/J + \rho) s^2}` with
    :math:`J - 1` degrees of freedom, where :math:`s^2` is their variance and
    :math:`\rho` the ratio of test to training rows, `1 / (k - 1)` for k folds however
    often they are repeated; :math:`\rho = 0` is the plain paired t-test, far too
    optimistic here. Differences that are all equal (up to rounding) have a p-value of 1
    if they are 0; otherwise the p-value is NaN, the interval collapses at the mean, and
    a DataQualityWarning is given.

    >>> test = nadeau_bengio([0.02, 0.03, 0.01, 0.04], test_train_ratio=1 / 3)
    >>> print(f"{test.mean:.3f} [{test.lower:.3f}, {test.upper:.3f}]")
    0.025 [-0.006, 0.056]
    """
    d = check_vector("differences", differences, min_size=2)
    ratio = check_not_negative("test_train_ratio", test_train_ratio)
    check_open_unit("level", level)
    mean, sd, df = float(d.mean()), float(d.std(ddof=1)), d.size - 1
    standard_error = math.sqrt(1 / d.size + ratio) * sd
    if sd <= 10 * np.finfo(float).eps * abs(mean):
        standard_error = 0.0
        if mean != 0:
            warnings.warn(
                f"all {d.size} differences equal {mean:.6g}: their variance is 0, so "
                "the p-value is NaN and the interval a point; use more or other splits",
                DataQualityWarning,
                stacklevel=2,
            )
    return paired_test(mean, standard_error, df, level=level, method=NADEAU_BENGIO)


def minimum_detectable_gain(
    n_splits: int, *, test_train_ratio: float, level: float = 0.95, power: float = 0.8
) -> float:
    r"""Smallest mean difference that `nadeau_bengio` finds with the given power.

    In standard deviations of the differences it is :math:`(t_{1-\alpha/2,\,J-1} +
    t_{power,\,J-1}) \sqrt{1/J + \rho}`, the usual approximation that replaces the
    non-central by the shifted central t.

    >>> print(f"{minimum_detectable_gain(10, test_train_ratio=1 / 9):.2f}")
    1.45
    """
    check_integer("n_splits", n_splits, minimum=2)
    ratio = check_not_negative("test_train_ratio", test_train_ratio)
    tail = (1 - check_open_unit("level", level)) / 2
    miss = 1 - check_open_unit("power", power)
    shift = stats.t.isf(tail, n_splits - 1) + stats.t.isf(miss, n_splits - 1)
    return float(shift) * math.sqrt(1 / n_splits + ratio)


def splits_for_gain(n_folds: int, *, gain: float = 1.5, max_repeats: int = 10) -> int:
    """Repeats of k-fold cross-validation that make a gain detectable.

    The smallest number r for which `minimum_detectable_gain(r * k, test_train_ratio=1 /
    (k - 1)) <= gain`, in standard deviations of the fold differences, or `max_repeats`
    if there is none: repeating cannot lower it below `(z_{1 - alpha/2} + z_power) /
    sqrt(k - 1)`, so few folds never detect a small one.

    >>> splits_for_gain(10), splits_for_gain(5), splits_for_gain(3)
    (1, 9, 10)
    """
    check_integer("n_folds", n_folds, minimum=2)
    check_integer("max_repeats", max_repeats, minimum=1)
    if not gain > 0:
        raise ValueError(f"gain={gain!r} can never be detected; pass a positive number")
    ratio = 1 / (n_folds - 1)
    for repeats in range(1, max_repeats):
        if minimum_detectable_gain(repeats * n_folds, test_train_ratio=ratio) <= gain:
            return repeats
    return max_repeats
