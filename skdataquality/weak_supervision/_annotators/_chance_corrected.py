"""One minus observed over expected disagreement, with an interval in closed form."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from skdataquality.utils._stats import Interval, clopper_pearson

FEWEST_ROWS = 2
ALIKE = 1e-9  # influence that is rounding


@dataclass(frozen=True)
class Disagreement:
    """What a coefficient of agreement is made of.

    Attributes
    ----------
    observed, expected : float
        Mean disagreement within rows, and by chance; NaN if there is none.
    influence : ndarray of shape (n_rows,)
        What each row adds to the logarithm of their ratio: mean 0 over rows.
    most : float
        Largest disagreement that two votes can have.
    """

    observed: float
    expected: float
    influence: np.ndarray
    most: float = 1.0

    def interval(self, level):
        """Return one minus the ratio, and the interval of rows drawn at random.

        The logarithm of the ratio is linearised in the rows (delta method), which is
        nearly normal where the ratio, bounded below by 0, is not.
        """
        n_rows = self.influence.size
        if not self.expected > 0:
            why = "the votes are of one class" if n_rows else "no row has two votes"
            return _undefined(why, level)
        ratio = float(self.observed / self.expected)
        estimate = 1 - ratio
        if n_rows < FEWEST_ROWS:
            words = "no interval: a single row has two votes"
            return Interval(estimate, math.nan, math.nan, words, level)
        if np.abs(self.influence).max() < ALIKE:
            share = float(clopper_pearson(0, n_rows, level=level)[1])
            rest = ratio * (1 - share)
            lower = float(1 - rest - share * self.most / self.expected)
            seen = "votes are alike in all rows" if ratio else "no disagreement seen"
            words = f"{seen}: Clopper-Pearson of rows that may have another"
            ends = min(lower, estimate), max(1 - rest, estimate)
            return Interval(estimate, *ends, words, level)
        error = math.sqrt(np.square(self.influence).sum() / n_rows / (n_rows - 1))
        reach = float(stats.t.isf((1 - level) / 2, n_rows - 1)) * error
        words = f"delta method on the logarithm of disagreement, {n_rows} rows"
        ends = 1 - ratio * math.exp(reach), 1 - ratio * math.exp(-reach)
        return Interval(estimate, *ends, words, level)


def _undefined(why, level):
    words = f"undefined: {why}"
    return Interval(math.nan, math.nan, math.nan, words, level)


def of_units(counts, distance, most=None):
    """Return Krippendorff's disagreement, from votes of each class by row.

    Parameters
    ----------
    counts : ndarray of shape (n_rows, n_classes)
        Every row with two votes at least.
    distance : callable
        From the number of votes of each class to the squared distances of classes,
        shape (n_classes, n_classes); analytic, since it is differentiated.
    """
    n_votes = counts.sum(axis=1)
    total = counts.sum(axis=0)
    if not counts.shape[0] or np.count_nonzero(total) < FEWEST_ROWS:
        return Disagreement(math.nan, math.nan, np.zeros(counts.shape[0]))
    squares = distance(total)
    within = ((counts @ squares) * counts).sum(axis=1) / (n_votes - 1)
    pairs = (counts / (n_votes - 1)[:, None]).T @ counts
    by_chance = total @ squares @ total
    n = total.sum()
    observed = within.sum() / n
    influence = np.zeros(counts.shape[0])
    if observed > 0:
        # the numerator depends on a row by its pairs, and both sides by the totals
        slope = _slope_of_log_ratio(pairs, total, distance)
        centred = within - within.mean()
        influence = centred / within.mean()
        influence += (counts - counts.mean(axis=0)) @ slope * counts.shape[0]
    most = float(squares[np.ix_(total > 0, total > 0)].max())
    return Disagreement(observed, by_chance / n / (n - 1), influence, most)


def _slope_of_log_ratio(pairs, total, distance):
    """Gradient by the totals, exact to rounding: complex steps (Squire, Trapp 1998)."""
    slope, step = np.empty(total.size), 1e-30
    for k in range(total.size):
        moved = total.astype(complex)
        moved[k] += 1j * step
        squares = distance(moved)
        numerator = (pairs * squares).sum()
        by_chance = moved @ squares @ moved
        log = np.log(numerator) + np.log(moved.sum()) - np.log(by_chance)
        slope[k] = log.imag / step
    return slope
