"""Intervals of shares: of one sample, of a difference, of strata."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from skdataquality.utils._stats._checks import check_counts, check_open_unit
from skdataquality.utils._stats._interval import Interval
from skdataquality.utils._stats._types import FloatArray


def clopper_pearson(
    count: ArrayLike, nobs: ArrayLike, *, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Exact binomial interval of a proportion (Clopper and Pearson 1934).

    It covers the true proportion with probability at least `level`, whatever the
    proportion and the sample size, and is therefore wide. Successes and trials are
    broadcast against each other; the ends are exactly 0 for `count == 0` and exactly 1
    for `count == nobs`, so that no trials give (0, 1).

    >>> lower, upper = clopper_pearson(14, 20)
    >>> print(f"{lower:.3f} {upper:.3f}")
    0.457 0.881
    """
    successes, trials = check_counts(count, nobs)
    tail = (1 - check_open_unit("level", level)) / 2
    failures = trials - successes
    lower = stats.beta.ppf(tail, np.maximum(successes, 1), failures + 1)
    upper = stats.beta.isf(tail, successes + 1, np.maximum(failures, 1))
    return np.where(successes == 0, 0.0, lower), np.where(failures == 0, 1.0, upper)


def wilson(
    count: ArrayLike, nobs: ArrayLike, *, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Score interval of a proportion (Wilson 1927, without continuity correction).

    Narrower than `clopper_pearson`, with the same arguments and exact ends: coverage is
    `level` on average over proportions, and may be below it for some.
    """
    successes, trials = check_counts(count, nobs)
    n = np.maximum(trials, 1)
    lower, upper = score_ends(successes / n, n, level=level)
    lower = np.where(successes == 0, 0.0, lower)
    return lower, np.where(successes == trials, 1.0, upper)


def score_ends(
    mean: ArrayLike, nobs: ArrayLike, *, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Score interval of a mean of `nobs` values between 0 and 1, as a proportion has.

    No such values vary more than those that are 0 or 1, so that it is wide for others.
    """
    z = stats.norm.isf((1 - check_open_unit("level", level)) / 2)
    p, n = np.asarray(mean, dtype=np.float64), np.asarray(nobs, dtype=np.float64)
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)


def newcombe(
    first_count: int,
    first_nobs: int,
    second_count: int,
    second_nobs: int,
    *,
    level: float = 0.95,
) -> Interval:
    """Difference of two independent proportions, first minus second (Newcombe 1998).

    Method 10 of the paper, from two Wilson intervals: it never collapses, however few
    the trials, of which each side needs one.

    >>> interval = newcombe(56, 70, 48, 80)
    >>> print(f"{interval.estimate:.2f} [{interval.lower:.4f}, {interval.upper:.4f}]")
    0.20 [0.0524, 0.3339]
    """
    p, q = first_count / first_nobs, second_count / second_nobs
    p_low, p_high = map(float, wilson(first_count, first_nobs, level=level))
    q_low, q_high = map(float, wilson(second_count, second_nobs, level=level))
    return Interval(
        p - q,
        p - q - math.hypot(p - p_low, q_high - q),
        p - q + math.hypot(p_high - p, q - q_low),
        "Newcombe",
        level,
    )


def proportion_interval(
    count: int,
    nobs: int,
    *,
    method: str = "clopper-pearson",
    level: float = 0.95,
    effective_share: float = 1.0,
) -> Interval:
    """Proportion `count / nobs` with its interval, by a method of this module.

    Without trials the estimate is NaN and the interval (0, 1). Of rows that depend on
    each other only an `effective_share` is counted (Korn and Graubard 1998).
    """
    methods = {
        "clopper-pearson": (clopper_pearson, "Clopper-Pearson"),
        "wilson": (wilson, "Wilson"),
    }
    if method not in methods:
        raise ValueError(f"method={method!r} is unknown; use one of {sorted(methods)}")
    for name, value in (("count", count), ("nobs", nobs)):
        if np.ndim(value) != 0:
            raise ValueError(
                f"{name} has shape {np.shape(value)}; pass one number, or call "
                "clopper_pearson or wilson for arrays"
            )
    function, words = methods[method]
    estimate = float(count) / float(nobs) if nobs else math.nan
    if effective_share == 1:
        lower, upper = function(count, nobs, level=level)
        return Interval(estimate, float(lower), float(upper), words, level)
    trials = max(1, round(nobs * effective_share)) if nobs else 0
    lower, upper = function(
        round(trials * estimate) if nobs else 0, trials, level=level
    )
    return Interval(
        estimate,
        min(float(lower), estimate),
        max(float(upper), estimate),
        f"{words}, groups counted together",
        level,
    )


