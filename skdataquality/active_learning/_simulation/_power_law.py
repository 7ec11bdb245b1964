"""Scores as a power law of labelled rows, with what is not known of it."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from skdataquality.utils._stats import Interval

# What is thought of a curve before it is seen, chosen on other draws from tables of
# benchmarks/active_learning/curves.py
_EVENLY = (np.arange(24) + 0.5) / 24
EXPONENTS = stats.lognorm.ppf(_EVENLY, 0.7, scale=0.85)
FLOORS = stats.beta.ppf(_EVENLY, 0.5, 1.0)  # shares of the error of the last model
QUANTILES = (np.arange(8) + 0.5) / 8  # of the heights, given exponent and floor
LEVELS = stats.norm.ppf((np.arange(5) + 0.5) / 5)
MORE_SPREAD = 2.0  # than repeats show: no curve is quite a power law
LEAST_WEIGHT = 1e-5  # of the heaviest combination; lighter ones are left out
LEAST_SPREAD = 1e-6  # of a score, so that curves without any noise have a likelihood
METHOD = "inverse power law, posterior"


@dataclass(frozen=True, eq=False, repr=False)
class PowerLaw:
    """Curves ``best - floor - height * (n / last)**-exponent``, each with its weight.

    Made by :func:`extrapolate`.

    Attributes
    ----------
    best : float
        Score of a model that is always right.
    last : float
        Rows at which the height is what more rows can still bring.
    noise : float
        Standard deviation of the score of one repeat about its curve; NaN of one curve.
    exponents, floors, heights, weights : ndarray of shape (n_curves,)
        Weights sum to 1.
    """

    best: float
    last: float
    noise: float
    exponents: np.ndarray
    floors: np.ndarray
    heights: np.ndarray
    weights: np.ndarray

    def score(self, n_rows, *, level=0.95):
        """Foretell the score of a model fitted to so many rows, as an Interval."""
        return self._interval(self.best - self.floors - self._above(n_rows), level)

    def gain(self, n_rows, n_after, *, level=0.95):
        """Foretell what going from so many rows to so many adds, as an Interval."""
        return self._interval(self._above(n_rows) - self._above(n_after), level)

    def _above(self, n_rows):
        """How far each curve is from where it ends."""
        return self.heights * (n_rows / self.last) ** -self.exponents

    def _interval(self, values, level):
        order = np.argsort(values, kind="stable")
        reached = np.cumsum(self.weights[order])
        ends = np.searchsorted(reached, [(1 - level) / 2, (1 + level) / 2])
        lower, upper = values[order][np.minimum(ends, order.size - 1)]
        mean = float(self.weights @ values)
        return Interval(
            mean, min(float(lower), mean), max(float(upper), mean), METHOD, level
        )


def extrapolate(n_rows, scores, *, best=1.0):
    """Fit an inverse power law to the scores of models of fewer and more rows.

    Every combination of exponent and floor is kept, by how likely it makes the scores;
    of a few noisy scores the law is hardly known, and the intervals say so.

    Parameters
    ----------
    n_rows : array-like of shape (n_sizes,)
        Labelled rows, positive, at least two different numbers.
    scores : array-like of shape (n_sizes,) or (n_repeats, n_sizes)
        Higher is better. Repeats (folds, seeds) tell how noisy they are.
    best : float, default=1.0
        Highest possible score: 1 of accuracy, 0 of a negated loss.

    Returns
    -------
    law : PowerLaw

    Raises
    ------
    ValueError
        If shapes differ, a score is not finite or above `best`, or sizes are equal.
    """
    sizes, table = _checked(n_rows, scores, best)
    errors = best - table.mean(axis=0)
    spread, df = _noise_of_a_mean(table)
    last = float(sizes.max())
    end = float(errors[sizes == last].mean())
    floors = FLOORS * (end + spread)
    c, floor = (grid.ravel() for grid in np.meshgrid(EXPONENTS, floors, indexing="ij"))
    x = (sizes / last) ** -c[:, None]
    w = sizes / last  # fewer rows vary more, and tell less of what is to come
    left = errors - floor[:, None]
    square = (w * x**2).sum(axis=1)
    height = (w * x * left).sum(axis=1) / square
    rss = (w * (left - height[:, None] * x) ** 2).sum(axis=1)
    pooled = rss + df * spread**2 + LEAST_SPREAD**2
    df += sizes.size - 1
    scale = np.sqrt(pooled / df / square)
    most = 2 * end + 2 * spread + LEAST_SPREAD
    below, upto = (stats.t.cdf((at - height) / scale, df) for at in (0, most))
    weight = (pooled / pooled.min()) ** (-df / 2) * square**-0.5 * (upto - below)
    kept = weight > LEAST_WEIGHT * weight.max()
    part = below[kept, None] + (upto - below)[kept, None] * QUANTILES
    drawn = height[kept, None] + scale[kept, None] * stats.t.ppf(part, df)
    level = np.exp(_level_spread(errors, table) * LEVELS)[:, None, None]
    level /= level.mean()
    heights = level * np.clip(drawn, 0, most)
    shape = heights.shape
    c, floor, weight = (a[kept, None] for a in (c, floor, weight))
    floors = np.broadcast_to(level * floor, shape).ravel()
    weights = np.broadcast_to(weight / (weight.sum() * shape[0] * shape[2]), shape)
    exponents = np.broadcast_to(c, shape).ravel()
    noise = float(np.sqrt(_variance_of_repeats(table))) if len(table) > 1 else np.nan
    return PowerLaw(
        best, last, noise, exponents, floors, heights.ravel(), weights.ravel()
    )


def _checked(n_rows, scores, best):
    sizes = np.asarray(n_rows, dtype=np.float64)
    table = np.atleast_2d(np.asarray(scores, dtype=np.float64))
    if sizes.ndim != 1 or table.shape[1:] != sizes.shape:
        raise ValueError(
            f"n_rows has shape {sizes.shape} and scores {np.shape(scores)}: pass one "
            f"column of scores for each number of rows."
        )
    if not (sizes > 0).all() or np.unique(sizes).size < 2:
        raise ValueError(
            f"n_rows={sizes.tolist()}: pass positive numbers, at least two different "
            f"ones."
        )
    if not np.isfinite(table).all() or (table > best).any():
        raise ValueError(
            f"scores go up to {np.max(table)} and must be finite and at most "
            f"best={best}: pass the highest possible score as best."
        )
    return sizes, table


def _variance_of_repeats(table):
    """Variance of a score about its curve, where repeats may stand apart as a whole."""
    n_repeats, n_sizes = table.shape
    inner = table - table.mean(axis=1, keepdims=True)
    inner -= inner.mean(axis=0)
    return float((inner**2).sum()) / ((n_repeats - 1) * (n_sizes - 1))


def _noise_of_a_mean(table):
    """Return the standard deviation of a mean over repeats, and its freedom.

    Repeats share rows, so that their mean is less sure than the mean of as many tables.
    """
    n_repeats, n_sizes = table.shape
    if n_repeats == 1:
        return 0.0, 0
    factor = 1 / n_repeats + 1 / max(n_repeats - 1, 4)
    spread = MORE_SPREAD * float(np.sqrt(_variance_of_repeats(table) * factor))
    return spread, (n_repeats - 1) * (n_sizes - 1)


def _level_spread(errors, table):
    """Relative standard error of the level of a curve, which all sizes share.

    They are scored on the same rows: that these are easy or hard shows in no size.
    """
    level = errors.mean()
    if len(table) == 1 or level <= 0:
        return 0.0
    return min(table.mean(axis=1).std(ddof=1) / np.sqrt(len(table)) / level, 1.0)
