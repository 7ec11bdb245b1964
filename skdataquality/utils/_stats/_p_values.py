"""Several p-values at once."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from skdataquality.utils._stats._checks import check_vector
from skdataquality.utils._stats._types import FloatArray

SMALL_P = 0.01  # below it a lens no longer believes in chance


def holm(p_values: ArrayLike) -> FloatArray:
    r"""P-values adjusted by Holm's step-down procedure (Holm 1979).

    With the m observed p-values in increasing order, the adjusted one is :math:`\tilde
    p_{(i)} = \max_{j \le i} \min(1, (m - j + 1)\, p_{(j)})`. It controls the
    probability of any false rejection under every dependence. NaN stays NaN and does
    not count as a test.

    >>> holm([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])
    """

    def adjust(p: FloatArray) -> FloatArray:
        order = np.argsort(p, kind="stable")
        stepped = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
        adjusted = np.empty_like(p)
        adjusted[order] = np.minimum(stepped, 1)
        return adjusted

    return _adjust_observed(p_values, adjust)


def benjamini_hochberg(p_values: ArrayLike) -> FloatArray:
    """P-values adjusted for the false discovery rate (Benjamini and Hochberg 1995).

    It controls the expected share of false rejections among all rejections, for
    independent or positively dependent tests. NaN stays NaN and does not count.
    """
    return _adjust_observed(p_values, stats.false_discovery_control)


def cauchy_combination(p_values: ArrayLike) -> float:
    r"""Combine dependent p-values into one (Liu and Xie 2020, equation 1).

    :math:`T = \sum_i \tan((1/2 - p_i) \pi) / n` is nearly standard Cauchy in its
    upper tail under arbitrary dependence; :math:`p = 1/2 - \arctan(T) / \pi`.

    The equal forms :math:`\cot(\pi p)` and :math:`\mathrm{arctan2}(1, T) / \pi` keep
    full precision where the textbook ones saturate, and tend to :math:`1 / (\pi p)` and
    :math:`\arctan(1/T) / \pi` for small p and large T. P-values are kept from 0 (by the
    smallest normal number) and from 1 (by 1e-15). One p-value of 1 therefore adds -3e14
    / n and outweighs all others above about 1e-15: the result is
    conservative.

    >>> print(f"{cauchy_combination([0.01, 0.5, 0.4]):.3f}")
    0.030
    """
    p = _check_p_values(p_values, allow_nan=False)
    p = np.clip(p, np.finfo(float).tiny, 1 - 1e-15)
    from_end = np.tan(np.pi * np.minimum(p, 1 - p))
    terms = np.where(p <= 0.5, 1, -1) / from_end
    total = math.fsum(1 / p.size * terms)  # exact sum: order cannot matter
    return math.atan2(1, total) / math.pi


def _adjust_observed(
    p_values: ArrayLike, adjust: Callable[[FloatArray], FloatArray]
) -> FloatArray:
    """Adjust the p-values that are not NaN, leave the others."""
    adjusted = _check_p_values(p_values, allow_nan=True).copy()
    observed = ~np.isnan(adjusted)
    if observed.any():
        adjusted[observed] = adjust(adjusted[observed])
    return adjusted


def _check_p_values(p_values: ArrayLike, *, allow_nan: bool) -> FloatArray:
    p = np.asarray(p_values, dtype=np.float64)
    if p.ndim != 1:
        raise ValueError(f"p_values has shape {p.shape}; pass a one-dimensional array")
    if not allow_nan:
        check_vector("p_values", p, min_size=1)
    outside = np.flatnonzero((p < 0) | (p > 1))
    if outside.size:
        raise ValueError(
            f"p_values[{outside[0]}] is {p[outside[0]]}; pass values between 0 and 1"
        )
    return p