@dataclass(frozen=True)
class StratifiedShares:
    """Shares of a population with the ends of their intervals, as arrays."""

    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray
    method: str = "stratified sample, mid-P gamma interval"


def stratified_share(
    count: ArrayLike,
    nobs: ArrayLike,
    sizes: ArrayLike,
    *,
    at_most: ArrayLike | None = None,
    level: float = 0.95,
) -> StratifiedShares:
    r"""Share of a finite population, from random rows of each of its strata.

    With :math:`x_h` hits among :math:`m_h` of the :math:`N_h` rows of stratum h the
    estimate is :math:`\sum_h (N_h / N) x_h / m_h`, unbiased whatever the strata. The
    interval is the mid-P gamma interval of a weighted sum of counts (Fay and Feuer
    1997; Fay and Kim 2017): it asks what the next hit would add, :math:`-1 / (N \log(1
    - m_h / N_h))` in the worst stratum, so that strata in which nothing was hit count
    too, where an interval from the normal distribution collapses.

    Hits `count` have shape (..., n_strata): leading dimensions hold several shares. Of
    `sizes` rows in all `nobs`, at least one, are drawn without replacement. `at_most`
    limits the hits that a stratum can hold after what was seen, if hits are rows of one
    class whose number in the stratum is known. The results are between the hits seen
    and those still possible, so that a sample of everything gives the share itself.

    Hits of strata where they are in the majority are counted by their complement; the
    two sums are joined as independent (Zou and Donner 2008). The variance is the usual
    unbiased one, with the finite population correction.

    >>> share = stratified_share([9, 0], [10, 40], [20, 480])
    >>> print(f"{share.estimate:.3f} [{share.lower:.3f}, {share.upper:.3f}]")
    0.036 [0.025, 0.105]
    """
    tail = (1 - check_open_unit("level", level)) / 2
    population = check_counts(sizes, sizes)[0]
    hits, drawn = check_counts(count, check_counts(nobs, population)[0])
    if not (drawn >= 1).all():
        raise ValueError("nobs has a stratum without a row; draw one or merge strata")
    total = population.sum()
    most = population - drawn + hits
    most = most if at_most is None else np.minimum(most, np.asarray(at_most))
    share, sampled, weight = hits / drawn, drawn / population, population / total
    spread = (1 - sampled) * share * (1 - share) / np.maximum(drawn - 1, 1)
    spread *= np.square(weight)
    with np.errstate(divide="ignore"):
        next_hit = -1 / (total * np.log1p(-sampled))  # 0 where all rows were drawn
    weight = weight * (sampled < 1)
    minor = share <= 0.5
    # hits where they are the minority, misses where those are
    (fewer_hits, fewer_misses), (more_hits, more_misses) = _midp_gamma(
        np.stack([minor * weight * share, ~minor * weight * (1 - share)]).sum(axis=-1),
        np.stack([minor * spread, ~minor * spread]).sum(axis=-1),
        np.stack([minor * next_hit * (most > hits), ~minor * next_hit]).max(axis=-1),
        tail,
    )
    estimate = (share * population / total).sum(axis=-1)
    seen, possible = hits.sum(axis=-1) / total, most.sum(axis=-1) / total
    return StratifiedShares(
        np.clip(estimate, seen, possible),
        np.clip(estimate - np.hypot(fewer_hits, more_misses), seen, possible),
        np.clip(estimate + np.hypot(more_hits, fewer_misses), seen, possible),
    )


def _midp_gamma(
    total: FloatArray, variance: FloatArray, next_hit: FloatArray, tail: float
) -> tuple[FloatArray, FloatArray]:
    """How far below and above a weighted sum of counts its interval reaches.

    The ends are quantiles of an even mixture of two gamma distributions: of the sum as
    it is, and of the sum with one more hit.
    """
    sums = np.stack([total, total + next_hit])
    variances = np.stack([variance, variance + np.square(next_hit)])
    spread = variances > 0
    scale = np.divide(variances, sums, out=np.ones_like(sums), where=spread)
    shape = np.divide(sums, scale, out=np.ones_like(sums), where=spread)
    targets = np.array([tail, 1 - tail]).reshape((2,) + (1,) * total.ndim)
    low = np.zeros((2, *total.shape))
    high = low + sums[1] + 20 * np.sqrt(variances[1])
    for _ in range(40):
        middle = (low + high) / 2
        gamma = special.gammainc(shape, middle[:, None] / scale)
        reached = np.where(spread, gamma, middle[:, None] >= sums)
        below = reached[:, 0] + reached[:, 1] < 2 * targets
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.maximum(total - high[0], 0), np.maximum(high[1] - total, 0)
